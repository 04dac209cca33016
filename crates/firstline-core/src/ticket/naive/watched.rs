//! Clocks by conditions, as stupidly as possible: what a ticket is now and what it was before are
//! held against conditions of one sort each.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Agreement, ClockKey, Measure};

use super::book::{Book, LINES, Target, Within};
use super::run::{Place, Run};
use super::{Batch, Naive};
use crate::priority::Priority;
use crate::rulebook::Rulebook;
use crate::ticket::{Kind, Status, TicketAction, TicketFact};

/// What the one clock by conditions that a policy can have is called.
pub(super) const NAME: &str = "watched";

/// When such a clock starts, stands still, goes on and ends.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) start: Test,
    pub(super) pauses: Vec<(&'static str, Test)>,
    pub(super) resume: Option<Test>,
    pub(super) stop: Test,
    pub(super) cancel: Option<Test>,
    pub(super) reset: Option<Test>,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    Status(Vec<Status>),
    Line(Vec<&'static str>),
    From(Priority),
}

/// What conditions can ask about.
pub(super) struct Scene {
    kind: Kind,
    organization: Option<u64>,
    status: Status,
    line: String,
    priority: Priority,
}

impl Test {
    fn holds(&self, scene: &Scene) -> bool {
        match self {
            Self::Status(statuses) => statuses.contains(&scene.status),
            Self::Line(lines) => lines.contains(&scene.line.as_str()),
            Self::From(priority) => scene.priority >= *priority,
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Status(statuses) => {
                format!("{{ status = {} }}", serde_json::to_string(statuses).unwrap())
            }
            Self::Line(lines) => format!("{{ line = {lines:?} }}"),
            Self::From(priority) => format!("{{ priority = {{ at_least = \"{priority}\" }} }}"),
        }
    }
}

impl Watch {
    pub(super) fn toml(&self) -> String {
        let Self { start, pauses, resume, stop, cancel, reset } = self;
        let mut text = format!("start = {}\nstop = {}\n", start.toml(), stop.toml());
        for (key, test) in [("resume", resume), ("cancel", cancel), ("reset", reset)] {
            if let Some(test) = test {
                text += &format!("{key} = {}\n", test.toml());
            }
        }
        let pauses: Vec<String> =
            pauses.iter().map(|(reason, test)| format!("{reason} = {}", test.toml())).collect();
        format!("{text}pause = {{ {} }}\n", pauses.join(", "))
    }

    /// Whether the conditions go together: a rulebook refuses those under which no clock ever runs.
    pub(super) fn is_accepted(&self) -> bool {
        let lines = LINES.map(|line| format!("[[lines]]\nid = \"{line}\"\n")).concat();
        let text = format!(
            "name = \"Accepted\"\n{lines}[[policies]]\nname = \"any\"\ncalendar = \"always\"\n\
             [policies.clocks.{NAME}.target]\nwithin = \"1h\"\n\
             [policies.clocks.{NAME}.triggers]\n{}",
            self.toml()
        );
        Rulebook::from_toml(&text, "accepted.toml").is_ok()
    }

    pub(super) fn knows(&self, reason: &str) -> bool {
        self.pauses.iter().any(|(known, _)| *known == reason)
    }

    fn reasons(&self, scene: &Scene) -> BTreeSet<String> {
        let held = self.pauses.iter().filter(|(_, test)| test.holds(scene));
        held.map(|(reason, _)| (*reason).to_owned()).collect()
    }
}

pub(super) fn is_watched(key: &ClockKey) -> bool {
    matches!(key.measure, Measure::Condition(_))
}

impl Scene {
    /// What a book promises such a ticket.
    pub(super) fn find<'b>(
        &self,
        book: &'b Book,
        key: &ClockKey,
    ) -> Option<(Place, &'b Target, Within)> {
        let what = (key.agreement, &key.measure);
        let (policy, target) = book.find(what, self.kind, self.organization, self.priority)?;
        Some(((book.version, policy.to_owned()), target, target.within[self.priority as usize]))
    }
}

