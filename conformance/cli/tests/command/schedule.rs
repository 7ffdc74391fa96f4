//! `hookproof schedule`

use crate::call::hookproof;

#[tokio::test]
async fn the_retries_of_turratech_are_dates() {
    let ended = hookproof(["schedule", "--from", "1700000000"]).run().await.exits(0);
    assert_eq!(
        ended.out,
        "\
attempt 1 failed  2023-11-14T22:13:20Z
attempt 2         2023-11-14T22:18:20Z    5 min later, 5 min in all
attempt 3         2023-11-14T22:48:20Z   30 min later, 35 min in all
attempt 4         2023-11-15T00:48:20Z      2 h later, 2 h 35 min in all
attempt 5         2023-11-15T05:48:20Z      5 h later, 7 h 35 min in all
attempt 6         2023-11-15T15:48:20Z     10 h later, 17 h 35 min in all
attempt 7         2023-11-16T01:48:20Z     10 h later, 27 h 35 min in all
attempt 8         2023-11-16T11:48:20Z     10 h later, 37 h 35 min in all
then TurraTech gives up; each delay counts from the end of the attempt before
"
    );
}

#[tokio::test]
async fn a_schedule_that_is_not_published_is_not_made_up() {
    for (provider, said) in [
        ("turnstay", "TurnStay retries, but does not publish when or how often\n"),
        ("stripe", "Stripe retries, but does not publish when or how often\n"),
        ("github", "GitHub does not retry by itself; deliveries are sent again by hand\n"),
    ] {
        assert_eq!(hookproof(["schedule", "--provider", provider]).run().await.exits(0).out, said);
    }
}

#[tokio::test]
async fn the_last_moment_there_is_overflows_nothing() {
    let ended = hookproof(["schedule", "--from", "18446744073709551615"]).run().await.exits(0);
    assert_eq!(ended.out.lines().count(), 9);
    hookproof(["schedule", "--from", "18446744073709551616"]).run().await.refuses(&["--from"]);
}
