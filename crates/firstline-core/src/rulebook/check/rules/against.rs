//! What a rule or a macro says and undoes itself, or what no ticket that it is for can come to.

use firstline_sla::{Condition, Fields};

use super::super::Findings;
use super::never::tickets_of;
use crate::automation::{Automation, Deed};
use crate::id::{FieldId, Tag};
use crate::lifecycle::Lifecycle;
use crate::rulebook::authored::Document;
use crate::ticket::{Status, TicketAction};

/// Warns of what a list of deeds does in vain.
pub(super) fn check(
    automation: &Automation,
    document: &Document,
    (lifecycles, fields): (&[Lifecycle], &Fields),
    findings: &mut Findings<'_>,
) {
    let at = |name: &str| document.rules.iter().position(|spec| spec.name == name);
    let path = |name: &str| format!("rules[{}].do", at(name).unwrap_or_default());
    let triggers =
        automation.triggers.iter().map(|it| (path(it.name.as_str()), &it.when, &it.deeds));
    let timed = automation.timed.iter().map(|it| (path(it.name.as_str()), &it.when, &it.deeds));
    let macros = automation.macros.iter().enumerate();
    let macros = macros.map(|(index, it)| (format!("macros[{index}].do"), &it.when, &it.deeds));
    for (path, when, deeds) in triggers.chain(timed).chain(macros) {
        undone(deeds, &path, findings);
        after_the_end(deeds, lifecycles, &path, findings);
        elsewhere(deeds, when, (lifecycles, fields), &path, findings);
    }
}

/// What is done first and undone by something below it.
fn undone(deeds: &[Deed], path: &str, findings: &mut Findings<'_>) {
    for (index, deed) in deeds.iter().enumerate() {
        if let Deed::Tag { add, remove } = deed
            && let Some(both) = shared(add, remove)
        {
            let problem = format!("the label `{both}` is put on and taken off at once");
            findings.warn(&format!("{path}[{index}]"), problem, ONE_OF_THEM);
        }
        let before = deeds[..index].iter().enumerate();
        let against = before.filter_map(|(other, before)| Some((other, collision(before, deed)?)));
        for (other, what) in against {
            let problem = format!("this undoes what `{path}[{other}]` does: {what}");
            findings.warn(&format!("{path}[{index}]"), problem, ONE_OF_THEM);
        }
    }
}

const ONE_OF_THEM: &str = "keep one of them";

/// A label of the first ones that is among the others too, in whatever letters.
fn shared<'t>(ones: &'t [Tag], others: &[Tag]) -> Option<&'t Tag> {
    ones.iter().find(|tag| tag.among(others).is_some())
}

/// What two deeds do to the same thing, and not the same.
fn collision(first: &Deed, second: &Deed) -> Option<String> {
    let label = |tag: &Tag| format!("the label `{tag}`");
    match (first, second) {
        (Deed::Tag { add, remove }, Deed::Tag { add: on, remove: off }) => {
            shared(add, off).or_else(|| shared(remove, on)).map(label)
        }
        (Deed::Prioritise(Some(one)), Deed::Prioritise(Some(two))) => {
            (one != two).then(|| "the priority".to_owned())
        }
        (Deed::Act(one), Deed::Act(two)) => match (one, two) {
            (TicketAction::Assign { agent: one }, TicketAction::Assign { agent: two }) => {
                (one != two).then(|| "who has the ticket".to_owned())
            }
            (TicketAction::SetFields { fields: one }, TicketAction::SetFields { fields: two }) => {
                let is_other =
                    |id: &&FieldId| two.get(*id).is_some_and(|it| one.get(*id) != Some(it));
                one.keys().find(is_other).map(|id| format!("the field `{id}`"))
            }
            _ => None,
        },
        _ => None,
    }
}

/// What is to be done to a ticket that a deed above it has closed.
fn after_the_end(
    deeds: &[Deed],
    lifecycles: &[Lifecycle],
    path: &str,
    findings: &mut Findings<'_>,
) {
    let closes = |deed: &Deed| match deed {
        Deed::Act(TicketAction::ChangeStatus { to, .. }) => *to == Status::Closed,
        Deed::Act(TicketAction::Move { to, .. }) => {
            let mut named = lifecycles.iter().filter_map(|life| life.status(to));
            named.all(|status| status.category == Status::Closed)
        }
        _ => false,
    };
    let Some(last) = deeds.iter().position(closes) else {
        return;
    };
    for (index, _) in deeds.iter().enumerate().skip(last + 1).filter(|(_, it)| !it.is_errand()) {
        let problem = format!(
            "it cannot be done: `{path}[{last}]` closes the ticket, and what is closed does not change"
        );
        findings.warn(&format!("{path}[{index}]"), problem, "write it before the closing");
    }
}

/// A status that is one of a lifecycle which is for other tickets.
fn elsewhere(
    deeds: &[Deed],
    when: &Condition,
    (lifecycles, fields): (&[Lifecycle], &Fields),
    path: &str,
    findings: &mut Findings<'_>,
) {
    for (index, deed) in deeds.iter().enumerate() {
        let to = match deed {
            Deed::Act(TicketAction::Move { to, .. }) => to,
            // From here on it may go along another lifecycle.
            Deed::Act(TicketAction::Describe { .. } | TicketAction::HandOver { .. })
            | Deed::HandOverToNext => return,
            _ => continue,
        };
        let of_these = |life: &&Lifecycle| {
            let tickets = Condition::build(&tickets_of(life, lifecycles), fields);
            tickets.is_ok_and(|tickets| when.may_hold_with(&tickets))
        };
        let mut homes = lifecycles.iter().filter(|life| life.status(to).is_some()).peekable();
        if let Some(home) = homes.peek().map(|life| life.id.clone())
            && !homes.any(|life| of_these(&life))
        {
            let problem =
                format!("no such ticket becomes `{to}`: that is one of the lifecycle `{home}`");
            let mend = "write a status of the lifecycle that these tickets go along";
            findings.warn(&format!("{path}[{index}].move"), problem, mend);
        }
    }
}
