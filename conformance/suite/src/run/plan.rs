//! What a run is given.

use alloc::{string::String, vec::Vec};

use hookproof_core::{Provider, Secret};

use crate::{Selection, Setting};

/// Everything that a run must know before it begins.
#[derive(Debug)]
pub struct Plan {
    /// Whose promises are checked.
    pub provider: Provider,
    /// The endpoint's secret, where the provider signs.
    pub secret: Option<Secret>,
    /// What the caller chose.
    pub setting: Setting,
    /// Which checks are reported.
    pub selection: Selection,
    /// Who counts effects.
    pub observer: Observer,
    /// Deliveries in flight within a phase; at least 1.
    pub jobs: usize,
    /// Deliveries a second at the most, canaries included; above 0.
    pub rate: Option<f64>,
    /// Texts that no report may show, such as the secret; the values of [`Setting::headers`] are hidden without being told.
    pub confidential: Vec<String>,
}

/// Who counts effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observer {
    /// Nobody: a status code alone cannot show that a payment was booked once.
    None,
    /// A stand-in for the merchant's downstream, which sees each call.
    Calls,
    /// The merchant's own books, asked for a number.
    Counts,
}
