//! `hookproof verify`: the core's judgement of one request, from a shell.

use hookproof_core::{Event, Header, Tolerance, Verifier};

use crate::{
    args::{Format, VerifyArgs},
    clock::now_or,
    exit::{Error, Status},
    message, secret, terminal,
};

pub(crate) fn run(args: &VerifyArgs) -> Result<Status, Error> {
    let provider = message::provider(&args.provider.name)?;
    let secret = secret::find(&args.secret, &provider)?;
    let tolerance =
        Tolerance::secs(args.tolerance).map_err(|error| Error::Usage(format!("--tolerance: {error}")))?;
    let lines = message::received_headers(&args.headers)?;
    let headers: Vec<Header<'_>> =
        lines.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let verifier = match (&provider.signature, &secret) {
        (Some(scheme), Some((secret, _))) => Some(
            Verifier::new(scheme, std::slice::from_ref(secret), tolerance)
                .map_err(|error| Error::Usage(format!("the secret {error}")))?,
        ),
        _ => None,
    };
    let body = message::stdin()?;
    let signature = verifier.map_or(Ok(()), |verifier| {
        verifier
            .verify(&headers, &body, now_or(args.now))
            .map(drop)
            .map_err(|error| (error.code(), error.to_string()))
    });
    let result = signature.and_then(|()| {
        let event = Event::parse(&provider.shape, &headers, &body);
        event.map(|event| event.kind().to_owned()).map_err(|error| (error.code(), error.to_string()))
    });
    let text = match (&result, args.format) {
        (Ok(_), Format::Json) => serde_json::json!({ "result": "ok" }).to_string(),
        (Err((code, message)), Format::Json) => {
            serde_json::json!({ "result": code, "message": message }).to_string()
        }
        (Ok(kind), Format::Text) if provider.is_signed() => {
            format!("ok: {kind}, signed by {}", provider.title)
        }
        (Ok(kind), Format::Text) => {
            format!("ok: {kind}; {} does not sign, so anyone may have sent it", provider.title)
        }
        (Err((code, message)), Format::Text) => format!("refused ({code}): {message}"),
    };
    terminal::print(&(text + "\n"))?;
    Ok(if result.is_ok() { Status::Holds } else { Status::Fails })
}
