//! What a check asks for next.

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use crate::{Downstream, Draft, EventName, Need, Verdict};

/// The next step of a script, which is asked again with one more [`crate::Seen`] after each step.
#[derive(Clone, Debug)]
pub enum Step {
    /// Deliver once; answered by [`crate::Seen::Answer`].
    Send(Draft),
    /// Deliver all at the same moment; answered by [`crate::Seen::Together`], in this order.
    SendTogether(Vec<Draft>),
    /// Count the effects of one event; answered by [`crate::Seen::Effects`], or by
    /// [`crate::Seen::Cannot`] where nothing observes them.
    Observe(EventName, Expecting),
    /// Count the effects of several events, in this order; answered by [`crate::Seen::Tallied`], or by
    /// [`crate::Seen::Cannot`] as one of them would be.
    ObserveEach(Vec<EventName>, Expecting),
    /// Let time pass; answered by [`crate::Seen::Paused`].
    Pause(Duration),
    /// From now on the merchant's downstream does this about one event; answered by [`crate::Seen::Set`].
    Set(EventName, Downstream),
    /// Stop the merchant and start it again; answered by [`crate::Seen::Restarted`].
    Restart,
    /// Move the merchant's clock ahead, and with it the time at which we sign; answered by
    /// [`crate::Seen::Advanced`]. For checks of [`crate::Phase::Alone`] only.
    AdvanceClock(Duration),
    /// Look at the endpoint's TLS; answered by [`crate::Seen::Tls`].
    InspectTls,
    /// Look up the addresses of a host; answered by [`crate::Seen::Addresses`].
    LookUp {
        /// A name.
        host: String,
        /// The port that is meant, because the caller may have chosen addresses for one port.
        port: u16,
    },
    /// The check is over.
    Decide(Verdict),
}

/// How long to look for effects before their number is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expecting {
    /// An effect is due: wait for it, and believe that there is none only after a later event has had its own.
    Some,
    /// No (further) effect is due: wait three times the slowest effect seen so far.
    Quiet,
}

/// The check ends: the promise holds.
pub(crate) fn pass() -> Step {
    Step::Decide(Verdict::Pass)
}

/// The check ends: the promise is broken.
pub(crate) fn fail(expected: impl Into<String>, actual: impl Into<String>) -> Step {
    Step::Decide(Verdict::Fail { expected: expected.into(), actual: actual.into() })
}

/// The check ends without a judgement.
pub(crate) fn unknown(why: impl Into<String>) -> Step {
    Step::Decide(Verdict::Unknown(why.into()))
}

/// The check ends without a judgement because the driver could not do what it needs.
pub(crate) fn unknown_without(need: Need) -> Step {
    unknown(need.why_missing())
}

/// The check ends because it does not apply.
pub(crate) fn not_applicable(why: impl Into<String>) -> Step {
    Step::Decide(Verdict::NotApplicable(why.into()))
}

/// A transcript that the run never produces, because it answers each step with its own kind of [`crate::Seen`].
pub(crate) fn out_of_step() -> Step {
    unknown("the driver answered a step with something else than was asked")
}
