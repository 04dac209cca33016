/// Why a calendar cannot be built: where in the authored form, what was found there and what to
/// write instead.
///
/// Paths are those of a [`CalendarSpec`](crate::CalendarSpec), such as `weekly.mon[0]` or
/// `holidays[3].date`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// No zone of that name is in the IANA data.
    #[error("{path}: `{found}` is not a time zone; write {mend}")]
    TimeZone {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
        /// What to write: the zone of this name in other letters, or an example.
        mend: String,
    },
    /// A key under `weekly` names no days.
    #[error(
        "{path}: `{found}` is not a day of the week; write mon, tue, wed, thu, fri, sat, sun, \
         or a range such as mon-fri"
    )]
    Weekday {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
    },
    /// Two keys under `weekly` speak of one day.
    #[error("{path}: the hours of {day} are given by `{first}` already; give each day once")]
    WeekdayTwice {
        /// Where the second one stands.
        path: String,
        /// The day, such as `fri`.
        day: &'static str,
        /// The key that has given its hours already.
        first: String,
    },
    /// A window that is not `HH:MM-HH:MM`, or one without any time in it.
    #[error("{path}: `{found}` is not a window of hours: {problem}")]
    Window {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
        /// What is wrong and what to write.
        problem: &'static str,
    },
    /// A date that does not exist or is not written `YYYY-MM-DD`.
    #[error("{path}: `{found}` is not a date; write one that exists as YYYY-MM-DD")]
    Date {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
    },
    /// A holiday's date, rule or another of its fields that cannot be.
    #[error("{path}: `{found}` does not fit: {problem}")]
    Holiday {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
        /// What is wrong and what to write.
        problem: &'static str,
    },
    /// More holidays than a calendar may have.
    #[error("{path}: with this one the holidays are more than {limit} days; shorten `until`")]
    TooManyHolidays {
        /// Where the one too many stands.
        path: String,
        /// How many days may be holidays.
        limit: usize,
    },
    /// Two versions take effect on one date.
    #[error("{path}: `{found}` begins another version already; give each its own date")]
    VersionTwice {
        /// Where the second one stands.
        path: String,
        /// The date.
        found: String,
    },
    /// A calendar made of others names one that is not there.
    #[error("{path}: no calendar is called `{found}`; write one of: {known}")]
    UnknownCalendar {
        /// Where it stands.
        path: String,
        /// What stands there.
        found: String,
        /// The calendars that there are, by name.
        known: String,
    },
    /// A calendar is made of itself, perhaps by way of others.
    #[error("{path}: `{found}` is made of itself; take it out")]
    Circle {
        /// Where the circle closes.
        path: String,
        /// The calendar that is met again.
        found: String,
    },
    /// Calendars are made of calendars over too many steps.
    #[error("{path}: this is more than {limit} calendars deep; name the calendars behind it")]
    TooDeep {
        /// Where the limit is met.
        path: String,
        /// How many steps there may be.
        limit: usize,
    },
    /// A calendar made of others says something of its own as well.
    #[error(
        "{path}: a calendar made of others cannot have `{found}` as well; give that to a calendar \
         of its own and name it here"
    )]
    Mixed {
        /// The list of other calendars.
        path: String,
        /// The field that stands beside it.
        found: &'static str,
    },
    /// There is no open time in it from the beginning of time to its end.
    #[error("{path}: this calendar never opens; give it hours, weekly or on some date")]
    NeverOpens {
        /// Where it stands.
        path: String,
    },
}

impl CalendarError {
    /// Where in the authored form the fault lies, such as `weekly.mon[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::TimeZone { path, .. }
            | Self::Weekday { path, .. }
            | Self::WeekdayTwice { path, .. }
            | Self::Window { path, .. }
            | Self::Date { path, .. }
            | Self::Holiday { path, .. }
            | Self::TooManyHolidays { path, .. }
            | Self::VersionTwice { path, .. }
            | Self::UnknownCalendar { path, .. }
            | Self::Circle { path, .. }
            | Self::TooDeep { path, .. }
            | Self::Mixed { path, .. }
            | Self::NeverOpens { path } => path,
        }
    }

    /// The same fault, seen from a document in which the calendar is called `name`.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let (Self::TimeZone { path, .. }
        | Self::Weekday { path, .. }
        | Self::WeekdayTwice { path, .. }
        | Self::Window { path, .. }
        | Self::Date { path, .. }
        | Self::Holiday { path, .. }
        | Self::TooManyHolidays { path, .. }
        | Self::VersionTwice { path, .. }
        | Self::UnknownCalendar { path, .. }
        | Self::Circle { path, .. }
        | Self::TooDeep { path, .. }
        | Self::Mixed { path, .. }
        | Self::NeverOpens { path }) = &mut self;
        *path = if path.is_empty() { name.to_owned() } else { format!("{name}.{path}") };
        self
    }
}
