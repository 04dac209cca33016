//! A filter in SQL.

mod beside;

use std::collections::BTreeSet;

use firstline_core::{
    FieldId, FieldQuery, FieldValue, Period, ReferenceKind, Status, TicketFilter, TicketId,
    Timestamp,
};
use rusqlite::types::Value;

use super::spelling::Spellings;
use crate::sqlite::columns::{NEVER, sought};

/// So many numbers are bound one by one, and what is beyond so many are very many.
const FEW: usize = 8;
const MANY: usize = 2_000;

/// What the row of a ticket must be, with ` AND ` before each part, and the values in it.
#[derive(Default)]
pub(super) struct Condition {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Condition {
    pub(super) fn of(filter: &TicketFilter, spellings: &Spellings) -> Self {
        let text = |text: &str| Some(text.to_owned().into());
        let number = |number: u64| Some(sought(number).into());
        let mut is = Self::default();
        is.numbered(&filter.numbers);
        is.status(filter);
        let place = format!("coalesce({}, status)", state("place.status"));
        is.one_of(&place, filter.states.iter().map(|state| text(state.as_str())));
        is.one_of("priority", filter.priorities.iter().map(|&p| Some(i64::from(p as u8).into())));
        is.one_of("line", filter.lines.iter().map(|line| text(line.as_str())));
        let teams = filter.teams.iter().map(Option::as_ref);
        is.one_of("team", teams.map(|team| team.and_then(|team| text(team.as_str()))));
        let assignees = filter.assignees.iter();
        is.one_of("assignee", assignees.map(|agent| agent.and_then(|agent| number(agent.0))));
        let offered = filter.offered.iter();
        is.one_of("offered", offered.map(|agent| agent.and_then(|agent| number(agent.0))));
        is.one_of("requester", filter.requesters.iter().map(|contact| number(contact.0)));
        let organizations = filter.organizations.iter();
        is.one_of("organization", organizations.map(|id| id.and_then(|id| number(id.0))));
        for tag in &filter.tags {
            let spelt = spellings.each(tag);
            let signs = vec!["?"; spelt.len()].join(", ");
            is.sql += &format!(
                " AND ticket.id IN (SELECT ticket FROM ticket_tag WHERE tag IN ({signs}))"
            );
            is.values.extend(spelt.into_iter().map(Value::from));
        }
        for (id, query) in &filter.fields {
            is.own_field(id, query);
        }
        is.due(filter.due);
        is.one_of(&state("kind"), filter.kinds.iter().map(|kind| text(kind.as_str())));
        is.one_of("channel", filter.channels.iter().map(|it| text(it.as_str())));
        is.beside(filter);
        for (name, period) in [
            ("snoozed_until", filter.snoozed),
            ("opened_at", filter.opened),
            ("updated_at", filter.updated),
            ("resolved_at", filter.resolved),
        ] {
            is.period(&state(name), period);
        }
        for none in &filter.none {
            let Self { sql, values } = Self::of(none, spellings);
            // What is not known of a ticket is not what was excluded.
            is.sql += &format!(" AND (1{sql}) IS NOT TRUE");
            is.values.extend(values);
        }
        is
    }

    /// One of these numbers. Many come as a list: its statement is the same however many there are. If
    /// they are very many, the order of the tickets is followed and each looked up among them, rather
    /// than each of them looked up and all sorted.
    fn numbered(&mut self, numbers: &BTreeSet<TicketId>) {
        if numbers.len() <= FEW {
            let numbers = numbers.iter().map(|id| Some(sought(id.0).into()));
            return self.one_of("ticket.id", numbers);
        }
        let list = numbers.iter().map(|id| sought(id.0).to_string()).collect::<Vec<_>>().join(",");
        let sign = if numbers.len() > MANY { "+" } else { "" };
        let among = format!("{sign}ticket.id IN (SELECT value FROM json_each(?))");
        self.and(&among, [format!("[{list}]").into()]);
    }

