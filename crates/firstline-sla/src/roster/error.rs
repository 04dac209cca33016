//! Why a roster cannot be built.

use super::{MAX_MEMBERS, MAX_OVERRIDES, MAX_SHIFTS, MAX_TURN_DAYS};

/// Why a roster cannot be built: where in the authored form, what was found there and what to write
/// instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct RosterError {
    /// Where in a [`RosterSpec`](crate::RosterSpec), such as `shifts[0].rotation.every`.
    pub path: String,
    /// What is wrong there.
    pub fault: RosterFault,
}

impl RosterError {
    /// The same fault, seen from a document in which the roster is called `name`.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        self.path = format!("{name}.{}", self.path);
        self
    }
}

/// What can be wrong with a roster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterFault {
    /// There is no shift.
    #[error("a roster needs a shift; write one with a name and a member")]
    NoShifts,
    /// More than [`MAX_SHIFTS`].
    #[error("these are {found} shifts and {MAX_SHIFTS} are allowed; split the roster in two")]
    TooManyShifts {
        /// How many there are.
        found: usize,
    },
    /// More than [`MAX_MEMBERS`].
    #[error("these are {found} members and {MAX_MEMBERS} are allowed; split the shift in two")]
    TooManyMembers {
        /// How many there are.
        found: usize,
    },
    /// More than [`MAX_OVERRIDES`].
    #[error(
        "these are {found} overrides and {MAX_OVERRIDES} are allowed; take out those that are over"
    )]
    TooManyOverrides {
        /// How many there are.
        found: usize,
    },
    /// A shift without a name.
    #[error("a shift needs a name; write one, such as `nights`")]
    NoName,
    /// Two shifts of one name.
    #[error("`{found}` is the name of shifts[{first}] already; give each shift its own")]
    NameTwice {
        /// The name.
        found: String,
        /// The index of the shift that has it.
        first: usize,
    },
    /// A shift without members.
    #[error("nobody takes this shift; write at least one member")]
    NoMembers,
    /// Several members who do not take turns.
    #[error(
        "{found} members need turns; write rotation = {{ every = \"1w\", start = YYYY-MM-DD, at = \
         \"09:00\" }} and the time_zone of the roster, or keep one of them"
    )]
    NoRotation {
        /// How many members there are.
        found: usize,
    },
    /// No calendar of that name.
    #[error("no calendar is called `{found}`; define it, or leave it out for around the clock")]
    UnknownCalendar {
        /// The name.
        found: String,
    },
    /// No zone of that name is in the IANA data.
    #[error("`{found}` is not a time zone; write {mend}")]
    TimeZone {
        /// What stands there.
        found: String,
        /// The zone of this name in other letters, or an example.
        mend: String,
    },
    /// A local time is given, and nothing says in which zone.
    #[error(
        "`{found}` is a time of the wall clock, and neither the roster nor a calendar of the shift \
         has a zone; write time_zone, such as time_zone = \"Europe/Berlin\", for the roster"
    )]
    NoTimeZone {
        /// The local time.
        found: String,
    },
    /// The length of a turn is not one.
    #[error("`{found}` is not the length of a turn; write days or weeks, such as 1d or 2w")]
    Every {
        /// What stands there.
        found: String,
    },
    /// A turn of no length.
    #[error("with `{found}` no turn would ever pass; write at least 1d")]
    EveryZero {
        /// What stands there.
        found: String,
    },
    /// A turn of more than [`MAX_TURN_DAYS`].
    #[error("`{found}` is longer than the {MAX_TURN_DAYS} days that a turn may last; write less")]
    EveryTooLong {
        /// What stands there.
        found: String,
    },
    /// The start of a rotation is not a date.
    #[error("`{found}` is not a date; write one that exists as YYYY-MM-DD")]
    Start {
        /// What stands there.
        found: String,
    },
    /// The hand-over is not a time of day.
    #[error("`{found}` is not a time of day; write it as HH:MM from 00:00 to 24:00")]
    HandOver {
        /// What stands there.
        found: String,
    },
    /// An edge of an override is not a moment.
    #[error(
        "`{found}` is not a moment; write YYYY-MM-DD HH:MM by the wall clock, or with an offset as \
         in 2026-12-24T17:00:00+01:00"
    )]
    Moment {
        /// What stands there.
        found: String,
    },
    /// An override that is over before it begins, or as it does.
    #[error("it ends at {to}, which is not after {from}, where it begins; write a later `to`")]
    Backward {
        /// Where it begins, as written.
        from: String,
        /// Where it ends, as written.
        to: String,
    },
    /// An override of a shift that is not there.
    #[error("no shift is called `{found}`; write one of: {known}")]
    UnknownShift {
        /// The name.
        found: String,
        /// The shifts that there are.
        known: String,
    },
    /// Two overrides at once.
    #[error(
        "it begins before overrides[{other}], which is {of}, is over; cut one of them, so that one \
         member is on call"
    )]
    Overlap {
        /// The index of the one that begins earlier.
        other: usize,
        /// What that one is for.
        of: String,
    },
}
