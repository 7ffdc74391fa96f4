//! Nobody between the provider and the merchant.

use crate::{
    Basis, Bench, Check, Harm, Judge, Level, Phase, Seen, Step, TlsFacts,
    checks::otherwise,
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

fn certificate(_: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::InspectTls,
        [Seen::Tls(TlsFacts::Plain)] => not_applicable("the target is plain HTTP"),
        [Seen::Tls(TlsFacts::Trusted)] => pass(),
        [Seen::Tls(TlsFacts::Untrusted(why))] => {
            fail("a certificate that the provider's trust store vouches for, for this name", why.as_str())
        }
        [Seen::Tls(TlsFacts::Unreached(why))] => {
            unknown(alloc::format!("the handshake was not reached: {why}"))
        }
        _ => otherwise(seen),
    }
}

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
                (&["untrusted"], "fail: self-signed"),
                (&["plain"], "n/a: plain HTTP"),
                (&["unreached"], "unknown: the handshake was not reached: connection refused"),
                (&["cannot"], "unknown: this driver cannot look at TLS"),
            ],
        );
    }
}
