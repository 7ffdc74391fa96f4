use super::*;
use crate::{
    checks::signature::forged::tests::refusal,
    scene::{STARTED, assert_verdicts, bench, drafts, play},
};

#[test]
fn a_right_signature_among_others_is_believed() {
    for (check, second) in
        [(&ACCEPTS_ROTATED, "the first one right"), (&ACCEPTS_EXTRA_SCHEME, "before the right one")]
    {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["200", "200"], "pass"),
                (&["400", "200"], "fail: event 1, with"),
                (&["200", "401"], "fail: event 2, with"),
                (&["200", "400"], &alloc::format!("fail: {second}: 400")),
                (&["429", "200"], "unknown: come back later"),
                (&["429", "400"], "fail: event 2"),
            ],
        );
    }
}

#[test]
fn each_header_lists_two_signatures_of_which_one_is_right() {
    for name in ["turratech", "standard-webhooks", "stripe"] {
        let bench = bench(name);
        for check in [&ACCEPTS_ROTATED, &ACCEPTS_EXTRA_SCHEME] {
            let played = play(check, &bench, &["200", "200"]);
            let mut values = alloc::collections::BTreeSet::new();
            for draft in drafts(&played) {
                assert_eq!(refusal(&bench, draft), "ok", "{name} {}", check.id);
                let request = bench.seal(draft, STARTED);
                let (_, value) = request.headers.last().unwrap();
                let [right] = request.confidential.as_slice() else { panic!("{name}: {value}") };
                assert!(value.contains(right.as_str()), "{name}: {value}");
                let macs = value.split([',', ' ', '=']).filter(|part| part.len() >= 43);
                assert_eq!(macs.count(), 2, "{name}: {value}");
                values.insert(value.ends_with(right.as_str()));
            }
            assert_eq!(values.len(), 2, "{name} {}: once in front and once behind", check.id);
        }
    }
}
