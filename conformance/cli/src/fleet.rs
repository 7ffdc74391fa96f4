//! `hookproof check --targets LIST`: many endpoints at once, each as if it were alone.

mod fingerprint;
mod journal;
mod list;
pub(crate) mod reports;
pub(crate) mod told;

use std::{collections::VecDeque, fs, path::Path, time::Duration};

use hookproof_suite::report::{
    Record,
    fleet::{self, Ending, Head, Part, Target},
};
use tokio::{
    task::{Id, JoinSet},
    time::Instant,
};

use self::reports::Reports;
use crate::{
    args::CheckArgs,
    check::{self, Examination, Examined},
    exit::{Error, Status},
    interruption::interruption,
    terminal,
};

/// A target that nothing is wrong with before anything is sent.
struct Job {
    name: String,
    url: String,
    fingerprint: String,
    examination: Examination,
}

/// A job that is under way, or is waiting.
struct Pending {
    name: String,
    url: String,
    fingerprint: String,
    began: Instant,
}

pub(crate) async fn run(args: Box<CheckArgs>, path: &Path) -> Result<Status, Error> {
    refuse_what_is_for_one(&args)?;
    let reports = check::reports::parse(&args.report)?;
    let (head, mut jobs) = plan(&args, path)?;
    let carried = match &args.fleet.resume {
        Some(path) => carried(path, &jobs)?,
        None => Vec::new(),
    };
    jobs.retain(|job| !carried.iter().any(|(target, _)| target.name == job.name));
    let lines: Vec<&str> = carried.iter().map(|(_, line)| line.as_str()).collect();
    let mut reports = Reports::begin(reports, &head, &lines);
    let mut targets: Vec<Target> = carried.into_iter().map(|(target, _)| target).collect();
    if !targets.is_empty() {
        terminal::say(&format!(
            "taken over from the earlier run: {} of {}",
            targets.len(),
            head.planned.len()
        ));
    }
    let all = targets.iter().map(told::line).collect::<String>();
    reports.print(&all);
    work(jobs, usize::from(args.fleet.parallel), &mut reports, &mut targets).await;
    reports.print(&told::totals(&targets));
    let status = Status::of(fleet::exit_status(&targets));
    match reports.end(&targets) {
        Err(error) if status != Status::Interrupted => Err(error),
        Err(error) => {
            terminal::complain(&error.to_string());
            Ok(status)
        }
        Ok(()) => Ok(status),
    }
}

/// The targets of this shard, each read and found right, and what the report says of itself.
fn plan(args: &CheckArgs, path: &Path) -> Result<(Head, Vec<Job>), Error> {
    let known = check::read_known(args.known_failing.as_deref())?;
    let entries = list::read(path)?;
    if let Some(name) = known.targets().find(|name| !entries.iter().any(|entry| entry.name == **name)) {
        return Err(Error::Usage(format!(
            "--known-failing: a line is for the target {}, and {} has none of that name",
            name.escape_debug(),
            path.display()
        )));
    }
    let mut jobs = Vec::new();
    let mut all = String::new();
    for (place, entry) in entries.into_iter().enumerate() {
        let name = entry.name.clone();
        let of_target = |error: Error| Error::Usage(format!("{}: target {name}: {error}", path.display()));
        let own = check::read_known(entry.known_failing.as_deref()).map_err(of_target)?;
        let known = own.of_target(&name).or(&known.of_target(&name));
        let url = entry.url.clone();
        let call = entry.call(args).map_err(of_target)?;
        let fingerprint = fingerprint::of(&call, &known);
        all.push_str(&format!("{name} {fingerprint}\n"));
        if args.fleet.shard.is_none_or(|shard| shard.takes(place)) {
            let examination = Examination::new(call, known).map_err(of_target)?;
            jobs.push(Job { name, url, fingerprint, examination });
        }
    }
    let planned = jobs.iter().map(|job| job.name.clone()).collect();
    Ok((Head { shard: args.fleet.shard, fleet: fingerprint::hash(&all), planned }, jobs))
}

/// What an earlier run judged of these jobs. What could not be judged then is tried again.
fn carried(path: &Path, jobs: &[Job]) -> Result<Vec<(Target, String)>, Error> {
    let shown = path.display();
    let wrong = |why: String| Error::Usage(format!("--resume: {shown}: {why}"));
    let text = fs::read_to_string(path).map_err(|error| wrong(format!("it cannot be read: {error}")))?;
    let part = Part::read(&text).map_err(wrong)?;
    let is_done = |target: &Target| {
        let is_same = |job: &Job| job.name == target.name && job.fingerprint == target.fingerprint;
        matches!(target.ending, Ending::Judged(_)) && jobs.iter().any(is_same)
    };
    Ok(part.targets.into_iter().filter(|(target, _)| is_done(target)).collect())
}

