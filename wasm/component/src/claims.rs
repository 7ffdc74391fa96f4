//! The interface `claims`.

use std::{cell::RefCell, time::Duration};

use hookproof_core::{Claim as Key, Claimed, KEEP_DEFAULT, Timestamp, Token};

use crate::{
    Component,
    bindings::exports::hookproof::core::{
        claims::{Acquisition, Answer, Claim as Handle, Guest, GuestClaim},
        types::{Failure, UnixMillis},
    },
};

/// A component has one thread, and no call is made within another.
pub(crate) struct Claim(RefCell<Key>);

impl Guest for Component {
    type Claim = Claim;
}

impl GuestClaim for Claim {
    fn new() -> Self {
        Self(RefCell::default())
    }

    fn load(text: String) -> Result<Handle, Failure> {
        Ok(Handle::new(Self(RefCell::new(serde_json::from_str(&text)?))))
    }

    fn save(&self) -> String {
        // Numbers and texts: there is nothing in it that JSON has not.
        serde_json::to_string(&*self.0.borrow()).unwrap_or_default()
    }

    fn acquire(&self, owner: String, now: UnixMillis, lease: u64, max: u32) -> Answer {
        let now = Timestamp::from_unix_millis(now);
        match self.0.borrow_mut().claim(&owner, now, Duration::from_millis(lease), max) {
            Claimed::Acquired { token: Token(token), attempt } => {
                Answer::Acquired(Acquisition { token, attempt })
            }
            Claimed::Busy { retry_after } => {
                Answer::Busy(u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX))
            }
            Claimed::Done => Answer::Done,
            Claimed::Poisoned => Answer::Poisoned,
        }
    }

    fn commit(&self, token: u64, now: UnixMillis, keep: Option<u64>) -> Result<(), Failure> {
        let keep = keep.map_or(KEEP_DEFAULT, Duration::from_millis);
        let now = Timestamp::from_unix_millis(now);
        Ok(self.0.borrow_mut().commit(Token(token), now, keep)?)
    }

    fn release(&self, token: u64) -> Result<(), Failure> {
        Ok(self.0.borrow_mut().release(Token(token))?)
    }
}
