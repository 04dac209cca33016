//! That no ticket comes to be above itself, and that what happens to one is told to a bounded number
//! of others.

use std::collections::BTreeSet;

use super::{Relation, RelationRefused, Ticket};
use crate::id::TicketId;
use crate::refusal::Refusal;

/// The most tickets that belong together as parents and children, problems and incidents: what
/// happens to one may be told to all of them in one transaction.
pub const MAX_FAMILY: usize = 500;

/// The most tickets that are looked at to see that no circle comes of a link.
const MAX_CLIMB: usize = 10_000;

/// Checks that `id` may be related to `other` by a relation that leads up. `find` gives the tickets
/// of the desk.
pub(super) fn check<E: From<Refusal>>(
    id: TicketId,
    relation: Relation,
    other: TicketId,
    mut find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(), E> {
    // Children and incidents are one order: a whole is not a part of its own incident.
    let above = |ticket: &Ticket| -> Vec<TicketId> {
        let up = Relation::ALL.into_iter().filter(|up| up.leads_up());
        let same = up.filter(|up| *up == relation || (up.is_family() && relation.is_family()));
        same.flat_map(|up| ticket.related(up).collect::<Vec<_>>()).collect()
    };
    let climbed = reach([other], MAX_CLIMB, |of| Ok::<_, E>(above(&find(of)?)))?;
    let Some(climbed) = climbed else {
        return Err(Refusal::from(RelationRefused::FamilyTooLarge { most: MAX_CLIMB }).into());
    };
    if climbed.contains(&id) {
        let refused = RelationRefused::AboveItself { ticket: id, relation, other };
        return Err(Refusal::from(refused).into());
    }
    if relation.is_family() { check_family([id, other], find) } else { Ok(()) }
}

/// Checks that two tickets may become one: that there is no way up from one to the other by way of a
/// third, which would be above itself then. `find` gives the tickets of the desk.
pub(super) fn check_as_one<E: From<Refusal>>(
    (id, ticket): (TicketId, &Ticket),
    (into, other): (TicketId, &Ticket),
    mut find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(), E> {
    let orders: Vec<Vec<Relation>> = {
        let family = Relation::ALL.into_iter().filter(|up| up.leads_up() && up.is_family());
        let others = Relation::ALL.into_iter().filter(|up| up.leads_up() && !up.is_family());
        others.map(|up| vec![up]).chain([family.collect()]).collect()
    };
    let above = |ticket: &Ticket, order: &[Relation]| -> Vec<TicketId> {
        order.iter().flat_map(|up| ticket.related(*up).collect::<Vec<_>>()).collect()
    };
    for order in &orders {
        for (below, to) in [(ticket, into), (other, id)] {
            let start = above(below, order).into_iter().filter(|up| *up != to);
            let climbed = reach(start, MAX_CLIMB, |of| Ok::<_, E>(above(&find(of)?, order)))?;
            let most = MAX_CLIMB;
            let climbed = climbed.ok_or(RelationRefused::FamilyTooLarge { most });
            if climbed.map_err(Refusal::from)?.contains(&to) {
                let why =
                    "one is above the other by way of a third one, which would be above itself";
                return Err(Refusal::CannotMerge { ticket: id, into, why }.into());
            }
        }
    }
    check_family([id, into], find)
}

/// Checks that those who belong to these are not too many.
fn check_family<E: From<Refusal>>(
    of: [TicketId; 2],
    mut find: impl FnMut(TicketId) -> Result<Ticket, E>,
) -> Result<(), E> {
    let near = |ticket: &Ticket| -> Vec<TicketId> {
        let all = Relation::ALL.into_iter().filter(|near| near.is_family());
        all.flat_map(|near| ticket.related(near).collect::<Vec<_>>()).collect()
    };
    match reach(of, MAX_FAMILY, |of| Ok::<_, E>(near(&find(of)?)))? {
        Some(_) => Ok(()),
        None => Err(Refusal::from(RelationRefused::FamilyTooLarge { most: MAX_FAMILY }).into()),
    }
}

/// All that can be reached, the start included; `None` if that is more than so many.
fn reach<E>(
    start: impl IntoIterator<Item = TicketId>,
    most: usize,
    mut next: impl FnMut(TicketId) -> Result<Vec<TicketId>, E>,
) -> Result<Option<BTreeSet<TicketId>>, E> {
    let mut found: BTreeSet<TicketId> = start.into_iter().collect();
    let mut todo: Vec<TicketId> = found.iter().copied().collect();
    while let Some(of) = todo.pop() {
        for other in next(of)? {
            if found.insert(other) {
                if found.len() > most {
                    return Ok(None);
                }
                todo.push(other);
            }
        }
    }
    Ok(Some(found))
}
