//! The scanner and all that reads through it, with `serde_json` as the second opinion.

use hookproof_core::{
    At, Event, EventError, Header, Provider, ScanError, ScanErrorKind, TimeFormat, Timestamp, locate,
    scan as judge,
};

use super::tree::Tree;

/// Any bytes as a body.
pub fn scan(json: &[u8]) {
    let theirs = || Tree::read(json);
    match judge(json) {
        Ok(()) => match theirs() {
            Ok(tree) => places_are_found(json, &tree),
            // Ours keeps numbers as they are written, so none is too large for it.
            Err(error) => assert!(error.to_string().starts_with("number out of range"), "taken: {error}"),
        },
        Err(error) => {
            place_is_right(json, error);
            // Refused so deep, it may be sound JSON; theirs has no limit here.
            assert!(error.kind == ScanErrorKind::TooDeep || theirs().is_err(), "refused: {error}");
        }
    }
    for provider in Provider::BUILT_IN {
        event_is_right(provider, json);
    }
}

/// What stands before the place of an error is the beginning of some JSON.
fn place_is_right(json: &[u8], error: ScanError) {
    let before = &json[..error.at];
    if error.kind == ScanErrorKind::NotUtf8 {
        let invalid = std::str::from_utf8(json).map_err(|error| error.valid_up_to());
        assert_eq!(invalid, Err(error.at));
        return;
    }
    let begun = match judge(before) {
        Ok(()) => true,
        Err(inner) => inner == ScanError { at: before.len(), kind: ScanErrorKind::UnexpectedEnd },
    };
    assert!(begun, "{error}, but the {} bytes before are {:?}", error.at, judge(before));
    if error.kind == ScanErrorKind::UnexpectedEnd {
        assert_eq!(error.at, json.len());
    }
    if error.kind == ScanErrorKind::TooDeep {
        assert_eq!(depth(before), 128);
    }
}

/// Open arrays and objects at the end of a beginning.
fn depth(begun: &[u8]) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    for byte in begun {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// Every value stands where its pointer leads, and nothing stands where a pointer leads nowhere.
fn places_are_found(json: &[u8], tree: &Tree) {
    for pointer in tree.pointers().into_iter().take(MOST_PLACES) {
        for pointer in [format!("{pointer}/0"), pointer] {
            let found = locate(json, &pointer).map(|range| &json[range]);
            let read = found.map(|found| Tree::read(found).ok().filter(|_| found == found.trim_ascii()));
            assert_eq!(read, tree.at(&pointer).cloned().map(Some), "{pointer:?}");
        }
    }
}

/// The event is the one that `serde_json` shows, or no event for the same reason.
fn event_is_right(provider: &Provider, body: &[u8]) {
    let headers = HEADERS.map(|(name, value)| Header { name, value: value.as_bytes() });
    let ours = Event::parse(&provider.shape, &headers, body);
    if let Err(EventError::NotJson(error)) = &ours {
        assert_eq!(judge(body), Err(*error));
        return;
    }
    let Ok(tree) = Tree::read(body) else { return };
    match (ours, Fields::of(provider, &tree)) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(ours.id(), theirs.id.as_deref());
            assert_eq!(ours.kind(), theirs.kind);
            assert_eq!(ours.created(), theirs.created);
            assert_eq!(ours.body(), body);
            wide_integers_are_found(&ours, &tree);
            assert_eq!(Tree::read(ours.object()).ok(), tree.at(&provider.shape.object).cloned());
        }
        (ours, theirs) => {
            let code = ours.as_ref().map_or_else(EventError::code, |_| "ok");
            assert_eq!(code, theirs.as_ref().err().copied().unwrap_or("ok"), "{}: {ours:?}", provider.name);
        }
    }
}

/// JavaScript would change exactly these integers: those that a double does not tell from their neighbours.
fn wide_integers_are_found(event: &Event<'_>, tree: &Tree) {
    const LARGEST_SAFE: u64 = (1 << 53) - 1;
    let is_wide = |number: &serde_json::Number| {
        // Integers beyond 64 bits are read as doubles; so are numbers by their spelling, which the tree forgets.
        number.as_i64().map(i64::unsigned_abs).or(number.as_u64()).is_some_and(|size| size > LARGEST_SAFE)
    };
    let wide = event.wide_integers().iter().map(|range| Tree::read(&event.body()[range.clone()]));
    let (mut ours, mut others) = (Vec::new(), 0);
    for number in wide {
        match number {
            Ok(Tree::Number(number)) if is_wide(&number) => ours.push(number),
            Ok(Tree::Number(number)) if number.is_f64() => others += 1,
            number => panic!("{number:?} is no wide integer"),
        }
    }
    let theirs: Vec<serde_json::Number> =
        tree.numbers().into_iter().filter(|number| is_wide(number)).cloned().collect();
    assert_eq!(ours, theirs, "beside {others} beyond 64 bits");
}

/// An event, read from the tree with a rule after the other.
struct Fields {
    id: Option<String>,
    kind: String,
    created: Option<Timestamp>,
}

impl Fields {
    fn of(provider: &Provider, tree: &Tree) -> Result<Self, &'static str> {
        let shape = &provider.shape;
        if !matches!(tree, Tree::Object(_)) {
            return Err("not_an_object");
        }
        // The objects that the object of the event stands in.
        let around = shape.object.match_indices('/').map(|(end, _)| &shape.object[..end]);
        if around.filter_map(|pointer| tree.at(pointer)).any(Tree::repeats_a_name) {
            return Err("repeated_key");
        }
        tree.at(&shape.object).ok_or("missing_field")?;
        Ok(Self {
            id: text(&shape.id, tree)?,
            kind: text(&shape.kind, tree)?.unwrap_or_default(),
            created: match &shape.created {
                At::Body(pointer) => {
                    tree.at(pointer).map(|value| time(shape.created_format, value)).transpose()?
                }
                At::Header(_) | At::Nowhere => None,
            },
        })
    }
}

fn text(at: &At, tree: &Tree) -> Result<Option<String>, &'static str> {
    let text = match at {
        At::Nowhere => return Ok(None),
        At::Header(name) => HEADERS.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value),
        At::Body(pointer) => tree.at(pointer).ok_or("missing_field")?.text().ok_or("wrong_type")?,
    };
    match text.len() {
        0 => Err("missing_field"),
        1..=1_024 => Ok(Some(text.to_owned())),
        _ => Err("too_long"),
    }
}

fn time(format: TimeFormat, value: &Tree) -> Result<Timestamp, &'static str> {
    let time = match (format, value) {
        (TimeFormat::UnixSecs, Tree::Number(secs)) => secs.as_u64().map(Timestamp::from_unix_secs),
        (TimeFormat::Rfc3339, Tree::Text(text)) => Timestamp::parse_rfc3339(text),
        _ => None,
    };
    time.ok_or("wrong_type")
}

/// The ids and types of the providers that send them in headers.
const HEADERS: [(&str, &str); 3] =
    [("webhook-id", "msg_1"), ("x-github-delivery", "72d3162e"), ("x-github-event", "issues")];

/// Each costs another pass over the body.
const MOST_PLACES: usize = 40;
