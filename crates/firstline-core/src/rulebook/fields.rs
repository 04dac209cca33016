//! What conditions can ask of a ticket.

use std::collections::BTreeMap;

use firstline_sla::{
    Condition, ConditionError, ConditionSpec, Facts, Field, FieldType, Fields, Literal, OneOrMore,
    Triggers, TriggersSpec, Value,
};

use super::{Line, Rulebook};
use crate::custom::CustomField;
use crate::filter::OWN;
use crate::id::{FieldId, Language};
use crate::priority::{Impact, Priority, Urgency};
use crate::ticket::{Channel, Discipline, HoldReason, Kind, Need, Status, Ticket};

/// The fields of a desk's own.
pub(super) type Own = BTreeMap<FieldId, CustomField>;

/// What policies go by: what a ticket is, rather than how it stands with it.
pub(super) fn of_policies(lines: &[Line], own: &Own) -> Fields {
    let levels = |words: Vec<&'static str>| Field::always(FieldType::levels(words));
    let teams: Vec<&str> =
        lines.iter().flat_map(|line| &line.teams).map(|team| team.as_str()).collect();
    let mut fields: Fields = [
        ("kind", Field::always(FieldType::words(Kind::ALL.map(Kind::as_str)))),
        ("need", Field::new(FieldType::words(Need::ALL.map(Need::as_str)))),
        ("discipline", Field::new(FieldType::words(Discipline::ALL.map(Discipline::as_str)))),
        ("tier", Field::new(FieldType::Text)),
        ("equipment", Field::new(FieldType::Integer)),
        ("contract", Field::new(FieldType::Integer)),
        ("channel", Field::always(FieldType::words(Channel::ALL.map(Channel::as_str)))),
        ("organization", Field::new(FieldType::Integer)),
        ("requester", Field::always(FieldType::Integer)),
        ("language", Field::new(FieldType::Text)),
        ("tag", Field::new(FieldType::List)),
        ("line", Field::always(FieldType::words(lines.iter().map(|line| line.id.as_str())))),
        ("team", Field::new(FieldType::words(teams))),
        ("priority", levels(Priority::ALL.iter().map(|level| level.as_str()).collect())),
        ("impact", levels(Impact::ALL.iter().map(|level| level.as_str()).collect())),
        ("urgency", levels(Urgency::ALL.iter().map(|level| level.as_str()).collect())),
    ]
    .into();
    for (id, field) in own {
        if fields.get(id.as_str()).is_none() {
            fields.insert(id.as_str(), field.as_condition_field());
        }
        fields.insert_alias(&format!("{OWN}{id}"), field.as_condition_field());
    }
    fields
}

/// What clocks by conditions can be started and stopped by: all that policies go by, and how it
/// stands with the ticket.
pub(super) fn of_triggers(lines: &[Line], own: &Own) -> Fields {
    let mut fields = of_policies(lines, own);
    let holds = FieldType::words(HoldReason::ALL.map(HoldReason::as_str));
    for (name, field) in [
        ("status", Field::always(FieldType::words(Status::ALL.map(Status::as_str)))),
        ("hold", Field::new(holds)),
        ("assigned", Field::always(FieldType::Flag)),
        ("answered", Field::always(FieldType::Flag)),
        ("reopened", Field::always(FieldType::Integer)),
        ("handed_over", Field::always(FieldType::Integer)),
        ("messages", Field::always(FieldType::Integer)),
        ("checked", Field::always(FieldType::Flag)),
        ("approved", Field::always(FieldType::Flag)),
        ("rating", Field::new(FieldType::Integer)),
        ("open_children", Field::always(FieldType::Integer)),
        ("known_error", Field::always(FieldType::Flag)),
    ] {
        fields.insert(name, field);
    }
    fields
}

/// What the conditions of rules can ask: all that clocks go by, words and moments. `text` is what
/// was written just now, which a state alone does not have.
pub(super) fn of_rules(lines: &[Line], own: &Own, has_text: bool) -> Fields {
    let mut fields = of_triggers(lines, own);
    for (name, field) in [
        ("state", Field::always(FieldType::Text)),
        ("solved_by", Field::new(FieldType::Integer)),
        ("subject", Field::always(FieldType::Text)),
        ("assignee", Field::new(FieldType::Integer)),
        ("overdue", Field::always(FieldType::Flag)),
        ("due", Field::new(FieldType::Moment)),
        ("opened_at", Field::always(FieldType::Moment)),
        ("resolved_at", Field::new(FieldType::Moment)),
        ("unanswered_since", Field::new(FieldType::Moment)),
    ] {
        fields.insert(name, field);
    }
    if has_text {
        fields.insert("text", Field::new(FieldType::Text));
    }
    fields
}

