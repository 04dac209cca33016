//! From the authored form to the compiled one.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::Inner;
use crate::spec::dates::read_date;
use crate::spec::hours::{Week, read_hours, read_week};
use crate::timeline::{Builder, DAY, PatternId, StateId, Timeline};
use crate::zone::Zone;
use crate::{CalendarError, CalendarSpec, ClosedReason};

pub(super) fn compile(spec: &CalendarSpec) -> Result<Inner, CalendarError> {
    let zone = Zone::new(read_zone(&spec.time_zone)?);
    let mut reasons = Reasons::default();
    let mut builder = Builder::default();
    let local = read_local(spec, &mut builder, &mut reasons)?;
    let timeline = place(&local, zone, builder);
    if !timeline.ever_opens() {
        return Err(CalendarError::NeverOpens { path: String::new() });
    }
    Ok(Inner::new(zone, timeline, reasons.list))
}

fn read_zone(name: &str) -> Result<Tz, CalendarError> {
    name.parse().map_err(|_| {
        let alike = TZ_VARIANTS.iter().find(|tz| tz.name().eq_ignore_ascii_case(name));
        CalendarError::TimeZone {
            path: "time_zone".to_owned(),
            found: name.to_owned(),
            mend: alike.map_or("an IANA name such as Europe/Berlin", |tz| tz.name()).to_owned(),
        }
    })
}

/// The reasons for being closed, each with its number.
#[derive(Default)]
struct Reasons {
    list: Vec<ClosedReason>,
    known: BTreeMap<ClosedReason, StateId>,
}

impl Reasons {
    fn id(&mut self, reason: ClosedReason) -> StateId {
        *self.known.entry(reason).or_insert_with_key(|reason| {
            self.list.push(reason.clone());
            StateId(self.list.len() as u32)
        })
    }
}

/// What holds from a local moment on, in milliseconds of local time.
type Local = Vec<(i64, PatternId)>;

/// Reads the authored form into local time: the weekly hours, broken by special dates.
fn read_local(
    spec: &CalendarSpec,
    builder: &mut Builder,
    reasons: &mut Reasons,
) -> Result<Local, CalendarError> {
    let week = read_week(&spec.weekly, "weekly")?;
    let weekly = week_pattern(&week, builder, reasons);
    let mut special = BTreeMap::new();
    for (index, holiday) in spec.holidays.iter().enumerate() {
        let day = read_date(&holiday.date).ok_or_else(|| CalendarError::Date {
            path: format!("holidays[{index}]"),
            found: holiday.date.clone(),
        })?;
        let name = holiday.name.as_deref().map(Arc::from);
        let closed = reasons.id(ClosedReason::Holiday(name));
        special.insert(day, builder.constant(closed));
    }
    for (date, exception) in &spec.exceptions {
        let path = format!("exceptions.{date}");
        let day = read_date(date)
            .ok_or_else(|| CalendarError::Date { path: path.clone(), found: date.clone() })?;
        let windows = read_hours(&exception.hours, &path)?;
        let name = exception.name.as_deref().map(Arc::from);
        let closed = reasons.id(ClosedReason::Exception(name));
        // The pattern has these hours on every day, so it fits whatever day the date is.
        let hours = core::array::from_fn(|_| windows.clone());
        special.insert(day, day_pattern(&hours, [closed; 7], builder));
    }
    let mut local = vec![(i64::MIN, weekly)];
    for (day, pattern) in special {
        if local.last().is_some_and(|&(start, _)| start == day * DAY) {
            local.pop();
        }
        local.extend([(day * DAY, pattern), ((day + 1) * DAY, weekly)]);
    }
    Ok(local)
}

fn week_pattern(week: &Week, builder: &mut Builder, reasons: &mut Reasons) -> PatternId {
    let night = reasons.id(ClosedReason::OutsideHours);
    let off = reasons.id(ClosedReason::DayOff);
    let closed = core::array::from_fn(|day| if week[day].is_empty() { off } else { night });
    day_pattern(week, closed, builder)
}

/// The pattern of a week with these windows on each day, in which a day has this reason for being
/// closed. Days are counted from Monday.
fn day_pattern(windows: &Week, closed: [StateId; 7], builder: &mut Builder) -> PatternId {
    const DAY_MINUTES: u32 = 24 * 60;
    const WEEK_MINUTES: u32 = 7 * DAY_MINUTES;
    // The epoch was a Thursday, and weeks are counted from there.
    let start = |day: usize| (day as u32 + 4) % 7 * DAY_MINUTES;
    let mut changes: BTreeMap<u32, StateId> = (0..7).map(|day| (start(day), closed[day])).collect();
    let mut open_close = |open: u32, close: u32| {
        let (_, &after) = changes.range(..=close).next_back().expect("a day starts at minute 0");
        changes.retain(|minute, _| !(open..=close).contains(minute));
        changes.insert(open, StateId::OPEN);
        if close < WEEK_MINUTES {
            changes.insert(close, after);
        }
    };
    for (day, windows) in windows.iter().enumerate() {
        for window in windows {
            let (open, close) =
                (start(day) + u32::from(window.open), start(day) + u32::from(window.close));
            open_close(open, close.min(WEEK_MINUTES));
            if close > WEEK_MINUTES {
                open_close(0, close - WEEK_MINUTES);
            }
        }
    }
    let changes = changes.into_iter().map(|(minute, state)| (minute * 60_000, state)).collect();
    builder.pattern(changes)
}

/// Places local time on the axis of UTC, stretch by stretch of one offset.
fn place(local: &Local, zone: Zone, mut builder: Builder) -> Timeline {
    let mut reached = i64::MIN;
    for run in zone.runs() {
        // A second pass through local times that were there before: what held when the clock was
        // put back goes on to hold until it has caught up.
        let fresh = reached.max(run.start + run.offset);
        if fresh > run.start + run.offset {
            let pattern = pattern_at(local, reached - 1);
            let state = builder.state_at(pattern, reached - 1);
            let constant = builder.constant(state);
            builder.push(run.start, constant);
        }
        if fresh < run.reached {
            let first = local.partition_point(|&(start, _)| start <= fresh) - 1;
            for &(start, pattern) in local[first..].iter().take_while(|p| p.0 < run.reached) {
                let shifted = builder.shifted(pattern, run.offset);
                builder.push(start.max(fresh) - run.offset, shifted);
            }
        }
        reached = run.reached;
    }
    builder.finish()
}

fn pattern_at(local: &Local, t: i64) -> PatternId {
    local[local.partition_point(|&(start, _)| start <= t) - 1].1
}
