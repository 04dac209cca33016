//! Why a plan is none, or opens nothing.

use serde::Serialize;

use crate::date::Date;

/// Why a plan is none, or a ticket not one of its dates. It is for the caller to act, and nothing was
/// changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PlanRefusal {
    /// A rule by which nothing can come again.
    #[error("by this rule nothing comes again: {why}")]
    NoRecurrence {
        /// Why not.
        why: String,
    },
    /// A working day is to take the place of its date, and by its calendar there is none any more.
    #[error("by its calendar nobody works around {date} or ever after: give the calendar hours")]
    NobodyWorks {
        /// For which of its dates.
        date: Date,
    },
    /// A ticket for a date of a plan that the plan does not open.
    #[error("only a plan opens the tickets of its dates; leave out `planned`")]
    NotPlanned,
}
