/// Why a calendar cannot be built: where in the authored form, what was found there and what to
/// write instead.
///
/// Paths are those of a [`CalendarSpec`](crate::CalendarSpec), such as `weekly.mon[0]` or
/// `holidays[3].date`. A path is empty when the calendar as a whole is at fault.
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
    /// There is no open time in it from the beginning of time to its end.
    #[error("{path}: this calendar never opens; give it `weekly` hours or an exception with hours")]
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
            | Self::NeverOpens { path } => path,
        }
    }
}
