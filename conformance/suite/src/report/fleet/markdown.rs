//! A fleet for the summary of a CI job: a table of targets, then what fails, no longer than such a page may be.

use alloc::{format, string::String, vec::Vec};
use core::fmt::{self, Write};

use super::{Ending, Target, Totals, by_gravity, took};
use crate::report::{
    case::Standing,
    markdown::{LONGEST, code, prose, section},
};

/// One page of Markdown.
pub fn markdown(targets: &[Target]) -> String {
    let mut text = String::new();
    document(targets, &mut text).expect("a string takes every text");
    text
}

fn document(targets: &[Target], out: &mut String) -> fmt::Result {
    let sorted = by_gravity(targets);
    writeln!(out, "## Hookproof: {} targets\n\n**{}**\n", targets.len(), Totals::of(targets))?;
    writeln!(out, "| target | | | took |\n| --- | --- | --- | --- |")?;
    let mut rows = 0;
    for target in &sorted {
        let word = if target.exit_status() == Some(0) { "holds" } else { &format!("**{}**", target.word()) };
        let row = format!(
            "| {} {} | {word} | {} | {} |\n",
            prose(&target.name),
            code(&target.url),
            prose(&target.sentence()),
            took(target)
        );
        if out.len() + row.len() > MOST_OF_TABLE {
            break;
        }
        out.push_str(&row);
        rows += 1;
    }
    if rows < sorted.len() {
        writeln!(out, "\nThe summary of a job may be no longer: {} more targets.", sorted.len() - rows)?;
    }
    let mut left_out: Vec<&str> = Vec::new();
    for target in sorted {
        let text = failures(target)?;
        if out.len() + text.len() <= LONGEST - ROOM_FOR_THE_END {
            out.push_str(&text);
        } else {
            left_out.push(&target.name);
        }
    }
    if !left_out.is_empty() {
        writeln!(
            out,
            "\n### Cut short\n\nThe summary of a job may be no longer. What fails at {} more targets is not shown.",
            left_out.len()
        )?;
    }
    Ok(())
}

/// What fails at a target; nothing where it holds.
fn failures(target: &Target) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let Ending::Judged(record) = &target.ending else { return Ok(text) };
    for case in &record.cases {
        match case.standing() {
            Standing::Ordinary if case.verdict.is_fail() => text.push_str(&section(case, "####")?),
            Standing::Mended => {
                let words = case.known_words().unwrap_or_default();
                writeln!(text, "\n- `{}`: {}", case.id, prose(&words))?;
            }
            Standing::Ordinary | Standing::Known => {}
        }
    }
    if text.is_empty() {
        return Ok(text);
    }
    Ok(format!("\n### {}\n{text}", prose(&target.name)))
}

/// In bytes: half of the page.
const MOST_OF_TABLE: usize = LONGEST / 2;

const ROOM_FOR_THE_END: usize = 1_000;
