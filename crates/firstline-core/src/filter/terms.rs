//! What each field of a filter can be asked for.

use core::ops::Range;
use core::str::FromStr;
use std::collections::BTreeSet;

use super::error::FilterError;
use super::read::{Called, Names, Operator, Value};
use super::time::moment;
use super::{Asking, Period, TicketFilter};
use crate::id::{
    AgentId, ContactId, ContractId, EquipmentId, Language, LineId, OrganizationId, StatusId, Tag,
    TeamId, TicketId,
};
use crate::priority::{Impact, Priority, Urgency};
use crate::ticket::{Channel, Discipline, HoldReason, Kind, Need, Status};

/// The fields, in the order in which they are told.
pub(super) const FIELDS: [&str; 27] = [
    "number",
    "status",
    "state",
    "priority",
    "kind",
    "channel",
    "impact",
    "urgency",
    "need",
    "discipline",
    "hold",
    "language",
    "tier",
    "line",
    "team",
    "assignee",
    "offered",
    "requester",
    "organization",
    "equipment",
    "contract",
    "tag",
    "due",
    "snoozed",
    "opened",
    "updated",
    "resolved",
];

/// For what may be missing.
pub(super) const NONE: &str = "none";

/// A field, compared with values.
pub(super) struct Term<'t> {
    pub(super) field: (&'t str, Range<usize>),
    pub(super) operator: Operator,
    pub(super) values: Vec<Value>,
    pub(super) asking: &'t Asking,
    pub(super) called: &'t Called<'t>,
}

