//! Playing histories: from the transcript so far to the next step, and in the end to what came of each.

use alloc::{format, string::String, vec::Vec};
use core::{iter, ops::ControlFlow, slice, time::Duration};

use hookproof_core::At;

use super::history::{History, Move};
use crate::{
    Bench, Downstream, Draft, Effects, EventName, Exchange, Expecting, Need, Seen, Step,
    checks::{is_passing, otherwise, until_free},
};

/// What has been found, or the step that must be taken first.
pub(super) type Next<T> = ControlFlow<Step, T>;

/// A check on its way through its transcript.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    bench: &'a Bench,
    seen: slice::Iter<'a, Seen>,
    /// How many numbers of events are taken.
    taken: u16,
    /// How often an endpoint that asked for time was waited for.
    waits: u8,
}

/// How long to look before something is called wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// For a candidate among many: what is wrong at once.
    Quick,
    /// For a verdict.
    Full,
}

/// One history and what became of its events.
#[derive(Debug)]
pub(super) struct Trial<'h, 'a> {
    pub(super) history: &'h History,
    pub(super) courses: Vec<Course<'a>>,
}

/// One event on its way.
#[derive(Debug)]
pub(super) struct Course<'a> {
    /// Its number in the history.
    pub(super) number: u16,
    pub(super) attempts: Vec<&'a Exchange>,
    pub(super) effects: Option<&'a Effects>,
    /// Whether its downstream was told to fail.
    pub(super) failed: bool,
    /// Why its absent effect, or an attempt that was not acknowledged, is held against nobody.
    pub(super) excuse: Option<String>,
    name: EventName,
    age: Duration,
    downstream: Downstream,
    /// How often it was signed anew.
    signatures: u8,
}

impl<'a> Stage<'a> {
    pub(super) fn new(bench: &'a Bench, seen: &'a [Seen]) -> Self {
        Self { bench, seen: seen.iter(), taken: 0, waits: 0 }
    }

