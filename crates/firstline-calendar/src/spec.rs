//! The authored form: what people write in a rulebook.

pub(crate) mod dates;
pub(crate) mod hours;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A calendar as people write it, in TOML or JSON.
///
/// Nothing is checked before [`Calendar::build`](crate::Calendar::build), which names the place of
/// a fault and the mend.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CalendarSpec {
    /// The IANA name of the zone whose wall clock the hours are read from, such as
    /// `Europe/Berlin`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    /// The windows of each day of the week. A key is a day, `mon` to `sun`, or a range such as
    /// `mon-fri`; a day without a key is off. A window is `HH:MM-HH:MM`: the first minute is in,
    /// the last one is out, `24:00` may end it, and one that ends before it starts passes midnight
    /// and belongs to the day on which it starts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weekly: BTreeMap<String, Vec<String>>,
    /// Dates on which the calendar is closed from midnight to midnight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidaySpec>,
    /// Dates, `YYYY-MM-DD`, with hours of their own. They replace the weekly hours of that date,
    /// also those that a window of the day before brings in, and they beat a holiday.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<String, ExceptionSpec>,
}

/// A holiday: `"2026-01-01"` or `{ date = "2026-05-09", name = "Victory Day" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "HolidayForm", into = "HolidayForm")]
pub struct HolidaySpec {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// What a ledger calls it.
    pub name: Option<String>,
}

/// The hours of one date: `["09:00-12:00"]` or `{ hours = ["09:00-12:00"], name = "Christmas Eve" }`.
///
/// No hours close the date. Windows end at `24:00` at the latest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ExceptionForm", into = "ExceptionForm")]
pub struct ExceptionSpec {
    /// The windows, as in [`CalendarSpec::weekly`].
    pub hours: Vec<String>,
    /// What a ledger calls it.
    pub name: Option<String>,
}

/// Either way of writing a holiday.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum HolidayForm {
    Short(String),
    Full {
        date: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

impl From<HolidayForm> for HolidaySpec {
    fn from(form: HolidayForm) -> Self {
        match form {
            HolidayForm::Short(date) => Self { date, ..Self::default() },
            HolidayForm::Full { date, name } => Self { date, name },
        }
    }
}

impl From<HolidaySpec> for HolidayForm {
    fn from(spec: HolidaySpec) -> Self {
        match spec {
            HolidaySpec { date, name: None } => Self::Short(date),
            HolidaySpec { date, name } => Self::Full { date, name },
        }
    }
}

/// Either way of writing an exception.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ExceptionForm {
    Short(Vec<String>),
    Full {
        hours: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

impl From<ExceptionForm> for ExceptionSpec {
    fn from(form: ExceptionForm) -> Self {
        match form {
            ExceptionForm::Short(hours) => Self { hours, name: None },
            ExceptionForm::Full { hours, name } => Self { hours, name },
        }
    }
}

impl From<ExceptionSpec> for ExceptionForm {
    fn from(spec: ExceptionSpec) -> Self {
        match spec {
            ExceptionSpec { hours, name: None } => Self::Short(hours),
            ExceptionSpec { hours, name } => Self::Full { hours, name },
        }
    }
}
