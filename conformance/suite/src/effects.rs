//! Effects: what the merchant's downstream saw, matched to events and counted.
//!
//! The calls of the first acknowledged delivery of a type, sent once and alone, are the *shape* of one
//! effect of that type: a merchant may call three services for one payment. A second effect is a route
//! called more often than there.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use core::time::Duration;

use crate::EventName;

/// One call that the merchant made to its downstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `POST`.
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// Header lines.
    pub headers: Vec<(String, String)>,
    /// The body, 64 KiB of it at most.
    pub body: Vec<u8>,
    /// What the downstream answered.
    pub status: u16,
    /// How long before the reading it came.
    pub ago: Duration,
}

impl Call {
    /// Visits the whole tokens of this call, by which it is matched to an event: runs of letters, digits, `_` and `-` in
    /// its path, headers and body, as they stand and with percent and JSON escapes undone.
    pub fn each_token(&self, mut visit: impl FnMut(&str)) {
        let body = String::from_utf8_lossy(&self.body);
        let texts = self.headers.iter().map(|(_, value)| value.as_str()).chain([self.target.as_str(), &body]);
        for text in texts {
            pieces(text).for_each(&mut visit);
            let plain = unescaped(text);
            if plain != text {
                pieces(&plain).for_each(&mut visit);
            }
        }
    }
}

/// What an observer says when it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The calls that came since the last reading.
    Calls(Vec<Call>),
    /// A number for the event that was asked about.
    Count(u64),
    /// It could not be asked; why.
    Failed(String),
}

/// The effects of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// Whose.
    pub event: EventName,
    /// How many there were.
    pub count: u64,
    /// How many there were when a script first asked. Only where a script is asked again at the end of a run,
    /// on the last count of all, this is not [`Effects::count`].
    pub at_first: u64,
    /// What was seen, for reports: `POST /ledger twice`.
    pub evidence: String,
    /// Calls about it that the downstream refused, as it was told to. They are no effects.
    pub refused: u64,
}

impl Effects {
    /// `no effect`, `one effect`, `two effects (POST /ledger twice)`.
    pub fn phrase(&self) -> String {
        match self.count {
            0 => "no effect".into(),
            1 => "one effect".into(),
            2 => format!("two effects ({})", self.evidence),
            more => format!("{more} effects ({})", self.evidence),
        }
    }
}

/// Every call of a run, matched to its events.
#[derive(Debug, Default)]
pub struct Ledger {
    names: BTreeMap<String, Option<EventName>>,
    calls: BTreeMap<EventName, Vec<Matched>>,
    refused: BTreeMap<EventName, u64>,
    counts: BTreeMap<EventName, u64>,
    shape: BTreeMap<Route, u64>,
    unit: Option<u64>,
    sent: BTreeMap<EventName, Vec<Duration>>,
    hindered: BTreeSet<EventName>,
    slowest: Duration,
    /// Calls that named no event of this run.
    pub unmatched: usize,
}

type Route = (String, String);

/// A call that the downstream served.
#[derive(Debug)]
struct Matched {
    route: Route,
    key: Option<String>,
}

impl Ledger {
    /// Makes an event known by its tokens as a delivery of it leaves at `at`. A token that two events share names neither.
    pub fn expect(&mut self, event: EventName, tokens: &[String], at: Duration) {
        self.sent.entry(event).or_default().push(at);
        for token in tokens {
            self.names
                .entry(token.clone())
                .and_modify(|owner| *owner = owner.filter(|owner| *owner == event))
                .or_insert(Some(event));
        }
    }

    /// Leaves the effects of `event` out of what is learned about how soon effects come: its request was slowed by us,
    /// or its downstream.
    pub fn hinder(&mut self, event: EventName) {
        self.hindered.insert(event);
    }

    /// Takes what an observer said at `now` when it was asked about `event`.
    pub fn record(&mut self, event: EventName, reading: Reading, now: Duration) {
        let was_absent = self.counts.get(&event).is_none_or(|before| *before == 0);
        if was_absent && matches!(reading, Reading::Count(1..)) {
            self.note_delay(event, now);
        }
        self.record_late(event, reading, now);
    }

    /// The same where others were asked about first: when a number is there at once, nobody knows since when.
    pub fn record_late(&mut self, event: EventName, reading: Reading, now: Duration) {
        match reading {
            Reading::Count(count) => {
                if count > 0 && self.counts.get(&event) == Some(&0) {
                    self.note_delay(event, now);
                }
                self.counts.insert(event, count);
            }
            Reading::Calls(calls) => {
                for call in &calls {
                    self.match_call(call, now.saturating_sub(call.ago));
                }
            }
            Reading::Failed(_) => {}
        }
    }

    /// The calls of `event` become the shape of one effect.
    pub fn learn_shape(&mut self, event: EventName) {
        self.shape = self.routes(event);
        self.unit = self.counts.get(&event).copied().filter(|count| *count > 0);
    }

