//! The one buffer, and the receivers that were opened.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::Failure;
#[cfg(feature = "receive")]
use crate::receiver::Receiver;

/// Everything that outlives a call. A module has one thread, so the cell is never borrowed twice.
pub(crate) struct State {
    pub(crate) buffer: Vec<u8>,
    #[cfg(feature = "receive")]
    pub(crate) receivers: Vec<Option<Receiver>>,
    /// The headers that were read last, until the host has hashed what belongs to them.
    #[cfg(feature = "receive")]
    pub(crate) signed: Option<hookproof_core::SignedHeaders>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            buffer: Vec::new(),
            #[cfg(feature = "receive")]
            receivers: Vec::new(),
            #[cfg(feature = "receive")]
            signed: None,
        })
    };
}

/// Runs a call on the state; of a failure it puts the text where an answer would be.
// Not generic: a copy of it for each call would be a third of the module.
pub(crate) fn with(call: &dyn Fn(&mut State) -> Result<i32, Failure>) -> i32 {
    STATE.with_borrow_mut(|state| match call(state) {
        Ok(answer) => answer,
        Err(failure) => {
            state.answer(0, failure.text.as_bytes());
            failure.number()
        }
    })
}

/// Makes the buffer hold at least so many bytes, and keeps those that it has; its address. Views of the memory may be stale
/// after this call.
#[wasm_bindgen]
pub fn buffer(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        state.reach(length);
        state.buffer.as_ptr().addr()
    })
}

impl State {
    /// Puts bytes where a call's answer is read. Their number.
    pub(crate) fn answer(&mut self, at: usize, bytes: &[u8]) -> i32 {
        let end = at.saturating_add(bytes.len());
        self.reach(end);
        if let Some(place) = self.buffer.get_mut(at..end) {
            place.copy_from_slice(bytes);
        }
        i32::try_from(bytes.len()).unwrap_or(i32::MAX)
    }

    fn reach(&mut self, length: usize) {
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
    }
}
