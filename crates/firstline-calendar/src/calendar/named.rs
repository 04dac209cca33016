//! From the authored form to calendars, also to those that are made of others.

use std::collections::BTreeMap;

use super::Calendar;
use super::compile::{compile, read_zone};
use crate::{CalendarError, CalendarSpec};

impl Calendar {
    /// Compiles the authored form of one calendar.
    ///
    /// One that is made of others needs [`build_all`](Self::build_all).
    ///
    /// # Errors
    ///
    /// The first fault that is found, with its place and the mend: a zone, day, window, date or
    /// rule that is none, or a calendar that never opens.
    pub fn build(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        match operation_of(spec)? {
            None => compile(spec),
            Some(operation) => Err(CalendarError::UnknownCalendar {
                path: format!("{}[0]", operation.key),
                found: operation.names[0].clone(),
                known: "none, because this calendar is built alone".to_owned(),
            }),
        }
    }

    /// Compiles calendars that may be made of each other.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build), with the name of the calendar before the place; and a name that
    /// is not there, or a calendar that is made of itself.
    pub fn build_all(
        specs: &BTreeMap<String, CalendarSpec>,
    ) -> Result<BTreeMap<String, Self>, CalendarError> {
        let mut rulebook = Rulebook { specs, built: BTreeMap::new(), waiting: Vec::new() };
        for (name, spec) in specs {
            rulebook.build(name, spec)?;
        }
        Ok(rulebook.built)
    }
}

/// A calendar may be made of others that are made of others, and so on, so many times.
const MAX_DEPTH: usize = 32;

/// Calendars by name while they are built.
struct Rulebook<'a> {
    specs: &'a BTreeMap<String, CalendarSpec>,
    built: BTreeMap<String, Calendar>,
    /// Those that wait for a part of theirs, the outermost first.
    waiting: Vec<&'a str>,
}

impl<'a> Rulebook<'a> {
    fn build(&mut self, name: &'a str, spec: &'a CalendarSpec) -> Result<Calendar, CalendarError> {
        if let Some(calendar) = self.built.get(name) {
            return Ok(calendar.clone());
        }
        let here = |error: CalendarError| error.within(name);
        let calendar = match operation_of(spec).map_err(here)? {
            None => compile(spec).map_err(here)?,
            Some(operation) => {
                self.waiting.push(name);
                let parts = self.parts(name, &operation)?;
                self.waiting.pop();
                combine(spec, &operation, &parts).map_err(here)?
            }
        };
        self.built.insert(name.to_owned(), calendar.clone());
        Ok(calendar)
    }

    fn parts(
        &mut self,
        name: &str,
        operation: &Operation<'a>,
    ) -> Result<Vec<Calendar>, CalendarError> {
        let mut parts = Vec::new();
        for (index, found) in operation.names.iter().enumerate() {
            let path = format!("{name}.{}[{index}]", operation.key);
            let found = found.clone();
            let Some((part, spec)) = self.specs.get_key_value(&found) else {
                let known = self.specs.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                return Err(CalendarError::UnknownCalendar { path, found, known });
            };
            if self.waiting.contains(&part.as_str()) {
                return Err(CalendarError::Circle { path, found });
            }
            if self.waiting.len() == MAX_DEPTH {
                return Err(CalendarError::TooDeep { path, limit: MAX_DEPTH });
            }
            parts.push(self.build(part, spec)?);
        }
        Ok(parts)
    }
}

/// How a calendar is made of others.
struct Operation<'a> {
    key: &'static str,
    names: &'a [String],
    combine: fn(&Calendar, &Calendar) -> Result<Calendar, CalendarError>,
}

/// The one operation of a calendar that is made of others, or `None` when it has its own hours.
fn operation_of(spec: &CalendarSpec) -> Result<Option<Operation<'_>>, CalendarError> {
    let union = |a: &Calendar, b: &Calendar| Ok(a.union(b));
    let operations = [
        Operation { key: "union", names: &spec.union, combine: union },
        Operation {
            key: "intersection",
            names: &spec.intersection,
            combine: Calendar::intersection,
        },
        Operation { key: "difference", names: &spec.difference, combine: Calendar::difference },
    ];
    let mut given = operations.into_iter().filter(|operation| !operation.names.is_empty());
    let Some(operation) = given.next() else { return Ok(None) };
    let beside = [
        ("weekly", !spec.weekly.is_empty()),
        ("holidays", !spec.holidays.is_empty()),
        ("exceptions", !spec.exceptions.is_empty()),
        ("versions", !spec.versions.is_empty()),
    ];
    let own = beside.into_iter().find(|(_, is_given)| *is_given).map(|(key, _)| key);
    match own.or_else(|| given.next().map(|second| second.key)) {
        None => Ok(Some(operation)),
        Some(found) => Err(CalendarError::Mixed { path: operation.key.to_owned(), found }),
    }
}

