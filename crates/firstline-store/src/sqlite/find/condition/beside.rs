//! What is said of few tickets, or seldom asked for: it is looked up in their states.

use std::collections::BTreeSet;

use firstline_core::{
    ApprovalState, Discipline, HoldReason, Need, PartyId, TicketFilter, TicketId,
};
use rusqlite::types::Value;

use super::{Condition, state};
use crate::sqlite::columns::sought;

impl Condition {
    pub(super) fn beside(&mut self, filter: &TicketFilter) {
        self.words("classification.impact", filter.impacts.iter().map(|it| Some(it.as_str())));
        self.words("classification.urgency", filter.urgencies.iter().map(|it| Some(it.as_str())));
        self.words("need", filter.needs.iter().map(|it| it.map(Need::as_str)));
        self.words("discipline", filter.disciplines.iter().map(|it| it.map(Discipline::as_str)));
        self.words("hold", filter.holds.iter().map(|it| it.map(HoldReason::as_str)));
        // Large and small letters make no other language.
        let language = format!("{} COLLATE NOCASE", state("language"));
        let languages = filter.languages.iter().map(Option::as_ref);
        let tags = languages.map(|it| it.map(|language| language.as_str().to_owned().into()));
        self.one_of(&language, tags);
        self.words("tier", filter.tiers.iter().map(Option::as_deref));
        let number = |number: u64| Value::from(sought(number));
        let equipment = filter.equipment.iter().map(|id| id.map(|id| number(id.0)));
        self.one_of(&state("equipment"), equipment);
        let contracts = filter.contracts.iter().map(|id| id.map(|id| number(id.0)));
        self.one_of(&state("contract"), contracts);
        self.one_of(&state("rating"), filter.ratings.iter().map(|it| it.map(Value::from)));
        let answers = filter.approvals.iter().map(|it| it.map(ApprovalState::as_str));
        self.one_of(APPROVAL, answers.map(|it| it.map(|word| word.to_owned().into())));
        self.followed(&filter.followers);
        self.related("child_of", &filter.parents);
        self.related("incident_of", &filter.problems);
        for (is, asked) in [
            (OVERDUE, filter.overdue),
            ("json_extract(ticket.state, '$.reopened') > 0", filter.reopened),
            ("json_type(ticket.state, '$.merged') IS NOT NULL", filter.merged),
            ("json_extract(ticket.state, '$.spam') IS TRUE", filter.spam),
        ] {
            if let Some(asked) = asked {
                self.and(&format!("({is}) = ?"), [asked.into()]);
            }
        }
    }

    /// With one of these words in a place of the state.
    fn words<'f>(&mut self, place: &str, words: impl Iterator<Item = Option<&'f str>>) {
        self.one_of(&state(place), words.map(|word| word.map(|word| word.to_owned().into())));
    }

    /// Followed by one of these.
    fn followed(&mut self, by: &BTreeSet<Option<PartyId>>) {
        self.either(by.iter().map(|who| match who {
            None => (missing("followers"), None),
            Some(PartyId::Contact(id)) => (following("contact"), Some(sought(id.0).into())),
            Some(PartyId::Agent(id)) => (following("agent"), Some(sought(id.0).into())),
            // Nobody else follows tickets.
            Some(_) => ("0".to_owned(), None),
        }));
    }

    /// With one of these on the other side of such a relation.
    fn related(&mut self, how: &str, to: &BTreeSet<Option<TicketId>>) {
        let place = format!("relations.{how}");
        self.either(to.iter().map(|other| match other {
            None => (missing(&place), None),
            Some(id) => {
                let among = format!("json_each(ticket.state, '$.{place}')");
                let is = format!("EXISTS (SELECT 1 FROM {among} WHERE key = ?)");
                (is, Some(id.0.to_string().into()))
            }
        }));
    }

    /// One of these conditions, each with its value; none says nothing.
    fn either(&mut self, conditions: impl Iterator<Item = (String, Option<Value>)>) {
        let mut either = Vec::new();
        for (condition, value) in conditions {
            either.push(condition);
            self.values.extend(value);
        }
        if !either.is_empty() {
            self.sql += &format!(" AND ({})", either.join(" OR "));
        }
    }
}

fn missing(place: &str) -> String {
    format!("NOT EXISTS (SELECT 1 FROM json_each(ticket.state, '$.{place}'))")
}

fn following(kind: &str) -> String {
    let among = "json_each(ticket.state, '$.followers')";
    format!("EXISTS (SELECT 1 FROM {among} WHERE json_extract(value, '$.{kind}') = ?)")
}

/// Whether a promise was broken that is still to be kept, as
/// [`Ticket::is_overdue`](firstline_core::Ticket::is_overdue) says it.
const OVERDUE: &str = "EXISTS (SELECT 1 FROM json_each(ticket.state, '$.clocks') \
    WHERE json_extract(value, '$.breach') IS NOT NULL \
    AND (json_type(value, '$.phase.running') IS NOT NULL \
    OR json_type(value, '$.phase.paused') IS NOT NULL))";

/// What became of that somebody was asked to sign, as
/// [`ApprovalState::of`](firstline_core::ApprovalState::of) says it.
const APPROVAL: &str = "(CASE \
    WHEN EXISTS (SELECT 1 FROM json_each(ticket.state, '$.approvals') \
    WHERE json_extract(value, '$.signature') IS NULL \
    AND json_extract(value, '$.withdrawn') IS NOT TRUE) THEN 'asked' \
    WHEN EXISTS (SELECT 1 FROM json_each(ticket.state, '$.approvals') \
    WHERE json_extract(value, '$.signature.approved') IS FALSE \
    AND json_extract(value, '$.asked_anew') IS NULL) THEN 'refused' \
    WHEN EXISTS (SELECT 1 FROM json_each(ticket.state, '$.approvals') \
    WHERE json_extract(value, '$.signature') IS NOT NULL) THEN 'approved' END)";
