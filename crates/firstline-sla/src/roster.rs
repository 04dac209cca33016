//! Who is on call: shifts with their own hours, members who take turns, overrides.

mod build;
mod error;
mod holes;
#[cfg(test)]
mod properties;
mod rotation;
mod spec;
#[cfg(test)]
mod stories;

use std::sync::Arc;

use firstline_calendar::{Calendar, Timestamp, WallClock};

pub use error::{RosterError, RosterFault};
pub use holes::{HolePattern, HoleReport};
use rotation::Rotation;
pub use spec::{OverrideSpec, RosterSpec, RotationSpec, ShiftSpec};

/// The most shifts a roster may have: each of them is looked at for every answer.
pub const MAX_SHIFTS: usize = 32;

/// The most members a shift may have: even by daily turns the last of them waits for three years.
pub const MAX_MEMBERS: usize = 1_000;

/// The most overrides a roster may have: three a day for a year, with room to spare. Those that are
/// over can be taken out.
pub const MAX_OVERRIDES: usize = 2_000;

/// The most days a turn may last: what is longer than a leap year is an appointment, no rotation.
pub const MAX_TURN_DAYS: u32 = 366;

/// How far ahead an answer says what will change: as far as a calendar searches, ten years.
const FORESIGHT_MS: i64 = 3_653 * 86_400_000;

/// A compiled on-call roster: at every moment one member or nobody. It does not page;
/// [`Page`](crate::Page) does.
///
/// A member is whatever the host calls people by, such as an agent's number or a name.
///
/// ```
/// use firstline_sla::{Calendar, CalendarSpec, Roster, RosterSpec};
///
/// let spec: RosterSpec<String> = toml::from_str(
///     r#"
///     time_zone = "Europe/Berlin"
///
///     [[shifts]]
///     name = "nights"
///     calendar = "nights"
///     members = ["Anna", "Boris", "Chen"]
///     rotation = { every = "1w", start = 2026-03-02, at = "17:00" }
///
///     [[shifts]]
///     name = "days"
///     members = ["Dora"]
///
///     [[overrides]]
///     from = "2026-03-05 17:00"
///     to = "2026-03-06 09:00"
///     member = "Chen"
///     shift = "nights"
///     "#,
/// )?;
/// let nights: CalendarSpec = toml::from_str(
///     r#"time_zone = "Europe/Berlin"
///        weekly = { mon-fri = ["17:00-09:00"] }"#,
/// )?;
/// let nights = Calendar::build(&nights)?;
/// let roster = Roster::build(&spec, |name| (name == "nights").then(|| nights.clone()))?;
///
/// let who = |at: &str| roster.on_call(at.parse().unwrap()).unwrap();
/// assert_eq!(who("2026-03-04T20:00:00+01:00").member, "Anna");
/// assert_eq!(who("2026-03-05T20:00:00+01:00").member, "Chen", "for Anna");
/// assert_eq!(who("2026-03-11T20:00:00+01:00").member, "Boris");
///
/// let noon = who("2026-03-04T12:00:00+01:00");
/// assert_eq!((noon.member.as_str(), noon.shift.as_deref()), ("Dora", Some("days")));
/// assert_eq!(noon.until, Some("2026-03-04T17:00:00+01:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The rules
///
/// - **The first shift that is manned has the call.** A roster reads as a `match` does: the special
///   cases on top, the one for the rest last. PagerDuty's layers mean the same from the bottom up;
///   Opsgenie's rotations are all on call at once, which is here a [plan](crate::PagePlan) with a
///   roster on each level.
/// - **Hours say when, turns say who.** A shift is manned while its calendar is open. Its members
///   take turns whether it is open or not, and hand over in the middle of its hours if the
///   hand-over falls there; so put the hand-over at the beginning of the hours. A calendar's
///   holidays apply: nights that have to be watched on holidays too need a calendar without them.
/// - **Turns are counted in dates of the zone**, not in hours. A week's turn ends at the same hour
///   of the wall clock as it began, so it has an hour less in spring and one more in autumn. A
///   hand-over that the clock skips happens at the change; one that it shows twice, the first time.
/// - **Before its start a rotation is not manned**, so that next month's roster can be entered today.
///   A member who is listed twice has two turns in the round.
/// - **An override of a shift** replaces its member in the hours in which the shift is manned. **An
///   override without a shift** is on call all the time from its beginning to its end, whatever the
///   shifts say. Overrides of one shift do not overlap, and those without a shift overlap with none:
///   which of two agreements holds is for people to say.
/// - Stretches are half-open: at a hand-over the next member is on call.
#[derive(Clone, Debug)]
pub struct Roster<M> {
    shifts: Vec<Shift<M>>,
    /// Overrides of the whole roster.
    overrides: Overrides<M>,
    /// By which its holes are told.
    clock: WallClock,
}

/// Who is on call, for what, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall<M> {
    /// Who.
    pub member: M,
    /// The shift whose hours these are; `None` under an override of the whole roster.
    pub shift: Option<Arc<str>>,
    /// Whether it is by an override and not by turn.
    pub is_override: bool,
    /// The first moment at which somebody else, another shift or nobody has the call; `None` when
    /// that is ten years (3653 days) away or more.
    pub until: Option<Timestamp>,
}

/// A stretch of a roster in which one member, or nobody, is on call; see [`Roster::spans`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterSpan<M> {
    /// The first moment of the stretch.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
    /// Who is on call; `None` in a hole.
    pub on_call: Option<OnCall<M>>,
}

