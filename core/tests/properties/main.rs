//! What holds for every input, not only for those that somebody thought of.

mod claim;
mod delivery;
mod event;
mod json;
mod scan;
mod signature;
mod time;
mod url;