    /// What is in a field of the desk's own stands in the state, under the word for its kind.
    fn own_field(&mut self, id: &FieldId, query: &FieldQuery) {
        if !id.is_well_formed() {
            // No rulebook has such a field, so no ticket has anything in it.
            let finds_nothing = !query.finds(None);
            self.sql += if finds_nothing { " AND 0" } else { "" };
            return;
        }
        let path = |word: &str| Value::from(format!("$.fields.{id}{word}"));
        if !query.one_of.is_empty() {
            let either = query.one_of.iter().map(|value| match value {
                None => {
                    self.values.push(path(""));
                    "json_type(ticket.state, ?) IS NULL"
                }
                Some(value) => {
                    let (word, sought) = field_value(value);
                    self.values.extend([path(word), sought.clone()]);
                    match value {
                        FieldValue::Choice(_) => {
                            self.values.extend([path(".choices"), sought]);
                            "json_extract(ticket.state, ?) IS ? \
                             OR EXISTS (SELECT 1 FROM json_each(ticket.state, ?) WHERE value IS ?)"
                        }
                        _ => "json_extract(ticket.state, ?) IS ?",
                    }
                }
            });
            let either = either.collect::<Vec<_>>().join(" OR ");
            self.sql += &format!(" AND ({either})");
        }
        for (sign, bound) in [(">=", &query.from), ("<", &query.before)] {
            let Some(bound) = bound else {
                continue;
            };
            let (word, sought) = field_value(bound);
            // Decimals are text, and short enough to be compared as floats.
            let (left, right) = match bound {
                FieldValue::Decimal(_) => {
                    ("CAST(json_extract(ticket.state, ?) AS REAL)", "CAST(? AS REAL)")
                }
                _ => ("json_extract(ticket.state, ?)", "?"),
            };
            self.and(&format!("{left} {sign} {right}"), [path(word), sought]);
        }
    }

    fn status(&mut self, filter: &TicketFilter) {
        let statuses = &filter.statuses;
        if !statuses.is_empty() && statuses.iter().all(|status| status.is_open()) {
            // In these words, because that is how the indexes of open tickets say it.
            self.sql += " AND open = 1";
        }
        if Status::ALL.iter().any(|status| status.is_open() != statuses.contains(status)) {
            let words = statuses.iter().map(|status| Some(status.as_str().to_owned().into()));
            self.one_of("status", words);
        }
    }

    /// Never is a number here, later than all others.
    fn due(&mut self, Period { from, before, never }: Period) {
        let ms = |at: Timestamp| Value::from(at.as_millis());
        if never {
            self.and("due_ms = ?", [NEVER.into()]);
            return;
        }
        if from.is_some() || before.is_some() {
            self.and("due_ms < ?", [before.map_or_else(|| NEVER.into(), ms)]);
        }
        if let Some(from) = from {
            self.and("due_ms >= ?", [ms(from)]);
        }
    }

    fn period(&mut self, column: &str, period: Period) {
        let Period { from, before, never } = period;
        let ms = |at: Timestamp| Value::from(at.as_millis());
        if never {
            self.and(&format!("{column} IS NULL"), []);
            return;
        }
        if let Some(before) = before {
            self.and(&format!("{column} < ?"), [ms(before)]);
        }
        if let Some(from) = from {
            self.and(&format!("{column} >= ?"), [ms(from)]);
        }
    }

    fn and<const N: usize>(&mut self, condition: &str, values: [Value; N]) {
        self.sql += " AND ";
        self.sql += condition;
        self.values.extend(values);
    }

    /// Any value will do if there are none; `None` stands for no value.
    fn one_of(&mut self, column: &str, values: impl Iterator<Item = Option<Value>>) {
        let (mut count, mut may_miss) = (0, false);
        for value in values {
            match value {
                Some(value) => {
                    self.values.push(value);
                    count += 1;
                }
                None => may_miss = true,
            }
        }
        let marks = vec!["?"; count].join(", ");
        self.sql += &match (count, may_miss) {
            (0, false) => return,
            (0, true) => format!(" AND {column} IS NULL"),
            (_, false) => format!(" AND {column} IN ({marks})"),
            (_, true) => format!(" AND ({column} IN ({marks}) OR {column} IS NULL)"),
        };
    }
}

/// The word under which the state has such a value, and the value as it stands there.
fn field_value(value: &FieldValue) -> (&'static str, Value) {
    match value {
        FieldValue::Text(text) => (".text", text.clone().into()),
        FieldValue::Integer(number) => (".integer", (*number).into()),
        FieldValue::Decimal(number) => (".decimal", number.to_string().into()),
        FieldValue::Bool(flag) => (".bool", (*flag).into()),
        FieldValue::Date(date) => (".date", date.to_string().into()),
        FieldValue::Choice(word) => (".choice", word.clone().into()),
        FieldValue::Reference(referent) => {
            let word = match referent.kind() {
                ReferenceKind::Contact => ".reference.contact",
                ReferenceKind::Organization => ".reference.organization",
                ReferenceKind::Agent => ".reference.agent",
                ReferenceKind::Equipment => ".reference.equipment",
                ReferenceKind::Ticket => ".reference.ticket",
            };
            (word, sought(referent.number()).into())
        }
        // Several choices are asked for one by one; what is asked otherwise is found nowhere.
        _ => (".none", Value::Null),
    }
}

/// What has no column, since a list is seldom asked for it and every command would have to write it.
fn state(field: &str) -> String {
    format!("json_extract(ticket.state, '$.{field}')")
}
