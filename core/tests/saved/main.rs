//! A delivery and a claim, written as JSON by one process and read by another.

mod claim;
mod delivery;
mod hostile;
