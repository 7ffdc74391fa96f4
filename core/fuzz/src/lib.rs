//! The fuzz targets' bodies: each takes any bytes, and panics where the core and its oracle differ.
//!
//! They know no fuzzer, so that the committed corpora are replayed by an ordinary test too (`tests/corpus.rs`).

mod claim;
mod delivery;
mod headers;
#[cfg(feature = "profile")]
mod profile;
#[cfg(feature = "serde")]
mod saved;
mod scan;
mod span;
mod tree;
mod url;

#[cfg(feature = "profile")]
pub use self::profile::profile;
pub use self::{claim::claim, delivery::delivery, headers::headers, scan::scan, url::url};
