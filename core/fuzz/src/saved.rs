//! What outlives a process: written as JSON and read again, it is what it was.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

/// Whatever state a value is in, it can be written and read.
pub(super) fn outlives_the_process<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("every state can be written");
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(serde_json::to_string(&read).ok().as_ref(), Some(&text));
    // What is beyond the largest number that JavaScript holds is written as that.
    if !text.contains("9007199254740991") {
        assert_eq!(&read, value, "{text}");
    }
}
