//! What a ticket brings to the one that it is merged into, beside the promises that live on there: who
//! hears of it, its labels, what the work on it costs, what is still to be done and to be signed. It goes
//! back with the ticket when the merge is undone.
//!
//! Its priority does not come along: what was promised on the other ticket would be promised anew by
//! that, and no undoing takes a breach back. Whoever merges sees both and says how urgent the whole is.
//! For the same reason conditions ask for a ticket's own labels: by those that came along it is found,
//! and by nothing else is it treated otherwise. Whoever puts one on makes it its own.
//!
//! What is on its checklist and whose name is still wanted comes behind what the other ticket has of that,
//! and goes by its number there. What is done about it there is done for this one: it comes back with it.
//! There it leaves its numbers behind, so that nothing else changes its own. A no comes along too, so that no
//! merge is a way around it; what its signer wrote stays where they signed.

use std::collections::BTreeSet;

use firstline_sla::{ClockKey, Words};
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::approval::{Approval, MAX_APPROVALS, Signature};
use super::checklist::{Check, MAX_CHECKS};
use super::followers::MAX_FOLLOWERS;
use super::time::Worked;
use crate::id::{ContactId, Tag, TicketId};
use crate::limits::{ERASED, MAX_TAGS};
use crate::people::PartyId;

/// Which of what a ticket has came along with another one that was merged into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CameFrom {
    /// With which ticket.
    pub ticket: TicketId,
    /// Its number there, from 1.
    pub number: u32,
}

/// What a ticket brought to the one that it was merged into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brought {
    /// Labels that the other one does not have by itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    /// Who followed it and does not hear of the other one by that itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub followers: BTreeSet<PartyId>,
    /// The work on it.
    #[serde(default, skip_serializing_if = "Worked::is_none")]
    pub worked: Worked,
    /// What is on its checklist. From then on it stands on that of the other one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Check>,
    /// The approvals that were still waited for, and those that were refused. From then on they are among
    /// those of the other one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
}

impl Brought {
    /// What a ticket brings to another one, as far as there is room for it there.
    pub(super) fn by((ticket, loser): (TicketId, &Ticket), winner: &Ticket) -> Self {
        let is_lent_tag = |tag: &Tag| winner.is_lent(tag);
        let is_lent = |who: &PartyId| winner.follows_by_merge(*who);
        let asks = PartyId::Contact(winner.requester);
        // What is there in other letters is there.
        let spelt = |tag: &Tag| tag.among(&winner.tags).unwrap_or(tag).clone();
        let (with_it, new): (BTreeSet<Tag>, BTreeSet<Tag>) =
            loser.tags.iter().map(spelt).partition(|tag| winner.tags.contains(tag));
        let room = MAX_TAGS.saturating_sub(winner.tags.len());
        let tags = with_it.into_iter().filter(is_lent_tag).chain(new.into_iter().take(room));
        let people = loser.followers.iter().copied().filter(|who| *who != asks);
        let (with_it, new): (BTreeSet<PartyId>, BTreeSet<PartyId>) =
            people.partition(|who| winner.followers.contains(who));
        // One place is for whoever asked.
        let room = (MAX_FOLLOWERS - 1).saturating_sub(winner.followers.len());
        let followers = with_it.into_iter().filter(is_lent).chain(new.into_iter().take(room));
        let from = |number| Some(CameFrom { ticket, number });
        // What was left undone on a ticket that is done is not to be done any more.
        let checks = (1..).zip(&loser.checklist).filter(|(_, check)| !check.gone);
        let checks = checks.filter(|_| loser.status.is_open());
        let checks = checks.map(|(number, check)| Check { from: from(number), ..check.clone() });
        let room = MAX_CHECKS.saturating_sub(winner.checklist.len());
        let checklist = checks.take(room).collect();
        let approvals = bring_approvals((ticket, loser), winner);
        let (tags, followers, worked) = (tags.collect(), followers.collect(), loser.all_worked());
        Self { tags, followers, worked, checklist, approvals }
    }

    /// Erases what people wrote.
    pub(super) fn erase_words(&mut self) {
        self.checklist.iter_mut().for_each(|check| ERASED.clone_into(&mut check.what));
        self.approvals.iter_mut().for_each(|asked| ERASED.clone_into(&mut asked.what));
    }

    pub(super) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The approvals that count on a ticket still, for the one that it is merged into: what is waited for, what
/// was refused, and the no in whose place something is waited for.
fn bring_approvals((ticket, loser): (TicketId, &Ticket), winner: &Ticket) -> Vec<Approval> {
    if !loser.status.is_open() {
        return Vec::new();
    }
    let waits = |number: u32| {
        let asked = (number as usize).checked_sub(1).and_then(|index| loser.approvals.get(index));
        asked.is_some_and(Approval::is_waited_for)
    };
    let counts = |asked: &Approval| {
        asked.is_waited_for() || asked.bars() || asked.asked_anew.is_some_and(waits)
    };
    let room = MAX_APPROVALS.saturating_sub(winner.approvals.len());
    let asked = (1..).zip(&loser.approvals).filter(|(_, asked)| counts(asked));
    let asked: Vec<(u32, &Approval)> = asked.take(room).collect();
    let there = |number: u32| {
        let place = asked.iter().position(|(other, _)| *other == number)?;
        u32::try_from(winner.approvals.len() + place + 1).ok()
    };
    let brought = asked.iter().filter_map(|(number, asked)| {
        let asked_anew = asked.asked_anew.map(there);
        // Where there is no room for what is asked for in its place, it would bar what it does not bar.
        let asked_anew = match asked_anew {
            Some(None) => return None,
            known => known.flatten(),
        };
        let signature = asked.signature.as_ref().map(Signature::without_words);
        let from = Some(CameFrom { ticket, number: *number });
        Some(Approval { asked_anew, signature, from, ..(*asked).clone() })
    });
    brought.collect()
}

impl Ticket {
    /// All work: on it, and on what was merged into it.
    #[must_use]
    pub fn all_worked(&self) -> Worked {
        let brought = self.brought_by.values().map(|brought| &brought.worked);
        brought.fold(self.worked.clone(), Worked::with)
    }

