//! Every check, registered in one literal, and the choice of some of them.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{Check, Need, Phase, checks::*, glob, nearest::nearest};

/// Every check, in the order in which reports list them.
pub static CATALOGUE: &[Check] = &[
    acknowledge::SUCCESS_STATUS,
    acknowledge::SUBSCRIBED_TYPES,
    acknowledge::EVERY_TYPE,
    acknowledge::UNKNOWN_TYPE,
    acknowledge::UNKNOWN_FIELDS,
    acknowledge::NO_REDIRECT,
    acknowledge::UNICODE,
    acknowledge::TEST_MODE,
    acknowledge::AMOUNTS,
    acknowledge::LARGE_EVENT,
    acknowledge::VERY_LARGE_EVENT,
    acknowledge::OUT_OF_ORDER,
    acknowledge::CHARSET,
    acknowledge::CHUNKED,
    acknowledge::KEEP_ALIVE,
    acknowledge::QUERY_STRING,
    acknowledge::SEGMENTATION,
    signature::REJECTS_MISSING,
    signature::REJECTS_FORGED,
    signature::REJECTS_TAMPERED_BODY,
    signature::REJECTS_TAMPERED_TIMESTAMP,
    signature::REJECTS_TRUNCATED,
    signature::REJECTS_EMPTY,
    signature::REJECTS_MALFORMED,
    signature::REJECTS_DOWNGRADE,
    signature::REJECTS_TWO_TIMESTAMPS,
    signature::REJECTS_NON_NUMERIC_TIMESTAMP,
    signature::REJECTS_STALE,
    signature::REJECTS_FUTURE,
    signature::ACCEPTS_SKEW,
    signature::RAW_BODY,
    signature::HEADER_CASE,
    signature::ACCEPTS_ROTATED,
    signature::ACCEPTS_EXTRA_SCHEME,
    signature::REFUSAL_STATUS,
    signature::NO_ORACLE,
    duplicate::SEQUENTIAL,
    duplicate::RESIGNED,
    duplicate::CONCURRENT,
    duplicate::failing::OVERLAP_WITH_FAILURE,
    duplicate::LOST_ANSWER,
    duplicate::failing::FAILED_EFFECT,
    duplicate::forged::FORGED_FIRST,
    duplicate::distinct::DISTINCT_EVENTS,
    duplicate::key::UNSIGNED_KEY,
    duplicate::key::SAME_ID_OTHER_BODY,
    duplicate::many::MANY,
    duplicate::memory::AGED_REDELIVERY,
    duplicate::memory::RETENTION,
    duplicate::memory::RESTART,
    timing::WITHIN_LIMIT,
    timing::headroom::HEADROOM,
    timing::slow::SLOW_EFFECT,
    timing::slow::SLOW_EFFECT_LIMIT,
    timing::burst::BURST,
    timing::senders::SLOW_SENDER,
    timing::senders::STALLED_SENDER,
    retry::AGED_EVENT,
    retry::rehearsal::REHEARSAL,
    property::ANY_HISTORY,
    http::method::METHOD,
    http::nonsense::INVALID_JSON,
    http::nonsense::EMPTY_BODY,
    http::nonsense::WRONG_SHAPE,
    http::nonsense::BAD_UTF8,
    http::odd::DEEP_NESTING,
    http::odd::OVERSIZE,
    http::odd::REPEATED_KEYS,
    http::odd::NUL_ESCAPE,
    http::odd::COMPRESSED,
    http::framing::TRUNCATED,
    http::framing::WRONG_LENGTH,
    http::framing::BAD_CHUNK,
    http::SURVIVES,
    url::HTTPS,
    url::NO_CREDENTIALS,
    url::PUBLIC,
    tls::CERTIFICATE,
    tls::EXPIRY,
    tls::VERSION,
];

/// Which checks a run reports.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Vec<String>,
    skip: Vec<String>,
}

impl Selection {
    /// The checks whose id matches one of `only` (all, when there is none) and none of `skip`. In a
    /// pattern `*` stands for any run of characters.
    ///
    /// # Errors
    ///
    /// [`SelectionError`] when a pattern matches no check, or nothing is left.
    pub fn new(only: Vec<String>, skip: Vec<String>) -> Result<Self, SelectionError> {
        let idle = only
            .iter()
            .chain(&skip)
            .find(|pattern| !CATALOGUE.iter().any(|check| glob::matches(pattern, check.id)));
        if let Some(pattern) = idle {
            return Err(SelectionError::NoMatch(pattern.clone()));
        }
        let selection = Self { only, skip };
        if CATALOGUE.iter().any(|check| selection.includes(check)) {
            Ok(selection)
        } else {
            Err(SelectionError::NothingLeft)
        }
    }

    /// Only the ordinary event that every run begins with.
    pub fn baseline() -> Self {
        let baseline = CATALOGUE.iter().filter(|check| check.phase == Phase::Baseline);
        Self { only: baseline.map(|check| check.id.into()).collect(), skip: Vec::new() }
    }

    /// Whether the check is reported.
    pub fn includes(&self, check: &Check) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| glob::matches(pattern, check.id));
        (self.only.is_empty() || any(&self.only)) && !any(&self.skip)
    }

    /// Whether the check must run, reported or not: the baseline, and the forgery on which others rest.
    pub(crate) fn implies(&self, check: &Check) -> bool {
        check.phase == Phase::Baseline
            || (check.id == signature::REJECTS_FORGED.id
                && CATALOGUE.iter().any(|other| self.includes(other) && other.needs.contains(&Need::Refuses)))
    }
}

/// Why a choice of checks is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectionError {
    /// This pattern matches no check.
    NoMatch(String),
    /// Every chosen check is skipped.
    NothingLeft,
}

impl fmt::Display for SelectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMatch(pattern) => {
                write!(f, "no check matches \"{pattern}\"; ")?;
                match nearest(pattern).filter(|_| !pattern.contains('*')) {
                    Some(id) => write!(f, "is {id} meant? "),
                    None => Ok(()),
                }?;
                f.write_str("`hookproof list` names them all")
            }
            Self::NothingLeft => f.write_str("--skip leaves no check to run"),
        }
    }
}

impl core::error::Error for SelectionError {}
