//! `hookproof schedule`

use std::{fmt::Write as _, time::Duration};

use hookproof_core::Retries;
use hookproof_suite::report::span;

use crate::{
    args::ScheduleArgs,
    clock::now_or,
    exit::{Error, Status},
    provider, terminal,
};

pub(crate) fn run(args: &ScheduleArgs) -> Result<Status, Error> {
    let provider = provider::find(&args.provider)?;
    let schedule = match &provider.retries {
        Retries::Schedule(schedule) => schedule,
        Retries::Unspecified => {
            return terminal::print(&format!(
                "{} retries, but does not publish when or how often\n",
                provider.title
            ));
        }
        Retries::Never => {
            return terminal::print(&format!(
                "{} does not retry by itself; deliveries are sent again by hand\n",
                provider.title
            ));
        }
    };
    let from = now_or(args.from);
    let mut text = format!("attempt 1 failed  {from}\n");
    let mut elapsed = Duration::ZERO;
    for (attempt, delay) in (2..).zip(schedule.delays()) {
        elapsed = elapsed.saturating_add(*delay);
        let at = from.saturating_add(elapsed);
        let _ = writeln!(
            text,
            "attempt {attempt}         {at}  {:>7} later, {} in all",
            span(*delay),
            span(elapsed)
        );
    }
    let _ = writeln!(
        text,
        "then {} gives up; each delay counts from the end of the attempt before",
        provider.title
    );
    terminal::print(&text)
}
