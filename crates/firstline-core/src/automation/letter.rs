//! What can be said in a letter: the names that a template can use, and what stands for them.
//!
//! Each name means the same everywhere. What people read has the plain name: a time in words, as the
//! customer's clock shows it, and what somebody is called. What programs read ends in `_at` for a time
//! in RFC 3339, and in `_id` for a number.

use firstline_sla::{Clock, Timestamp, Tongue, WallClock};
use minijinja::Value;

use super::{Automation, Template};
use crate::id::Language;
use crate::people::PartyId;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;

/// The names that a template can use.
///
/// People read `ticket.requester`, `ticket.assignee`, `ticket.organization` and `ticket.equipment` as
/// names, `ticket.due` and `ticket.opened` as times on the customer's own clock, or else on that of the
/// desk, and `ticket.status_label`; all in the language of the ticket. `ticket.message` is what somebody
/// said last to all who read the ticket. Programs read what ends in `_id` and `_at`.
pub const TEMPLATE_NAMES: [&str; 28] = [
    "desk",
    "rule",
    "ticket.assignee",
    "ticket.assignee_id",
    "ticket.channel",
    "ticket.due",
    "ticket.due_at",
    "ticket.equipment",
    "ticket.equipment_id",
    "ticket.kind",
    "ticket.language",
    "ticket.line",
    "ticket.message",
    "ticket.number",
    "ticket.opened",
    "ticket.opened_at",
    "ticket.organization",
    "ticket.organization_id",
    "ticket.priority",
    "ticket.rating",
    "ticket.requester",
    "ticket.requester_id",
    "ticket.state",
    "ticket.status",
    "ticket.status_label",
    "ticket.subject",
    "ticket.tags",
    "ticket.team",
];

/// Names in words, each with the one for programs.
pub(super) const IN_WORDS: [(&str, &str); 3] = [
    ("ticket.assignee", "ticket.assignee_id"),
    ("ticket.due", "ticket.due_at"),
    ("ticket.organization", "ticket.organization_id"),
];

/// How much of a message a letter quotes, in bytes: what is longer is read on the ticket.
const MAX_QUOTE_BYTES: usize = 4 * 1024;

/// What must be known beside a ticket to write of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Who its people and things are: what they are called, and what time it is with them.
    pub(crate) people: bool,
    /// What was said last.
    pub(crate) message: bool,
}

impl Needs {
    /// Those of the names in a template.
    pub(super) fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        names.fold(Self::default(), |needs, name| match name {
            "ticket.assignee"
            | "ticket.due"
            | "ticket.equipment"
            | "ticket.opened"
            | "ticket.organization"
            | "ticket.requester"
            | "ticket.status_label" => Self { people: true, ..needs },
            "ticket.message" => Self { message: true, ..needs },
            _ => needs,
        })
    }

    /// Those of all that a rulebook writes.
    pub(crate) fn of(automation: &Automation, answer: Option<&Template>) -> Self {
        let Automation { triggers, timed, macros, .. } = automation;
        let deeds = triggers.iter().flat_map(|rule| &rule.deeds);
        let deeds = deeds.chain(timed.iter().flat_map(|rule| &rule.deeds));
        let deeds = deeds.chain(macros.iter().flat_map(|known| &known.deeds));
        let templates = deeds.filter_map(|deed| deed.template()).chain(answer);
        templates.fold(Self::default(), |all, template| all.and(template.needs))
    }

    /// These and those.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self { people: self.people || other.people, message: self.message || other.message }
    }
}

/// What a template is filled with. What is empty is an empty text.
#[derive(Clone)]
pub(crate) struct Letter(Value);

impl Letter {
    /// What can be said of a ticket in a letter, with what was said last in what just happened.
    pub(crate) fn new(
        ticket: &Ticket,
        rulebook: &Rulebook,
        rule: &str,
        said: Option<&str>,
    ) -> Self {
        let directory = rulebook.directory();
        let usual = directory.language(ticket.requester);
        let language = ticket.language.as_ref().or(usual);
        let name = |id: Option<PartyId>| id.map_or_else(String::new, |id| directory.name(id));
        let number = |number: Option<u64>| number.map_or_else(String::new, |it| it.to_string());
        let exactly = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        let clock = wall_clock(ticket, rulebook);
        let tongue = language.and_then(|it| Tongue::from_tag(it.as_str()));
        let tongue = tongue.unwrap_or(Tongue::English);
        let told = |at: Option<Timestamp>| {
            at.map_or_else(String::new, |at| tongue.moment(&clock.local_time(at)))
        };
        let earlier = || ticket.number.and_then(|number| directory.said(number));
        let (due, opened) = (ticket.due(), Some(ticket.opened_at));
        let equipment = ticket.equipment.map(PartyId::Equipment);
        let organization = ticket.organization.map(PartyId::Organization);
        let rating = ticket.rating.map(u64::from);
        let words: [(&str, Value); 26] = [
            ("assignee", name(ticket.assignee.map(PartyId::Agent)).into()),
            ("assignee_id", number(ticket.assignee.map(|agent| agent.0)).into()),
            ("channel", ticket.channel.as_str().into()),
            ("due", told(due).into()),
            ("due_at", exactly(due).into()),
            ("equipment", name(equipment).into()),
            ("equipment_id", number(ticket.equipment.map(|it| it.0)).into()),
            ("kind", ticket.kind.as_str().into()),
            ("language", ticket.language.as_ref().map_or("", |it| it.as_str()).into()),
            ("line", ticket.line.as_str().into()),
            ("message", quote(said.or_else(earlier).unwrap_or_default()).into()),
            ("number", number(ticket.number.map(|it| it.0)).into()),
            ("opened", told(opened).into()),
            ("opened_at", exactly(opened).into()),
            ("organization", name(organization).into()),
            ("organization_id", number(ticket.organization.map(|it| it.0)).into()),
            ("priority", ticket.priority().as_str().into()),
            ("rating", number(rating).into()),
            ("requester", name(Some(PartyId::Contact(ticket.requester))).into()),
            ("requester_id", number(Some(ticket.requester.0)).into()),
            ("state", ticket.state().into()),
            ("status", ticket.status.as_str().into()),
            ("status_label", status_label(ticket, rulebook, language).into()),
            ("subject", ticket.subject.as_str().into()),
            ("tags", ticket.tags.iter().map(|tag| Value::from(tag.as_str())).collect()),
            ("team", ticket.team.as_ref().map_or("", |team| team.as_str()).into()),
        ];
        Self::of(rulebook.name().into(), rule.into(), Value::from_pairs(words))
    }