impl Naive {
    /// What conditions can ask about; nothing before the ticket is opened.
    pub(super) fn scene(&self) -> Option<Scene> {
        let (status, line, priority) = (self.statuses.last()?.1, self.line.clone(), self.priority?);
        Some(Scene { kind: self.kind?, organization: self.organization, status, line, priority })
    }

    /// Does what the conditions of each clock ask for after a command, or after a step of a ladder.
    pub(super) fn watch(
        &mut self,
        before: Option<&Scene>,
        batch: &Batch,
        books: &BTreeMap<u32, Book>,
    ) {
        let is_about_merging = |fact: &TicketFact| {
            matches!(
                fact,
                TicketFact::MergedInto { .. }
                    | TicketFact::Separated { .. }
                    | TicketFact::TookIn { .. }
                    | TicketFact::GaveBack { .. }
                    | TicketFact::UnmarkedSpam
            )
        };
        let now = self.scene().unwrap();
        if now.status == Status::Closed || batch.facts.iter().any(is_about_merging) {
            return;
        }
        let agreements = Agreement::ALL.map(|agreement| ClockKey::condition(agreement, NAME));
        for key in agreements {
            let is_applied = matches!(batch.asked, Some(TicketAction::Reapply { .. }));
            let before = before.filter(|_| !is_applied || self.runs.contains_key(&key));
            self.watch_one(&key, (before, &now), batch.at, &books[&batch.version]);
        }
    }

    fn watch_one(
        &mut self,
        key: &ClockKey,
        (before, now): (Option<&Scene>, &Scene),
        at: i64,
        book: &Book,
    ) {
        let mut last = self.runs.get_mut(key).and_then(|runs| runs.last_mut());
        let live = last.as_deref_mut().filter(|run| run.is_live());
        let Some(run) = live else {
            // Rules that wanted it before reach a ticket when they are applied.
            let is_first = last.is_none();
            let before = before.filter(|before| !is_first || before.find(book, key).is_some());
            self.watch_next(key, (before, now), at, book);
            return;
        };
        let watch = run.target.watch.clone().unwrap();
        let became =
            |test: &Test| test.holds(now) && before.is_none_or(|before| !test.holds(before));
        if watch.cancel.as_ref().is_some_and(|test| test.holds(now)) {
            run.cancel(at, "cancelled by its conditions");
        } else if watch.stop.holds(now) {
            run.fulfil(at);
        } else if watch.reset.as_ref().is_some_and(became) && watch.start.holds(now) {
            run.cancel(at, "reset");
            self.watch_next(key, (None, now), at, book);
        } else {
            let may_go_on = watch.resume.as_ref().is_none_or(|test| test.holds(now));
            let mut reasons = run.reasons.clone();
            for (reason, test) in &watch.pauses {
                if test.holds(now) {
                    reasons.insert((*reason).to_owned());
                } else if may_go_on {
                    reasons.remove(*reason);
                }
            }
            run.set_reasons(reasons, at);
        }
    }

    /// Starts the next run if the rules in force want one.
    fn watch_next(
        &mut self,
        key: &ClockKey,
        (before, now): (Option<&Scene>, &Scene),
        at: i64,
        book: &Book,
    ) {
        let Some(watch) = self.find(book, key).and_then(|(_, target, _)| target.watch.clone())
        else {
            return;
        };
        let is_over =
            |scene: &Scene| watch.cancel.iter().chain([&watch.stop]).any(|test| test.holds(scene));
        let is_first = !self.runs.contains_key(key);
        let is_new =
            before.is_none_or(|before| !watch.start.holds(before) || (is_first && is_over(before)));
        if watch.start.holds(now) && is_new && !is_over(now) {
            self.begin_watched(key, watch.reasons(now), at, book);
        }
    }

    fn begin_watched(&mut self, key: &ClockKey, reasons: BTreeSet<String>, at: i64, book: &Book) {
        let Some((place, target, within)) = self.find(book, key) else {
            return;
        };
        let cycle = self.runs.get(key).map_or(1, |runs| runs.last().unwrap().cycle + 1);
        let mut run = Run::start(cycle, place, (target, within), at);
        run.set_reasons(reasons, at);
        self.runs.entry(key.clone()).or_default().push(run);
    }
}