    /// Whether it has a label only because another ticket that has it was merged into it.
    pub(super) fn is_lent(&self, tag: &Tag) -> bool {
        self.brought_by.values().any(|brought| brought.tags.contains(tag))
    }

    /// Whether somebody says of themselves that they follow it, or not, is their own affair from then on.
    pub(super) fn own_up_to_follower(&mut self, who: PartyId) {
        self.brought.retain(|_, contact| PartyId::Contact(*contact) != who);
        for brought in self.brought_by.values_mut() {
            brought.followers.remove(&who);
        }
        self.brought_by.retain(|_, brought| !brought.is_nothing());
    }

    /// Labels that somebody puts on or takes off are its own affair from then on.
    pub(super) fn own_up_to(&mut self, tags: &BTreeSet<Tag>) {
        for brought in self.brought_by.values_mut() {
            brought.tags.retain(|tag| !tags.contains(tag));
        }
        self.brought_by.retain(|_, brought| !brought.is_nothing());
    }

    /// Whether somebody follows it because another ticket was merged into it, and not by itself.
    pub(super) fn follows_by_merge(&self, who: PartyId) -> bool {
        let asked = self.brought.values().any(|contact| PartyId::Contact(*contact) == who);
        asked || self.brought_by.values().any(|brought| brought.followers.contains(&who))
    }

    pub(super) fn take_in(
        &mut self,
        ticket: TicketId,
        brings: Option<ContactId>,
        brought: &Brought,
    ) {
        self.took_in.insert(ticket);
        if let Some(contact) = brings {
            self.followers.insert(PartyId::Contact(contact));
            self.brought.insert(ticket, contact);
        }
        self.tags.extend(brought.tags.iter().cloned());
        self.followers.extend(brought.followers.iter().copied());
        self.checklist.extend(brought.checklist.iter().cloned());
        self.approvals.extend(brought.approvals.iter().cloned());
        let (checklist, approvals) = (Vec::new(), Vec::new());
        let lent = Brought { checklist, approvals, ..brought.clone() };
        if !lent.is_nothing() {
            self.brought_by.insert(ticket, lent);
        }
    }

    /// Gives up what came with a ticket that was merged into it, unless another one brought it too;
    /// also in what it was before it was dismissed.
    pub(super) fn give_back(&mut self, ticket: TicketId, clocks: &[ClockKey]) {
        self.took_in.remove(&ticket);
        self.give_back_relations(ticket);
        let brought = self.brought_by.remove(&ticket).unwrap_or_default();
        let asked = self.brought.remove(&ticket).map(PartyId::Contact);
        for who in brought.followers.into_iter().chain(asked) {
            if !self.follows_by_merge(who) {
                self.followers.remove(&who);
            }
        }
        for tag in brought.tags {
            if !self.brought_by.values().any(|other| other.tags.contains(&tag)) {
                self.tags.remove(&tag);
            }
        }
        self.give_back_file(ticket);
        self.clocks.retain(|key, _| !clocks.contains(key));
        self.counted_with.retain(|key, ahead| {
            ahead.retain(|other| !clocks.contains(other));
            !clocks.contains(key) && !ahead.is_empty()
        });
        if let Some(before) = &mut self.dismissed {
            before.give_back(ticket, clocks);
        }
    }
}

impl Ticket {
    /// Gives up what was to be done and to be signed with a ticket that was merged into it.
    fn give_back_file(&mut self, ticket: TicketId) {
        let came_with = |from: Option<CameFrom>| from.is_some_and(|from| from.ticket == ticket);
        for check in self.checklist.iter_mut().filter(|check| came_with(check.from)) {
            (check.done, check.gone) = (None, true);
        }
        for asked in self.approvals.iter_mut().filter(|asked| came_with(asked.from)) {
            (asked.signature, asked.withdrawn) = (None, true);
        }
        // Behind which nothing stands, nobody misses.
        let lodgers = &self.took_in;
        let is_back =
            |from: Option<CameFrom>| from.is_some_and(|from| !lodgers.contains(&from.ticket));
        while self.checklist.pop_if(|check| is_back(check.from)).is_some() {}
        while self.approvals.pop_if(|asked| is_back(asked.from)).is_some() {}
    }
}

/// The labels that a ticket has by itself, for conditions to ask for in whatever letters.
impl Words for Ticket {
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        self.tags.iter().any(|tag| !self.is_lent(tag) && test(tag.as_str()))
    }

    fn has(&self, word: &str) -> bool {
        self.tags.iter().any(|tag| tag.is_called(word) && !self.is_lent(tag))
    }
}
