//! A sample's body with holes: what differs from event to event is looked for once.

use alloc::{format, string::String, vec::Vec};
use core::ops::Range;

use hookproof_core::{At, Provider, TimeFormat, Timestamp, locate};

use crate::sample::{LIVEMODE, Sample, sample_for, tells_livemode, text_at};

/// The body of every event of one type.
#[derive(Clone, Debug)]
pub(super) struct Stencil {
    pub(super) kind: String,
    /// What an id looks like.
    pub(super) id: String,
    /// What each other fresh value looks like.
    pub(super) fresh: Vec<String>,
    body: Vec<u8>,
    /// From the last to the first.
    holes: Vec<(Range<usize>, Hole)>,
}

#[derive(Clone, Copy, Debug)]
enum Hole {
    Id,
    Fresh { place: usize, quoted: bool },
    Kind,
    Created,
    Livemode,
}

/// What an event puts into the holes.
pub(super) struct Filling<'a> {
    pub(super) id: &'a str,
    pub(super) fresh: &'a [String],
    pub(super) kind: &'a str,
    pub(super) created: Timestamp,
    pub(super) livemode: bool,
}

impl Stencil {
    pub(super) fn new(provider: &Provider, kind: &str) -> Self {
        let sample = sample_for(provider, kind);
        let body = sample.body.as_bytes().trim_ascii_end();
        let shape = &provider.shape;
        let mut holes = Vec::new();
        let mut hole = |pointer: &str, hole| holes.extend(locate(body, pointer).map(|range| (range, hole)));
        for (at, what) in [(&shape.id, Hole::Id), (&shape.kind, Hole::Kind), (&shape.created, Hole::Created)]
        {
            if let At::Body(pointer) = at {
                hole(pointer, what);
            }
        }
        if tells_livemode(&sample) {
            hole(LIVEMODE, Hole::Livemode);
        }
        let present = sample.fresh.iter().filter(|pointer| text_at(&sample.body, pointer).is_some());
        for (place, pointer) in present.enumerate() {
            hole(pointer, Hole::Fresh { place, quoted: is_string(&sample, pointer) });
        }
        holes.sort_by_key(|(range, _)| core::cmp::Reverse(range.start));
        Self {
            kind: kind.into(),
            id: sample.id.clone().into_owned(),
            fresh: sample
                .fresh
                .iter()
                .filter_map(|pointer| text_at(&sample.body, pointer))
                .map(Into::into)
                .collect(),
            body: body.to_vec(),
            holes,
        }
    }

    /// The body of one event.
    pub(super) fn filled(&self, format: TimeFormat, filling: &Filling<'_>) -> Vec<u8> {
        let mut body = self.body.clone();
        for (range, hole) in &self.holes {
            let text = match *hole {
                Hole::Id => format!("\"{}\"", filling.id),
                Hole::Kind => format!("\"{}\"", filling.kind),
                Hole::Fresh { place, quoted } => {
                    let quote = if quoted { "\"" } else { "" };
                    // Another type may name more things than the ordinary one.
                    let Some(text) = filling.fresh.get(place) else { continue };
                    format!("{quote}{text}{quote}")
                }
                Hole::Livemode => format!("{}", filling.livemode),
                Hole::Created => match format {
                    TimeFormat::UnixSecs => format!("{}", filling.created.as_unix_secs()),
                    TimeFormat::Rfc3339 => format!("\"{}\"", filling.created.rfc3339()),
                },
            };
            body.splice(range.clone(), text.into_bytes());
        }
        body
    }
}

fn is_string(sample: &Sample, pointer: &str) -> bool {
    locate(sample.body.as_bytes(), pointer)
        .and_then(|range| sample.body.get(range))
        .is_some_and(|text| text.starts_with('"'))
}
