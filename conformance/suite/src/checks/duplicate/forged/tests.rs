use alloc::vec::Vec;

use super::*;
use crate::{
    Signing,
    scene::{assert_verdicts, bench, drafts, play},
};

#[test]
fn a_genuine_event_has_its_effect_behind_a_forged_copy() {
    assert_verdicts(
        &FORGED_FIRST,
        &bench("turratech"),
        &[
            (&["400", "0", "200", "1"], "pass"),
            (&["200", "0", "200", "1"], "pass"),
            (&["400", "0", "409", "200", "1"], "pass"),
            (&["400", "0", "200", "0"], "fail: 400, 200, and no effect"),
            (&["400", "0", "200", "2"], "fail: two effects"),
            // It and no other event is refused.
            (&["400", "0", "400", "200", "400"], "fail: 400, 400, 200, 400"),
            (&["400", "0", "500", "200", "500", "500", "500"], "fail: 400, 500, 200, 500, 500, 500"),
            (&["400", "0", "409", "409", "409"], "fail: 400, 409, 409, 409"),
            // Whoever sends forgeries is kept out for a while.
            (&["400", "0", "403", "403"], "unknown: no ordinary event was acknowledged either (403)"),
            (&["400", "0", "403", "closed"], "unknown: no ordinary event was acknowledged either"),
            (&["400", "0", "403", "200", "200", "1"], "pass"),
            (&["400", "0", "403", "200", "200", "0"], "fail: 400, 403, 200, 200, and no effect"),
            // A status tells even where nothing observes effects.
            (
                &["400", "no-observer", "400", "200", "400", "400", "400"],
                "fail: 400, 400, 200, 400, 400, 400",
            ),
            (&["400", "no-observer", "200", "no-observer"], "unknown: nothing observes effects"),
            (&["200", "1"], "unknown: see signature/rejects-forged"),
            (&["refused"], "unknown: did not reach"),
            (&["400", "0", "429", "429", "429"], "unknown: come back later"),
            (&["400", "0", "late"], "unknown: was not answered"),
        ],
    );
    let bench = bench("turratech");
    let played = play(&FORGED_FIRST, &bench, &["400", "0", "200", "1"]);
    let signed: Vec<_> = drafts(&played).iter().map(|draft| (draft.event, draft.signing)).collect();
    assert_eq!(signed, [(bench.name(1), Signing::Forged), (bench.name(1), Signing::Right)]);
}
