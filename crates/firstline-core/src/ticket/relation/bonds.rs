//! Whose relations a ticket has while others live on in it.
//!
//! A ticket that is merged passes on how it stands to others: its parts are parts of the survivor, its
//! incidents are the survivor's, and whoever was linked with it is linked with the survivor. (To leave
//! them behind makes wholes that take a part for done which somebody still works on; to move them, as
//! desks do that cannot undo a merge, leaves nothing to give back.)
//!
//! So that a merge can be undone exactly, nothing is moved. What was said stays as it was said, under
//! the numbers of then; beside it stands what lives on in which ticket, and how a ticket stands to
//! others follows from both. To undo a merge takes one entry away again, in whatever order several of
//! them are undone. Meanwhile
//!
//! - between the survivor and what was merged into it there is nothing: that they belonged together is
//!   seen again when they are apart;
//! - what is unrelated is unrelated for good, and what is newly related stays the survivor's;
//! - whoever lives on in another ticket goes on hearing what that one hears of their relatives.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Relation, Relations};
use crate::id::TicketId;
use crate::ticket::Ticket;
use crate::ticket::lifecycle::Status;

/// What the relations of a ticket follow from where merges are among its relatives, or it took somebody
/// in itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::ticket) struct Bonds {
    /// Its own number, once somebody was merged into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<TicketId>,
    /// How it stands to others by itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    own: Relations,
    /// How those stood to others that were merged into it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    passed_on: BTreeMap<TicketId, Relations>,
    /// Those of the others that live on elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    merged: BTreeMap<TicketId, LivesOn>,
}

/// Where a ticket lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::ticket) struct LivesOn {
    into: TicketId,
    /// What was last heard of that one.
    status: Status,
}

/// How a ticket that is merged stands to others, as it is recorded with the one that takes it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PassedOn {
    /// The number of the one that takes it in.
    to: TicketId,
    /// How it stands to others, by the numbers under which that was said.
    relations: Relations,
    /// Those of the others that live on elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    merged: BTreeMap<TicketId, LivesOn>,
}

impl Bonds {
    fn plain(own: Relations) -> Self {
        Self { own, ..Self::default() }
    }

    /// Who somebody is now: the ticket in which they live on, if they do. `None` is this ticket itself.
    fn now(&self, mut who: TicketId) -> Option<TicketId> {
        // Nobody lives on in a circle, but a bound costs nothing.
        for _ in 0..=self.merged.len() {
            if self.of == Some(who) || self.passed_on.contains_key(&who) {
                return None;
            }
            match self.merged.get(&who) {
                Some(lives_on) => who = lives_on.into,
                None => break,
            }
        }
        Some(who)
    }

    /// All that was said, by whom ever it was passed on.
    fn said(&self) -> impl Iterator<Item = (Relation, TicketId, Status)> + '_ {
        let all = self.passed_on.values().chain([&self.own]).flatten();
        all.flat_map(|(relation, others)| others.iter().map(|(id, at)| (*relation, *id, *at)))
    }

    /// What follows from it.
    fn relations(&self) -> Relations {
        let mut relations = Relations::new();
        for (relation, said, status) in self.said() {
            let Some(now) = self.now(said) else { continue };
            let heard = self.merged.values().find(|lives_on| lives_on.into == now);
            let status = if now == said { status } else { heard.map_or(status, |it| it.status) };
            relations.entry(relation).or_default().insert(now, status);
        }
        relations
    }

    pub(in crate::ticket) fn relate(&mut self, relation: Relation, ticket: TicketId, is: Status) {
        self.own.entry(relation).or_default().insert(ticket, is);
    }

    pub(in crate::ticket) fn unrelate(&mut self, relation: Relation, ticket: TicketId) {
        let meant: BTreeSet<TicketId> = self
            .said()
            .filter(|(other, said, _)| *other == relation && self.now(*said) == Some(ticket))
            .map(|(_, said, _)| said)
            .collect();
        for relations in self.passed_on.values_mut().chain([&mut self.own]) {
            if let Some(others) = relations.get_mut(&relation) {
                others.retain(|said, _| !meant.contains(said));
            }
            relations.retain(|_, others| !others.is_empty());
        }
    }

    pub(in crate::ticket) fn moved(&mut self, ticket: TicketId, is: Status) {
        let said = self.passed_on.values_mut().chain([&mut self.own]).flatten();
        let heard = said.filter(|(relation, _)| relation.hears());
        for known in heard.filter_map(|(_, others)| others.get_mut(&ticket)) {
            *known = is;
        }
        for lives_on in self.merged.values_mut().filter(|lives_on| lives_on.into == ticket) {
            lives_on.status = is;
        }
    }

    /// One of the others lives on in another ticket. What that one is will be heard of it.
    pub(in crate::ticket) fn merged(&mut self, ticket: TicketId, into: TicketId) {
        let heard_of =
            |who| self.said().find(|(_, said, _)| *said == who).map(|(.., status)| status);
        let lived_on = |who| self.merged.values().find(|it| it.into == who).map(|it| it.status);
        let known = |who| lived_on(who).or_else(|| heard_of(who));
        let status = known(into).or_else(|| known(ticket)).unwrap_or(Status::New);
        self.merged.insert(ticket, LivesOn { into, status });
    }

    /// One of the others lives by itself again. What was known of it when it was merged still holds: of
    /// what has changed since it tells by itself.
    pub(in crate::ticket) fn separated(&mut self, ticket: TicketId) {
        self.merged.remove(&ticket);
    }

    /// Forgets who lives on where, of whom nothing was said or who lives on in it, and its own number
    /// where nobody asks.
    fn tidy(&mut self) {
        self.of = self.of.filter(|_| !self.passed_on.is_empty());
        let mut named = BTreeSet::new();
        for (_, said, _) in self.said() {
            let mut who = said;
            while let Some(lives_on) = self.merged.get(&who).filter(|_| named.insert(who)) {
                who = lives_on.into;
            }
        }
        let lodgers = &self.passed_on;
        self.merged.retain(|who, _| named.contains(who) && !lodgers.contains_key(who));
    }
}

