//! Events by the thousand: one is made as every other, and what differs from event to event is found by comparison.

use alloc::{format, string::String, vec::Vec};
use core::ops::Range;

use hookproof_core::{Message, Timestamp, Verifier};

use super::{Bench, EventName};
use crate::{Draft, Request};

/// What every event of one type has in common, ready to be numbered, signed and sent.
#[derive(Debug)]
pub struct Mould {
    signer: Option<Verifier>,
    /// Header lines that no signature is in.
    lines: Vec<u8>,
    in_lines: Vec<Hole>,
    /// As it is signed.
    id: Vec<u8>,
    in_id: Vec<Hole>,
    body: Vec<u8>,
    in_body: Vec<Hole>,
}

/// Where an event's number stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hole {
    Decimal(Range<usize>),
    Hexadecimal(Range<usize>),
}

impl Bench {
    /// The mould of events of this type. They are created when the bench was made.
    ///
    /// # Errors
    ///
    /// When what the caller wants in every event does not let them be numbered, as a sentence fragment.
    pub fn mould(&self, kind: &str) -> Result<Mould, String> {
        let [one, two, three] = [ONES, TWOS, OTHER].map(|number| self.probe(kind, number));
        let signed: Vec<&str> =
            self.provider.signature.iter().flat_map(|scheme| scheme.header_names()).collect();
        let [lines, lines_two, lines_three] = [&one, &two, &three].map(|request| lines(request, &signed));
        let [id, id_two, id_three] = [ONES, TWOS, OTHER].map(|number| self.id(named(number)).into_bytes());
        let mould = Mould {
            signer: self.keys.as_ref().map(|keys| keys.right.clone()),
            in_lines: holes(&lines, &lines_two)?,
            in_id: holes(&id, &id_two)?,
            in_body: holes(&one.body, &two.body)?,
            lines,
            id,
            body: one.body,
        };
        let poured = |text: &[u8], holes: &[Hole]| {
            let mut text = text.to_vec();
            number(&mut text, holes, OTHER);
            text
        };
        if poured(&mould.body, &mould.in_body) == three.body
            && poured(&mould.lines, &mould.in_lines) == lines_three
            && poured(&mould.id, &mould.in_id) == id_three
        {
            Ok(mould)
        } else {
            Err(NOT_NUMBERED.into())
        }
    }

    fn probe(&self, kind: &str, number: u32) -> Request {
        self.seal(&Draft::new(named(number), kind), self.started)
    }
}

impl Mould {
    /// How many events can be told apart.
    pub const MOST: u32 = 10_000_000;

    /// Writes the header lines of an event that leaves at `now`, each with its end, behind what is in `head`, and its body
    /// into `body`. The number is below [`Mould::MOST`].
    pub fn pour(&self, event: u32, now: Timestamp, head: &mut Vec<u8>, body: &mut Vec<u8>) {
        let at = head.len();
        head.extend_from_slice(&self.lines);
        number(head.get_mut(at..).unwrap_or_default(), &self.in_lines, event);
        body.clear();
        body.extend_from_slice(&self.body);
        number(body, &self.in_body, event);
        let Some(signer) = &self.signer else { return };
        let mut id = self.id.clone();
        number(&mut id, &self.in_id, event);
        let id = core::str::from_utf8(&id).unwrap_or_default();
        for (name, value) in signer.sign(&Message { id, at: now, body }).unwrap_or_default() {
            for part in [name.as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                head.extend_from_slice(part);
            }
        }
    }
}

/// The header lines of a request, those left out that its signature wrote.
fn lines(request: &Request, signed: &[&str]) -> Vec<u8> {
    let own =
        request.headers.iter().filter(|(name, _)| !signed.iter().any(|own| own.eq_ignore_ascii_case(name)));
    own.flat_map(|(name, value)| format!("{name}: {value}\r\n").into_bytes()).collect()
}

