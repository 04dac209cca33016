//! Who of those who can have a ticket gets it.

use core::cmp::{Ordering, Reverse};

use firstline_sla::Timestamp;

use super::eligible::objections;
use super::{Choice, Floor, Merit, RoutingStrategy, Seat, Wanted};
use crate::id::{AgentId, TicketId};
use crate::rulebook::Rulebook;

/// Who gets a ticket now, by the rules in force.
///
/// ```
/// use firstline_core::{
///     Agent, AgentId, Capacity, ContactId, Floor, OpenTicket, Rulebook, Seat, TicketAction,
///     Wanted, carry_out, route,
/// };
///
/// let rulebook = Rulebook::from_toml("name = \"Desk\"\n[[lines]]\nid = \"L1\"\n", "desk.toml")?;
/// let full = Agent {
///     capacity: Some(Capacity { total: 1, weights: [].into() }),
///     ..Agent::new("Bob")
/// };
/// let floor = Floor::new([
///     (AgentId(1), Seat { load: 1, ..Seat::new(full) }),
///     (AgentId(2), Seat::new(Agent::new("Eve"))),
/// ]);
/// let open = TicketAction::Open(Box::new(OpenTicket::new(ContactId(1), "Printer", "On fire.")));
/// let by = firstline_core::Actor::Contact(ContactId(1));
/// let now = "2026-03-02T09:00:00Z".parse()?;
/// let ticket = carry_out(None, &open, by, &rulebook, now)?.ticket;
/// let choice = route(&Wanted::of(&ticket, &rulebook), &floor, &rulebook, now);
/// assert_eq!(
///     choice.to_string(),
///     "agent 2 gets it, who carries the least: 0; agent 1 cannot have it: carries 1 of 1, and \
///      this weighs 1"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn route(wanted: &Wanted, floor: &Floor, rulebook: &Rulebook, now: Timestamp) -> Choice {
    let by = rulebook.routing().by;
    let (mut able, mut excluded) = (Vec::new(), Vec::new());
    for (id, seat) in floor.seats() {
        let against = objections(wanted, (id, seat), rulebook, now);
        if against.is_empty() {
            able.push((id, merit(by, wanted, (id, seat))));
        } else {
            excluded.push((id, against));
        }
    }
    able.sort_by(better);
    let mut able = able.into_iter();
    Choice { chosen: able.next(), passed_over: able.collect(), excluded, others: 0 }
}

/// Works off a queue in its order: each ticket goes to whoever is chosen, or waits on. A ticket for
/// which nobody has room does not stand in the way of one for which somebody has; but of two that
/// take the same, the one in front gets it.
///
/// The floor is as it is after that.
pub fn drain(
    queue: &[(TicketId, Wanted)],
    floor: &mut Floor,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Vec<(TicketId, Choice)> {
    let mut choices = Vec::with_capacity(queue.len());
    for (ticket, wanted) in queue {
        let choice = route(wanted, floor, rulebook, now);
        if let Some((agent, _)) = choice.chosen {
            floor.give(agent, wanted.channel, now);
        }
        choices.push((*ticket, choice));
    }
    choices
}

fn merit(by: RoutingStrategy, wanted: &Wanted, (id, seat): (AgentId, &Seat)) -> Merit {
    let Seat { load, last_given, is_asked, idle_since, .. } = *seat;
    let knows_the_matter = wanted.affinity == Some(id);
    Merit { by, knows_the_matter, load, last_given, is_asked, idle_since }
}

/// Who comes first: who knows the matter, then by the measure, then whose last turn is longer
/// ago, then who carries less, since many may come within one moment, and last by number, so that
/// the order never is by chance.
fn better((one_id, one): &(AgentId, Merit), (other_id, other): &(AgentId, Merit)) -> Ordering {
    let knows = Reverse(one.knows_the_matter).cmp(&Reverse(other.knows_the_matter));
    let turn = |merit: &Merit| (merit.is_asked, merit.last_given);
    let measure = match one.by {
        RoutingStrategy::LeastLoaded => one.load.cmp(&other.load),
        RoutingStrategy::RoundRobin => turn(one).cmp(&turn(other)),
        RoutingStrategy::LongestIdle => {
            let idle = |merit: &Merit| (merit.load > 0, merit.idle_since, merit.load);
            idle(one).cmp(&idle(other))
        }
    };
    let turns = turn(one).cmp(&turn(other));
    knows.then(measure).then(turns).then(one.load.cmp(&other.load)).then(one_id.cmp(other_id))
}
