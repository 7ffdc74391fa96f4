//! `hookproof verify`: the core's judgement of one request, from a shell.

use std::{fs, path::PathBuf};

use hookproof_core::{
    Cause, Diagnosis, Event, Header, Provider, Scheme, Secret, Suspect, Tolerance, Verifier, diagnose,
};
use hookproof_suite::report::{visible_json, visible_lines};
use serde_json::json;

use crate::{
    args::{Format, VerifyArgs},
    clock::now_or,
    exit::{Error, Status},
    message, provider, secret, terminal,
};

/// Why a request is refused: a stable code, a sentence, and the causes that were found.
struct Refusal {
    code: &'static str,
    message: String,
    causes: Vec<Cause>,
}

pub(crate) fn run(args: &VerifyArgs) -> Result<Status, Error> {
    let provider = provider::find(&args.provider)?;
    let lines = message::received_headers(&args.headers)?;
    let headers: Vec<Header<'_>> =
        lines.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let signature = match &provider.signature {
        Some(scheme) => signature(args, &provider, scheme, &headers)?,
        None => (message::stdin()?, None),
    };
    let (body, refused) = signature;
    let result = match refused {
        Some(refusal) => Err(refusal),
        None => match Event::parse(&provider.shape, &headers, &body) {
            Ok(event) => Ok(event.kind().to_owned()),
            Err(error) => Err(Refusal { code: error.code(), message: error.to_string(), causes: Vec::new() }),
        },
    };
    terminal::print(&shown(&result, &provider, args))?;
    Ok(if result.is_ok() { Status::Holds } else { Status::Fails })
}

/// Reads the body and judges its signature.
fn signature(
    args: &VerifyArgs,
    provider: &Provider,
    scheme: &Scheme,
    headers: &[Header<'_>],
) -> Result<(Vec<u8>, Option<Refusal>), Error> {
    let tolerance =
        Tolerance::secs(args.tolerance).map_err(|error| Error::Usage(format!("--tolerance: {error}")))?;
    let (text, source) = secret::text(&args.secret, provider)?;
    let others = other_secrets(&args.other_secret_file)?;
    let verifier = Secret::new(&text)
        .and_then(|secret| Verifier::new(scheme, &[secret], tolerance))
        .map_err(|error| (error.code(), format!("the secret {source} {error}")));
    let verifier = match verifier {
        Err((_, message)) if !args.explain => return Err(Error::Usage(message)),
        verifier => verifier,
    };
    let body = message::stdin()?;
    let now = now_or(args.now);
    let judged = verifier.and_then(|verifier| {
        verifier.verify(headers, &body, now).map_err(|error| (error.code(), error.to_string()))
    });
    let Err((code, message)) = judged else { return Ok((body, None)) };
    let mut refusal = Refusal { code, message, causes: Vec::new() };
    if args.explain {
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let suspect = Suspect { scheme, secret: &text, other_secrets: &others, headers, body: &body, now };
        if let Diagnosis::Caused(causes) = diagnose(&suspect) {
            refusal.causes = causes;
        }
    }
    Ok((body, Some(refusal)))
}

fn other_secrets(files: &[PathBuf]) -> Result<Vec<String>, Error> {
    let read = |path: &PathBuf| {
        fs::read_to_string(path).map(|text| text.trim().to_owned()).map_err(|error| {
            Error::Usage(format!("--other-secret-file: {} cannot be read: {error}", path.display()))
        })
    };
    files.iter().map(read).collect()
}

/// The result as text. An event's type was chosen by its sender, and steers no terminal.
fn shown(result: &Result<String, Refusal>, provider: &Provider, args: &VerifyArgs) -> String {
    let text = match (result, args.format) {
        (Ok(_), Format::Json) => json!({ "result": "ok" }).to_string(),
        (Err(refusal), Format::Json) => {
            let mut object = json!({ "result": refusal.code, "message": refusal.message });
            if args.explain {
                let causes = refusal.causes.iter();
                object["causes"] = causes
                    .map(|cause| json!({ "code": cause.code(), "message": cause.to_string() }))
                    .collect();
            }
            object.to_string()
        }
        (Ok(kind), Format::Text) if provider.is_signed() => {
            format!("ok: {kind}, signed by {}", provider.title)
        }
        (Ok(kind), Format::Text) => {
            format!("ok: {kind}; {} does not sign, so anyone may have sent it", provider.title)
        }
        (Err(refusal), Format::Text) => {
            let mut text = format!("refused ({}): {}", refusal.code, refusal.message);
            for cause in &refusal.causes {
                text.push_str(&format!("\ncause ({}): {cause}", cause.code()));
            }
            if args.explain && refusal.causes.is_empty() {
                text.push_str(
                    "\nno cause was found: with none of the mistakes that are known does the signature hold",
                );
            }
            text
        }
    };
    let visible = match args.format {
        Format::Json => visible_json(&text),
        Format::Text => visible_lines(&text),
    };
    visible + "\n"
}