/// Where two texts differ, which are about the events [`ONES`] and [`TWOS`].
fn holes(one: &[u8], two: &[u8]) -> Result<Vec<Hole>, String> {
    if one.len() != two.len() {
        return Err(NOT_NUMBERED.into());
    }
    let differs: Vec<usize> = (0..one.len()).filter(|at| one.get(*at) != two.get(*at)).collect();
    let runs = differs.chunk_by(|at, next| at + 1 == *next);
    runs.map(|run| {
        let range = run.first().copied().unwrap_or_default()..run.last().copied().unwrap_or_default() + 1;
        match one.get(range.clone()) {
            Some(text) if text == format!("{ONES}").as_bytes() => Ok(Hole::Decimal(range)),
            Some(text) if text == format!("{ONES:x}").as_bytes() => Ok(Hole::Hexadecimal(range)),
            _ => Err(NOT_NUMBERED.into()),
        }
    })
    .collect()
}

/// Puts an event's number into its places.
fn number(text: &mut [u8], holes: &[Hole], event: u32) {
    for hole in holes {
        let (range, base) = match hole {
            Hole::Decimal(range) => (range, 10),
            Hole::Hexadecimal(range) => (range, 16),
        };
        let mut rest = event;
        for place in text.get_mut(range.clone()).unwrap_or_default().iter_mut().rev() {
            let digit = rest % base;
            *place =
                core::char::from_digit(digit, base).map_or(b'0', |digit| u8::try_from(digit).unwrap_or(b'0'));
            rest /= base;
        }
    }
}

/// The event that has this number; see [`super::unique`].
fn named(number: u32) -> EventName {
    let part = |part| u16::try_from(part).unwrap_or(u16::MAX);
    EventName {
        check: part(number / super::EVENTS_OF_A_CHECK),
        number: part(number % super::EVENTS_OF_A_CHECK),
    }
}

/// Two numbers that differ in every digit, decimal and hexadecimal, and a third one.
const ONES: u32 = 1_111_111;
const TWOS: u32 = 2_222_222;
const OTHER: u32 = 3_456_789;

const NOT_NUMBERED: &str = "events like these cannot be numbered one after the other";

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, string::ToString};

    use super::*;
    use crate::{
        Change, Setting,
        scene::{STARTED, bench, bench_with, setting},
    };

    fn assert_alike(bench: &Bench) {
        let kind = bench.ordinary_type().to_string();
        let mould = bench.mould(&kind).unwrap();
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for event in [1, 42, 9_999, 1_000_000, 5_678_901, Mould::MOST - 1] {
            let now = STARTED.saturating_add(core::time::Duration::from_secs(u64::from(event % 100)));
            head.clear();
            mould.pour(event, now, &mut head, &mut body);
            let poured = String::from_utf8(head.clone()).unwrap();
            if event < 1_000_000 {
                // Its own event has a shorter number; what is poured fills it up.
                assert!(
                    body.windows(7).any(|part| part == format!("{event:07}").as_bytes())
                        || bench.provider.name == "github"
                );
                continue;
            }
            let sealed = bench.seal(&Draft::new(named(event), &kind), now);
            assert_eq!(String::from_utf8_lossy(&body), String::from_utf8_lossy(&sealed.body));
            let lines: BTreeSet<&str> = poured.lines().collect();
            let expected: Vec<String> =
                sealed.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            assert_eq!(lines, expected.iter().map(String::as_str).collect());
        }
    }

    #[test]
    fn what_is_poured_is_what_the_bench_would_have_made() {
        for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
            assert_alike(&bench(provider));
        }
    }

    #[test]
    fn what_the_caller_wants_in_every_event_is_numbered_too() {
        let changes = ["data.object.order=R-{n}", "data.object.note={id}"];
        let changes = changes.map(|change| Change::parse(change).unwrap()).to_vec();
        assert_alike(&bench_with("turratech", Setting { changes, ..setting() }));
    }
}
