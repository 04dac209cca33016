//! One ticket becomes part of another, or two: what that does to their promises.
//!
//! A ticket that is merged keeps what it was, whole, and its promises are given up without a
//! verdict. Only the replies that its customer waits for live on, and what agents have promised: the
//! other ticket takes their clocks over beside its own. The replies are [together](super::together) one
//! promise, due when the earliest of them is.
//!
//! A merge is undone because it was a mistake, so to undo it is as if it had not been: the ticket is
//! what it was, and its promises have run on. An answer on the other ticket, its resolution and its
//! waits were about another matter; they stay there, and whoever waits here waits still. What was done
//! there for the sake of this one comes back with it: what its own customer has said, an agent's promise
//! that was kept, what was done of its checklist and what was signed. Only what a ladder did in the meantime is not done again.
//!
//! How it stood to others it [passes on](super::relation), and has back when the merge is undone.

mod said;

use std::collections::BTreeMap;

use firstline_sla::{Clock, ClockEvent, ClockKey, Measure, Phase, Reason, Timestamp};

use said::note_number;
pub use said::{Message, SinceMerge, since_merge};

use super::action::OpenTicket;
use super::approval::Approval;
use super::attachment::{Attachment, MAX_ATTACHMENTS};
use super::automation::SetOff;
use super::brought::Brought;
use super::decide::{Turn, Work};
use super::fact::{Rung, SplitFrom, TicketFact};
use super::followers::MAX_FOLLOWERS;
use super::lifecycle::Status;
use super::relation::{MAX_RELATIONS, Relation, Successor, check_passes_on};
use super::together::is_reply;
use super::{Ticket, Wait};
use crate::id::TicketId;
use crate::limits::check_count;
use crate::people::{Actor, PartyId, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// Why the clocks of a ticket were given up that was merged.
const MERGED: &str = "merged";

/// Why a page was revoked whose promise went back to its own ticket.
const SEPARATED: &str = "separated";

/// Merges a ticket into another one, which stands to others like that one from then on. `find` gives
/// the other tickets of the desk, to see that no circle comes of it.
///
/// # Errors
///
/// The refusal says which rule is against it; or what `find` says. Nothing happened then.
pub fn merge<E: From<Refusal>>(
    (id, ticket): (TicketId, Ticket),
    (into, other): (TicketId, Ticket),
    by: Actor,
    rulebook: &Rulebook,
    now: Timestamp,
    find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(Turn, Turn), E> {
    let mut loser = Work::go_on(ticket, by, rulebook, now)?;
    let mut winner = Work::go_on(other, by, rulebook, now)?;
    loser.need(Role::Agent, "merge tickets")?;
    if let Some(why) = objection((id, &loser.ticket), (into, &winner.ticket)) {
        return Err(Refusal::CannotMerge { ticket: id, into, why }.into());
    }
    check_passes_on((id, &loser.ticket), (into, &winner.ticket), find)?;
    let passed_on = loser.ticket.passes_on(into, id);
    let before = loser.ticket.clone();
    let (left, right) = (loser.mark(), winner.mark());
    let calls = loser.ticket.ringing(|key| lives_on(key) && winner.ticket.status.is_open());
    loser.happen(TicketFact::MergedInto { ticket: into });
    let reason = Reason::from(MERGED);
    for key in loser.live_keys() {
        loser.ask(&key, |clock, terms, now| clock.cancel(&reason, terms, now))?;
    }
    let brings = before.requester;
    let who = PartyId::Contact(brings);
    let follows = winner.ticket.followers.contains(&who);
    let hears =
        winner.ticket.requester == brings || (follows && !winner.ticket.follows_by_merge(who));
    let has_room = follows || winner.ticket.followers.len() < MAX_FOLLOWERS;
    let brings = (!hears && has_room).then_some(brings);
    let brought = Box::new(Brought::by((id, &before), &winner.ticket));
    winner.happen(TicketFact::TookIn { ticket: id, brings, passed_on, brought });
    // On a ticket that is resolved nobody waits for an answer.
    let is_waited_on = winner.ticket.status.is_open();
    let awaited = before
        .clocks
        .iter()
        .filter(|(key, clock)| is_waited_on && lives_on(key) && clock.is_live());
    for (key, clock) in awaited {
        let (key, clock) = (key.taken_from(id.0), Box::new(clock.clone()));
        let (cycle, event) = (clock.cycle, ClockEvent::TakenOver { clock });
        winner.happen(TicketFact::Clock { clock: key.clone(), cycle, event });
        winner.stand_still_or_run(&key)?;
    }
    for (step, plan) in calls {
        winner.call_on(&plan, &Rung { clock: step.clock.taken_from(id.0), ..step });
    }
    loser.obey_rules(&left, SetOff::Command)?;
    winner.obey_rules(&right, SetOff::Command)?;
    Ok((loser.finish()?, winner.finish()?))
}

/// What stands against a merge, whatever the other tickets are.
fn objection(
    (id, loser): (TicketId, &Ticket),
    (into, winner): (TicketId, &Ticket),
) -> Option<&'static str> {
    if id == into {
        Some("it is the same ticket")
    } else if loser.merged.is_some() {
        Some("it was merged already")
    } else if loser.status == Status::Closed {
        Some("it is closed")
    } else if winner.merged.is_some() {
        Some("that one was merged itself")
    } else if winner.status == Status::Closed {
        Some("that one is closed")
    } else if !winner.status.is_open() && loser.unanswered_since.is_some() {
        Some("its customer waits for an answer and that one is resolved; reopen it first")
    } else if !winner.status.is_open() && has_promises(loser) {
        Some("something is promised to its customer and that one is resolved; reopen it first")
    } else if winner.status == Status::Pending && loser.unanswered_since.is_some() {
        Some("its customer waits for an answer and that one waits for the customer; open it first")
    } else if !is_same_customer(loser, winner) {
        Some(
            "it is another customer's, who would read what is not for them; mark it as a duplicate \
             instead",
        )
    } else {
        None
    }
}

/// Undoes the merge of a ticket into another one: `other` is the one that took it in.
///
/// The ticket and its promises are then as if it had never been merged, whatever came of the other
/// one: an answer there is not counted as one here, and it is still waited for. What was said there `since`
/// for it is said here as well, with its own time: see [`since_merge`]. There it stays, and whether
/// it wants an answer there is for the agent to say. What its clocks have
/// said meanwhile is recorded here as well, dated when it was true; the steps of ladders that were
/// climbed there are not carried out again, but whoever is called and has not answered yet is called
/// on this one. All that goes by the rules of its time: `earlier` are those that came out of force
/// since the merge, each with the moment at which it did, in order.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn separate<'r>(
    (id, ticket): (TicketId, Ticket),
    (into, other): (TicketId, Ticket),
    by: Actor,
    (rulebook, earlier): (&'r Rulebook, &'r [(Timestamp, Rulebook)]),
    since: &SinceMerge,
    now: Timestamp,
) -> Result<(Turn, Turn), Refusal> {
    let mut loser = Work::go_on(ticket, by, rulebook, now)?;
    let mut winner = Work::go_on(other, by, rulebook, now)?;
    loser.need(Role::Agent, "undo merges")?;
    if loser.ticket.merged.as_ref().is_none_or(|merged| merged.into != into) {
        return Err(Refusal::NotMerged);
    }
    if let Some(merged) = &winner.ticket.merged {
        return Err(Refusal::MergedOn { into, on: merged.into });
    }
    let (left, right) = (loser.mark(), winner.mark());
    let waits = winner.ticket.approvals.iter().any(Approval::is_waited_for);
    let merged_at = loser.ticket.closed_at;
    loser.happen(TicketFact::Separated { ticket: into });
    let there = |key: &ClockKey| key.taken_from(id.0);
    let elsewhere = |key: &ClockKey| {
        let clock = winner.ticket.clocks.get(&there(key))?;
        Some((key.clone(), clock.clone()))
    };
    loser.elsewhere = loser.ticket.clocks.keys().filter_map(elsewhere).collect();
    let went_over: Vec<ClockKey> = loser.elsewhere.keys().cloned().collect();
    let clocks: Vec<ClockKey> = went_over.iter().map(there).collect();
    let calls = loser.calls_after(&winner.ticket, there);
    for key in &clocks {
        winner.revoke_pages(key, &Reason::from(SEPARATED));
    }
    winner.happen(TicketFact::GaveBack { ticket: id, clocks });
    if waits && winner.waited_for_what_came(merged_at) {
        winner.after_answer()?;
    }
    // The call that was under way when it was merged ended there, one way or the other.
    for key in &went_over {
        loser.revoke_pages(key, &Reason::from(SEPARATED));
    }
    loser.obey_rules(&left, SetOff::Command)?;
    let mut done = done_elsewhere(&loser.elsewhere, since).into_iter().peekable();
    for (until, rules) in
        earlier.iter().map(|(until, rules)| (*until, rules)).chain([(now, rulebook)])
    {
        while let Some((at, deed)) = done.next_if(|(at, _)| *at <= until) {
            loser.settle_by(rules, at)?;
            loser.as_of(rules, at, |loser| loser.do_here_too(deed))?;
        }
        loser.settle_by(rules, until)?;
    }
    for (step, plan) in calls {
        loser.call_on(&plan, &step);
    }
    winner.obey_rules(&right, SetOff::Command)?;
    Ok((loser.finish()?, winner.finish()?))
}