impl<M: Clone + Eq> Roster<M> {
    /// Who is on call at this moment, or `None` when nobody is.
    #[must_use]
    pub fn on_call(&self, at: Timestamp) -> Option<OnCall<M>> {
        let duty = self.duty_at(at)?;
        let foreseen = at.checked_add_millis(FORESIGHT_MS).unwrap_or(Timestamp::MAX);
        Some(OnCall {
            member: duty.member.clone(),
            shift: duty.shift.cloned(),
            is_override: duty.is_override,
            until: self.end_of(Some(duty), at, foreseen),
        })
    }

    /// Who is on call from one moment to another, in order of time.
    ///
    /// The spans cover `[from, to)` without gaps, and neighbours differ in member, shift or
    /// override. There are none when `to` is not after `from`.
    pub fn spans(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = RosterSpan<M>> + '_ {
        self.stretches(from, to).map(|(from, to, _)| RosterSpan {
            from,
            to,
            on_call: self.on_call(from),
        })
    }

    /// The stretches in which nobody is on call, each from its first moment to the first one after
    /// it, in order of time and cut to `[from, to)`.
    ///
    /// They are computed, not sampled: each step goes to the next change, so that their number is
    /// bounded by what the calendars and turns between `from` and `to` can do.
    pub fn holes(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        self.stretches(from, to)
            .filter(|(_, _, duty)| duty.is_none())
            .map(|(from, to, _)| (from, to))
    }

    fn stretches(
        &self,
        mut from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp, Option<Duty<'_, M>>)> {
        core::iter::from_fn(move || {
            if from >= to {
                return None;
            }
            let (begin, duty) = (from, self.duty_at(from));
            from = self.end_of(duty, from, to).unwrap_or(to);
            Some((begin, from, duty))
        })
    }

    fn duty_at(&self, at: Timestamp) -> Option<Duty<'_, M>> {
        if let Some(cover) = self.overrides.at(at) {
            return Some(Duty { member: &cover.member, shift: None, is_override: true });
        }
        let shift = self.shifts.iter().find(|shift| shift.is_manned(at))?;
        let cover = shift.overrides.at(at);
        let member = cover.map_or_else(|| shift.member_by_turn(at), |cover| &cover.member);
        Some(Duty { member, shift: Some(&shift.name), is_override: cover.is_some() })
    }

    /// Where this duty, which holds at `at`, ends; `None` if not before `limit`.
    fn end_of(
        &self,
        duty: Option<Duty<'_, M>>,
        mut at: Timestamp,
        limit: Timestamp,
    ) -> Option<Timestamp> {
        loop {
            // A calendar that opens later than it can foresee says nothing, so nothing is skipped
            // beyond that.
            let foreseen = at.checked_add_millis(FORESIGHT_MS);
            at = self.next_change(at).into_iter().chain(foreseen).min()?;
            if at >= limit {
                return None;
            }
            if self.duty_at(at) != duty {
                return Some(at);
            }
        }
    }

    /// The first moment after `at` at which somebody else may be on call.
    fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let mut changes = vec![self.overrides.next_edge(at)];
        if self.overrides.at(at).is_none() {
            for shift in &self.shifts {
                if shift.is_manned(at) {
                    changes.push(shift.next_change(at));
                    break;
                }
                changes.push(shift.calendar.next_open(at.max(shift.begins)));
            }
        }
        changes.into_iter().flatten().min()
    }
}

/// Who has the call, without the end of it.
#[derive(Debug, PartialEq, Eq)]
struct Duty<'a, M> {
    member: &'a M,
    shift: Option<&'a Arc<str>>,
    is_override: bool,
}

impl<M> Clone for Duty<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Duty<'_, M> {}

#[derive(Clone, Debug)]
struct Shift<M> {
    name: Arc<str>,
    calendar: Calendar,
    /// Never empty.
    members: Vec<M>,
    /// It is not manned before.
    begins: Timestamp,
    /// How the members take turns, if they are not all the same.
    rotation: Option<Rotation>,
    overrides: Overrides<M>,
}

impl<M> Shift<M> {
    fn is_manned(&self, at: Timestamp) -> bool {
        at >= self.begins && self.calendar.is_open(at)
    }

    fn member_by_turn(&self, at: Timestamp) -> &M {
        let turn = self.rotation.as_ref().map_or(0, |rotation| rotation.turn_at(at));
        &self.members[turn.rem_euclid(self.members.len() as i64) as usize]
    }

    /// The first moment after `at`, at which it is manned, that may bring another member or none.
    fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        // Under an override turns pass without a change, however many there are.
        let turn_ends = match (&self.rotation, self.overrides.at(at)) {
            (Some(rotation), None) => rotation.end_of_turn_at(at),
            _ => None,
        };
        let edges = [self.calendar.next_close(at), self.overrides.next_edge(at), turn_ends];
        edges.into_iter().flatten().min()
    }
}

/// Overrides in order of time, no two at once.
#[derive(Clone, Debug)]
struct Overrides<M>(Vec<Override<M>>);

#[derive(Clone, Debug)]
struct Override<M> {
    from: Timestamp,
    to: Timestamp,
    member: M,
}

impl<M> Overrides<M> {
    fn at(&self, at: Timestamp) -> Option<&Override<M>> {
        let begun = self.0.partition_point(|cover| cover.from <= at);
        self.0[..begun].last().filter(|cover| at < cover.to)
    }

    /// Where the present one ends or the next one begins.
    fn next_edge(&self, at: Timestamp) -> Option<Timestamp> {
        let begun = self.0.partition_point(|cover| cover.from <= at);
        let end = self.at(at).map(|cover| cover.to);
        end.or_else(|| self.0.get(begun).map(|cover| cover.from))
    }
}
