//! Whom a page rings for, how often, and who comes next.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{MAX_PAGE_LEVELS, MAX_RING_INTERVAL, MAX_RINGS};
use crate::wall_time::WallTime;

/// A plan as people write it, in TOML or JSON.
///
/// Levels come one after the other and name no successor, so that a plan cannot run in a circle;
/// to ring for a roster once more at the end, name it once more.
///
/// ```
/// let plan: firstline_sla::PagePlanSpec = toml::from_str(
///     r#"
///     [[levels]]
///     roster = "first line"
///     every = "5m"
///     times = 3
///     [[levels]]
///     roster = "managers"
///     every = "15m"
///     times = 2
///     "#,
/// )?;
/// assert_eq!(plan.levels.len(), 2);
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PagePlanSpec {
    /// The levels in their order.
    #[serde(default)]
    pub levels: Vec<PageLevelSpec>,
}

/// A level of a plan as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageLevelSpec {
    /// The name of the roster whose member on call is rung.
    pub roster: String,
    /// The wall-clock time from one ring to the next and from the last one to the next level, such
    /// as `5m` or `1h 30m`; at most a day.
    pub every: String,
    /// How many times to ring, from 1 to 100.
    pub times: i64,
}

/// A checked plan: at least one level, every interval positive, so that each page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePlan(Vec<PageLevel>);

/// A level of a [`PagePlan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLevel {
    /// The roster whose member on call is rung.
    pub roster: Arc<str>,
    /// From one ring to the next, and from the last one to the next level.
    pub every: WallTime,
    /// How many times to ring.
    pub times: u8,
}

/// Why a plan cannot be built: where in the authored form, what was found there and what to write
/// instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct PagePlanError {
    /// Where in a [`PagePlanSpec`], such as `levels[0].every`.
    pub path: String,
    /// What is wrong there.
    pub fault: PagePlanFault,
}

/// What can be wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PagePlanFault {
    /// There is no level.
    #[error("a plan needs a level; write one with `roster`, `every` and `times`")]
    NoLevels,
    /// More than [`MAX_PAGE_LEVELS`].
    #[error("these are {found} levels and {MAX_PAGE_LEVELS} are allowed; take some out")]
    TooManyLevels {
        /// How many there are.
        found: usize,
    },
    /// No roster of that name.
    #[error("no roster is called `{found}`; define it, or write the name of one that is there")]
    UnknownRoster {
        /// The name.
        found: String,
    },
    /// The interval is not a stretch of time.
    #[error("`{found}` is not a stretch of time; write it as 5m or 1h 30m")]
    Every {
        /// What stands there.
        found: String,
    },
    /// The interval is zero or negative.
    #[error(
        "with `{found}` all would ring at once; write how long to wait for an answer, such as 5m"
    )]
    EveryNotPositive {
        /// What stands there.
        found: String,
    },
    /// The interval is more than [`MAX_RING_INTERVAL`].
    #[error(
        "`{found}` is longer than the {MAX_RING_INTERVAL} that may lie between rings; write less"
    )]
    EveryTooLong {
        /// What stands there.
        found: String,
    },
    /// A level that never rings.
    #[error("a level that rings {found} times is none; write at least 1, or take the level out")]
    NoRings {
        /// What stands there.
        found: i64,
    },
    /// More than [`MAX_RINGS`].
    #[error("{found} rings are more than the {MAX_RINGS} that a level may have; write less")]
    TooManyRings {
        /// What stands there.
        found: i64,
    },
}

impl PagePlan {
    /// Checks the authored form. `is_roster` says whether there is a roster of this name.
    ///
    /// # Errors
    ///
    /// The first fault that is found, with its place and the mend; see [`PagePlanFault`].
    pub fn build(
        spec: &PagePlanSpec,
        is_roster: impl Fn(&str) -> bool,
    ) -> Result<Self, PagePlanError> {
        let at = |path: String| move |fault| PagePlanError { path, fault };
        match spec.levels.len() {
            0 => return Err(at("levels".to_owned())(PagePlanFault::NoLevels)),
            found if found > MAX_PAGE_LEVELS => {
                return Err(at("levels".to_owned())(PagePlanFault::TooManyLevels { found }));
            }
            _ => {}
        }
        let levels = spec.levels.iter().enumerate().map(|(index, level)| {
            let path = |key: &str| at(format!("levels[{index}].{key}"));
            if !is_roster(&level.roster) {
                let found = level.roster.clone();
                return Err(path("roster")(PagePlanFault::UnknownRoster { found }));
            }
            Ok(PageLevel {
                roster: Arc::from(level.roster.as_str()),
                every: read_every(&level.every).map_err(path("every"))?,
                times: read_times(level.times).map_err(path("times"))?,
            })
        });
        levels.collect::<Result<_, _>>().map(Self)
    }

    /// The levels in their order: at least one.
    #[must_use]
    pub fn levels(&self) -> &[PageLevel] {
        &self.0
    }

    /// How long a page rings by this plan until it gives up, if nobody answers and somebody is
    /// always on call. No page rings longer.
    #[must_use]
    pub fn patience(&self) -> WallTime {
        let of = |level: &PageLevel| level.every.as_millis() * i64::from(level.times);
        WallTime::from_millis(self.0.iter().map(of).sum())
    }
}

fn read_every(text: &str) -> Result<WallTime, PagePlanFault> {
    let found = || text.to_owned();
    match text.parse::<WallTime>() {
        Err(_) => Err(PagePlanFault::Every { found: found() }),
        Ok(every) if every.as_millis() <= 0 => {
            Err(PagePlanFault::EveryNotPositive { found: found() })
        }
        Ok(every) if every > MAX_RING_INTERVAL => {
            Err(PagePlanFault::EveryTooLong { found: found() })
        }
        Ok(every) => Ok(every),
    }
}

fn read_times(found: i64) -> Result<u8, PagePlanFault> {
    match u8::try_from(found) {
        Ok(times @ 1..=MAX_RINGS) => Ok(times),
        _ if found < 1 => Err(PagePlanFault::NoRings { found }),
        _ => Err(PagePlanFault::TooManyRings { found }),
    }
}
