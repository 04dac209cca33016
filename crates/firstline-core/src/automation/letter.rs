//! What can be said in a letter: the names that a template can use, and what stands for them.
//!
//! Each name means the same everywhere. What people read has the plain name: a time in words, as the
//! customer's clock shows it, and what somebody is called. What programs read ends in `_at` for a time
//! in RFC 3339, and in `_id` for a number.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Clock, Timestamp, Tongue, WallClock};
use minijinja::Value;

use super::{Automation, Template};
use crate::custom::{CustomField, FieldChoice, FieldKind, FieldValue};
use crate::id::{FieldId, Language};
use crate::label::Label;
use crate::people::{PartyId, PartyKind};
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;

/// The names that a template can use.
///
/// People read `ticket.requester`, `ticket.assignee`, `ticket.organization` and `ticket.equipment` as
/// names, `ticket.due` and `ticket.opened` as times on the customer's own clock, or else on that of the
/// desk, and `ticket.status_label`; all in the language of the ticket. `ticket.message` is what somebody
/// said last to all who read the ticket. Programs read what ends in `_id` and `_at`.
///
/// Beside them, what is in a field `site` of the desk's own is `ticket.fields.site`, in words, and
/// `ticket.values.site` for programs.
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

/// How the names of the fields of a desk's own begin: in words, and as programs read them.
const OF_OWN: [&str; 2] = ["ticket.fields.", "ticket.values."];

/// The fields of a desk's own.
pub(crate) type Own = BTreeMap<FieldId, CustomField>;

/// The id in the name of a field of the desk's own.
fn is_of_own(name: &str) -> Option<&str> {
    OF_OWN.iter().find_map(|begin| name.strip_prefix(begin))
}

/// Whether a template can use a name, on a desk with these fields of its own.
pub(super) fn is_name(name: &str, own: &Own) -> bool {
    TEMPLATE_NAMES.contains(&name) || is_of_own(name).is_some_and(|id| own.contains_key(id))
}

/// Names in words, each with the one for programs.
pub(super) const IN_WORDS: [(&str, &str); 3] = [
    ("ticket.assignee", "ticket.assignee_id"),
    ("ticket.due", "ticket.due_at"),
    ("ticket.organization", "ticket.organization_id"),
];

/// How much of a message a letter quotes, in bytes: what is longer is read on the ticket.
const MAX_QUOTE_BYTES: usize = 4 * 1024;

/// What must be known beside a ticket to write of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Who its people and things of these kinds are: what they are called, and what time it is with them.
    pub(crate) kinds: BTreeSet<PartyKind>,
    /// What was said last.
    pub(crate) message: bool,
}

impl Needs {
    /// Those of the names in a template.
    pub(super) fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut needs = Self::default();
        for name in names {
            needs.message |= name == "ticket.message";
            needs.kinds.extend(kinds_of(name));
        }
        needs
    }

    /// Those of all that a rulebook writes.
    pub(crate) fn of(automation: &Automation, answer: Option<&Template>) -> Self {
        let Automation { triggers, timed, macros, .. } = automation;
        let deeds = triggers.iter().flat_map(|rule| &rule.deeds);
        let deeds = deeds.chain(timed.iter().flat_map(|rule| &rule.deeds));
        let deeds = deeds.chain(macros.iter().flat_map(|known| &known.deeds));
        let templates = deeds.filter_map(|deed| deed.template()).chain(answer);
        let mut needs = Self::default();
        for template in templates {
            needs.message |= template.needs.message;
            needs.kinds.extend(&template.needs.kinds);
        }
        needs
    }
}

