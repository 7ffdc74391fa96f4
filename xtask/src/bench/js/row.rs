//! What the programs tell: a contender of ours beside one of theirs, or the size of a file.

use serde_json::Value;

/// Ours beside theirs, at one size of body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) section: String,
    /// The body's, in bytes.
    pub(super) size: u64,
    pub(super) ours: String,
    pub(super) theirs: String,
    pub(super) ours_nanos: f64,
    pub(super) theirs_nanos: f64,
    /// Our time to theirs, the median of all rounds, and between which ratios the middle half of them lies.
    pub(super) ratio: f64,
    pub(super) middle: (f64, f64),
    /// By how much ours takes longer, the median of all rounds.
    pub(super) more_nanos: f64,
    pub(super) goal: Option<Goal>,
}

/// What is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    /// So many times theirs.
    Ratio(f64),
    /// So many nanoseconds more than theirs.
    More(f64),
    /// So many nanoseconds.
    Ours(f64),
}

impl Row {
    /// `None` where something is missing.
    pub(super) fn read(line: &Value) -> Option<Self> {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let number = |name: &str| line[name].as_f64();
        let goal = &line["goal"];
        Some(Self {
            section: text("section")?,
            size: line["size"].as_u64()?,
            ours: text("ours")?,
            theirs: text("theirs")?,
            ours_nanos: number("ours_nanos")?,
            theirs_nanos: number("theirs_nanos")?,
            ratio: number("ratio")?,
            middle: (number("low")?, number("high")?),
            more_nanos: number("more_nanos")?,
            goal: (goal["ratio"].as_f64().map(Goal::Ratio))
                .or_else(|| goal["more"].as_f64().map(Goal::More))
                .or_else(|| goal["ours"].as_f64().map(Goal::Ours)),
        })
    }

    /// The goal, and whether it is met; nothing where there is none.
    pub(super) fn judged(&self) -> String {
        let Some(goal) = self.goal else { return String::new() };
        let (wanted, is_met) = match goal {
            Goal::Ratio(most) => (format!("{most:.2}"), self.ratio <= most),
            Goal::More(most) => (format!("+{} µs", most / 1e3), self.more_nanos <= most),
            Goal::Ours(most) => (format!("{} ms", most / 1e6), self.ours_nanos <= most),
        };
        format!("{wanted}, {}", word(is_met))
    }
}

/// What a program loads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Size {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) gzip: u64,
    goal: u64,
}

impl Size {
    /// `None` where something is missing.
    pub(super) fn read(line: &Value) -> Option<Self> {
        Some(Self {
            name: line["name"].as_str()?.to_owned(),
            bytes: line["bytes"].as_u64()?,
            gzip: line["gzip"].as_u64()?,
            goal: line["goal"]["gzip"].as_u64()?,
        })
    }

    /// The goal, and whether it is met.
    pub(super) fn judged(&self) -> String {
        format!("{}, {}", self.goal, word(self.gzip <= self.goal))
    }
}

const fn word(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in super::super) fn row(section: &str, goal: &Value) -> Row {
        Row::read(&json!({
            "section": section, "size": 2048, "ours": "verify", "theirs": "createHmac", "ours_nanos": 2_500.0,
            "theirs_nanos": 2_000.0, "ratio": 1.25, "low": 1.2, "high": 1.3, "more_nanos": 500.0, "goal": goal,
        }))
        .unwrap()
    }

    #[test]
    fn a_goal_is_met_exactly_at_its_limit() {
        let judged = |goal: Value| row("verifying", &goal).judged();
        assert_eq!(judged(json!({ "ratio": 1.25 })), "1.25, met");
        assert_eq!(judged(json!({ "ratio": 1.24 })), "1.24, missed");
        assert_eq!(judged(json!({ "more": 500.0 })), "+0.5 µs, met");
        assert_eq!(judged(json!({ "more": 499.0 })), "+0.499 µs, missed");
        assert_eq!(judged(json!({ "ours": 2_500.0 })), "0.0025 ms, met");
        assert_eq!(judged(json!({ "ours": 2_499.0 })), "0.002499 ms, missed");
        assert_eq!(judged(json!({})), "");
    }

    #[test]
    fn a_size_is_judged_as_it_is_served() {
        let size = |gzip: u64| {
            Size::read(&json!({ "name": "all", "bytes": 90_000, "gzip": gzip, "goal": { "gzip": 100 } }))
        };
        assert_eq!(size(100).unwrap().judged(), "100, met");
        assert_eq!(size(101).unwrap().judged(), "100, missed");
        assert_eq!(Size::read(&json!({ "name": "all" })), None);
    }

    #[test]
    fn a_row_that_lacks_something_is_none() {
        assert_eq!(Row::read(&json!({ "section": "verifying", "size": 1 })), None);
    }
}