    pub(super) fn bench(&self) -> &'a Bench {
        self.bench
    }

    /// What came of the next step, or the step itself where nothing did yet.
    pub(super) fn take(&mut self, step: impl FnOnce(&Bench) -> Step) -> Next<&'a Seen> {
        match self.seen.next() {
            Some(seen) => ControlFlow::Continue(seen),
            None => ControlFlow::Break(step(self.bench)),
        }
    }

    /// Plays these one after the other, each over events of its own; then all of their effects are counted.
    /// What is not acknowledged at the end of one comes again when all are over, so that one wait is enough.
    pub(super) fn play<'h>(&mut self, histories: &'h [History], care: Care) -> Next<Vec<Trial<'h, 'a>>> {
        let mut trials = Vec::with_capacity(histories.len());
        for history in histories {
            trials.push(self.trial(history)?);
        }
        self.insist(&mut trials, care)?;
        self.count(&mut trials, care)?;
        ControlFlow::Continue(trials)
    }

    /// The same, but each is over before the next one begins: what it shows then, it shows alone.
    pub(super) fn replay<'h>(&mut self, histories: &'h [History], care: Care) -> Next<Vec<Trial<'h, 'a>>> {
        let mut trials = Vec::with_capacity(histories.len());
        for history in histories {
            let mut trial = self.trial(history)?;
            self.insist(slice::from_mut(&mut trial), care)?;
            trials.push(trial);
        }
        self.count(&mut trials, care)?;
        ControlFlow::Continue(trials)
    }

    fn trial<'h>(&mut self, history: &'h History) -> Next<Trial<'h, 'a>> {
        let mut courses = self.courses(history);
        for step in &history.moves {
            self.make(step, &mut courses)?;
        }
        self.redeliver(&mut courses)?;
        ControlFlow::Continue(Trial { history, courses })
    }

    fn courses(&mut self, history: &History) -> Vec<Course<'a>> {
        let numbers = history.events();
        let last = numbers.last().copied().unwrap_or_default();
        let courses = numbers.into_iter().map(|number| Course {
            number,
            name: self.bench.name(self.taken + number),
            age: Duration::from_secs(60) * u32::from(last + 1 - number),
            attempts: Vec::new(),
            effects: None,
            failed: false,
            excuse: None,
            downstream: Downstream::SOUND,
            signatures: 0,
        });
        let courses = courses.collect();
        self.taken += last;
        courses
    }

    fn make(&mut self, step: &Move, courses: &mut [Course<'a>]) -> Next<()> {
        let event = step.events().first().copied().unwrap_or_default();
        let Some(course) = of(courses, event) else { return ControlFlow::Continue(()) };
        match step {
            Move::Deliver { anew, .. } => self.deliver(course, *anew),
            Move::Cut { after, .. } => {
                let sent = self.take(|bench| Step::Send(course.same(bench).cut_before_answer(*after)))?;
                course.attempts.push(answer(sent)?);
                ControlFlow::Continue(())
            }
            Move::Together(events) => self.together(events, courses),
            Move::Fails { times, .. } => {
                course.failed = true;
                self.command(course, Downstream { failures: *times, ..course.downstream })
            }
            Move::Takes { delay, .. } => {
                self.command(course, Downstream { delay: *delay, ..course.downstream })
            }
        }
    }

    /// A delivery; one that meets an endpoint which asks for time is made again after that.
    fn deliver(&mut self, course: &mut Course<'a>, anew: bool) -> Next<()> {
        if anew {
            course.signatures = course.signatures.saturating_add(1);
        }
        loop {
            let sent = self.take(|bench| Step::Send(course.draft(bench, anew)))?;
            let answer = answer(sent)?;
            course.attempts.push(answer);
            if !answer.is_throttled() || self.waits >= MOST_WAITS {
                return ControlFlow::Continue(());
            }
            self.waits += 1;
            self.pause(until_free(self.bench, [answer]))?;
        }
    }

    fn together(&mut self, events: &[u16], courses: &mut [Course<'a>]) -> Next<()> {
        let drafts = |bench: &Bench| {
            let drafts = events.iter().filter_map(|event| {
                let course = courses.iter().find(|course| course.number == *event)?;
                Some(course.same(bench).noted(format!("one of {} at once", events.len())))
            });
            Step::SendTogether(drafts.collect())
        };
        match self.take(drafts)? {
            Seen::Together(exchanges) => {
                for (event, exchange) in events.iter().zip(exchanges) {
                    if let Some(course) = of(courses, *event) {
                        course.attempts.push(exchange);
                    }
                }
                ControlFlow::Continue(())
            }
            other => ControlFlow::Break(otherwise(slice::from_ref(other))),
        }
    }

    fn command(&mut self, course: &mut Course<'a>, downstream: Downstream) -> Next<()> {
        let name = course.name;
        match self.take(|_| Step::Set(name, downstream))? {
            Seen::Set(_) => {
                course.downstream = downstream;
                ControlFlow::Continue(())
            }
            other => ControlFlow::Break(otherwise(slice::from_ref(other))),
        }
    }

    /// What was not acknowledged comes again, as the provider would send it, and its downstream is sound.
    fn redeliver(&mut self, courses: &mut [Course<'a>]) -> Next<()> {
        for course in courses {
            if course.downstream != Downstream::SOUND {
                self.command(course, Downstream::SOUND)?;
            }
            if course.is_waiting() {
                self.deliver(course, true)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// What is still not acknowledged comes again after a while: somebody may have been at work on it. Before
    /// that is held against an endpoint, an event that nothing has happened to must have been acknowledged.
    fn insist(&mut self, trials: &mut [Trial<'_, 'a>], care: Care) -> Next<()> {
        let setting = &self.bench.setting;
        let promised = setting.own_retry_within.filter(|within| !within.is_zero());
        let longer = [Some(setting.effect_wait), promised].into_iter().filter(|_| care == Care::Full);
        let spans = iter::once(None).chain(longer.flatten().map(Some));
        for (round, span) in spans.enumerate() {
            let is_due = |course: &Course<'_>| course.is_waiting() && (round < 2 || course.failed);
            let due = || trials.iter().flat_map(|trial| &trial.courses).filter(|course| is_due(course));
            if due().next().is_none() {
                break;
            }
            let last = due().filter_map(|course| course.attempts.last().copied());
            let pause = span.unwrap_or_else(|| until_free(self.bench, last));
            self.pause(pause)?;
            let unwell = if round == 0 { None } else { self.unwell()? };
            for course in trials.iter_mut().flat_map(|trial| &mut trial.courses) {
                if is_due(course) {
                    self.deliver(course, true)?;
                    if course.is_waiting() {
                        course.excuse.clone_from(&unwell);
                    }
                }
            }
        }
        for course in trials.iter_mut().flat_map(|trial| &mut trial.courses) {
            if promised.is_none() && course.may_be_kept() && course.excuse.is_none() {
                course.excuse = Some(KEPT.into());
            }
        }
        ControlFlow::Continue(())
    }

    /// What a fresh event is answered with, where that is no acknowledgement.
    fn unwell(&mut self) -> Next<Option<String>> {
        self.taken += 1;
        let number = self.taken;
        let fresh = |bench: &Bench| {
            Step::Send(bench.event(number).noted("an ordinary event to see whether the endpoint is well"))
        };
        let answer = answer(self.take(fresh)?)?;
        ControlFlow::Continue((!answer.is_acknowledged()).then(|| {
            format!("an event that nothing had happened to was not acknowledged either ({})", answer.result())
        }))
    }

    fn count(&mut self, trials: &mut [Trial<'_, 'a>], care: Care) -> Next<()> {
        self.tally(trials, Expecting::Quiet, |course| !course.attempts.is_empty())?;
        if care == Care::Full {
            self.tally(trials, Expecting::Some, lacks_its_effect)?;
        }
        let late = |course: &Course<'_>| course.failed && lacks_its_effect(course);
        let all_late = trials.iter_mut().flat_map(|trial| &mut trial.courses).filter(|course| late(course));
        match self.bench.setting.own_retry_within {
            None => all_late.for_each(|course| course.excuse = Some(OWN_RETRY.into())),
            Some(within) if care == Care::Full && all_late.count() > 0 => {
                self.pause(within)?;
                self.tally(trials, Expecting::Some, late)?;
            }
            Some(_) => {}
        }
        ControlFlow::Continue(())
    }

    /// Counts once more when all has had its time: what is done twice may be done again late.
    pub(super) fn count_late(&mut self, trials: &mut [Trial<'_, 'a>]) -> Next<()> {
        self.pause(self.bench.setting.effect_wait)?;
        self.tally(trials, Expecting::Quiet, |course| !course.attempts.is_empty())
    }

    fn tally(
        &mut self,
        trials: &mut [Trial<'_, 'a>],
        expecting: Expecting,
        wanted: impl Fn(&Course<'_>) -> bool,
    ) -> Next<()> {
        let mut courses: Vec<&mut Course<'a>> =
            trials.iter_mut().flat_map(|trial| &mut trial.courses).filter(|course| wanted(course)).collect();
        if courses.is_empty() {
            return ControlFlow::Continue(());
        }
        let names = || courses.iter().map(|course| course.name).collect();
        match self.take(|_| Step::ObserveEach(names(), expecting))? {
            Seen::Tallied(tallied) => {
                for effects in tallied {
                    if let Some(course) = courses.iter_mut().find(|course| course.name == effects.event) {
                        course.effects = Some(effects);
                    }
                }
            }
            Seen::Cannot(need @ Need::SettledEffects) => {
                for course in courses {
                    course.excuse = Some(need.why_missing().into());
                }
            }
            other => return ControlFlow::Break(otherwise(slice::from_ref(other))),
        }
        ControlFlow::Continue(())
    }

    fn pause(&mut self, span: Duration) -> Next<()> {
        match self.take(|_| Step::Pause(span))? {
            Seen::Paused(_) => ControlFlow::Continue(()),
            other => ControlFlow::Break(otherwise(slice::from_ref(other))),
        }
    }
}

impl Course<'_> {
    pub(super) fn is_acknowledged(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.is_acknowledged())
    }

    /// Whether the provider would send it again.
    fn is_waiting(&self) -> bool {
        !self.attempts.is_empty() && !self.is_acknowledged()
    }

    /// Whether the endpoint may keep it to itself for a while, because its work failed.
    fn may_be_kept(&self) -> bool {
        self.failed && self.is_waiting() && self.attempts.last().is_some_and(|last| is_passing(last))
    }

    fn draft(&self, bench: &Bench, anew: bool) -> Draft {
        if anew { self.anew(bench) } else { self.same(bench) }
    }

    /// The bytes of its first delivery, whichever that is.
    fn same(&self, bench: &Bench) -> Draft {
        let again = self.plain(bench).repeated().signed_ago(OLDEST_SIGNATURE);
        if self.attempts.is_empty() { again } else { again.noted("the same bytes") }
    }

    /// A later signature than any before.
    fn anew(&self, bench: &Bench) -> Draft {
        let later = Duration::from_secs(self.signatures.into());
        self.plain(bench).signed_ago(OLDEST_SIGNATURE.saturating_sub(later)).noted("signed anew")
    }

    fn plain(&self, bench: &Bench) -> Draft {
        let draft = bench.event(self.name.number);
        let draft = match bench.provider.shape.created {
            At::Nowhere => draft,
            At::Body(_) | At::Header(_) => draft.created_ago(self.age),
        };
        draft.noted(format!("as event {} of the history", self.number))
    }
}

fn lacks_its_effect(course: &Course<'_>) -> bool {
    course.is_acknowledged() && course.effects.is_some_and(|effects| effects.at_first == 0)
}

fn of<'c, 'a>(courses: &'c mut [Course<'a>], number: u16) -> Option<&'c mut Course<'a>> {
    courses.iter_mut().find(|course| course.number == number)
}

fn answer(seen: &Seen) -> Next<&Exchange> {
    match seen {
        Seen::Answer(exchange) => ControlFlow::Continue(exchange),
        other => ControlFlow::Break(otherwise(slice::from_ref(other))),
    }
}

const OWN_RETRY: &str = "an event was acknowledged although its downstream had failed, and had no effect so far; \
                         if the endpoint tries again by itself, say within what time with --own-retry-within";

const KEPT: &str = "an event whose downstream had failed was still not acknowledged; if the endpoint keeps such events \
                    to itself for a while, say for how long with --own-retry-within";

/// Every new signature is a second younger. Much less than any receiver tolerates.
const OLDEST_SIGNATURE: Duration = Duration::from_secs(20);

/// An endpoint that asks for time at every turn would otherwise make a run of hours.
const MOST_WAITS: u8 = 16;