/// Of which kinds somebody or something must be known for this name.
fn kinds_of(name: &str) -> &'static [PartyKind] {
    use PartyKind::{Agent, Contact, Equipment, Organization};
    match name {
        "ticket.assignee" => &[Agent],
        // In the language of whoever asks, or by their clock.
        "ticket.due" | "ticket.opened" | "ticket.requester" | "ticket.status_label" => &[Contact],
        "ticket.equipment" => &[Equipment],
        "ticket.organization" => &[Organization],
        name if name.starts_with(OF_OWN[0]) => &[Agent, Contact, Equipment, Organization],
        _ => &[],
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
        let words: [(&str, Value); 28] = [
            ("assignee", name(ticket.assignee.map(PartyId::Agent)).into()),
            ("assignee_id", number(ticket.assignee.map(|agent| agent.0)).into()),
            ("channel", ticket.channel.as_str().into()),
            ("due", told(due).into()),
            ("due_at", exactly(due).into()),
            ("equipment", name(equipment).into()),
            ("equipment_id", number(ticket.equipment.map(|it| it.0)).into()),
            ("fields", fields_in_words(ticket, rulebook, language, tongue)),
            ("kind", ticket.kind.as_str().into()),
            ("language", ticket.language.as_ref().map_or("", |it| it.as_str()).into()),
            ("line", ticket.line.as_str().into()),
            ("message", quote(said.or_else(earlier).unwrap_or_default()).into()),
            ("number", ticket.number.map_or_else(|| "".into(), |it| it.0.into())),
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
            ("values", fields_for_programs(ticket, rulebook)),
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
    /// freely is chosen to break a text of JSON, and the rest is empty.
    pub(super) fn hostile(own: &Own, is_chosen: impl Fn(&str) -> bool) -> Self {
        let tags = if is_chosen("ticket.tags") { 2 } else { 0 };
        Self::each(own, tags, |name| match name {
            "ticket.number" => "1".to_owned(),
            name if is_chosen(name) => "\",\\ }]\n".to_owned(),
            _ => String::new(),
        })
    }

    /// A letter in which each name stands for itself.
    pub(super) fn of_names(own: &Own) -> Self {
        Self::each(own, 0, |name| match name {
            "ticket.number" => "1".to_owned(),
            name => name.to_owned(),
        })
    }

    /// A letter in which each name stands for this text, and so many labels are on the ticket. A
    /// message and what is in a field are quoted as far as ever they are, unless there is none.
    pub(super) fn filled(own: &Own, text: &str, tags: usize) -> Self {
        Self::each(own, tags, |name| {
            let is_quoted = name == "ticket.message" || is_of_own(name).is_some();
            let is_long = is_quoted && text.len() > 1;
            text.repeat(if is_long { MAX_QUOTE_BYTES.div_ceil(text.len()) } else { 1 })
        })
    }

    /// A letter in which each name stands for something, and so many labels are on the ticket.
    fn each(own: &Own, tags: usize, say: impl Fn(&str) -> String) -> Self {
        let words = TEMPLATE_NAMES.iter().filter_map(|whole| {
            let name = whole.strip_prefix("ticket.")?;
            let said = say(whole);
            // What is written without quotes, for programs.
            let number = said.parse::<u64>().ok().filter(|_| *whole == "ticket.number");
            let said = number.map_or_else(|| said.into(), Value::from);
            let tags = || core::iter::repeat_n(said.clone(), tags).collect();
            Some((name, if name == "tags" { tags() } else { said }))
        });
        let of_own = OF_OWN.map(|begin| {
            let begin = begin.trim_end_matches('.');
            let values = own.keys().map(|id| (id.to_string(), say(&format!("{begin}.{id}"))));
            (begin.trim_start_matches("ticket."), Value::from_pairs(values))
        });
        let ticket = Value::from_pairs(words.chain(of_own));
        Self::of(say("desk").into(), say("rule").into(), ticket)
    }
}

/// What is in the fields of the desk's own, in words.
fn fields_in_words(
    ticket: &Ticket,
    rulebook: &Rulebook,
    language: Option<&Language>,
    tongue: Tongue,
) -> Value {
    let label = |label: &Label| match language {
        Some(language) => label.in_language(language).to_owned(),
        None => label.to_string(),
    };
    let choice = |among: &[FieldChoice], id: &str| {
        let known = among.iter().find(|choice| choice.id == id);
        known.map_or_else(|| id.to_owned(), |choice| label(&choice.label))
    };
    let words = |id: &FieldId, field: &CustomField| match (ticket.fields.get(id), &field.kind) {
        (None, _) => String::new(),
        (Some(FieldValue::Choice(id)), FieldKind::Choice { among }) => choice(among, id),
        (Some(FieldValue::Choices(ids)), FieldKind::Choices { among, .. }) => {
            ids.iter().map(|id| choice(among, id)).collect::<Vec<_>>().join(", ")
        }
        (Some(FieldValue::Bool(yes)), _) => match (tongue, yes) {
            (Tongue::Russian, true) => "да".to_owned(),
            (Tongue::Russian, false) => "нет".to_owned(),
            (_, true) => "yes".to_owned(),
            (_, false) => "no".to_owned(),
        },
        (Some(FieldValue::Reference(referent)), _) => match referent.party() {
            Some(party) => rulebook.directory().name(party),
            None => referent.to_string(),
        },
        (Some(value), _) => value.to_string(),
    };
    let fields = rulebook.custom_fields();
    Value::from_pairs(fields.map(|(id, field)| (id.to_string(), quote(&words(id, field)))))
}

/// What is in them as programs read it: choices by their ids, people and things by their numbers.
fn fields_for_programs(ticket: &Ticket, rulebook: &Rulebook) -> Value {
    let plain = |id: &FieldId| match ticket.fields.get(id) {
        None => String::new(),
        Some(FieldValue::Reference(referent)) => referent.number().to_string(),
        Some(value) => quote(&value.to_string()),
    };
    let fields = rulebook.custom_fields();
    Value::from_pairs(fields.map(|(id, _)| (id.to_string(), plain(id))))
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