fn combine(
    spec: &CalendarSpec,
    operation: &Operation<'_>,
    parts: &[Calendar],
) -> Result<Calendar, CalendarError> {
    let (first, others) = parts.split_first().expect("an operation names a calendar");
    let together = |made: Calendar, other| (operation.combine)(&made, other);
    let made = others.iter().try_fold(first.clone(), together)?;
    match spec.time_zone.as_str() {
        "" => Ok(made),
        name => Ok(made.in_zone(read_zone(name)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(json: &str) -> Result<BTreeMap<String, Calendar>, CalendarError> {
        Calendar::build_all(&serde_json::from_str(json).unwrap())
    }

    fn fault(json: &str) -> String {
        build(json).unwrap_err().to_string()
    }

    const EMEA: &str = r#"
        "berlin": { "time_zone": "Europe/Berlin", "weekly": { "mon-fri": ["09:00-17:00"] } },
        "dubai": { "time_zone": "Asia/Dubai", "weekly": { "mon-fri": ["09:00-17:00"] } }
    "#;

    #[test]
    fn a_desk_is_open_when_either_office_is() {
        let calendars = build(&format!(
            r#"{{ {EMEA}, "emea": {{ "union": ["berlin", "dubai"] }},
                  "handover": {{ "intersection": ["berlin", "dubai"] }},
                  "dubai alone": {{ "difference": ["dubai", "berlin"], "time_zone": "UTC" }} }}"#
        ));
        let calendars = calendars.unwrap();
        let hours = |name: &str| {
            let from = "2026-01-14T00:00:00Z".parse().unwrap();
            let to = "2026-01-15T00:00:00Z".parse().unwrap();
            calendars[name].between(from, to).as_millis() / 3_600_000
        };
        let of_all = ["berlin", "dubai", "emea", "handover", "dubai alone"].map(hours);
        assert_eq!(of_all, [8, 8, 11, 5, 3]);
        assert_eq!(calendars["emea"].time_zone().name(), "Europe/Berlin");
        assert_eq!(calendars["dubai alone"].time_zone().name(), "UTC");
    }

    #[test]
    fn what_cannot_be_combined_is_refused_with_its_place() {
        assert_eq!(
            fault(&format!(r#"{{ {EMEA}, "emea": {{ "union": ["berlin", "dubay"] }} }}"#)),
            "emea.union[1]: no calendar is called `dubay`; write one of: berlin, dubai, emea",
        );
        assert_eq!(
            fault(
                r#"{ "a": { "union": ["b"] }, "b": { "intersection": ["c", "a"] },
                       "c": { "time_zone": "UTC", "weekly": { "mon": ["09:00-17:00"] } } }"#
            ),
            "b.intersection[1]: `a` is made of itself; take it out",
        );
        assert_eq!(
            fault(&format!(
                r#"{{ {EMEA}, "emea": {{ "union": ["berlin"], "holidays": ["12-25"] }} }}"#
            )),
            "emea.union: a calendar made of others cannot have `holidays` as well; give that to a \
             calendar of its own and name it here",
        );
        assert_eq!(
            fault(&format!(r#"{{ {EMEA}, "x": {{ "difference": ["berlin", "berlin"] }} }}"#)),
            "x.difference: this calendar never opens; give it hours, weekly or on some date",
        );
        assert!(
            fault(r#"{ "a": { "time_zone": "UTC", "weekly": { "mon": ["9-5"] } } }"#)
                .starts_with("a.weekly.mon[0]: `9-5` is not a window")
        );
    }

    #[test]
    fn a_long_chain_is_refused_and_not_followed_to_the_end_of_the_stack() {
        let link = |n: u32| format!(r#""{n:06}": {{ "union": ["{:06}"] }}"#, n + 1);
        let chain = (0..10_000).map(link).collect::<Vec<_>>().join(",");
        assert!(fault(&format!("{{ {chain} }}")).contains("more than 32"));
    }

    #[test]
    fn a_calendar_that_is_built_alone_cannot_name_others() {
        let spec = CalendarSpec { union: vec!["berlin".to_owned()], ..CalendarSpec::default() };
        assert_eq!(Calendar::build(&spec).unwrap_err().path(), "union[0]");
    }
}
