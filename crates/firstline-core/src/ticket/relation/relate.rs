//! Two tickets come to stand to each other in some way, or do so no more.

use std::collections::BTreeSet;

use firstline_sla::Timestamp;

use super::{MAX_RELATIONS, Relation, RelationRefused, graph};
use crate::id::{RuleId, TicketId};
use crate::limits::{check_count, check_text};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;
use crate::ticket::decide::{Turn, Work};
use crate::ticket::fact::TicketFact;
use crate::ticket::kind::Kind;
use crate::ticket::lifecycle::Status;

/// Relates a ticket to another one. A ticket that is marked as a duplicate is closed by that. `find`
/// gives the other tickets of the desk, to see that no circle comes of it.
///
/// The turns are those of `ticket` and of `other`, whichever way the relation leads.
///
/// # Errors
///
/// The refusal says which rule is against it; or what `find` says. Nothing happened then.
pub fn relate<E: From<Refusal>>(
    ticket: (TicketId, Ticket),
    relation: Relation,
    other: (TicketId, Ticket),
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
    find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(Turn, Turn), E> {
    let leads_down = !relation.leads_up() && relation != Relation::RelatesTo;
    let pair = if leads_down { (other, ticket) } else { (ticket, other) };
    let relation = if leads_down { relation.inverse() } else { relation };
    let ((id, lower), (up, upper)) = pair;
    let mut lower = Work::go_on(lower, by, rulebook, now)?;
    let mut upper = Work::go_on(upper, by, rulebook, now)?;
    lower.need(Role::Agent, "relate tickets")?;
    if let Some(why) = objection((id, &lower.ticket), relation, (up, &upper.ticket)) {
        let refused = RelationRefused::CannotRelate { ticket: id, relation, other: up, why };
        return Err(Refusal::from(refused).into());
    }
    if !lower.ticket.related(relation).any(|known| known == up) {
        if relation != Relation::RelatesTo {
            graph::check(id, relation, up, find)?;
        }
        for (work, relation) in [(&lower, relation), (&upper, relation.inverse())] {
            check_count("relations", work.ticket.related(relation).count() + 1, MAX_RELATIONS)?;
        }
        let (below, above) = (lower.mark(), upper.mark());
        if relation == Relation::DuplicateOf {
            lower.check_children()?;
        }
        lower.bind(relation, up, upper.ticket.status);
        if relation == Relation::DuplicateOf {
            lower.become_status(Status::Closed, None)?;
        }
        upper.bind(relation.inverse(), id, lower.ticket.status);
        lower.follow_up(&below)?;
        upper.follow_up(&above)?;
    }
    let turns = (lower.finish()?, upper.finish()?);
    Ok(if leads_down { (turns.1, turns.0) } else { turns })
}

const IS_A_PART: &str = "it is a part already";
const IS_A_DUPLICATE: &str = "that one is a duplicate itself";
const IS_NO_PROBLEM: &str = "that one is no problem";
const IS_NO_INCIDENT: &str = "a problem is no incident";

/// Checks that a ticket may pass on to another one, into which it is merged, how it stands to others:
/// whatever could not be said of that one keeps them apart. `find` gives the tickets of the desk.
pub(in crate::ticket) fn check_passes_on<E: From<Refusal>>(
    (id, ticket): (TicketId, &Ticket),
    (into, other): (TicketId, &Ticket),
    find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(), E> {
    use Relation::{ChildOf, DuplicateOf, IncidentOf, OriginalOf, ProblemOf};
    if ticket.relations.is_empty() {
        return Ok(());
    }
    let passed = |relation| ticket.related(relation).find(|known| *known != into);
    let has = |relation| other.related(relation).find(|known| *known != id);
    let wholes = |of: &Ticket, but| -> BTreeSet<_> {
        of.wholes().into_iter().filter(|known| *known != Some(but)).collect()
    };
    let (passed_wholes, wholes) = (wholes(ticket, into), wholes(other, id));
    let is_problem = other.kind == Kind::Problem;
    let refused = if !passed_wholes.is_empty() && !wholes.is_empty() && passed_wholes != wholes {
        let whole = passed_wholes.into_iter().flatten().next().unwrap_or(id);
        Some((into, ChildOf, whole, IS_A_PART))
    } else if let (Some(incident), false) = (passed(ProblemOf), is_problem) {
        Some((incident, IncidentOf, into, IS_NO_PROBLEM))
    } else if let (Some(problem), true) = (passed(IncidentOf), is_problem) {
        Some((into, IncidentOf, problem, IS_NO_INCIDENT))
    } else if let (Some(copy), Some(_)) = (passed(OriginalOf), has(DuplicateOf)) {
        Some((copy, DuplicateOf, into, IS_A_DUPLICATE))
    } else if let (Some(original), Some(copy)) = (passed(DuplicateOf), has(OriginalOf)) {
        Some((copy, DuplicateOf, original, IS_A_DUPLICATE))
    } else {
        None
    };
    if let Some((ticket, relation, other, why)) = refused {
        let refused = RelationRefused::CannotRelate { ticket, relation, other, why };
        return Err(Refusal::from(refused).into());
    }
    for relation in Relation::ALL {
        let all: BTreeSet<_> = ticket.related(relation).chain(other.related(relation)).collect();
        check_count("relations", all.len(), MAX_RELATIONS)?;
    }
    graph::check_as_one((id, ticket), (into, other), find)
}

/// What stands against it, whatever the other tickets are.
fn objection(
    (id, lower): (TicketId, &Ticket),
    relation: Relation,
    (up, upper): (TicketId, &Ticket),
) -> Option<&'static str> {
    let is_closed = |ticket: &Ticket| ticket.status == Status::Closed;
    let has = |ticket: &Ticket, relation| {
        ticket.related(relation).next().is_some_and(|known| known != up)
    };
    if id == up {
        return Some("it is the same ticket");
    }
    if lower.merged.is_some() || upper.merged.is_some() {
        return Some("one of them was merged into another one");
    }
    match relation {
        Relation::ChildOf if lower.wholes().iter().any(|known| *known != Some(up)) => {
            Some(IS_A_PART)
        }
        Relation::DuplicateOf if has(upper, Relation::DuplicateOf) => Some(IS_A_DUPLICATE),
        Relation::DuplicateOf if is_closed(lower) => Some("it is closed"),
        Relation::IncidentOf if upper.kind != Kind::Problem => Some(IS_NO_PROBLEM),
        Relation::IncidentOf if lower.kind == Kind::Problem => Some(IS_NO_INCIDENT),
        Relation::ChildOf | Relation::IncidentOf if is_closed(lower) || is_closed(upper) => {
            Some("one of them is closed")
        }
        _ => None,
    }
}

/// Two tickets do not stand to each other like this any more. One that is no duplicate after all is as
/// if it had never been one, and what became due meanwhile is recorded now, dated when it was true.
/// That goes by the rules of its time: `earlier` are those that came out of force since, each with the
/// moment at which it did, in order.
///
/// It may be a part of a command: the rules that `fired` in it already, on the one and on the other, do
/// not fire again.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn unrelate<'r>(
    (id, ticket): (TicketId, Ticket),
    relation: Relation,
    (other_id, other): (TicketId, Ticket),
    by: Actor,
    (rulebook, earlier): (&'r Rulebook, &'r [(Timestamp, Rulebook)]),
    fired: [&BTreeSet<RuleId>; 2],
    now: Timestamp,
) -> Result<(Turn, Turn), Refusal> {
    let mut one = Work::go_on(ticket, by, rulebook, now)?;
    let mut two = Work::go_on(other, by, rulebook, now)?;
    one.fired.clone_from(fired[0]);
    two.fired.clone_from(fired[1]);
    one.need(Role::Agent, "unrelate tickets")?;
    if !one.ticket.related(relation).any(|known| known == other_id) {
        return Err(RelationRefused::NotRelated { ticket: id, relation, other: other_id }.into());
    }
    let (left, right) = (one.mark(), two.mark());
    one.happen(TicketFact::Unrelated { relation, ticket: other_id });
    two.happen(TicketFact::Unrelated { relation: relation.inverse(), ticket: id });
    for (work, mark, relation, other) in
        [(&mut one, left, relation, other_id), (&mut two, right, relation.inverse(), id)]
    {
        match relation {
            Relation::DuplicateOf => work.catch_up(&mark, earlier)?,
            Relation::IncidentOf if work.ticket.related(relation).next().is_none() => {
                work.wait_no_more(other)?;
                work.follow_up(&mark)?;
            }
            _ => work.follow_up(&mark)?,
        }
    }
    Ok((one.finish()?, two.finish()?))
}

impl Work<'_> {
    pub(in crate::ticket) fn bind(&mut self, relation: Relation, ticket: TicketId, status: Status) {
        self.happen(TicketFact::Related { relation, ticket, status });
    }

    /// The cause of a problem is known, and perhaps a way around it.
    pub(in crate::ticket) fn know_error(
        &mut self,
        cause: &str,
        workaround: Option<&str>,
    ) -> Result<(), Refusal> {
        self.need(Role::Agent, "say what causes a problem")?;
        if self.ticket.kind != Kind::Problem {
            return Err(RelationRefused::NotAProblem { kind: self.ticket.kind }.into());
        }
        check_text("cause", cause)?;
        workaround.map_or(Ok(()), |text| check_text("workaround", text))?;
        let (by, cause, workaround) = (self.by, cause.to_owned(), workaround.map(str::to_owned));
        self.happen(TicketFact::ErrorKnown { by, cause, workaround });
        Ok(())
    }
}
