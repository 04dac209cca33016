//! Priority: how much a request matters, from its impact and its urgency (ITIL).

use core::fmt;

use serde::{Deserialize, Serialize};

/// Declares a scale of a few words, from the least to the most.
macro_rules! scale {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)+
        }

        impl $name {
            /// All of them, from the least to the most.
            pub const ALL: &[Self] = &[$(Self::$word,)+];

            /// The word for it, as in rulebooks and records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

scale!(
    /// How much of the business is affected.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    Impact {
        /// One person, or a comfort.
        Low = "low",
        /// A team, or a part of the work.
        Medium = "medium",
        /// A whole site or company.
        High = "high",
    }
);
scale!(
    /// How soon that hurts.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    Urgency {
        /// It can wait.
        Low = "low",
        /// It hinders.
        Medium = "medium",
        /// It stops the work.
        High = "high",
    }
);
scale!(
    /// What goes first.
    Priority {
        /// When there is time.
        Low = "low",
        /// In turn.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// At once.
        Critical = "critical",
    }
);

/// Which priority follows from which impact and urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorityMatrix(
    /// By impact, then by urgency, both from low to high.
    pub [[Priority; 3]; 3],
);

impl Default for PriorityMatrix {
    /// The matrix of the ITIL books, with their two lowest classes in one.
    fn default() -> Self {
        use Priority::{Critical, High, Low, Medium};
        Self([[Low, Low, Medium], [Low, Medium, High], [Medium, High, Critical]])
    }
}

impl PriorityMatrix {
    /// The priority of a request with this impact and urgency.
    #[must_use]
    pub const fn priority(&self, impact: Impact, urgency: Urgency) -> Priority {
        self.0[impact as usize][urgency as usize]
    }
}

/// How much a request matters, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Classification {
    /// How much of the business is affected.
    pub impact: Impact,
    /// How soon that hurts.
    pub urgency: Urgency,
    /// What goes first: from the matrix, or by decree.
    pub priority: Priority,
    /// Whether the priority was decreed and stays when impact or urgency change.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub overridden: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hits_everybody_now_is_critical_and_what_hits_one_person_some_day_is_low() {
        let matrix = PriorityMatrix::default();
        assert_eq!(matrix.priority(Impact::High, Urgency::High), Priority::Critical);
        assert_eq!(matrix.priority(Impact::Medium, Urgency::Medium), Priority::Medium);
        assert_eq!(matrix.priority(Impact::High, Urgency::Low), Priority::Medium);
        assert_eq!(matrix.priority(Impact::Low, Urgency::Low), Priority::Low);
    }

    #[test]
    fn more_impact_or_more_urgency_never_lowers_the_priority() {
        let matrix = PriorityMatrix::default();
        for pair in Impact::ALL.windows(2) {
            for &urgency in Urgency::ALL {
                assert!(matrix.priority(pair[0], urgency) <= matrix.priority(pair[1], urgency));
            }
        }
        for &impact in Impact::ALL {
            for pair in Urgency::ALL.windows(2) {
                assert!(matrix.priority(impact, pair[0]) <= matrix.priority(impact, pair[1]));
            }
        }
    }
}