    /// What counts as one effect although it is more than one of a kind, as the first event had it: what is done twice
    /// to every event cannot be told from a merchant that does two things.
    pub fn repeated_in_one(&self) -> Option<String> {
        if let Some(unit) = self.unit.filter(|unit| *unit > 1) {
            return Some(format!("the observer counts {unit}"));
        }
        let repeated = self.shape.iter().filter(|((method, _), calls)| **calls > 1 && !is_lookup(method));
        let told: Vec<String> =
            repeated.map(|((method, path), calls)| format!("{method} {path} {}", times(*calls))).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

    /// The effects of `event` so far.
    pub fn effects(&self, event: EventName) -> Effects {
        if let Some(count) = self.counts.get(&event) {
            let effects = count.div_ceil(self.unit.unwrap_or(1));
            let evidence = format!("the observer counts {count}");
            return Effects { event, count: effects, at_first: effects, evidence, refused: 0 };
        }
        let routes = self.routes(event);
        let only_lookups = self.shape.keys().all(|(method, _)| is_lookup(method)) && !self.shape.is_empty();
        let mut count = 0;
        let mut evidence = Vec::new();
        for (route, calls) in &routes {
            if is_lookup(&route.0) && !only_lookups {
                continue;
            }
            count = count.max(match self.shape.get(route) {
                Some(usual) => calls.div_ceil(*usual),
                None if self.shape.is_empty() => *calls.min(&1),
                // A route that one effect lacks may be a notice about the event; called again, it is a second effect.
                None if *calls > 1 => *calls,
                None => 0,
            });
            evidence.push(format!("{} {} {}", route.0, route.1, times(*calls)));
        }
        let refused = self.refused.get(&event).copied().unwrap_or_default();
        Effects { event, count, at_first: count, evidence: evidence.join(", "), refused }
    }

    /// The longest time from a delivery to the first effect of its event.
    pub fn slowest(&self) -> Duration {
        self.slowest
    }

    /// How long nothing must happen before an absence is believed: three times the slowest effect seen, and
    /// never under 250 ms.
    pub fn quiet(&self) -> Duration {
        self.slowest.saturating_mul(3).max(Duration::from_millis(250))
    }

    fn match_call(&mut self, call: &Call, came: Duration) {
        let mut owners: BTreeSet<EventName> = BTreeSet::new();
        call.each_token(|token| owners.extend(self.names.get(token).copied().flatten()));
        if !(200..300).contains(&call.status) {
            for event in owners {
                *self.refused.entry(event).or_default() += 1;
            }
            return;
        }
        if owners.is_empty() {
            self.unmatched += 1;
        }
        for event in owners {
            if !self.calls.contains_key(&event) {
                self.note_delay(event, came);
            }
            let key = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("idempotency-key"));
            let key = key.map(|(_, value)| value.clone());
            let route = (call.method.clone(), self.blanked(&call.target));
            let known = self.calls.entry(event).or_default();
            let repeated = key.is_some() && known.iter().any(|call| call.route == route && call.key == key);
            if !repeated {
                known.push(Matched { route, key });
            }
        }
    }

    /// An effect belongs to the latest delivery before it: an earlier one may never have arrived.
    fn note_delay(&mut self, event: EventName, came: Duration) {
        if self.hindered.contains(&event) {
            return;
        }
        let departures = self.sent.get(&event).into_iter().flatten();
        if let Some(left) = departures.filter(|left| **left <= came).max() {
            self.slowest = self.slowest.max(came.saturating_sub(*left));
        }
    }

    fn routes(&self, event: EventName) -> BTreeMap<Route, u64> {
        let mut routes = BTreeMap::new();
        for call in self.calls.get(&event).into_iter().flatten() {
            *routes.entry(call.route.clone()).or_insert(0) += 1;
        }
        routes
    }

    /// The path of a target with the tokens of events blanked, so that `/orders/evt_1` and `/orders/evt_2` are one route.
    fn blanked(&self, target: &str) -> String {
        let path = unescaped(target.split(['?', '#']).next().unwrap_or_default());
        let mut blanked = String::new();
        for piece in pieces(&path) {
            blanked.push_str(if self.names.contains_key(piece) { "{id}" } else { piece });
        }
        blanked
    }
}

/// Splits a text into runs of token characters and runs of anything else.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|letter| is_token(letter) != is_token(first)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

fn is_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// Undoes `%41`, `\u0041` and JSON's short escapes of white space; anything else stays as it is.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (letter, length) = escape(rest).unwrap_or((letter, letter.len_utf8()));
        plain.push(letter);
        rest = rest.get(length..).unwrap_or_default();
    }
    plain
}

/// The character that a text begins with in escaped form, and the length of that form.
fn escape(text: &str) -> Option<(char, usize)> {
    if ["\\n", "\\r", "\\t", "\\b", "\\f"].iter().any(|short| text.starts_with(short)) {
        return Some((' ', 2));
    }
    [("%", 2), ("\\u", 4)].into_iter().find_map(|(mark, digits)| {
        let hex = text.strip_prefix(mark)?.get(..digits)?;
        let hex = hex.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(hex)?;
        let code = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).filter(char::is_ascii)?;
        Some((code, mark.len() + digits))
    })
}

fn is_lookup(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}

fn times(calls: u64) -> String {
    match calls {
        1 => "once".into(),
        2 => "twice".into(),
        more => format!("{more} times"),
    }
}

#[cfg(test)]
mod tests;