/// Whether a promise goes on where its ticket lives on: a reply that is waited for, and an agent's word.
fn lives_on(key: &ClockKey) -> bool {
    is_reply(key) || matches!(key.measure, Measure::Promise(_))
}

fn has_promises(ticket: &Ticket) -> bool {
    let mut clocks = ticket.clocks.iter();
    clocks.any(|(key, clock)| clock.is_live() && matches!(key.measure, Measure::Promise(_)))
}

/// What was done on another ticket for the sake of one that was merged into it.
enum Deed<'m> {
    /// Its customer said something.
    Said(&'m Message),
    /// What an agent had promised was done.
    Kept(ClockKey),
    /// It was taken back.
    Withdrawn(ClockKey, Reason),
    /// Something on its checklist was done, or one of its approvals answered.
    Filed(&'m TicketFact),
}

/// What was done on the other ticket for the sake of one that was merged into it, in order of time.
fn done_elsewhere<'m>(
    clocks: &BTreeMap<ClockKey, Clock>,
    since: &'m SinceMerge,
) -> Vec<(Timestamp, Deed<'m>)> {
    // What was given up because of what became of the other ticket was not for the sake of this one.
    let given_up = [Status::Resolved.as_str(), Status::Closed.as_str(), MERGED];
    let words = clocks.iter().filter(|(key, _)| matches!(key.measure, Measure::Promise(_)));
    let ended = words.filter_map(|(key, clock)| match &clock.phase {
        Phase::Fulfilled { at, .. } => Some((*at, Deed::Kept(key.clone()))),
        Phase::Cancelled { at, reason, .. } if !given_up.contains(&reason.as_str()) => {
            Some((*at, Deed::Withdrawn(key.clone(), reason.clone())))
        }
        _ => None,
    });
    let said = since.said.iter().map(|message| (message.written_at, Deed::Said(message)));
    let filed = since.filed.iter().map(|event| (event.at, Deed::Filed(&event.fact)));
    let mut done: Vec<_> = said.chain(filed).chain(ended).collect();
    done.sort_by_key(|(at, _)| *at);
    done
}

