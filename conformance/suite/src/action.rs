//! The language between a run and its driver.

use alloc::{string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};

use crate::{Downstream, EventName, Need, Outcome, Reading, Request, TlsFacts};

/// Names one action, so that its result can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What a driver is asked to do. It may do several at once.
#[derive(Clone, Debug)]
pub enum Action {
    /// Deliver these, all at the same moment; answer with [`Told::Outcomes`] in this order.
    Send(Vec<Request>),
    /// Make ready what the merchant must have before these events come; answer with [`Told::Prepared`], or with
    /// [`Told::Failed`] when it went wrong for one of them.
    Prepare(Vec<Preparation>),
    /// Let time pass; answer with [`Told::Paused`].
    Pause(Duration),
    /// Ask the observer about one event; answer with [`Told::Reading`].
    Look {
        /// The event, for the run's own books.
        event: EventName,
        /// How the event is called outside: its id, or its object's where the provider's events have none.
        id: String,
    },
    /// Command the downstream for calls that bear one of these tokens; answer with [`Told::Set`].
    Set {
        /// As [`crate::Bench::tokens`] names the event.
        tokens: Vec<String>,
        /// What it does about them.
        downstream: Downstream,
    },
    /// Stop the merchant and start it again; answer with [`Told::Restarted`] when it listens.
    Restart,
    /// Move the merchant's clock ahead by this; answer with [`Told::Advanced`].
    AdvanceClock(Duration),
    /// Make a TLS handshake with the endpoint and nothing more; answer with [`Told::Tls`].
    InspectTls,
    /// Look up the addresses of a name, as for a delivery to this port; answer with [`Told::Addresses`].
    LookUp {
        /// The name.
        host: String,
        /// The port.
        port: u16,
    },
}

/// An event that will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// How it is called outside, as in [`Action::Look`].
    pub id: String,
    /// Its body. One that will be sent with a body that is no event is shown as it would be ordinarily.
    pub body: Vec<u8>,
}

/// What a driver tells of an action.
#[derive(Clone, Debug)]
pub enum Told {
    /// What became of each request, and how long it took.
    Outcomes(Vec<(Outcome, Duration)>),
    /// The merchant has what it needs for the events.
    Prepared,
    /// The time has passed.
    Paused,
    /// What the observer said.
    Reading(Reading),
    /// The downstream obeys.
    Set(Downstream),
    /// The merchant listens again.
    Restarted,
    /// The merchant's clock was moved by this.
    Advanced(Duration),
    /// What the handshake showed.
    Tls(TlsFacts),
    /// All addresses of the name.
    Addresses(Vec<IpAddr>),
    /// The driver cannot do this.
    Cannot(Need),
    /// The driver tried and it went wrong; why, in a sentence fragment.
    Failed(String),
}

/// What a run wants from its driver now.
#[derive(Clone, Debug)]
pub enum Poll {
    /// Start this, tell its result later, and ask again at once.
    Start(Ticket, Action),
    /// Nothing to start before something is told.
    Wait,
    /// Over: [`crate::Run::findings`] are final.
    Finished,
}
