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
    pub(crate) failure: Option<Failure>,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            buffer: Vec::new(),
            #[cfg(feature = "receive")]
            receivers: Vec::new(),
            failure: None,
        })
    };
}

/// Runs a call on the state; a failure is kept for the two functions that tell it, and becomes its number.
// Not generic: fifteen copies of it would be a third of the module.
pub(crate) fn with(call: &dyn Fn(&mut State) -> Result<i32, Failure>) -> i32 {
    STATE.with_borrow_mut(|state| match call(state) {
        Ok(answer) => answer,
        Err(failure) => {
            let number = failure.number();
            state.failure = Some(failure);
            number
        }
    })
}

/// Makes the buffer hold at least so many bytes, and keeps those that it has; its address. Views of the memory may be stale
/// after this call.
#[wasm_bindgen]
pub fn buffer(length: usize) -> usize {
    STATE.with_borrow_mut(|state| {
        if state.buffer.len() < length {
            state.buffer.resize(length, 0);
        }
        state.buffer.as_ptr().addr()
    })
}

impl State {
    /// Puts bytes where a call's answer is read. Their number.
    pub(crate) fn answer(&mut self, at: usize, bytes: &[u8]) -> i32 {
        let end = at.saturating_add(bytes.len());
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        if let Some(place) = self.buffer.get_mut(at..end) {
            place.copy_from_slice(bytes);
        }
        i32::try_from(bytes.len()).unwrap_or(i32::MAX)
    }
}
