//! From the authored form to the compiled one.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::Calendar;
use super::holidays::find_holidays;
use super::reasons::Reasons;
use crate::spec::dates::read_date;
use crate::spec::hours::{Week, Window, read_hours, read_week};
use crate::timeline::{Builder, DAY, PatternId, StateId, Timeline};
use crate::zone::Zone;
use crate::{CalendarError, CalendarSpec, ClosedReason};

/// Compiles a calendar that is not made of others.
pub(super) fn compile(spec: &CalendarSpec) -> Result<Calendar, CalendarError> {
    let zone = Zone::new(read_zone(&spec.time_zone)?);
    let mut reasons = Reasons::default();
    let mut builder = Builder::default();
    let local = read_local(spec, &mut builder, &mut reasons)?;
    Calendar::of(zone, place(&local, zone, builder), reasons).if_it_opens("weekly")
}

pub(crate) fn read_zone(name: &str) -> Result<Tz, CalendarError> {
    name.parse().map_err(|_| {
        let alike = TZ_VARIANTS.iter().find(|tz| tz.name().eq_ignore_ascii_case(name));
        CalendarError::TimeZone {
            path: "time_zone".to_owned(),
            found: name.to_owned(),
            mend: alike.map_or("an IANA name such as Europe/Berlin", |tz| tz.name()).to_owned(),
        }
    })
}

/// What holds from a local moment on, in milliseconds of local time.
type Local = Vec<(i64, PatternId)>;

/// Reads the authored form into local time: the weekly hours of each version, broken by special
/// dates.
fn read_local(
    spec: &CalendarSpec,
    builder: &mut Builder,
    reasons: &mut Reasons,
) -> Result<Local, CalendarError> {
    let versions = read_versions(spec, builder, reasons)?;
    let holidays = find_holidays(&spec.holidays)?;
    let closed: Vec<PatternId> = holidays
        .names
        .into_iter()
        .map(|name| builder.constant(reasons.id(ClosedReason::Holiday(name))))
        .collect();
    let mut special: BTreeMap<i64, PatternId> =
        holidays.days.into_iter().map(|(day, name)| (day, closed[name])).collect();
    for (date, exception) in &spec.exceptions {
        let path = format!("exceptions.{date}");
        let Some(day) = read_date(date) else {
            return Err(CalendarError::Date { path, found: date.clone() });
        };
        let hours = read_hours(&exception.hours, &path)?;
        let name = exception.name.as_deref().map(Arc::from);
        let closed = reasons.id(ClosedReason::Exception(name));
        // The pattern has these hours on every day, so it fits whatever day the date is.
        let week = core::array::from_fn(|_| hours.clone());
        special.insert(day, pattern_of(&week, [closed; 7], builder));
    }
    let weekly_on =
        |day: i64| versions[versions.partition_point(|version| version.from <= day) - 1].pattern;
    // A version takes effect where nothing special is; the day after something special is weekly
    // again, unless it is special as well.
    for pair in versions.windows(2) {
        special
            .entry(pair[1].from)
            .or_insert_with(|| first_day(&pair[0].week, &pair[1], builder, reasons));
    }
    let mut local = vec![(i64::MIN, versions[0].pattern)];
    for (day, pattern) in special {
        if local.last().is_some_and(|&(start, _)| start == day * DAY) {
            local.pop();
        }
        local.extend([(day * DAY, pattern), ((day + 1) * DAY, weekly_on(day + 1))]);
    }
    Ok(local)
}

/// Weekly hours, and the day from which they hold.
struct Version {
    from: i64,
    week: Week,
    pattern: PatternId,
}

/// The first day of a version: the shift that began under the old hours the day before is worked to
/// its end, and no shift of the new hours has begun before.
fn first_day(
    before: &Week,
    version: &Version,
    builder: &mut Builder,
    reasons: &mut Reasons,
) -> PatternId {
    const DAY_MINUTES: u16 = 24 * 60;
    // The epoch was a Thursday; days are counted from Monday.
    let weekday = (version.from + 3).rem_euclid(7) as usize;
    let tail = before[(weekday + 6) % 7].iter().filter(|window| window.close > DAY_MINUTES);
    let tail = tail.map(|window| Window {
        open: window.open.saturating_sub(DAY_MINUTES),
        close: window.close - DAY_MINUTES,
    });
    let new = &version.week[weekday];
    let hours = new.iter().map(|window| Window { close: window.close.min(DAY_MINUTES), ..*window });
    let hours: Vec<Window> = tail.chain(hours).collect();
    let reason = if new.is_empty() { ClosedReason::DayOff } else { ClosedReason::OutsideHours };
    let reason = reasons.id(reason);
    pattern_of(&core::array::from_fn(|_| hours.clone()), [reason; 7], builder)
}

/// The weekly hours of each version with the day from which they hold, in order of time.
fn read_versions(
    spec: &CalendarSpec,
    builder: &mut Builder,
    reasons: &mut Reasons,
) -> Result<Vec<Version>, CalendarError> {
    let mut weeks = BTreeMap::from([(i64::MIN, read_week(&spec.weekly, "weekly")?)]);
    for (index, version) in spec.versions.iter().enumerate() {
        let (path, found) = (format!("versions[{index}].from"), version.from.clone());
        let Some(from) = read_date(&version.from) else {
            return Err(CalendarError::Date { path, found });
        };
        let week = read_week(&version.weekly, &format!("versions[{index}].weekly"))?;
        if weeks.insert(from, week).is_some() {
            return Err(CalendarError::VersionTwice { path, found });
        }
    }
    let version =
        |(from, week)| Version { from, pattern: week_pattern(&week, builder, reasons), week };
    Ok(weeks.into_iter().map(version).collect())
}

fn week_pattern(week: &Week, builder: &mut Builder, reasons: &mut Reasons) -> PatternId {
    let night = reasons.id(ClosedReason::OutsideHours);
    let off = reasons.id(ClosedReason::DayOff);
    let closed = core::array::from_fn(|day| if week[day].is_empty() { off } else { night });
    pattern_of(week, closed, builder)
}

/// The pattern of a week with these windows on each day, in which a day has this reason for being
/// closed. Days are counted from Monday.
fn pattern_of(windows: &Week, closed: [StateId; 7], builder: &mut Builder) -> PatternId {
    const DAY_MINUTES: u32 = 24 * 60;
    const WEEK_MINUTES: u32 = 7 * DAY_MINUTES;
    // The epoch was a Thursday, and weeks are counted from there.
    let start = |day: usize| (day as u32 + 4) % 7 * DAY_MINUTES;
    let mut changes: BTreeMap<u32, StateId> = (0..7).map(|day| (start(day), closed[day])).collect();
    let mut open_close = |open: u32, close: u32| {
        let (_, &after) = changes.range(..=close).next_back().expect("a day starts at minute 0");
        while let Some((&within, _)) = changes.range(open..=close).next() {
            changes.remove(&within);
        }
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
            let mut shifted = BTreeMap::new();
            let first = local.partition_point(|&(start, _)| start <= fresh) - 1;
            for &(start, pattern) in local[first..].iter().take_while(|p| p.0 < run.reached) {
                let shifted =
                    *shifted.entry(pattern).or_insert_with(|| builder.shifted(pattern, run.offset));
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
