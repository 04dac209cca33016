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
    if relation.is_family() {
        let near = |ticket: &Ticket| -> Vec<TicketId> {
            let all = Relation::ALL.into_iter().filter(|near| near.is_family());
            all.flat_map(|near| ticket.related(near).collect::<Vec<_>>()).collect()
        };
        let family = reach([id, other], MAX_FAMILY, |of| Ok::<_, E>(near(&find(of)?)))?;
        if family.is_none() {
            return Err(Refusal::from(RelationRefused::FamilyTooLarge { most: MAX_FAMILY }).into());
        }
    }
    Ok(())
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
