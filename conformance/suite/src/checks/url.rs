//! The address that the provider calls.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::net::IpAddr;

use hookproof_core::{UrlScheme, is_public};

use crate::{
    Basis, Bench, Check, Harm, Judge, Level, Phase, Registered, Seen, Step,
    checks::otherwise,
    step::{fail, not_applicable, pass, unknown},
};

pub(crate) const HTTPS: Check = Check {
    id: "url/https",
    title: "the endpoint is called over HTTPS",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::AttemptFailed,
    clauses: &["TT-9"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/url-https.md"),
    judge: Judge::Script(https),
};

pub(crate) const NO_CREDENTIALS: Check = Check {
    id: "url/no-credentials",
    title: "the endpoint's URL has no name or password in it",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::AttemptFailed,
    clauses: &["TT-9"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/url-no-credentials.md"),
    judge: Judge::Script(no_credentials),
};

pub(crate) const PUBLIC: Check = Check {
    id: "url/public",
    title: "every address of the endpoint's host can be reached from the internet",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-9", "TS-5"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/url-public.md"),
    judge: Judge::Script(public),
};

fn https(bench: &Bench, _: &[Seen]) -> Step {
    judged(bench).map_or_else(
        |nothing| nothing,
        |registered| match registered.url.scheme() {
            UrlScheme::Https => pass(),
            UrlScheme::Http => fail(
                "a URL that begins with https://",
                format!("http://{}, which everyone on the way can read", registered.url.authority()),
            ),
        },
    )
}

fn no_credentials(bench: &Bench, _: &[Seen]) -> Step {
    judged(bench).map_or_else(
        |nothing| nothing,
        |registered| {
            if registered.has_credentials {
                let host = registered.url.authority();
                fail("a URL without a name and password", format!("one stands before {host}"))
            } else {
                pass()
            }
        },
    )
}

fn public(bench: &Bench, seen: &[Seen]) -> Step {
    let url = match judged(bench) {
        Ok(registered) => registered.url,
        Err(nothing) => return nothing,
    };
    let host = url.host();
    match (seen, host.address()) {
        ([], Some(address)) if is_public(address) => pass(),
        ([], Some(address)) => fail(REACHABLE, format!("{address} is not")),
        ([], None) if url.is_local() => {
            fail(REACHABLE, format!("{host} is a name for this machine, or for the network at hand"))
        }
        ([], None) if !bench.setting.production => {
            unknown(format!("nobody said that {host} is in production; --production looks its addresses up"))
        }
        ([], None) => Step::LookUp { host: host.to_string(), port: url.port() },
        ([Seen::Addresses(addresses)], _) if addresses.is_empty() => {
            unknown(format!("{host} has no address"))
        }
        ([Seen::Addresses(addresses)], _) => {
            let near: Vec<String> =
                addresses.iter().filter(|address| !is_public(**address)).map(IpAddr::to_string).collect();
            if near.is_empty() {
                pass()
            } else {
                fail(REACHABLE, format!("{host} leads to {}, as looked up from here", near.join(" and ")))
            }
        }
        _ => otherwise(seen),
    }
}

/// The URL that the provider calls, or what is to be said where nobody knows it.
fn judged(bench: &Bench) -> Result<Registered, Step> {
    let setting = &bench.setting;
    match (&setting.public_url, &setting.endpoint) {
        (Some(public), _) => Ok(public.clone()),
        (None, Some(endpoint)) if setting.production => Ok(endpoint.clone().into()),
        (None, Some(endpoint)) if !endpoint.is_local() => Err(unknown(
            "the endpoint is not stated to be in production; --production says that it is, and --public-url names the URL that the provider calls",
        )),
        (None, _) => Err(not_applicable(
            "no provider calls the endpoint here; --public-url names the URL that it calls",
        )),
    }
}

const REACHABLE: &str = "only addresses that can be reached from the internet";

#[cfg(test)]
mod tests;
