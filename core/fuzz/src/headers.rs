//! Requests with any header lines: each is judged as the construction's rules say, and what verifies was signed.

mod reference;
mod request;

use hookproof_core::{
    Header, Message, Secret, Suspect, Timestamp, Tolerance, Verifier, VerifyError, diagnose,
};
use sha2::{Digest, Sha256};

use self::{reference::Reference, request::Request};

/// Any bytes as a request, in the form that [`Request`] describes.
pub fn headers(data: &[u8]) {
    let Some(request) = Request::read(data) else { return };
    let scheme = request.construction.scheme();
    let reference = Reference::new(request.construction, &request.secrets);
    let secrets: Result<Vec<Secret>, _> = request.secrets.iter().map(|text| Secret::new(text)).collect();
    let verifier = match secrets.and_then(|secrets| Verifier::new(&scheme, &secrets, Tolerance::DEFAULT)) {
        Ok(verifier) => verifier,
        Err(error) => return assert_eq!(Err(error.code()), reference.map(drop)),
    };
    let reference = reference.unwrap_or_else(|code| panic!("taken, but {code}"));

    let lines = reference.with_macs(&request);
    let headers: Vec<Header<'_>> = lines.iter().map(|(name, value)| Header { name, value }).collect();
    let now = Timestamp::from_unix_secs(request.now_secs);
    let ours = verifier.verify(&headers, request.body, now);
    let signed_at = ours.as_ref().map(|verified| verified.signed_at.map(Timestamp::as_unix_secs));
    assert_eq!(
        signed_at.map_err(VerifyError::code),
        reference.judge(&lines, request.body, now.as_unix_secs()),
        "{lines:?}"
    );

    if let Ok(signed) = verifier.read(&headers) {
        let hash = |block: &[u8; 64]| {
            Sha256::digest([&block[..], signed.before_body(), request.body].concat()).into()
        };
        let hashes: Vec<[u8; 32]> = verifier.blocks().map(hash).collect();
        let theirs = verifier.verify_hashes(&signed, &hashes, now);
        assert_eq!(theirs, ours, "hashes made elsewhere: {lines:?}");
    } else {
        assert!(ours.is_err());
    }

    let message = Message { id: "msg_1", at: now, body: request.body };
    if let (Ok(signed), true) = (verifier.sign(&message), now.as_unix_secs() < 1_000_000_000_000_000) {
        let headers: Vec<Header<'_>> =
            signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
        assert!(verifier.verify(&headers, request.body, now).is_ok(), "our own is refused: {signed:?}");
    }

    let [first, others @ ..] = &*request.secrets else { return };
    let suspect = Suspect {
        scheme: &scheme,
        secret: first,
        other_secrets: others,
        headers: &headers,
        body: request.body,
        now,
    };
    let told = format!("{:?}", diagnose(&suspect));
    let secrets =
        request.secrets.iter().filter(|secret| secret.starts_with("whsec_") && secret.len() >= LEAST_TELLING);
    for secret in secrets {
        assert!(!told.contains(*secret), "a secret is shown: {told}");
    }
    for mac in reference.right_macs(&request) {
        assert!(!told.contains(&*String::from_utf8_lossy(&mac)), "a right MAC is shown: {told}");
    }
}

/// Shorter secrets, and those of other words, stand in a sentence by chance.
const LEAST_TELLING: usize = 12;
