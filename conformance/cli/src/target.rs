//! The endpoint of a call: its URL, whether we may send hostile requests there, and whether it listens yet.

use std::{
    fs,
    time::{Duration, Instant},
};

use hookproof_conformance::{Resolve, Target};
use hookproof_core::EndpointUrl;
use hookproof_suite::{Failure, report::span};
use tokio::net::TcpStream;

use crate::{args::TargetArgs, exit::Error, terminal};

/// The endpoint that a call names. Each answer is due within `patience`.
pub(crate) fn find(url: &str, args: &TargetArgs, patience: Duration) -> Result<Target, Error> {
    vouched(url, args, None, patience)
}

/// The same, with a certificate (PEM) that is trusted beside those that the call names.
pub(crate) fn vouched(
    url: &str,
    args: &TargetArgs,
    certificate: Option<&str>,
    patience: Duration,
) -> Result<Target, Error> {
    let url = EndpointUrl::parse(url)
        .map_err(|error| Error::Usage(format!("the URL \"{}\" {error}", shown(url).escape_debug())))?;
    let resolve = args
        .resolve
        .iter()
        .map(|rule| rule.parse())
        .collect::<Result<Vec<Resolve>, _>>()
        .map_err(|error| Error::Usage(format!("--resolve: {error}")))?;
    let mut pem = match &args.cacert {
        None => Vec::new(),
        Some(path) => fs::read(path)
            .map_err(|error| Error::Usage(format!("--cacert: {} cannot be read: {error}", path.display())))?,
    };
    pem.extend(certificate.unwrap_or_default().bytes());
    let pem = (args.cacert.is_some() || certificate.is_some()).then_some(pem);
    let target = Target::new(url, resolve, pem.as_deref(), patience)
        .map_err(|error| Error::Usage(format!("--cacert: {error}")))?;
    guard(&target, &args.allow_remote)?;
    Ok(target)
}

/// A URL as it may be shown, whether it is one or not. A password in it is nobody's business.
pub(crate) fn shown(url: &str) -> String {
    let authority = url.find("://").map_or(0, |at| at + "://".len());
    let (before, rest) = url.split_at(authority);
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{before}…{}", &rest[at..]),
        None => url.to_owned(),
    }
}

/// What to tell of an endpoint to which no connection could be made: the reason and the cure.
pub(crate) fn unreachable(shown: &str, failure: &Failure) -> Error {
    let (why, cure) = match failure {
        Failure::Refused => (failure.to_string(), "is it running? check --wait 30s waits until it is"),
        Failure::Unreachable(why) => {
            (why.clone(), "is the name right? --resolve HOST:PORT:ADDR gives it an address")
        }
        other => (other.to_string(), "is the port right, and does nothing drop packets on the way?"),
    };
    Error::Unreachable(format!("{shown} could not be reached: {why}; {cure}"))
}

/// Forgeries and broken requests go to this machine, or to one whose host the caller has said twice.
fn guard(target: &Target, allowed: &[String]) -> Result<(), Error> {
    let host = target.url.host().to_string();
    let chosen = target.chosen_addresses();
    let is_here = if chosen.is_empty() {
        target.url.is_loopback()
    } else {
        chosen.iter().all(|address| address.to_canonical().is_loopback())
    };
    if is_here || allowed.iter().any(|name| name.eq_ignore_ascii_case(&host)) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{host} is not this machine, and forged events will be sent there; if that is meant, add --allow-remote {host}"
    )))
}

/// Tries to connect until somebody listens or the time is over. Whether it worked is for the run to find out.
pub(crate) async fn wait_for(target: &Target, patience: Duration) {
    let until = Instant::now() + patience;
    let host = target.url.host().to_string();
    let host = target.chosen_addresses().first().map_or(host, ToString::to_string);
    let host = host.trim_matches(['[', ']']);
    let mut told = false;
    while Instant::now() < until {
        let attempt = tokio::time::timeout(LONGEST_TRY, TcpStream::connect((host, target.url.port())));
        if let Ok(Ok(_)) = attempt.await {
            return;
        }
        if !told {
            terminal::say(&format!(
                "nothing listens at {} yet; waiting up to {}",
                target.url,
                span(patience)
            ));
            told = true;
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
}

const LONGEST_TRY: Duration = Duration::from_secs(1);
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str, allow_remote: &[&str], resolve: &[&str]) -> Result<(), String> {
        let args = TargetArgs {
            headers: Vec::new(),
            timeout: None,
            cacert: None,
            resolve: resolve.iter().map(|rule| (*rule).to_owned()).collect(),
            allow_remote: allow_remote.iter().map(|host| (*host).to_owned()).collect(),
        };
        find(url, &args, Duration::from_secs(1)).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn only_this_machine_is_sent_forgeries_unless_the_caller_says_its_host() {
        for url in ["http://localhost:1/", "http://127.1/", "http://[::1]/", "http://api.localhost/"] {
            assert_eq!(call(url, &[], &[]), Ok(()), "{url}");
        }
        for url in
            ["https://shop.example/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/"]
        {
            assert!(call(url, &[], &[]).is_err_and(|why| why.contains("--allow-remote")), "{url}");
        }
        assert_eq!(call("https://shop.example/", &["SHOP.example"], &[]), Ok(()));
        assert!(call("https://shop.example/", &["other.example"], &[]).is_err());
        assert_eq!(call("https://shop.example/", &[], &["shop.example:443:127.0.0.1"]), Ok(()));
        assert!(call("https://shop.example/", &[], &["shop.example:443:192.0.2.1"]).is_err());
        assert!(call("http://localhost/", &[], &["localhost:80:192.0.2.1"]).is_err());
        assert_eq!(call("http://127.0.0.1/", &[], &["127.0.0.1:80:192.0.2.1"]), Ok(()), "only names resolve");
    }

    #[test]
    fn a_password_in_a_url_is_never_shown() {
        for (url, wanted) in [
            ("https://shop:swordfish@hooks.example/in", "https://…@hooks.example/in"),
            ("https://a@b:swordfish@hooks.example", "https://…@hooks.example"),
            ("shop:swordfish@hooks.example/in", "…@hooks.example/in"),
            ("https://hooks.example/@in?to=a@b", "https://hooks.example/@in?to=a@b"),
        ] {
            assert_eq!(shown(url), wanted);
        }
    }

    #[test]
    fn a_url_that_is_none_is_refused_with_what_is_wrong() {
        assert_eq!(
            call("shop.example", &[], &[]),
            Err("the URL \"shop.example\" begins with neither http:// nor https://".to_owned())
        );
    }
}
