use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::time::Duration;

use super::*;
use crate::{
    Verdict,
    report::{
        Subject,
        tests::{failed, finding, findings, subject},
    },
};

fn judged(name: &str, exit_status: u8, findings: &[crate::Finding]) -> (Target, String) {
    let subject = Subject { exit_status: Some(exit_status), ..subject("turratech") };
    let target = ending(name, Ending::Judged(Record::of(&subject, findings)));
    let line = target.line(Some((&subject, findings)));
    (target, line)
}

fn ending(name: &str, ending: Ending) -> Target {
    Target {
        name: name.into(),
        url: "http://127.0.0.1:3000/".into(),
        fingerprint: "f".into(),
        ending,
        took: Duration::from_millis(1_500),
    }
}

fn other(name: &str, how: Ending) -> (Target, String) {
    let target = ending(name, how);
    let line = target.line(None);
    (target, line)
}

fn fleet() -> Vec<(Target, String)> {
    let sound = [finding("acknowledge/success-status", Verdict::Pass, Vec::new())];
    vec![
        judged("sound", 0, &sound),
        judged("flawed", 1, &findings()),
        other("gone", Ending::Failed(3, "refused <b>".into())),
        other("late", Ending::NotRun("interrupted".into())),
    ]
}

fn part(index: usize, count: usize, targets: Vec<(Target, String)>) -> (String, Part) {
    let planned = targets.iter().map(|(target, _)| target.name.clone()).collect();
    let head = Head { shard: Some(Shard { index, count }), fleet: "x".into(), planned };
    (format!("{index}.json"), Part { head, targets })
}

fn document(targets: &[(Target, String)]) -> String {
    let planned = targets.iter().map(|(target, _)| target.name.clone()).collect();
    let lines: Vec<&str> = targets.iter().map(|(_, line)| line.as_str()).collect();
    head(&Head { shard: None, fleet: "x".into(), planned }) + &lines.join(",\n") + TAIL
}

fn names(targets: &[(Target, String)]) -> Vec<&str> {
    targets.iter().map(|(target, _)| target.name.as_str()).collect()
}

#[test]
fn a_fleet_is_read_back_as_it_was_written() {
    let text = document(&fleet());
    let read = Part::read(&text).expect("it is a report");
    let told = |targets: &[(Target, String)]| -> Vec<String> {
        targets.iter().map(|(target, line)| format!("{target:?} {line}")).collect()
    };
    assert_eq!(told(&read.targets), told(&fleet()));
    // Printed by another program, it says the same.
    let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let again =
        Part::read(&serde_json::to_string_pretty(&value).expect("it is JSON")).expect("it is a report");
    assert_eq!(names(&again.targets), names(&fleet()));
}

/// The report on one endpoint has a schema of its own, which that of a fleet names by its file.
pub(super) fn schema() -> jsonschema::Validator {
    let read = |text| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
    let mut schema = read(include_str!("../../../../../fixtures/schema/fleet.json"));
    let mut report = read(include_str!("../../../../../fixtures/schema/report.json"));
    schema["$id"] = "https://hookproof.test/fleet.json".into();
    report["$id"] = "https://hookproof.test/report.json".into();
    schema["$defs"]["report"] = report;
    jsonschema::draft202012::new(&schema).expect("the schema is one")
}

#[test]
fn a_json_report_on_a_fleet_is_of_its_schema() {
    let report: serde_json::Value = serde_json::from_str(&document(&fleet())).expect("it is JSON");
    let errors: Vec<String> = schema().iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for (pointer, value) in [
        ("/schema", serde_json::Value::from(2)),
        ("/targets/0/exit_status", 3.into()),
        ("/targets/0/report/checks/0/verdict", "skipped".into()),
        ("/targets/2/why", "".into()),
        ("/targets/2/exit_status", 0.into()),
        ("/planned/0", 1.into()),
    ] {
        let mut wrong = report.clone();
        *wrong.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
        assert!(!schema().is_valid(&wrong), "{pointer}");
    }
}

#[test]
fn a_report_that_was_cut_anywhere_is_read_up_to_its_last_whole_line() {
    let text = document(&fleet());
    let opening = text.find('\n').expect("it has lines") + 1;
    for end in (opening..text.len()).step_by(97) {
        let Some(cut) = text.get(..end) else { continue };
        let read = Part::read(cut).expect("its head is whole");
        let whole = cut
            .lines()
            .skip(1)
            .filter(|line| serde_json::from_str::<serde_json::Value>(line.trim_end_matches(',')).is_ok());
        assert_eq!(read.targets.len(), whole.count());
        assert_eq!(read.head.planned.len(), 4);
    }
}

#[test]
fn the_status_is_the_gravest() {
    let of = |statuses: &[Option<u8>]| {
        let targets: Vec<Target> = statuses
            .iter()
            .map(|status| match status {
                None => other("t", Ending::NotRun(String::new())).0,
                Some(status @ (0 | 1)) => judged("t", *status, &[]).0,
                Some(status) => other("t", Ending::Failed(*status, String::new())).0,
            })
            .collect();
        exit_status(&targets)
    };
    for (statuses, status) in [
        (&[Some(0), Some(0)][..], 0),
        (&[Some(0), Some(3)], 3),
        (&[Some(1), Some(3)], 1),
        (&[Some(1), Some(2)], 2),
        (&[Some(2), Some(4), Some(0)], 4),
        (&[Some(4), None], 130),
        (&[], 0),
    ] {
        assert_eq!(of(statuses), status, "{statuses:?}");
    }
}

