//! A filter as text, for whoever wants to see or change what it asks.

use core::fmt::{self, Display, Formatter};
use std::collections::BTreeSet;

use super::{Asked, Period, TicketFilter};
use crate::id::{Language, TeamId};
use crate::ticket::Discipline;

impl Display for TicketFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&terms(self).join(" "))
    }
}

impl Display for Asked {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words.iter().map(ToString::to_string);
        f.write_str(&terms(&self.filter).into_iter().chain(words).collect::<Vec<_>>().join(" "))
    }
}

fn terms(filter: &TicketFilter) -> Vec<String> {
    let mut terms = Vec::new();
    set(&mut terms, "number", &filter.numbers, |number| number.0.to_string());
    set(&mut terms, "status", &filter.statuses, |status| status.as_str().to_owned());
    set(&mut terms, "state", &filter.states, |state| quoted(state.as_str()));
    set(&mut terms, "priority", &filter.priorities, |level| level.as_str().to_owned());
    set(&mut terms, "kind", &filter.kinds, |kind| kind.as_str().to_owned());
    set(&mut terms, "channel", &filter.channels, |channel| channel.as_str().to_owned());
    set(&mut terms, "impact", &filter.impacts, |level| level.as_str().to_owned());
    set(&mut terms, "urgency", &filter.urgencies, |level| level.as_str().to_owned());
    set(&mut terms, "need", &filter.needs, |it| it.map_or_else(none, |it| it.as_str().into()));
    let trade = |it: &Option<Discipline>| it.map_or_else(none, |it| it.as_str().into());
    set(&mut terms, "discipline", &filter.disciplines, trade);
    set(&mut terms, "hold", &filter.holds, |it| it.map_or_else(none, |it| it.as_str().into()));
    set(&mut terms, "language", &filter.languages, |it| named(it.as_ref().map(Language::as_str)));
    set(&mut terms, "tier", &filter.tiers, |it| named(it.as_deref()));
    set(&mut terms, "line", &filter.lines, |line| quoted(line.as_str()));
    set(&mut terms, "team", &filter.teams, |team| named(team.as_ref().map(TeamId::as_str)));
    set(&mut terms, "assignee", &filter.assignees, |agent| {
        agent.map_or_else(none, |agent| agent.0.to_string())
    });
    set(&mut terms, "offered", &filter.offered, |agent| {
        agent.map_or_else(none, |agent| agent.0.to_string())
    });
    set(&mut terms, "requester", &filter.requesters, |contact| contact.0.to_string());
    set(&mut terms, "organization", &filter.organizations, |organization| {
        organization.map_or_else(none, |organization| organization.0.to_string())
    });
    set(&mut terms, "equipment", &filter.equipment, |id| {
        id.map_or_else(none, |id| id.0.to_string())
    });
    set(&mut terms, "contract", &filter.contracts, |id| {
        id.map_or_else(none, |id| id.0.to_string())
    });
    terms.extend(filter.tags.iter().map(|tag| format!("tag:{}", quoted(tag.as_str()))));
    for (id, query) in &filter.fields {
        query.write(id, &mut terms);
    }
    for (field, within) in [
        ("due", filter.due),
        ("snoozed", filter.snoozed),
        ("opened", filter.opened),
        ("updated", filter.updated),
        ("resolved", filter.resolved),
    ] {
        time(&mut terms, field, within);
    }
    terms.extend(filter.none.iter().map(|none| format!("-({none})")));
    terms
}

fn set<T>(terms: &mut Vec<String>, field: &str, set: &BTreeSet<T>, show: impl Fn(&T) -> String) {
    if !set.is_empty() {
        let values = set.iter().map(show).collect::<Vec<_>>().join(",");
        terms.push(format!("{field}:{values}"));
    }
}

fn time(terms: &mut Vec<String>, field: &str, within: Period) {
    if within.never {
        terms.push(format!("{field}:none"));
        return;
    }
    terms.extend(within.from.map(|from| format!("{field}>={from}")));
    terms.extend(within.before.map(|before| format!("{field}<{before}")));
}

/// What is called `none` is not the same as nothing.
fn named(name: Option<&str>) -> String {
    match name {
        None => none(),
        Some("none") => "\"none\"".to_owned(),
        Some(name) => quoted(name),
    }
}

fn none() -> String {
    "none".to_owned()
}

/// As it is, if it would be read as such.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !"\",()\\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("\"{}\"", escaped(word))
    }
}

pub(super) fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('"', "\\\"")
}
