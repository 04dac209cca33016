//! A ledger while it is being written: what the clock did when, valued at the end.

use std::collections::{BTreeMap, BTreeSet};

use firstline_calendar::{Calendar, Span, SpanState, Timestamp, WorkTime};

use super::entry::{Closed, Entry, EntryKind};
use crate::clock::{Clock, Phase};
use crate::event::{ClockEvent, Credit};
use crate::terms::Reason;

pub(super) struct Account {
    stretches: Vec<Stretch>,
    upto: Timestamp,
    /// The last correction: how many stretches came before it, and the calendar that values them.
    corrected: Option<(usize, Calendar)>,
}

/// A stretch of time during which a clock did not change.
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    way: Way,
}

/// What the clock did meanwhile.
enum Way {
    /// It ran by this calendar.
    Ran(Calendar),
    /// It did something else, which takes no calendar to account for.
    Was(EntryKind),
}

impl Account {
    /// Begins with the time before the first event, if what it is about began earlier.
    pub(super) fn open(
        clock: &Clock,
        first: &ClockEvent,
        at: Timestamp,
        calendar: &Calendar,
    ) -> Self {
        let upto = clock.started_at;
        let mut account = Self { stretches: Vec::new(), upto, corrected: None };
        match first {
            ClockEvent::Started { credits, .. } => account.credit(credits, calendar, at),
            _ => account.take_over(clock, None, calendar, at),
        }
        account
    }

    /// Books the time until a retroactive start, with the pauses in it, which may overlap.
    fn credit(&mut self, credits: &[Credit], calendar: &Calendar, at: Timestamp) {
        let edges = credits.iter().filter(|credit| credit.from < credit.to);
        let edges = edges.flat_map(|credit| {
            [
                (credit.from.min(at), true, &credit.reason),
                (credit.to.min(at), false, &credit.reason),
            ]
        });
        let mut edges: Vec<_> = edges.collect();
        edges.sort();
        let mut open: BTreeMap<&Reason, u32> = BTreeMap::new();
        for (to, begins, reason) in edges {
            let reasons: BTreeSet<Reason> = open.keys().map(|&reason| reason.clone()).collect();
            self.push(to, if reasons.is_empty() { ran(calendar) } else { paused(reasons) });
            let count = open.entry(reason).or_default();
            // Of two edges at one moment the end comes first, also the end of a credit that
            // continues: the stretch between them has no length.
            *count = if begins { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                open.remove(reason);
            }
        }
        self.push(at, ran(calendar));
    }

    /// Books the time until a clock comes over from elsewhere, as far as the clock itself knows it.
    /// `spent` is what it had used up when it was last seen here.
    pub(super) fn take_over(
        &mut self,
        taken: &Clock,
        spent: Option<WorkTime>,
        calendar: &Calendar,
        at: Timestamp,
    ) {
        match &taken.phase {
            Phase::Running { since, .. } => {
                self.push((*since).min(at), Way::Was(EntryKind::Elsewhere));
                self.push(at, ran(calendar));
            }
            Phase::Paused { reasons } if spent == Some(taken.spent) => {
                self.push(at, paused(reasons.clone()));
            }
            Phase::Paused { .. } => self.push(at, Way::Was(EntryKind::Elsewhere)),
            Phase::Fulfilled { at: end, .. } | Phase::Cancelled { at: end, .. } => {
                self.push((*end).min(at), Way::Was(EntryKind::Elsewhere));
            }
        }
    }

    /// Books the time up to `to`, during which the clock did not change.
    pub(super) fn book(&mut self, clock: &Clock, calendar: &Calendar, to: Timestamp) {
        // A breach is dated back to due, where the account already is or has been.
        if to <= self.upto {
            return;
        }
        let way = match &clock.phase {
            Phase::Running { .. } => ran(calendar),
            Phase::Paused { reasons } => paused(reasons.clone()),
            Phase::Fulfilled { .. } | Phase::Cancelled { .. } => Way::Was(EntryKind::Done),
        };
        self.push(to, way);
    }

    fn push(&mut self, to: Timestamp, way: Way) {
        if to > self.upto {
            let from = core::mem::replace(&mut self.upto, to);
            self.stretches.push(Stretch { from, to, way });
        }
    }

    /// Values all the time so far by another calendar.
    pub(super) fn value_by(&mut self, calendar: &Calendar) {
        self.corrected = Some((self.stretches.len(), calendar.clone()));
    }

    /// Where it ends.
    pub(super) fn until(&self) -> Timestamp {
        self.upto
    }

    /// The entries, parted at these moments, which come in order of time.
    pub(super) fn close(self, marks: impl Iterator<Item = Timestamp>) -> Vec<Entry> {
        let corrected = self.corrected;
        let mut page = Page { entries: Vec::new(), marks: marks.peekable() };
        for (index, Stretch { from, to, way }) in self.stretches.into_iter().enumerate() {
            let by = match way {
                Way::Was(kind) => {
                    page.push(Entry { from, to, kind });
                    continue;
                }
                Way::Ran(by) => by,
            };
            let by = match &corrected {
                Some((before, calendar)) if index < *before => calendar,
                _ => &by,
            };
            for Span { from, to, state } in by.spans(from, to) {
                let kind = match state {
                    SpanState::Open => EntryKind::Counted,
                    SpanState::Closed(reason) => EntryKind::Closed(Closed::new(by, from, reason)),
                };
                page.push(Entry { from, to, kind });
            }
        }
        page.entries
    }
}

fn ran(calendar: &Calendar) -> Way {
    Way::Ran(calendar.clone())
}

fn paused(reasons: BTreeSet<Reason>) -> Way {
    Way::Was(EntryKind::Paused(reasons))
}

/// Entries, parted where something happened.
struct Page<M: Iterator<Item = Timestamp>> {
    entries: Vec<Entry>,
    marks: core::iter::Peekable<M>,
}

impl<M: Iterator<Item = Timestamp>> Page<M> {
    fn push(&mut self, mut entry: Entry) {
        let mut is_parted = false;
        while let Some(mark) = self.marks.next_if(|mark| *mark <= entry.from) {
            is_parted |= mark == entry.from;
        }
        match self.entries.last_mut() {
            // Goes on where the time went the same way and nothing happened in between.
            Some(last) if last.kind == entry.kind && !is_parted => {
                entry.from = last.from;
                self.entries.pop();
            }
            _ => {}
        }
        while let Some(mark) = self.marks.next_if(|mark| *mark < entry.to) {
            if mark > entry.from {
                let kind = entry.kind.clone();
                self.entries.push(Entry { from: entry.from, to: mark, kind });
                entry.from = mark;
            }
        }
        self.entries.push(entry);
    }
}