#[test]
fn every_report_tells_every_target_and_escapes_what_it_said() {
    let targets: Vec<Target> = fleet().into_iter().map(|(target, _)| target).collect();
    assert_eq!(Totals::of(&targets).to_string(), "1 of 4 targets hold, 1 fail, 1 unreachable, 1 not run");
    let xml = junit(&targets);
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let count = |name| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testsuite"), count("error"), count("failure")), (4, 1, 3));
    assert_eq!(document.root_element().attribute("errors"), Some("1"));
    let page = markdown(&targets);
    assert!(page.contains("| gone ` http://127.0.0.1:3000/ ` | **absent** | refused &lt;b&gt; |"), "{page}");
    assert!(page.contains("\n### flawed\n\n#### SHOULD, not met: `acknowledge/unknown-type`"), "{page}");
    let page = html(&targets);
    assert!(page.contains("Refused &lt;b&gt;") && page.contains("1 of 4 targets hold"));
    for name in ["sound", "flawed", "gone", "late"] {
        assert!(page.contains(&format!("<h4>{name}</h4>")), "{name}");
    }
}

#[test]
fn pages_over_a_large_fleet_stay_within_their_caps() {
    let long = "x".repeat(20_000);
    let broken: Vec<crate::Finding> = ["duplicate/sequential", "duplicate/resigned", "http/survives"]
        .map(|id| finding(id, failed("one effect", &long), Vec::new()))
        .into();
    let targets: Vec<Target> =
        (0..1_000).map(|number| judged(&format!("shop-{number}"), 1, &broken).0).collect();
    let page = markdown(&targets);
    assert!(page.len() < 1_000_000 && page.contains("### Cut short"), "{}", page.len());
    let page = html(&targets);
    assert!(page.len() < 6_000_000 && page.contains("would make the page too long"), "{}", page.len());
}

#[test]
fn shards_are_put_together_and_a_missing_one_is_named() {
    let targets = fleet();
    let [sound, flawed, gone, _] = [0, 1, 2, 3].map(|at| targets[at].clone());
    let parts = [part(1, 3, vec![sound]), part(2, 3, vec![flawed]), part(3, 3, vec![gone])];
    let merged = merge(parts.to_vec()).expect("they are one fleet");
    assert_eq!(names(&merged.targets), ["sound", "flawed", "gone"]);
    assert_eq!(merged.head.shard, None);
    let error = merge(parts[1..2].to_vec()).expect_err("two are missing");
    assert_eq!(error.to_string(), "no report is of the shard 1/3, 3/3");
    let mut foreign = parts.to_vec();
    foreign[2].1.head.fleet = "y".into();
    let error = merge(foreign).expect_err("one is of another fleet");
    assert_eq!(
        error.to_string(),
        "1.json and 3.json are shards of different fleets, or of one cut differently"
    );
}

#[test]
fn targets_that_reports_disagree_on_are_refused_and_those_that_agree_are_told_once() {
    let fails = [finding("acknowledge/success-status", failed("200", "500"), Vec::new())];
    let merged =
        |targets: [(Target, String); 2]| merge(targets.map(|target| part(1, 1, vec![target])).to_vec());
    let sound = || fleet().swap_remove(0);
    assert_eq!(names(&merged([sound(), sound()]).expect("they agree").targets), ["sound"]);
    let error = merged([sound(), judged("sound", 1, &fails)]).expect_err("they do not");
    assert_eq!(error.to_string(), "1.json and 1.json disagree on sound");
    // One that was not run says nothing against the other.
    for targets in [
        [sound(), other("sound", Ending::NotRun("x".into()))],
        [other("sound", Ending::NotRun("x".into())), sound()],
    ] {
        assert_eq!(merged(targets).expect("they agree").targets[0].0.exit_status(), Some(0));
    }
}

#[test]
fn what_was_planned_and_is_nowhere_was_not_run() {
    let (source, mut first) = part(1, 1, fleet());
    first.targets.truncate(1);
    let merged = merge(vec![(source, first)]).expect("it is one");
    assert_eq!(names(&merged.targets), ["sound", "flawed", "gone", "late"]);
    assert_eq!(exit_status(merged.targets.iter().map(|(target, _)| target)), 130);
}

proptest::proptest! {
    /// Whatever the shards and the order of their reports: the whole, and its status.
    #[test]
    fn shards_in_any_order_give_what_the_whole_gives(statuses in proptest::collection::vec(0_u8..5, 0..12), count in 1_usize..5, turn in 0_usize..5) {
        let targets: Vec<(Target, String)> = statuses.iter().enumerate().map(|(number, status)| {
            let name = format!("t{number:02}");
            match status {
                0 | 1 => judged(&name, *status, &[]),
                _ => other(&name, Ending::Failed(*status, "why".into())),
            }
        }).collect();
        let shard = |index| {
            let shard = Shard { index, count };
            let own = targets.iter().enumerate().filter(|(place, _)| shard.takes(*place));
            part(index, count, own.map(|(_, target)| target.clone()).collect())
        };
        let mut parts: Vec<(String, Part)> = (1..=count).map(shard).collect();
        parts.rotate_left(turn % count);
        let merged = merge(parts).expect("they are one fleet");
        let mut found = names(&merged.targets);
        found.sort_unstable();
        proptest::prop_assert_eq!(found, names(&targets));
        let whole = exit_status(targets.iter().map(|(target, _)| target));
        proptest::prop_assert_eq!(exit_status(merged.targets.iter().map(|(target, _)| target)), whole);
    }
}
