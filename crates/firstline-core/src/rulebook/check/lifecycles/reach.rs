//! Whether every status can be reached, and every ticket comes to its end from there.

use std::collections::BTreeSet;

use super::super::{Findings, write_one_of};
use crate::id::{RoleId, StatusId};
use crate::lifecycle::{Lifecycle, NamedStatus, Way, Who};
use crate::people::Role;
use crate::rulebook::Duty;
use crate::ticket::Status;

/// Checks the lifecycles of a rulebook, whose names are all right, and the ways between them.
pub(super) fn check(all: &[Lifecycle], roles: &[Duty], findings: &mut Findings<'_>) {
    for life in all.iter().filter(|life| !life.is_built_in) {
        check_arrivals(life, all, findings);
        check_reach(life, all, roles, findings);
        check_answers(life, findings);
        check_closing(life, findings);
    }
}

/// Every status is reached, and leads to where a ticket is done.
fn check_reach(life: &Lifecycle, all: &[Lifecycle], roles: &[Duty], findings: &mut Findings<'_>) {
    let reached = reached(life, all);
    for (index, status) in life.statuses.iter().enumerate() {
        let path = format!("lifecycles.{}.statuses[{index}]", life.id);
        if !reached.contains(&status.id) {
            let problem = format!("no way leads to `{}`", status.id);
            findings.add(path, problem, "write a transition to it, or leave it out");
            continue;
        }
        if status.category == Status::Closed {
            continue;
        }
        if life.ways_from(&status.id).next().is_none() {
            let problem = format!("no way leads on from `{}`", status.id);
            findings.add(path, problem, "write a transition from it");
        } else if !leads_to_done(life, &status.id, |_| true) {
            let problem = format!("from `{}` a ticket can never be resolved or closed", status.id);
            findings.add(path, problem, "write a way that leads to such a status");
        } else if !leads_to_done(life, &status.id, |way| is_somebodys(way, roles)) {
            let problem = format!(
                "from `{}` nobody can bring a ticket to where it is resolved or closed: the ways there \
                 are for roles that nobody holds",
                status.id
            );
            let mend = "write `agents` to those roles, or a way by `agent`";
            findings.add(path, problem, mend);
        }
    }
    for way in &life.ways {
        if let Who::Holder(role) = &way.by
            && !is_somebodys(way, roles)
        {
            let problem = format!(
                "only the role `{role}` may go from `{}` to `{}`, and nobody holds it",
                way.from, way.to
            );
            let path = format!("lifecycles.{}.transitions", life.id);
            findings.warn(&path, problem, "write `agents` to the role");
        }
    }
}

/// Whether there is somebody who may take a way.
fn is_somebodys(way: &Way, roles: &[Duty]) -> bool {
    let Who::Holder(role) = &way.by else {
        return true;
    };
    let duty = |id: &RoleId| roles.iter().find(|role| role.id == *id);
    let up = core::iter::successors(duty(role), |role| role.reports_to.as_ref().and_then(duty));
    // Nobody is above themselves: that is refused elsewhere, and must not go on for ever here.
    up.take(roles.len()).any(|role| !role.agents.is_empty())
}

/// The statuses that a ticket can come into: when it is opened, from another lifecycle, along the
/// ways.
fn reached(life: &Lifecycle, all: &[Lifecycle]) -> BTreeSet<StatusId> {
    let mut found: BTreeSet<StatusId> =
        life.usual(Status::New).map(|it| it.id.clone()).into_iter().collect();
    for other in all.iter().filter(|other| other.id != life.id) {
        for status in other.statuses.iter().filter(|it| it.category != Status::Closed) {
            found.insert(life.arrival(&other.id, status).id.clone());
        }
    }
    let mut todo: Vec<StatusId> = found.iter().cloned().collect();
    while let Some(from) = todo.pop() {
        for (_, to) in life.ways_from(&from) {
            if found.insert(to.id.clone()) {
                todo.push(to.id.clone());
            }
        }
    }
    found
}

/// Whether ways that can be taken lead from a status to where a ticket is done.
fn leads_to_done(life: &Lifecycle, from: &StatusId, can: impl Fn(&Way) -> bool) -> bool {
    let (mut seen, mut todo) = (BTreeSet::from([from.clone()]), vec![from.clone()]);
    while let Some(from) = todo.pop() {
        if life.status(&from).is_some_and(|status| !status.category.is_open()) {
            return true;
        }
        let ways = life.ways_from(&from).filter(|(way, _)| can(way));
        let next = ways.map(|(_, to)| to.id.clone());
        todo.extend(next.filter(|to| seen.insert(to.clone())));
    }
    false
}

