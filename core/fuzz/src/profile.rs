//! Profiles: what is taken is written back the same and works, what is refused is refused at a place of the file.

use hookproof_core::{
    At, Delivery, Header, KeyRule, Message, Next, ProfileError, Provider, Retries, Scheme, Secret, Timestamp,
    Tolerance, Verifier, locate,
};

/// Any text as a profile.
pub fn profile(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Provider::from_toml(text) {
        Ok(provider) => {
            let written = provider.to_toml();
            assert_eq!(Provider::from_toml(&written).as_ref(), Ok(&provider), "{written}");
            is_usable(&provider);
        }
        Err(error) => has_a_place(text, &error),
    }
}

fn has_a_place(text: &str, error: &ProfileError) {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = error.line.checked_sub(1).and_then(|above| lines.get(above));
    let line = line.unwrap_or_else(|| panic!("{error} is at no line of {}", lines.len()));
    let columns = line.chars().count() + 1;
    assert!((1..=columns).contains(&error.column), "{error}, of {columns} columns");
    assert_eq!(error.field.is_empty(), error.code() == "not_toml", "{error}");
    assert!(!error.to_string().contains(['\n', '\r']), "{error:?} breaks the line that tells it");
    if error.code() == "unknown_field" {
        let last = error.field.rsplit('.').next().unwrap_or_default();
        let behind: String = line.chars().skip(error.column - 1).collect();
        let is_plain = last.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        assert!(!is_plain || behind.trim_start_matches(['"', '\'']).starts_with(last), "{error}: {behind:?}");
    }
}

/// A provider that a profile may describe can be played: its requests hold, its delivery ends, its sample is an event.
fn is_usable(provider: &Provider) {
    assert!(
        Provider::built_in(&provider.name).is_none_or(|built_in| built_in == provider),
        "{}",
        provider.name
    );
    let now = Timestamp::from_unix_secs(1_704_067_200);
    if let Some(scheme) = &provider.signature {
        signs_and_verifies(scheme, now);
    }
    let shape = &provider.shape;
    for at in [&shape.id, &shape.kind] {
        match at {
            At::Header(name) => assert!(is_token(name), "{name:?}"),
            At::Body(pointer) => assert!(is_pointer(pointer), "{pointer:?}"),
            At::Nowhere => {}
        }
    }
    if let (KeyRule::EventId, At::Nowhere) = (&provider.key, &shape.id) {
        panic!("an event is known by an id that it does not have");
    }
    if let Some(sample) = &provider.sample {
        for pointer in sample.fresh.iter().chain(&shape.object_id) {
            assert!(locate(sample.body.as_bytes(), pointer).is_some(), "{pointer:?}");
        }
    }
    if let (Retries::Schedule(schedule), Some(limit)) = (&provider.retries, provider.time_limit) {
        assert!(!limit.is_zero());
        let last = Timestamp::default().saturating_add(schedule.longest(limit));
        assert!(last < Timestamp::from_unix_millis(u64::MAX), "the schedule outlasts all time");
        let delivery = Delivery::new(schedule.clone(), limit, provider.acknowledgement, now);
        assert_eq!(delivery.next(now), Next::Send { attempt: 1, deadline: now.saturating_add(limit) });
    }
    let status = (0..=u16::MAX).filter(|status| provider.acknowledgement.accepts(*status));
    assert!(status.into_iter().all(|status| (200..300).contains(&status)));
}

fn signs_and_verifies(scheme: &Scheme, now: Timestamp) {
    let secret = Secret::new("whsec_c2hvcA==").expect("a sound secret");
    let verifier = Verifier::new(scheme, &[secret], Tolerance::DEFAULT).expect("a secret of every scheme");
    let body = br#"{"id":"evt_1"}"#;
    let signed = verifier.sign(&Message { id: "evt_1", at: now, body }).expect("a sound message");
    let headers: Vec<Header<'_>> =
        signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    for Header { name, value } in &headers {
        assert!(is_token(name), "{name:?}");
        assert!(value.iter().all(|byte| matches!(byte, b' '..=b'~')), "{name}: {value:?}");
        assert_eq!(value, &value.trim_ascii(), "{name}: what HTTP would trim");
    }
    assert!(verifier.verify(&headers, body, now).is_ok(), "{signed:?}");
}

/// RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_letter)
}

/// RFC 6901, section 3.
fn is_pointer(pointer: &str) -> bool {
    let tildes =
        pointer.match_indices('~').all(|(at, _)| matches!(pointer.as_bytes().get(at + 1), Some(b'0' | b'1')));
    (pointer.is_empty() || pointer.starts_with('/')) && tildes
}
