//! The checks that a webhook endpoint must pass, as pure functions of what has been seen so far.
//!
//! Nothing here opens a socket, reads a clock or draws a random number. A [`Run`] says what to do next
//! as an [`Action`]; a driver does it, over real sockets or in a simulation, and tells what happened as a
//! [`Told`]; in the end the run has a [`Finding`] for every check. Two rules stand above every check:
//! no `Fail` on a sound merchant, and no `Pass` on what was not seen.
//!
//! Begin reading at [`Check`] (what a check is), then [`Run`] (how checks become a verdict each).

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod action;
mod bench;
mod catalogue;
mod check;
pub mod checks;
mod clause;
mod downstream;
mod draft;
mod effects;
mod glob;
mod known;
pub mod life;
mod nearest;
mod registered;
pub mod report;
mod request;
mod run;
mod sample;
#[cfg(test)]
mod scene;
mod seen;
mod spelling;
mod step;
mod transport;
mod verdict;

pub use action::{Action, Poll, Preparation, Ticket, Told};
pub use bench::{Bench, EventName, Mould, Setting};
pub use catalogue::{CATALOGUE, Selection, SelectionError};
pub use check::{Basis, Check, Feature, Harm, Judge, Level, Need, Phase};
pub use checks::property::{History, ScriptError};
pub use clause::{Clause, clause, clauses};
pub use downstream::Downstream;
pub use draft::{Draft, HeaderCase, Signing};
pub use effects::{Call, Effects, Ledger, Reading};
pub use known::{KnownFailing, KnownFailingError};
pub use registered::Registered;
pub use request::{Intent, Request};
pub use run::{Finding, Observer, Plan, Run};
pub use sample::{Change, ChangeError, Template, TemplateError};
pub use seen::{Answer, Exchange, Failure, Handshake, MOST_EVIDENCE, Outcome, Seen, Sent, TlsFacts};
pub use spelling::Spelling;
pub use step::{Expecting, Step};
pub use transport::{Framing, Pace, SPLIT_PAUSE, Stop, Then, Transport};
pub use verdict::Verdict;