impl Term<'_> {
    /// Says it in the filter.
    pub(super) fn say(&self, filter: &mut TicketFilter) -> Result<(), FilterError> {
        match self.field.0 {
            "number" => self.fill(&mut filter.numbers, number(TicketId)),
            "status" => self.statuses(&mut filter.statuses),
            "state" => self.fill(&mut filter.states, |state| {
                self.is_called(state, "state", |names| &names.states).map(StatusId::from)
            }),
            "priority" => self.levels(&mut filter.priorities, Priority::ALL, Priority::as_str),
            "impact" => self.levels(&mut filter.impacts, Impact::ALL, Impact::as_str),
            "urgency" => self.levels(&mut filter.urgencies, Urgency::ALL, Urgency::as_str),
            "kind" => self.fill(&mut filter.kinds, word("kind", &Kind::ALL, Kind::as_str)),
            "channel" => {
                self.fill(&mut filter.channels, word("channel", &Channel::ALL, Channel::as_str))
            }
            "need" => self.fill(&mut filter.needs, or_none(word("need", &Need::ALL, Need::as_str))),
            "discipline" => {
                let read = word("discipline", &Discipline::ALL, Discipline::as_str);
                self.fill(&mut filter.disciplines, or_none(read))
            }
            "hold" => {
                let read = word("reason", &HoldReason::ALL, HoldReason::as_str);
                self.fill(&mut filter.holds, or_none(read))
            }
            "language" => self.fill(&mut filter.languages, or_none(language)),
            "tier" => self.fill(&mut filter.tiers, or_none(|tier| Ok(tier.text.clone()))),
            "line" => self.fill(&mut filter.lines, |line| {
                self.is_called(line, "line", |names| &names.lines).map(LineId::from)
            }),
            "team" => self.fill(
                &mut filter.teams,
                or_none(|team| {
                    self.is_called(team, "team", |names| &names.teams).map(TeamId::from)
                }),
            ),
            "assignee" => {
                let me = self.asking.me;
                self.fill(&mut filter.assignees, or_none(|name| agent(name, me)))
            }
            "offered" => {
                let me = self.asking.me;
                self.fill(&mut filter.offered, or_none(|name| agent(name, me)))
            }
            "requester" => self.fill(&mut filter.requesters, number(ContactId)),
            "organization" => self.fill(&mut filter.organizations, or_none(number(OrganizationId))),
            "equipment" => self.fill(&mut filter.equipment, or_none(number(EquipmentId))),
            "contract" => self.fill(&mut filter.contracts, or_none(number(ContractId))),
            "tag" => self.tags(&mut filter.tags),
            "due" => self.time(&mut filter.due, true),
            "snoozed" => self.time(&mut filter.snoozed, true),
            "opened" => self.time(&mut filter.opened, false),
            "updated" => self.time(&mut filter.updated, false),
            "resolved" => self.time(&mut filter.resolved, false),
            field if self.called.own.contains_key(field) => self.own_field(&mut filter.fields),
            field => {
                let problem = format!("there is no field `{field}`");
                let own = self.called.own.keys().map(|id| id.as_str());
                let known: Vec<&str> = FIELDS.into_iter().chain(own).collect();
                let mend = format!("write one of {}", known.join(", "));
                Err(FilterError::new(self.field.1.clone(), problem, mend))
            }
        }
    }

    /// Puts the values into a set that nobody has filled yet: a field that is asked for twice would
    /// find nothing, or not what was meant.
    fn fill<T: Ord>(
        &self,
        set: &mut BTreeSet<T>,
        read: impl Fn(&Value) -> Result<T, Said>,
    ) -> Result<(), FilterError> {
        self.is_not_compared()?;
        self.is_first(set.is_empty())?;
        for value in &self.values {
            set.insert(read(value).map_err(|said| said.at(&value.at))?);
        }
        Ok(())
    }

    pub(super) fn is_first(&self, is_first: bool) -> Result<(), FilterError> {
        if is_first {
            return Ok(());
        }
        let problem = format!("`{}` was asked for before", self.field.0);
        let mend = "write the values once, with commas between them";
        Err(FilterError::new(self.field.1.clone(), problem, mend))
    }

    pub(super) fn is_not_compared(&self) -> Result<(), FilterError> {
        if self.operator == Operator::Is {
            return Ok(());
        }
        let problem = format!("`{}` has no order", self.field.0);
        Err(FilterError::new(self.field.1.clone(), problem, "write a colon after it"))
    }

    /// The only value of a term that compares.
    pub(super) fn only(&self) -> Result<&Value, FilterError> {
        match &self.values[..] {
            [only] => Ok(only),
            [_, second, ..] => {
                let problem = "only one value can be compared with";
                Err(FilterError::new(second.at.clone(), problem, "leave it out"))
            }
            [] => unreachable!("a term has a value"),
        }
    }

    fn statuses(&self, set: &mut BTreeSet<Status>) -> Result<(), FilterError> {
        self.is_not_compared()?;
        self.is_first(set.is_empty())?;
        for Value { text, at, .. } in &self.values {
            let is_meant = |status: &Status| match text.as_str() {
                "unsolved" => status.is_open(),
                "solved" => !status.is_open(),
                text => status.as_str() == text,
            };
            let before = set.len();
            set.extend(Status::ALL.iter().copied().filter(is_meant));
            if !Status::ALL.iter().any(is_meant) && set.len() == before {
                let mut known: Vec<&str> = Status::ALL.iter().map(|s| s.as_str()).collect();
                known.extend(["unsolved", "solved"]);
                return Err(unknown("status", text, &known).at(at));
            }
        }
        Ok(())
    }

    /// The name of something that the desk has.
    fn is_called<'v>(
        &self,
        value: &'v Value,
        what: &str,
        among: impl Fn(&'v Names<'v>) -> &'v BTreeSet<&'v str>,
    ) -> Result<&'v str, Said>
    where
        Self: 'v,
    {
        let name = value.text.as_str();
        match self.called.names.as_ref().map(among) {
            Some(known) if !known.contains(name) => {
                Err(unknown(what, name, &known.iter().copied().collect::<Vec<_>>()))
            }
            _ => Ok(name),
        }
    }

    /// Levels that have an order, from the lowest.
    fn levels<T: Copy + Ord>(
        &self,
        set: &mut BTreeSet<T>,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<(), FilterError> {
        let field = self.field.0;
        let read = word(field, all, &name);
        if self.operator == Operator::Is {
            return self.fill(set, read);
        }
        self.is_first(set.is_empty())?;
        let value = self.only()?;
        let bound = read(value).map_err(|said| said.at(&value.at))?;
        let is_meant = |level: &T| match self.operator {
            Operator::Is => *level == bound,
            Operator::Less => *level < bound,
            Operator::AtMost => *level <= bound,
            Operator::More => *level > bound,
            Operator::AtLeast => *level >= bound,
        };
        set.extend(all.iter().copied().filter(is_meant));
        if set.is_empty() {
            let problem = format!("no {field} is beyond {}", name(bound));
            return Err(FilterError::new(value.at.clone(), problem, "write another one"));
        }
        Ok(())
    }

    /// Several labels may be asked for: all of them must be there.
    fn tags(&self, set: &mut BTreeSet<Tag>) -> Result<(), FilterError> {
        self.is_not_compared()?;
        let [tag] = &self.values[..] else {
            let problem = "several labels are all asked for, not one of them";
            let mend = "write such as tag:a tag:b";
            return Err(FilterError::new(self.values[1].at.clone(), problem, mend));
        };
        set.insert(Tag::from(tag.text.as_str()));
        Ok(())
    }

    fn time(&self, within: &mut Period, lies_ahead: bool) -> Result<(), FilterError> {
        let Value { text, at, .. } = self.only()?;
        let can_miss = ["due", "snoozed", "resolved"].contains(&self.field.0);
        if self.operator == Operator::Is && text == NONE && can_miss {
            self.is_first(!within.is_said())?;
            within.never = true;
            return Ok(());
        }
        let moment = moment(text, self.asking, lies_ahead).ok_or_else(|| {
            let problem = format!("`{text}` is no time");
            let mend = "write such as 2h, 1d12h, now, 2026-03-02 or 2026-03-02T09:00:00Z";
            FilterError::new(at.clone(), problem, mend)
        })?;
        // The more time has passed, the earlier it was.
        let operator = match self.operator {
            Operator::Less if moment.is_age => Operator::More,
            Operator::More if moment.is_age => Operator::Less,
            Operator::AtMost if moment.is_age => Operator::AtLeast,
            Operator::AtLeast if moment.is_age => Operator::AtMost,
            operator => operator,
        };
        let (from, before) = match operator {
            Operator::Is => (Some(moment.from), Some(moment.to)),
            Operator::Less => (None, Some(moment.from)),
            Operator::AtMost => (None, Some(moment.to)),
            Operator::More => (Some(moment.to), None),
            Operator::AtLeast => (Some(moment.from), None),
        };
        let is_free = !within.never
            && (from.is_none() || within.from.is_none())
            && (before.is_none() || within.before.is_none());
        self.is_first(is_free)?;
        within.from = within.from.or(from);
        within.before = within.before.or(before);
        Ok(())
    }
}

