//! What the command reads from its environment.

/// Where the endpoint's secret is looked for, when no option says where it is.
pub(crate) const SECRET: &str = "HOOKPROOF_SECRET";

/// Set to anything, it makes all output plain.
pub(crate) const NO_COLOR: &str = "NO_COLOR";

/// Every variable that is read, and what it means.
pub(crate) const ALL: [(&str, &str); 2] = [
    (SECRET, "the endpoint's secret, where neither --secret-file nor --secret gives it"),
    (NO_COLOR, "set to anything, it makes all output plain (https://no-color.org)"),
];
