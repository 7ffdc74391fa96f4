//! Nobody between the provider and the merchant.

use alloc::format;
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Handshake, Harm, Judge, Level, Phase, Seen, Step, TlsFacts,
    checks::otherwise,
    report::span,
    step::{fail, not_applicable, pass, unknown},
};

pub(crate) const CERTIFICATE: Check = Check {
    id: "tls/certificate",
    title: "the certificate is valid for the endpoint's name and publicly trusted",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-9"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/tls-certificate.md"),
    judge: Judge::Script(certificate),
};

pub(crate) const EXPIRY: Check = Check {
    id: "tls/expiry",
    title: "the certificate is valid for more than two weeks to come",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-9"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/tls-expiry.md"),
    judge: Judge::Script(expiry),
};

pub(crate) const VERSION: Check = Check {
    id: "tls/version",
    title: "the endpoint speaks TLS 1.2 or newer",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-9"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/tls-version.md"),
    judge: Judge::Script(version),
};

fn certificate(_: &Bench, seen: &[Seen]) -> Step {
    const TRUSTED: &str = "a certificate that the provider's trust store vouches for, for this name";
    match seen {
        [] => Step::InspectTls,
        [Seen::Tls(TlsFacts::Made(Handshake { trust: Ok(()), .. }))] => pass(),
        [Seen::Tls(TlsFacts::Made(Handshake { trust: Err(why), .. }) | TlsFacts::Refused(why))] => {
            fail(TRUSTED, why.as_str())
        }
        [Seen::Tls(TlsFacts::Outdated)] => {
            unknown("no certificate was shown, because the endpoint speaks no version of TLS that is in use")
        }
        _ => without_handshake(seen),
    }
}

fn expiry(_: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::InspectTls,
        [Seen::Tls(TlsFacts::Made(Handshake { expires_in: Some(left), .. }))] => {
            if *left > TWO_WEEKS {
                pass()
            } else if left.is_zero() {
                fail("a certificate that ends in more than 14 days", "it has ended")
            } else {
                fail("a certificate that ends in more than 14 days", format!("it ends in {}", span(*left)))
            }
        }
        [Seen::Tls(TlsFacts::Made(_))] => unknown("when the certificate ends could not be read"),
        [Seen::Tls(TlsFacts::Outdated)] => unknown("no certificate was shown"),
        _ => without_handshake(seen),
    }
}

fn version(_: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::InspectTls,
        // Nothing older is offered by us.
        [Seen::Tls(TlsFacts::Made(_))] => pass(),
        [Seen::Tls(TlsFacts::Outdated)] => {
            fail("TLS 1.2 or 1.3", "it offers nothing that is newer than TLS 1.1")
        }
        _ => without_handshake(seen),
    }
}

/// What there is to say where no handshake was made.
fn without_handshake(seen: &[Seen]) -> Step {
    match seen {
        [Seen::Tls(TlsFacts::Plain)] => not_applicable("the target is plain HTTP"),
        [Seen::Tls(TlsFacts::Refused(why) | TlsFacts::Unreached(why))] => {
            unknown(format!("no handshake was made: {why}"))
        }
        _ => otherwise(seen),
    }
}

/// A renewal that failed for this long has failed more than once: they are tried daily, from a month before the end.
const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{assert_verdicts, bench};

    #[test]
    fn a_certificate_is_trusted_or_not_and_plain_http_has_none() {
        assert_verdicts(
            &CERTIFICATE,
            &bench("turratech"),
            &[
                (&["trusted"], "pass"),
                (&["trusted for 3"], "pass"),
                (&["untrusted"], "fail: self-signed"),
                (&["no-tls"], "fail: what answers there does not speak TLS"),
                (&["outdated"], "unknown: no certificate was shown"),
                (&["plain"], "n/a: plain HTTP"),
                (&["unreached"], "unknown: no handshake was made: connection refused"),
                (&["cannot"], "unknown: this driver cannot look at TLS"),
            ],
        );
    }

    #[test]
    fn a_certificate_that_ends_within_two_weeks_fails_whoever_issued_it() {
        assert_verdicts(
            &EXPIRY,
            &bench("turratech"),
            &[
                (&["trusted for 15"], "pass"),
                (&["trusted for 14"], "fail: it ends in"),
                (&["trusted for 0"], "fail: it has ended"),
                (&["untrusted for 15"], "pass"),
                (&["untrusted for 3"], "fail: it ends in"),
                (&["trusted"], "unknown: could not be read"),
                (&["no-tls"], "unknown: no handshake was made: what answers there"),
                (&["outdated"], "unknown: no certificate was shown"),
                (&["plain"], "n/a: plain HTTP"),
                (&["unreached"], "unknown: no handshake was made: connection refused"),
                (&["cannot"], "unknown: this driver cannot look at TLS"),
            ],
        );
    }

    #[test]
    fn a_handshake_is_proof_of_its_version_and_only_an_old_version_is_held_against_an_endpoint() {
        assert_verdicts(
            &VERSION,
            &bench("turratech"),
            &[
                (&["trusted"], "pass"),
                (&["untrusted"], "pass"),
                (&["outdated"], "fail: nothing that is newer than TLS 1.1"),
                (&["no-tls"], "unknown: no handshake was made"),
                (&["plain"], "n/a: plain HTTP"),
                (&["unreached"], "unknown: no handshake was made: connection refused"),
                (&["cannot"], "unknown: this driver cannot look at TLS"),
            ],
        );
    }
}
