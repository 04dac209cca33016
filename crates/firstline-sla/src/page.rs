//! Paging: ringing for whoever is on call until somebody answers.

mod event;
mod plan;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;

use firstline_calendar::Timestamp;
use serde::{Deserialize, Serialize};

pub use event::{ImpossiblePageEvent, PageEvent};
pub use plan::{PageLevel, PageLevelSpec, PagePlan, PagePlanError, PagePlanFault, PagePlanSpec};

use crate::terms::Reason;

/// The most levels a plan may have: beyond that nobody is left to call.
pub const MAX_PAGE_LEVELS: usize = 16;

/// The most times a level may ring: each ring is a stored event.
pub const MAX_RINGS: u8 = 100;

/// The longest time between two rings: a page that waits for more than a day has been forgotten.
pub const MAX_RING_INTERVAL: crate::WallTime = crate::WallTime::from_minutes(24 * 60);

/// One page: it rings for the members on call, level by level of a [`PagePlan`], until somebody
/// acknowledges it. It does not ring itself: it says who is to be rung, and the host does it.
///
/// The loop is that of a [`Clock`](crate::Clock): [`settle`](Self::settle) up to now until there is
/// nothing more, then ask for what happened ([`acknowledge`](Self::acknowledge),
/// [`revoke`](Self::revoke)), [`apply`](Self::apply) the answers and store them, and come back at
/// [`poll_timeout`](Self::poll_timeout).
///
/// ```
/// use firstline_sla::{Page, PageEvent, PagePlan, PagePlanSpec, Timestamp};
///
/// let plan: PagePlanSpec = toml::from_str(
///     r#"levels = [
///         { roster = "first line", every = "5m", times = 2 },
///         { roster = "managers", every = "15m", times = 1 },
///     ]"#,
/// )?;
/// let plan = PagePlan::build(&plan, |name| ["first line", "managers"].contains(&name))?;
/// // Usually the rosters: |name, at| rosters[name].on_call(at).map(|on_call| on_call.member)
/// let on_call = |roster: &str, _at: Timestamp| {
///     Some(if roster == "managers" { "Martha" } else { "Anna" })
/// };
///
/// let noon: Timestamp = "2026-03-02T12:00:00Z".parse()?;
/// let now: Timestamp = "2026-03-02T12:12:00Z".parse()?;
/// let mut page = Page::begin(noon);
/// let mut rung = Vec::new();
/// while let Some((at, event)) = page.settle(&plan, on_call, now) {
///     if let PageEvent::Rang { member: Some(member), .. } = &event {
///         rung.push(format!("{at} {member}"));
///     }
///     page.apply(&event, at)?;
/// }
/// assert_eq!(
///     rung,
///     ["2026-03-02T12:00:00Z Anna", "2026-03-02T12:05:00Z Anna", "2026-03-02T12:10:00Z Martha"],
/// );
/// assert_eq!(page.poll_timeout(), Some("2026-03-02T12:25:00Z".parse()?), "then it gives up");
///
/// let answered = page.acknowledge(&"Martha").expect("nobody has answered yet");
/// page.apply(&answered, now)?;
/// assert_eq!(page.poll_timeout(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The rules
///
/// - The first ring is at the beginning. A level rings so many times, with the same wall-clock time
///   after each ring, also the last one; then the next level begins. After the last level the page
///   gives up.
/// - Who is on call is asked anew for each ring, at the moment of the ring: a hand-over in between
///   is followed. When nobody is, the page goes to the next level at once, and that is recorded.
/// - A ring is known by its level and attempt, which is what makes an effect of it happen once. It
///   is dated at its scheduled time, however late it is noticed: a host that slept hears of all the
///   rings, and whether to place the old calls is for the host to say.
/// - What was rung is a fact. Another plan that comes into force in between is followed from the
///   next ring on; where that ring is no longer in it, the page goes on to the next level, and after
///   the last one gives up.
/// - An answer after giving up is recorded too. The first answer counts, and later ones are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page<M> {
    /// When it began.
    pub began_at: Timestamp,
    /// The last ring, once there is one.
    pub last: Option<RingId>,
    /// What it is doing.
    pub phase: PagePhase<M>,
    /// When it gave up, if it ever did. No later answer takes that back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gave_up_at: Option<Timestamp>,
}

/// Which ring it is, in order of time. No page has one twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RingId {
    /// The index of the level in the plan.
    pub level: u8,
    /// Which ring of the level, from 1.
    pub attempt: u8,
}

/// What a page is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PagePhase<M> {
    /// It rings until somebody answers.
    Ringing {
        /// When it rings next, or gives up.
        next: Timestamp,
        /// Whether the level is done with, because nobody was on call.
        nobody: bool,
    },
    /// Somebody answered.
    Acknowledged {
        /// Who.
        by: M,
        /// When.
        at: Timestamp,
    },
    /// Nobody answered.
    GaveUp,
    /// There was nothing to answer any more.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
}

impl<M: Clone> Page<M> {
    /// A page that begins to ring at this moment.
    #[must_use]
    pub fn begin(at: Timestamp) -> Self {
        let phase = PagePhase::Ringing { next: at, nobody: false };
        Self { began_at: at, last: None, phase, gave_up_at: None }
    }