/// What is wrong with a value, wherever it stands.
pub(super) struct Said {
    pub(super) problem: String,
    pub(super) mend: String,
}

impl Said {
    pub(super) fn at(self, at: &Range<usize>) -> FilterError {
        FilterError::new(at.clone(), self.problem, self.mend)
    }
}

fn unknown(what: &str, found: &str, known: &[&str]) -> Said {
    let problem = format!("there is no {what} `{found}`");
    Said { problem, mend: format!("write one of {}", known.join(", ")) }
}

fn word<'w, T: Copy>(
    what: &'w str,
    all: &'w [T],
    name: impl Fn(T) -> &'static str + 'w,
) -> impl Fn(&Value) -> Result<T, Said> + 'w {
    move |Value { text: found, .. }| {
        let known = || all.iter().map(|one| name(*one)).collect::<Vec<_>>();
        let meant = all.iter().copied().find(|one| name(*one) == found);
        meant.ok_or_else(|| unknown(what, found, &known()))
    }
}

fn language(found: &Value) -> Result<Language, Said> {
    let language = Language::from(found.text.as_str());
    match language.check() {
        Ok(()) => Ok(language),
        Err(_) => Err(Said {
            problem: format!("`{language}` is no language"),
            mend: "write its BCP 47 tag, such as en or pt-BR".to_owned(),
        }),
    }
}

fn number<T>(make: impl Fn(u64) -> T) -> impl Fn(&Value) -> Result<T, Said> {
    move |Value { text: found, .. }| {
        let digits = found.trim_start_matches('#');
        u64::from_str(digits).map(&make).map_err(|_| Said {
            problem: format!("`{found}` is no number"),
            mend: "write such as 42".to_owned(),
        })
    }
}

fn or_none<T>(
    read: impl Fn(&Value) -> Result<T, Said>,
) -> impl Fn(&Value) -> Result<Option<T>, Said> {
    move |found| {
        if found.text == NONE && !found.is_quoted { Ok(None) } else { read(found).map(Some) }
    }
}

fn agent(found: &Value, me: Option<AgentId>) -> Result<AgentId, Said> {
    if found.text == "me" {
        return me.ok_or_else(|| Said {
            problem: "nobody in particular asks, so `me` is nobody".to_owned(),
            mend: "write the agent's number".to_owned(),
        });
    }
    number(AgentId)(found)
        .map_err(|said| Said { mend: format!("{}, me or none", said.mend), ..said })
}