/// Makes sense of a condition on tickets. A language is meant as tickets have it, in whatever letters it
/// is written.
pub(super) fn condition(
    spec: &ConditionSpec,
    fields: &Fields,
) -> Result<Condition, ConditionError> {
    let mut spec = spec.clone();
    name_languages(&mut spec);
    Condition::build(&spec, fields)
}

/// Makes sense of what starts a clock and ends it, in the same way.
pub(super) fn triggers(spec: &TriggersSpec, fields: &Fields) -> Result<Triggers, ConditionError> {
    let mut spec = spec.clone();
    let TriggersSpec { start, pause, resume, stop, cancel, reset } = &mut spec;
    let others = pause.values_mut().chain(resume).chain(cancel).chain(reset);
    [start, stop].into_iter().chain(others).for_each(name_languages);
    Triggers::build(&spec, fields)
}

fn name_languages(spec: &mut ConditionSpec) {
    let mut clause = spec.fields.get_mut("language");
    while let Some(said) = clause {
        let named = match &mut said.is {
            None => [].as_mut_slice(),
            Some(OneOrMore::One(named)) => core::slice::from_mut(named),
            Some(OneOrMore::More(named)) => named,
        };
        for language in named {
            if let Literal::Text(tag) = language {
                *tag = Language::from(tag.as_str()).canonical().to_string();
            }
        }
        clause = said.was.as_deref_mut();
    }
    let parts = [&mut spec.all, &mut spec.any, &mut spec.none];
    parts.into_iter().flatten().flatten().for_each(name_languages);
}

impl Facts for Ticket {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        let classification = &self.classification;
        Some(match field {
            "kind" => Value::Text(self.kind.as_str()),
            "need" => Value::Text(self.need?.as_str()),
            "discipline" => Value::Text(self.discipline?.as_str()),
            "tier" => Value::Text(self.tier.as_deref()?),
            "equipment" => number(self.equipment?.0),
            "contract" => number(self.contract?.0),
            "channel" => Value::Text(self.channel.as_str()),
            "organization" => number(self.organization?.0),
            "requester" => number(self.requester.0),
            "language" => Value::Text(self.language.as_ref()?.as_str()),
            "tag" => Value::List(self),
            "line" => Value::Text(self.line.as_str()),
            "team" => Value::Text(self.team.as_ref()?.as_str()),
            "priority" => {
                let level = classification.priority;
                Value::Level { rank: level as usize, word: level.as_str() }
            }
            "impact" => {
                let level = classification.impact;
                Value::Level { rank: level as usize, word: level.as_str() }
            }
            "urgency" => {
                let level = classification.urgency;
                Value::Level { rank: level as usize, word: level.as_str() }
            }
            "status" => Value::Text(self.status.as_str()),
            "hold" => Value::Text(self.hold?.as_str()),
            "assigned" => Value::Flag(self.assignee.is_some()),
            "answered" => Value::Flag(self.unanswered_since.is_none()),
            "reopened" => Value::Integer(i64::from(self.reopened)),
            "handed_over" => Value::Integer(i64::from(self.handed_over)),
            "messages" => Value::Integer(i64::from(self.messages)),
            "checked" => Value::Flag(self.is_checked()),
            "approved" => Value::Flag(self.is_approved()),
            "rating" => Value::Integer(i64::from(self.rating?)),
            "state" => Value::Text(match &self.place {
                Some(place) => place.status.as_str(),
                None => self.status.as_str(),
            }),
            "solved_by" => number(self.solved_by?.0),
            "open_children" => number(self.open_children().len() as u64),
            "known_error" => Value::Flag(self.known_error),
            "subject" => Value::Text(&self.subject),
            "assignee" => number(self.assignee?.0),
            "overdue" => Value::Flag(self.is_overdue()),
            "due" => Value::Moment(self.due()?),
            "opened_at" => Value::Moment(self.opened_at),
            "resolved_at" => Value::Moment(self.resolved_at?),
            "unanswered_since" => Value::Moment(self.unanswered_since?),
            field => self.fields.get(field.strip_prefix(OWN).unwrap_or(field))?.as_value(),
        })
    }
}

impl Rulebook {
    /// Whether every ticket has a field of this name, whatever the desk has of its own.
    pub(crate) fn is_of_every_ticket(&self, name: &str) -> bool {
        of_rules(self.lines(), &Own::new(), false).get(name).is_some()
    }

    /// What the `when` of a policy can ask of a ticket.
    #[must_use]
    pub fn policy_fields(&self) -> Fields {
        of_policies(self.lines(), &self.custom().fields)
    }

    /// What the conditions of a rule can ask. Timed rules and macros cannot ask for `text`.
    #[must_use]
    pub fn rule_fields(&self) -> Fields {
        of_rules(self.lines(), &self.custom().fields, true)
    }

    /// What the conditions of a clock can ask of a ticket.
    #[must_use]
    pub fn trigger_fields(&self) -> Fields {
        of_triggers(self.lines(), &self.custom().fields)
    }
}
