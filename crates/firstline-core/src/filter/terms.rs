//! What a term says to a filter.

use core::ops::Range;
use std::collections::BTreeSet;

use super::error::FilterError;
use super::fields::FIELDS;
use super::own::{self, OWN};
use super::read::{Called, Operator, Value};
use super::time::moment;
use super::values::{NONE, Said, unknown};
use super::{Asking, Period, TicketFilter};
use crate::id::Tag;
use crate::ticket::Status;

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
        let name = self.field.0;
        if let Some(field) = FIELDS.iter().find(|field| field.name() == name) {
            return field.say(self, filter);
        }
        if self.called.own.contains_key(name.strip_prefix(OWN).unwrap_or(name)) {
            return self.own_field(&mut filter.fields);
        }
        let own = self.called.own.keys().map(own::name);
        let fields = FIELDS.iter().map(|field| field.name().to_owned());
        let known: Vec<String> = fields.chain(own).collect();
        let problem = format!("there is no field `{name}`");
        let mend = format!("write one of {}", known.join(", "));
        Err(FilterError::new(self.field.1.clone(), problem, mend))
    }

    /// Puts the values into a set that nobody has filled yet: a field that is asked for twice would
    /// find nothing, or not what was meant. Only what has steps is compared.
    pub(super) fn fill<T: Clone + Ord>(
        &self,
        set: &mut BTreeSet<T>,
        steps: &[T],
        read: impl Fn(&Self, &Value) -> Result<T, Said>,
        show: impl Fn(&T) -> String,
    ) -> Result<(), FilterError> {
        let read = |value: &Value| read(self, value).map_err(|said| said.at(&value.at));
        if self.operator == Operator::Is || steps.is_empty() {
            self.is_not_compared()?;
            self.is_first(set.is_empty())?;
            for value in &self.values {
                set.insert(read(value)?);
            }
            return Ok(());
        }
        self.is_first(set.is_empty())?;
        let value = self.only()?;
        let bound = read(value)?;
        if !steps.contains(&bound) {
            let problem = format!("`{}` is neither more nor less than another", value.text);
            return Err(FilterError::new(value.at.clone(), problem, "write a colon before it"));
        }
        let is_meant = |step: &&T| match self.operator {
            Operator::Is => **step == bound,
            Operator::Less => **step < bound,
            Operator::AtMost => **step <= bound,
            Operator::More => **step > bound,
            Operator::AtLeast => **step >= bound,
        };
        set.extend(steps.iter().filter(is_meant).cloned());
        if set.is_empty() {
            let problem = format!("no {} is beyond {}", self.field.0, show(&bound));
            return Err(FilterError::new(value.at.clone(), problem, "write another one"));
        }
        Ok(())
    }

    /// Whether something is so.
    pub(super) fn flag(&self, asked: &mut Option<bool>) -> Result<(), FilterError> {
        self.is_not_compared()?;
        self.is_first(asked.is_none())?;
        let Value { text, at, .. } = self.only()?;
        let said = match text.as_str() {
            "true" | "yes" => true,
            "false" | "no" => false,
            other => {
                let problem = format!("`{other}` is no yes or no");
                return Err(FilterError::new(at.clone(), problem, "write true or false"));
            }
        };
        *asked = Some(said);
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

    pub(super) fn statuses(&self, set: &mut BTreeSet<Status>) -> Result<(), FilterError> {
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

    /// Several labels may be asked for: all of them must be there.
    pub(super) fn tags(&self, set: &mut BTreeSet<Tag>) -> Result<(), FilterError> {
        self.is_not_compared()?;
        let [tag] = &self.values[..] else {
            let problem = "several labels are all asked for, not one of them";
            let mend = "write such as tag:a tag:b";
            return Err(FilterError::new(self.values[1].at.clone(), problem, mend));
        };
        set.insert(Tag::from(tag.text.as_str()));
        Ok(())
    }

    pub(super) fn time(
        &self,
        within: &mut Period,
        lies_ahead: bool,
        may_miss: bool,
    ) -> Result<(), FilterError> {
        let Value { text, at, .. } = self.only()?;
        if self.operator == Operator::Is && text == NONE && may_miss {
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