impl Work<'_> {
    /// The files of the last message come with it, as far as there is room for them.
    fn bring_files(&mut self, by: Actor, files: &[Attachment]) {
        let room = MAX_ATTACHMENTS.saturating_sub(self.ticket.attachments as usize);
        let files: Vec<Attachment> = files.iter().take(room).cloned().collect();
        if !files.is_empty() {
            self.happen(TicketFact::Attached { message: self.ticket.messages, by, files });
        }
    }

    fn do_here_too(&mut self, deed: Deed<'_>) -> Result<(), Refusal> {
        match deed {
            Deed::Said(Message { author, text, files, came_by, .. }) => {
                let (mark, before) = (self.mark(), self.events.len());
                let by = core::mem::replace(&mut self.by, *author);
                // Where no way leads back, the words are here all the same.
                let goes_to = self.after_reply(None).ok().flatten();
                let said = self.say(text, goes_to);
                self.by = by;
                said?;
                if let Some(number) = *came_by {
                    note_number(&mut self.events[before..], number);
                }
                self.bring_files(*author, files);
                self.follow_up(&mark)
            }
            Deed::Kept(key) => self.ask(&key, |clock, terms, now| clock.fulfil(terms, now)),
            Deed::Withdrawn(key, reason) => {
                self.ask(&key, |clock, terms, now| clock.cancel(&reason, terms, now))
            }
            Deed::Filed(fact) => {
                let mark = self.mark();
                match fact {
                    TicketFact::Approval(answer) => self.answer_here_too(answer)?,
                    fact => self.happen(fact.clone()),
                }
                self.follow_up(&mark)
            }
        }
    }
}