    /// The first thing that became true by itself until `now`, and when it did.
    ///
    /// `on_call` says who is on call by the roster of this name at this moment.
    ///
    /// Apply it and ask again until there is nothing more: a desk that slept through a weekend
    /// wakes to the same rings, in the same order, as one that watched every minute.
    #[must_use]
    pub fn settle(
        &self,
        plan: &PagePlan,
        on_call: impl FnOnce(&str, Timestamp) -> Option<M>,
        now: Timestamp,
    ) -> Option<(Timestamp, PageEvent<M>)> {
        let PagePhase::Ringing { next: at, nobody } = self.phase else {
            return None;
        };
        if at > now {
            return None;
        }
        let Some((ring, level)) = self.next_ring(plan, nobody) else {
            return Some((at, PageEvent::GaveUp));
        };
        let member = on_call(&level.roster, at);
        // At the end of all time what is left happens at once.
        let next = member.as_ref().and_then(|_| at.checked_add_millis(level.every.as_millis()));
        let RingId { level, attempt } = ring;
        Some((at, PageEvent::Rang { level, attempt, member, next }))
    }

    /// The ring after the last one, if the plan has one.
    fn next_ring<'a>(&self, plan: &'a PagePlan, nobody: bool) -> Option<(RingId, &'a PageLevel)> {
        let level_of = |ring: RingId| plan.levels().get(usize::from(ring.level));
        let again = match self.last {
            None => Some(RingId { level: 0, attempt: 1 }),
            Some(_) if nobody => None,
            Some(last) => last.attempt.checked_add(1).map(|attempt| RingId { attempt, ..last }),
        };
        let again = again.and_then(|ring| Some((ring, level_of(ring)?)));
        again.filter(|(ring, level)| ring.attempt <= level.times).or_else(|| {
            let ring = RingId { level: self.last?.level.checked_add(1)?, attempt: 1 };
            Some((ring, level_of(ring)?))
        })
    }

    /// Somebody answers. `None` if somebody has before, or there is nothing to answer any more.
    #[must_use]
    pub fn acknowledge(&self, by: &M) -> Option<PageEvent<M>> {
        match self.phase {
            PagePhase::Ringing { .. } | PagePhase::GaveUp => {
                Some(PageEvent::Acknowledged { by: by.clone() })
            }
            PagePhase::Acknowledged { .. } | PagePhase::Revoked { .. } => None,
        }
    }

    /// There is nothing to answer any more: the promise was fulfilled or given up. `None` if it
    /// does not ring, so that it may be asked whenever a promise ends.
    #[must_use]
    pub fn revoke(&self, reason: &Reason) -> Option<PageEvent<M>> {
        self.is_ringing().then(|| PageEvent::Revoked { reason: reason.clone() })
    }

    /// Changes the page as the event says. Decides nothing.
    ///
    /// # Errors
    ///
    /// The event cannot have happened to a page in this phase, or it is a ring that was before. The
    /// page is then unchanged.
    pub fn apply(
        &mut self,
        event: &PageEvent<M>,
        at: Timestamp,
    ) -> Result<(), ImpossiblePageEvent> {
        match (event, &self.phase) {
            (PageEvent::Rang { level, attempt, member, next }, PagePhase::Ringing { .. })
                if self.last < Some(RingId { level: *level, attempt: *attempt }) =>
            {
                self.last = Some(RingId { level: *level, attempt: *attempt });
                let nobody = member.is_none();
                self.phase = PagePhase::Ringing { next: next.unwrap_or(at), nobody };
            }
            (PageEvent::Acknowledged { by }, PagePhase::Ringing { .. } | PagePhase::GaveUp) => {
                self.phase = PagePhase::Acknowledged { by: by.clone(), at }
            }
            (PageEvent::GaveUp, PagePhase::Ringing { .. }) => {
                self.gave_up_at = Some(at);
                self.phase = PagePhase::GaveUp;
            }
            (PageEvent::Revoked { reason }, PagePhase::Ringing { .. }) => {
                self.phase = PagePhase::Revoked { at, reason: reason.clone() };
            }
            (event, phase) => {
                return Err(ImpossiblePageEvent {
                    event: event.told(),
                    phase: phase.told(),
                    last: self.last,
                });
            }
        }
        Ok(())
    }

    /// Whether it goes on by itself.
    #[must_use]
    pub fn is_ringing(&self) -> bool {
        matches!(self.phase, PagePhase::Ringing { .. })
    }

    /// The next moment at which [`settle`](Self::settle) has something to say, or `None` if there
    /// is none any more.
    ///
    /// A soft deadline: looking earlier is harmless, looking later is noticed and changes no fact.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match self.phase {
            PagePhase::Ringing { next, .. } => Some(next),
            _ => None,
        }
    }
}

impl<M> PagePhase<M> {
    fn told(&self) -> &'static str {
        match self {
            Self::Ringing { .. } => "ringing",
            Self::Acknowledged { .. } => "acknowledged",
            Self::GaveUp => "given up",
            Self::Revoked { .. } => "revoked",
        }
    }
}
