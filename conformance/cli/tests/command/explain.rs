//! `hookproof explain`

use crate::call::hookproof;

#[tokio::test]
async fn every_check_that_is_listed_can_be_explained() {
    let listed = hookproof(["list"]).run().await.exits(0);
    let ids: Vec<&str> =
        listed.out.split_whitespace().filter(|word| word.contains('/') && !word.starts_with('/')).collect();
    assert_eq!(ids.len(), listed.out.lines().count());
    for id in ids {
        let ended = hookproof(["explain", id]).run().await.exits(0);
        assert!(ended.out.starts_with(&format!("# {id}\n")), "{}", ended.out);
        assert!(ended.out.contains("\n## The cure\n"), "{}", ended.out);
    }
}

#[tokio::test]
async fn an_unknown_check_is_answered_with_those_like_it() {
    for (id, words) in [
        ("duplicate/sequental", ["\"duplicate/sequental\"", "duplicate/sequential"]),
        ("raw-body", ["\"raw-body\"", "signature/raw-body"]),
        ("nonsense", ["\"nonsense\"", "hookproof list"]),
        ("", ["\"\"", "hookproof list"]),
    ] {
        hookproof(["explain", id]).run().await.refuses(&words);
    }
}
