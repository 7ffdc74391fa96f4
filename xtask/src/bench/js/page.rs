//! The tables, for the terminal with their times and for `docs/benchmarks.md` as ratios.

use super::Found;
use super::row::{Row, Size};
use crate::markdown::put;

/// For the terminal.
pub(super) fn shown(found: &Found) -> String {
    let mut page = String::new();
    for Section { key, title, .. } in SECTIONS {
        put(&mut page, format_args!("\n{title}\n"));
        for row in found.rows.iter().filter(|row| row.section == *key) {
            put(&mut page, format_args!("{}\n", shown_row(row)));
        }
    }
    put(&mut page, format_args!("\nSize\n"));
    for size in &found.sizes {
        let Size { name, bytes, gzip, .. } = size;
        put(&mut page, format_args!("{name:<40} {bytes:>8} {gzip:>8}  {}\n", size.judged()));
    }
    put(&mut page, format_args!("\n{}\n", found.machine));
    page
}

fn shown_row(row: &Row) -> String {
    let Row { size, ours, theirs, ours_nanos, theirs_nanos, ratio, middle: (low, high), .. } = row;
    format!(
        "{size:>8}  {:<52} {:>10} {:>10}  {ratio:.2} ({low:.2} - {high:.2})  {}",
        format!("{ours} / {theirs}"),
        micros(*ours_nanos),
        micros(*theirs_nanos),
        row.judged(),
    )
}

fn micros(nanos: f64) -> String {
    format!("{:.2} µs", nanos / 1e3)
}

/// For the documents.
pub(super) fn written(found: &Found) -> String {
    let mut page = String::from(HEAD);
    put(&mut page, format_args!("\nMeasured with {}.\n", found.machine));
    for Section { key, title, text } in SECTIONS {
        put(&mut page, format_args!("\n## {title}\n\n{text}\n\n{TABLE}"));
        for row in found.rows.iter().filter(|row| row.section == *key) {
            let Row { size, ours, theirs, ratio, middle: (low, high), .. } = row;
            let judged = row.judged();
            put(
                &mut page,
                format_args!(
                    "| {size} | {ours} | {theirs} | {ratio:.2} | {low:.2} to {high:.2} | {judged} |\n"
                ),
            );
        }
    }
    page.push_str(SIZE);
    for size in &found.sizes {
        let Size { name, bytes, gzip, .. } = size;
        put(&mut page, format_args!("| {name} | {bytes} | {gzip} | {} |\n", size.judged()));
    }
    page
}

/// The rows of one question.
struct Section {
    key: &'static str,
    title: &'static str,
    text: &'static str,
}

const SECTIONS: &[Section] = &[
    Section {
        key: "receiving",
        title: "Verification and the event",
        text: "Everyone is given the same body, key and header, verifies, and gives the parsed event. Where a body is \
               ASCII, it is a string without the other letters.",
    },
    Section {
        key: "verifying",
        title: "The signature alone",
        text: "Beside `createHmac` of `node:crypto` over the same bytes, which compares nothing and reads no header.",
    },
    Section {
        key: "threshold",
        title: "The host's hash or the core's",
        text: "The same call with the hash of `node:crypto` and with the core's own. The package asks the host where \
               that is faster on most runtimes: from 1,024 on.",
    },
    Section {
        key: "workerd-nodejs",
        title: "Workers with `nodejs_compat`",
        text: "Requests that verify 2,000 times each, without what a request costs that does the same loop around \
               nothing. `crypto.subtle.verify` is asynchronous; `verifySignature` is not.",
    },
    Section {
        key: "workerd",
        title: "Workers without it",
        text: "There is no synchronous hash of the host's to ask.",
    },
    Section {
        key: "start",
        title: "Start",
        text: "Import and first verification, each time in a process of its own.",
    },
];

const HEAD: &str = "\
# Benchmarks

The npm package beside what people use instead. This page is made by `cargo xtask bench js --update`.

A machine that others share is slower in one minute than in the next, so there are no times here. In each of many
rounds every contender runs once, in an order that turns; what is told is the median of the rounds' ratios of our time
to theirs, below 1 where ours is faster, and between which ratios the middle half of the rounds lies. Bodies are in bytes:
events of many short strings and numbers, with a few letters beyond ASCII.
";

const TABLE: &str = "\
| body | ours | theirs | ours / theirs | middle half | goal |
| ---: | --- | --- | ---: | --- | --- |
";

const SIZE: &str = "
## Size

What an import adds to a program, in bytes, minified by esbuild.

| what | minified | with gzip | goal |
| --- | ---: | ---: | --- |
";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::row::tests::row;
    use super::*;

    #[test]
    fn every_row_stands_under_its_section_in_both_forms() {
        let rows = SECTIONS.iter().map(|section| row(section.key, &json!({ "ratio": 1.0 }))).collect();
        let size = json!({ "name": "all", "bytes": 300, "gzip": 200, "goal": { "gzip": 100 } });
        let sizes = vec![Size::read(&size).unwrap()];
        let found = Found { rows, sizes, machine: "Node 20".into() };
        let written = written(&found);
        let line = "| 2048 | verify | createHmac | 1.25 | 1.20 to 1.30 | 1.00, missed |\n";
        assert_eq!(written.matches(line).count(), SECTIONS.len());
        assert!(written.contains("| all | 300 | 200 | 100, missed |\n"), "{written}");
        assert!(!written.contains("2.50 µs"), "a page of ratios tells no times");
        let shown = shown(&found);
        assert_eq!(
            shown.matches("2.50 µs    2.00 µs  1.25 (1.20 - 1.30)  1.00, missed").count(),
            SECTIONS.len()
        );
    }
}
