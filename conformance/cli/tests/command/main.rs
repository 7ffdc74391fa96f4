//! The command itself, run as a user runs it, against endpoints that live in the test.

mod address;
mod bad_call;
mod call;
mod check;
mod ci;
mod completions;
mod confirm;
mod controls;
mod effects;
mod ending;
mod endpoint;
mod explain;
mod folder;
mod hostile_text;
mod known_failing;
mod list;
mod own;
mod profile;
mod rate;
mod rehearse;
mod report;
mod schedule;
mod secret;
mod send;
mod sign;
mod verify;