    pub(super) fn of(desk: Value, rule: Value, ticket: Value) -> Self {
        Self(Value::from_pairs([("desk", desk), ("rule", rule), ("ticket", ticket)]))
    }

    pub(super) fn into_value(self) -> Value {
        self.0
    }

    /// What somebody may have written who wants to say more than they are asked: whatever can be chosen
    /// freely is chosen to break a text of JSON.
    pub(super) fn hostile() -> Self {
        let Self(letter) = Self::filled("\",\\ }]\n", 2);
        let ticket = letter.get_attr("ticket").unwrap_or_default();
        let names = TEMPLATE_NAMES.iter().filter_map(|name| name.strip_prefix("ticket."));
        let words = names.map(|name| match name {
            "number" => (name, Value::from("1")),
            _ => (name, ticket.get_attr(name).unwrap_or_default()),
        });
        let words = Value::from_pairs(words);
        let [desk, rule] = ["desk", "rule"].map(|name| letter.get_attr(name).unwrap_or_default());
        Self::of(desk, rule, words)
    }

    /// A letter in which each name stands for itself.
    pub(super) fn of_names() -> Self {
        let words = TEMPLATE_NAMES.iter().filter_map(|whole| {
            let name = whole.strip_prefix("ticket.")?;
            let value = match name {
                "tags" => core::iter::empty::<Value>().collect(),
                "number" => Value::from("1"),
                _ => Value::from(*whole),
            };
            Some((name, value))
        });
        Self::of("desk".into(), "rule".into(), Value::from_pairs(words))
    }

    /// A letter in which each name stands for this text, and so many labels are on the ticket. A
    /// message is quoted as far as ever one is, unless there is none.
    pub(super) fn filled(text: &str, tags: usize) -> Self {
        let names = TEMPLATE_NAMES.iter().filter_map(|name| name.strip_prefix("ticket."));
        let words = names.map(|name| match name {
            "tags" => (name, core::iter::repeat_n(Value::from(text), tags).collect()),
            "message" if text.len() > 1 => {
                let long = text.repeat(MAX_QUOTE_BYTES.div_ceil(text.len()));
                (name, Value::from(long))
            }
            _ => (name, Value::from(text)),
        });
        Self::of(text.into(), text.into(), Value::from_pairs(words))
    }
}

/// The clock by which the customer reads times: their own, or else that of the calendar of what is
/// promised to them.
fn wall_clock(ticket: &Ticket, rulebook: &Rulebook) -> WallClock {
    let own = rulebook.directory().clock(ticket.requester);
    let promised = || {
        let first = |clock: &&Clock| (clock.due().is_none(), clock.due());
        let clock = ticket.clocks.values().min_by_key(first)?;
        Some(rulebook.calendar(&clock.pin)?.wall_clock())
    };
    own.or_else(promised).unwrap_or_else(|| rulebook.wall_clock())
}

/// What the status is called, for the customer to read.
fn status_label(ticket: &Ticket, rulebook: &Rulebook, language: Option<&Language>) -> String {
    let life = rulebook.lifecycle(ticket);
    let named = life.statuses().iter().find(|status| status.id.as_str() == ticket.state());
    let Some(named) = named else { return ticket.state().to_owned() };
    let label = language.map(|language| named.wording.in_language(language));
    label.map_or_else(|| named.wording.to_string(), str::to_owned)
}

/// As much of a message as a letter quotes.
fn quote(text: &str) -> String {
    if text.len() <= MAX_QUOTE_BYTES {
        return text.to_owned();
    }
    let most = MAX_QUOTE_BYTES - '…'.len_utf8();
    let cut = (0..=most).rev().find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..cut.unwrap_or_default()])
}
