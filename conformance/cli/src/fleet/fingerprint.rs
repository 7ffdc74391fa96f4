//! What tells one run of a target from another that could have come to something else.

use std::fs;

use crate::args::CheckArgs;

/// A number in hexadecimal that differs where the calls differ, or the files that they name, or the version of this
/// program. Not from the secret itself: nobody should learn anything of it here.
pub(super) fn of(call: &CheckArgs, known: &impl std::fmt::Debug) -> String {
    let mut call = call.clone();
    call.stage.secret.secret = None;
    let files = [&call.stage.own.template, &call.provider.profile, &call.stage.target.cacert];
    let files = files.map(|path| path.as_ref().and_then(|path| fs::read(path).ok()));
    hash(&format!("{} {call:?} {known:?} {files:?}", env!("CARGO_PKG_VERSION")))
}

/// FNV-1a, 64 bits: the same on every machine and in every version of the language, and nobody attacks it.
pub(super) fn hash(text: &str) -> String {
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

#[cfg(test)]
mod tests {
    use super::hash;

    /// From the authors' own list of vectors.
    #[test]
    fn it_is_fnv_1a() {
        assert_eq!(
            [hash(""), hash("a"), hash("foobar")],
            ["cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8"]
        );
    }
}
