//! The authored form: what people write in a rulebook.

pub(crate) mod dates;
pub(crate) mod hours;
mod short;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
pub use short::date_text;

/// A calendar as people write it, in TOML or JSON.
///
/// What it says is checked when the calendar is built; a fault is then reported with its place and
/// the mend.
///
/// ```
/// use firstline_calendar::{Calendar, CalendarSpec};
///
/// let office: CalendarSpec = toml::from_str(
///     r#"
///     time_zone = "Europe/Berlin"
///     weekly = { mon-thu = ["09:00-12:30", "13:30-18:00"], fri = ["09:00-15:00"] }
///     holidays = [
///         "01-01",
///         { date = "easter-2", name = "Good Friday" },
///         { date = "2026-05-09", name = "Victory Day" },
///         { date = "2026-08-03", days = 14, name = "Works holiday" },
///     ]
///     exceptions = { 2026-12-24 = ["09:00-12:00"], 2026-12-31 = { hours = [], name = "Stocktaking" } }
///     versions = [{ from = "2027-01-01", weekly = { mon-thu = ["08:00-17:00"] } }]
///     "#,
/// )?;
/// let office = Calendar::build(&office)?;
/// assert!(office.is_open("2026-12-24T10:00:00+01:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Dates on which the calendar is closed from midnight to midnight. The name of the first one
    /// counts where two fall on one date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidaySpec>,
    /// Dates, `YYYY-MM-DD`, with hours of their own. They replace the weekly hours of that date,
    /// also those that a window of the day before brings in, and they beat a holiday.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<String, ExceptionSpec>,
    /// Weekly hours that take effect later. The past keeps the hours that it had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<VersionSpec>,
    /// Open when any of these calendars is, by their names in the document.
    ///
    /// A calendar made of others has no hours or dates of its own, and only one of `union`,
    /// `intersection` and `difference`. Its `time_zone` may be left out and is then that of the
    /// first one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub union: Vec<String>,
    /// Open when all of these calendars are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intersection: Vec<String>,
    /// Open when the first of these calendars is and none of the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
}

/// Weekly hours from a date on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VersionSpec {
    /// The first date, `YYYY-MM-DD`, on which these hours hold. A shift that began the day before
    /// is worked to its end by the hours under which it began.
    #[serde(deserialize_with = "short::date_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: String,
    /// The hours, written as those of the calendar. They replace those before.
    pub weekly: BTreeMap<String, Vec<String>>,
}

/// A holiday: a text for its date alone, such as `"2026-01-01"` or `"12-25"`, or the whole of it,
/// such as `{ date = "2026-05-09", name = "Victory Day" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(deny_unknown_fields, transform = short::or_text)
)]
pub struct HolidaySpec {
    /// A date, `YYYY-MM-DD`, or a rule for every year:
    ///
    /// - `12-25`: a date of the year (`02-29` in leap years only),
    /// - `4th thu of nov`, `last mon of may`: a weekday of a month,
    /// - `mon on or before 05-24`, `sat on or after 06-20`: the weekday next to a date,
    /// - `easter-2`, `easter`, `easter+39`: days before and after Easter Sunday,
    /// - `orthodox easter+1`: the same by the eastern reckoning.
    pub date: String,
    /// What a ledger calls it.
    pub name: Option<String>,
    /// How many days it lasts, 1 to 366; one if left out.
    pub days: Option<u32>,
    /// When else it is kept if it falls on a Saturday or Sunday.
    pub observed: Option<Observed>,
    /// The first year of a rule; 1900 if left out.
    pub from: Option<i32>,
    /// The last year of a rule; 2199 if left out.
    pub until: Option<i32>,
}

impl HolidaySpec {
    /// A rule without `from` begins with this year.
    pub const FIRST_YEAR: i32 = 1900;
    /// A rule without `until` ends with this year: tables must end somewhere, and nobody knows the
    /// holidays of the year after it.
    pub const LAST_YEAR: i32 = 2199;
}

impl From<&str> for HolidaySpec {
    /// The holiday with this date or rule and nothing else.
    fn from(date: &str) -> Self {
        Self { date: date.to_owned(), ..Self::default() }
    }
}

/// When a holiday is kept if it falls on a weekend. The date itself stays closed as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Observed {
    /// On the Monday after it, or on the first weekday after that which is no holiday yet: two
    /// holidays on one weekend are kept on Monday and Tuesday, as in the United Kingdom.
    Monday,
    /// On the Friday before a Saturday and the Monday after a Sunday, as in the United States.
    Nearest,
}

/// The hours of one date: `["09:00-12:00"]` or `{ hours = ["09:00-12:00"], name = "Christmas Eve" }`.
///
/// No hours close the date. Windows end at `24:00` at the latest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(deny_unknown_fields, transform = short::or_list)
)]
pub struct ExceptionSpec {
    /// The windows, written as those of the week.
    pub hours: Vec<String>,
    /// What a ledger calls it.
    pub name: Option<String>,
}