/// What waits for the customer goes on when the customer answers: no word of theirs is lost on a ticket
/// that stays where it is. What they say to one that is over opens another one.
fn check_answers(life: &Lifecycle, findings: &mut Findings<'_>) {
    for (index, status) in life.statuses.iter().enumerate() {
        if status.category != Status::Pending {
            continue;
        }
        let path = format!("lifecycles.{}.statuses[{index}]", life.id);
        let is_for_customers = |(way, to): &(&Way, &NamedStatus)| {
            way.by == Who::AtLeast(Role::Contact) && to.category == Status::Open
        };
        let mut ways = life.ways_from(&status.id).filter(is_for_customers);
        let problem =
            format!("`{}` waits for the customer, whose answer changes nothing", status.id);
        let mend = "write a transition by `contact` to a status of the category `open`";
        if ways.clone().next().is_none() {
            findings.add(path, problem, mend);
        } else if !ways.any(|(way, _)| way.requires.is_empty()) {
            let problem = format!("{problem} where what the way on requires is not filled");
            findings.add(path, problem, format!("{mend} without `requires`"));
        }
    }
}

/// What closes by itself can be closed.
fn check_closing(life: &Lifecycle, findings: &mut Findings<'_>) {
    if life.closes.is_none() {
        return;
    }
    for status in life.statuses.iter().filter(|status| status.category == Status::Resolved) {
        if !life.ways_from(&status.id).any(|(_, to)| to.category == Status::Closed) {
            let problem = format!("no way leads from `{}` to a closed status", status.id);
            let path = format!("lifecycles.{}.auto_close", life.id);
            findings.add(path, problem, "write that transition");
        }
    }
}

/// Every status of every other lifecycle has its like here, or one is named.
fn check_arrivals(life: &Lifecycle, all: &[Lifecycle], findings: &mut Findings<'_>) {
    for (from, map) in &life.arrivals {
        let path = format!("lifecycles.{}.from.{from}", life.id);
        let Some(other) = all.iter().find(|other| other.id == *from && other.id != life.id) else {
            let known = all.iter().filter(|other| other.id != life.id);
            let known = known.map(|other| other.id.as_str());
            let mend = write_one_of(known, "leave it out: there is no other one");
            findings.add(path, format!("there is no other lifecycle `{from}`"), mend);
            continue;
        };
        for (was, is) in map {
            let path = format!("{path}.{was}");
            match (other.status(was), life.status(is)) {
                (None, _) => {
                    let problem = format!("`{from}` has no status `{was}`");
                    findings.add(path, problem, format!("write one of {}", names(other)));
                }
                (_, None) => {
                    let problem = format!("there is no status `{is}`");
                    findings.add(path, problem, format!("write one of {}", names(life)));
                }
                (Some(was), Some(is)) if standing(was.category) != standing(is.category) => {
                    let problem = format!(
                        "`{}` is {}, and `{}` is {}: another lifecycle neither solves a matter nor reopens it",
                        was.id, was.category, is.id, is.category
                    );
                    findings.add(path, problem, "write a status that stands alike");
                }
                _ => {}
            }
        }
    }
    for other in all.iter().filter(|other| other.id != life.id) {
        let said = life.arrivals.get(&other.id);
        for status in &other.statuses {
            let is_said = said.is_some_and(|map| map.contains_key(&status.id));
            if !is_said && life.usual(status.category).is_none() {
                let path = format!("lifecycles.{}.from", life.id);
                let problem = format!(
                    "nothing says what a ticket becomes that comes from `{}` and is `{}` there",
                    other.id, status.id
                );
                let mend =
                    format!("write from.{}.{} = one of {}", other.id, status.id, names(life));
                findings.add(path, problem, mend);
            }
        }
    }
}

/// Whether work is to be done, is done, or is over.
fn standing(category: Status) -> u8 {
    match category {
        Status::Resolved => 1,
        Status::Closed => 2,
        _ => 0,
    }
}

fn names(life: &Lifecycle) -> String {
    life.statuses.iter().map(|status| status.id.as_str()).collect::<Vec<_>>().join(", ")
}
