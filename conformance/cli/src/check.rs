//! `hookproof check`: a verdict on every promise of an endpoint, or of each of many.

mod address;
mod controls;
mod examination;
mod known;
pub(crate) mod observer;
mod outcome;
pub(crate) mod own;
mod replay;
pub(crate) mod reports;
mod stage;

use hookproof_suite::Run;

pub(crate) use self::{
    examination::{Examination, Examined},
    known::read as read_known,
    stage::Stage,
};
use crate::{
    args::CheckArgs,
    demo,
    exit::{Error, Status},
    fleet,
    interruption::interruption,
    terminal,
};

pub(crate) async fn run(args: Box<CheckArgs>) -> Result<Status, Error> {
    if args.stage.demo.as_deref() == Some("help") {
        return terminal::print(&demo::list());
    }
    if let Some(list) = args.fleet.targets.clone() {
        return fleet::run(args, &list).await;
    }
    if args.fleet.shard.is_some() || args.fleet.resume.is_some() {
        return Err(Error::usage("--shard and --resume are for a fleet; they go with --targets"));
    }
    let reports = reports::parse(&args.report)?;
    let known = known::of_one(args.known_failing.as_deref())?;
    let bar = terminal::bar();
    let progress = |run: &Run| {
        let (done, all, phase) = run.progress();
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message(phase);
    };
    let examined = Examination::new(args, known)?.run(progress, interruption()).await;
    bar.finish_and_clear();
    let Examined { subject, findings, status, phases } = examined?;
    terminal::say(&outcome::times(&phases));
    reports::write_all(&reports, &subject, &findings)?;
    if let Some(why) = &subject.why {
        terminal::say(why);
    }
    Ok(status)
}