impl Ticket {
    /// How it stands to others, for the one that it is merged into; `None` if it stands alone.
    pub(in crate::ticket) fn passes_on(&self, to: TicketId, id: TicketId) -> Option<Box<PassedOn>> {
        let Some(bonds) = &self.bonds else {
            let relations = self.relations.clone();
            let passed_on = PassedOn { to, relations, merged: BTreeMap::new() };
            return (!self.relations.is_empty()).then(|| Box::new(passed_on));
        };
        let mut relations = Relations::new();
        for (relation, said, status) in bonds.said() {
            relations.entry(relation).or_default().insert(said, status);
        }
        let mut merged = bonds.merged.clone();
        for one in bonds.passed_on.keys() {
            merged.insert(*one, LivesOn { into: id, status: self.status });
        }
        Some(Box::new(PassedOn { to, relations, merged }))
    }

    pub(in crate::ticket) fn take_in_relations(&mut self, of: TicketId, passed_on: &PassedOn) {
        self.bind_with(|bonds| {
            bonds.of = Some(passed_on.to);
            bonds.passed_on.insert(of, passed_on.relations.clone());
            for (who, lives_on) in &passed_on.merged {
                bonds.merged.entry(*who).or_insert(*lives_on);
            }
        });
    }

    pub(in crate::ticket) fn give_back_relations(&mut self, of: TicketId) {
        if self.bonds.is_some() {
            self.bind_with(|bonds| {
                bonds.passed_on.remove(&of);
            });
        }
    }

    /// The tickets that it is related to like this, by the numbers by which that was said: those of
    /// tickets that were merged since are their own.
    #[must_use]
    pub fn related_as_said(&self, relation: Relation) -> BTreeSet<TicketId> {
        let Some(bonds) = &self.bonds else { return self.related(relation).collect() };
        let said = bonds.said().filter(|(other, ..)| *other == relation);
        said.map(|(_, said, _)| said).collect()
    }

    /// Those that live on in it and had relatives.
    pub(super) fn lodgers(&self) -> impl Iterator<Item = TicketId> + '_ {
        self.bonds.iter().flat_map(|bonds| bonds.passed_on.keys().copied())
    }

    /// Those that live on in it and would hear what becomes of it if they did not: of this ticket itself,
    /// or of another one that lives on in it.
    pub(super) fn lodgers_that_hear(&self) -> impl Iterator<Item = TicketId> + '_ {
        let all = self.bonds.iter().flat_map(|bonds| {
            let leads_here = |(relation, others): (&Relation, &BTreeMap<TicketId, Status>)| {
                relation.hears() && others.keys().any(|other| bonds.now(*other).is_none())
            };
            bonds.passed_on.iter().filter(move |(_, said)| said.iter().any(leads_here))
        });
        all.map(|(lodger, _)| *lodger)
    }

    /// What it was a part of when that was said, as it is now: `None` for what has become part of
    /// itself by a merge.
    pub(super) fn wholes(&self) -> BTreeSet<Option<TicketId>> {
        let Some(bonds) = &self.bonds else {
            return self.related(Relation::ChildOf).map(Some).collect();
        };
        let wholes = bonds.said().filter(|(relation, ..)| *relation == Relation::ChildOf);
        wholes.map(|(_, said, _)| bonds.now(said)).collect()
    }

    /// Those of its relatives that live on in another ticket, and in whom they do on the way there.
    pub(super) fn relatives_in(&self, other: TicketId) -> BTreeSet<TicketId> {
        let mut found = BTreeSet::new();
        for bonds in self.bonds.iter() {
            let said = bonds.said().map(|(_, said, _)| said);
            for said in said.filter(|said| bonds.now(*said) == Some(other)) {
                let mut who = said;
                while let Some(lives_on) = bonds.merged.get(&who).filter(|_| found.insert(who)) {
                    who = lives_on.into;
                }
            }
        }
        found.remove(&other);
        found
    }

    /// Whether somebody is known to live on in another ticket.
    pub(super) fn knows_as_merged(&self, ticket: TicketId) -> Option<TicketId> {
        Some(self.bonds.as_ref()?.merged.get(&ticket)?.into)
    }

    /// Does something with what its relations follow from, and with the same of the ticket that it was
    /// when it was merged or dismissed: what it hears meanwhile holds when that is undone.
    pub(in crate::ticket) fn bind_with(&mut self, change: impl Fn(&mut Bonds)) {
        let mut forms = vec![self];
        while let Some(ticket) = forms.pop() {
            let relations = core::mem::take(&mut ticket.relations);
            let bonds = ticket.bonds.take();
            let mut bonds = bonds.map_or_else(|| Bonds::plain(relations), |bonds| *bonds);
            change(&mut bonds);
            bonds.tidy();
            if bonds.passed_on.is_empty() && bonds.merged.is_empty() {
                ticket.relations = bonds.own;
                ticket.relations.retain(|_, others| !others.is_empty());
            } else {
                ticket.relations = bonds.relations();
                ticket.bonds = Some(Box::new(bonds));
            }
            forms.extend(ticket.merged.as_mut().map(|merged| &mut merged.before));
            forms.extend(ticket.dismissed.as_deref_mut());
        }
    }
}