/// Whether two tickets are of one customer: a person, or the people of one organization.
fn is_same_customer(one: &Ticket, other: &Ticket) -> bool {
    let is_same_organization = one.organization.is_some() && one.organization == other.organization;
    one.requester == other.requester || is_same_organization
}

/// The waits of a ticket from a moment on, the present one included.
fn waits_since(ticket: &Ticket, since: Timestamp, now: Timestamp) -> Vec<Wait> {
    let present =
        Wait { from: ticket.status_since, to: now, status: ticket.status, hold: ticket.hold };
    let is_wait = |wait: &Wait| matches!(wait.status, Status::Pending | Status::OnHold);
    let waits = ticket.waits.iter().cloned().chain([present]).filter(is_wait);
    let since = waits.map(|wait| Wait { from: wait.from.max(since), ..wait });
    since.filter(|wait| wait.from < wait.to).collect()
}

/// Splits a message off into a ticket of its own, `new`. What it promises, it promises from the
/// moment when that message was written, and its line from when it had both; the waits since then are
/// credited. What a person has said on the other ticket since then was an answer to it too.
///
/// The other ticket still waits for its answer: whoever wrote the message is told there where it
/// went.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn split(
    (id, ticket): (TicketId, Ticket),
    new: Successor,
    message: &Message,
    subject: &str,
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
) -> Result<(Turn, Turn), Refusal> {
    let mut old = Work::go_on(ticket, by, rulebook, now)?;
    old.need(Role::Agent, "split tickets")?;
    if let Some(merged) = &old.ticket.merged {
        return Err(Refusal::TicketMerged { into: merged.into });
    }
    if old.ticket.status == Status::Closed {
        return Err(Refusal::TicketClosed);
    }
    let Message { number, author, written_at, text, files, came_by: _ } = message;
    let (number, written_at) = (*number, *written_at);
    let mark = old.mark();
    old.happen(TicketFact::SplitOff { message: number, ticket: new.number });
    check_count("relations", old.ticket.related(Relation::RelatesTo).count() + 1, MAX_RELATIONS)?;
    let of = &old.ticket;
    let request = OpenTicket {
        number: Some(new.number),
        contract: new.contract,
        tier: new.tier,
        ..OpenTicket::beside(of, rulebook, subject, text)
    };
    let origin = SplitFrom {
        ticket: id,
        message: number,
        written_at,
        arrived_at: written_at.max(of.arrived_at),
        answered_at: of.answered_at.filter(|at| *at > written_at),
        waits: waits_since(of, written_at, now),
    };
    let from = (*author, Some(Box::new(origin)));
    let mut fresh = Work::open_beside(&of.fields, &request, from, by, rulebook, now)?;
    fresh.bring_files(*author, files);
    // Who looks at the one half finds the other.
    fresh.bind(Relation::RelatesTo, id, old.ticket.status);
    old.bind(Relation::RelatesTo, new.number, fresh.ticket.status);
    old.obey_rules(&mark, SetOff::Command)?;
    Ok((old.finish()?, fresh.finish()?))
}