/// Runs the jobs, so many at once, and tells each as it ends. After Ctrl-C nothing more is begun, and what was under
/// way is given up: half a run proves nothing of a fleet.
async fn work(jobs: Vec<Job>, parallel: usize, reports: &mut Reports, targets: &mut Vec<Target>) {
    let bar = terminal::bar();
    bar.set_length((jobs.len() + targets.len()) as u64);
    bar.set_position(targets.len() as u64);
    let mut waiting = VecDeque::from(jobs);
    let mut under_way: Vec<(Id, Pending)> = Vec::new();
    let mut tasks = JoinSet::new();
    let interrupt = interruption();
    tokio::pin!(interrupt);
    loop {
        while under_way.len() < parallel {
            let Some(Job { name, url, fingerprint, examination }) = waiting.pop_front() else { break };
            let began = Instant::now();
            let task = tasks.spawn(examination.run(|_| (), std::future::pending()));
            under_way.push((task.id(), Pending { name, url, fingerprint, began }));
        }
        bar.set_message(under_way.first().map_or(String::new(), |(_, pending)| pending.name.clone()));
        let ended = tokio::select! {
            ended = tasks.join_next_with_id() => ended,
            () = &mut interrupt => break,
        };
        let (id, outcome) = match ended {
            None => break,
            Some(Ok((id, outcome))) => (id, outcome),
            Some(Err(error)) => (error.id(), Err(Error::Tool(format!("the tool broke: {error}")))),
        };
        let Some(at) = under_way.iter().position(|(other, _)| *other == id) else { continue };
        let (_, pending) = under_way.swap_remove(at);
        let (target, line) = pending.ended(outcome);
        reports.add(&line);
        bar.suspend(|| reports.print(&told::line(&target)));
        bar.inc(1);
        targets.push(target);
    }
    tasks.abort_all();
    bar.finish_and_clear();
    let begun = under_way.into_iter().map(|(_, pending)| pending.given_up("interrupted before it ended"));
    let never = waiting.into_iter().map(|Job { name, url, fingerprint, .. }| {
        Pending { name, url, fingerprint, began: Instant::now() }.given_up("interrupted before it began")
    });
    for target in begun.chain(never) {
        reports.add(&target.line(None));
        reports.print(&told::line(&target));
        targets.push(target);
    }
}

impl Pending {
    /// The target, with its line of the JSON report.
    fn ended(self, outcome: Result<Examined, Error>) -> (Target, String) {
        let took = self.began.elapsed();
        match outcome {
            Ok(Examined { subject, findings, .. }) => {
                let target = self.target(Ending::Judged(Record::of(&subject, &findings)), took);
                let line = target.line(Some((&subject, &findings)));
                (target, line)
            }
            Err(error) => {
                let target = self.target(Ending::Failed(error.status().code(), error.to_string()), took);
                let line = target.line(None);
                (target, line)
            }
        }
    }

    fn given_up(self, why: &str) -> Target {
        self.target(Ending::NotRun(why.to_owned()), Duration::ZERO)
    }

    fn target(self, ending: Ending, took: Duration) -> Target {
        let Self { name, url, fingerprint, .. } = self;
        Target { name, url, fingerprint, ending, took }
    }
}

/// Options that name one address or one process cannot be for all targets.
fn refuse_what_is_for_one(args: &CheckArgs) -> Result<(), Error> {
    let for_one = [
        ("--effects-listen", "effects_listen", args.stage.effects.effects_listen.is_some()),
        ("--confirm-listen", "confirm_listen", args.stage.own.confirm_listen.is_some()),
        ("--restart-cmd", "restart_cmd", args.stage.controls.restart_cmd.is_some()),
        ("--advance-clock-cmd", "advance_clock_cmd", args.stage.controls.advance_clock_cmd.is_some()),
        ("--public-url", "public_url", args.address.public_url.is_some()),
    ];
    match for_one.into_iter().find(|(.., is_there)| *is_there) {
        None => Ok(()),
        Some((option, key, _)) => Err(Error::Usage(format!(
            "{option} is for one endpoint; with --targets, give each target its own {key} in the list"
        ))),
    }
}
