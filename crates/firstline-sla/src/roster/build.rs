//! From the authored form of a roster to the compiled one.

use std::sync::Arc;

use firstline_calendar::{Calendar, CalendarError, NaiveDate, TimeOfDay, Timestamp, WallClock};

use super::error::{RosterError, RosterFault};
use super::rotation::Rotation;
use super::spec::{OverrideSpec, RosterSpec, RotationSpec, ShiftSpec};
use super::{
    MAX_MEMBERS, MAX_OVERRIDES, MAX_SHIFTS, MAX_TURN_DAYS, Override, Overrides, Roster, Shift,
};

impl<M: Clone + Eq> Roster<M> {
    /// Compiles the authored form, with the calendars that it names.
    ///
    /// Hours at which nobody is on call are no fault; [`hole_report`](Self::hole_report) tells them.
    ///
    /// # Errors
    ///
    /// The first fault that is found, with its place and the mend; see [`RosterFault`].
    pub fn build(
        spec: &RosterSpec<M>,
        calendar: impl Fn(&str) -> Option<Calendar>,
    ) -> Result<Self, RosterError> {
        check_sizes(spec)?;
        let zone = spec.time_zone.as_deref().map(read_zone).transpose()?;
        let mut built = Vec::new();
        for (index, shift) in spec.shifts.iter().enumerate() {
            let path = format!("shifts[{index}]");
            if let Some(first) = spec.shifts[..index].iter().position(|s| s.name == shift.name) {
                let fault = RosterFault::NameTwice { found: shift.name.clone(), first };
                return Err(fault.at(format!("{path}.name")));
            }
            built.push(build_shift(shift, zone, &path, &calendar)?);
        }
        let (mut shifts, clocks): (Vec<_>, Vec<_>) = built.into_iter().unzip();
        let overrides = sort_overrides(spec, &mut shifts, &clocks)?;
        let clock = clocks[0].unwrap_or_else(|| Calendar::always().wall_clock());
        Ok(Self { shifts, overrides, clock })
    }
}

impl RosterFault {
    fn at(self, path: impl Into<String>) -> RosterError {
        RosterError { path: path.into(), fault: self }
    }
}

fn check_sizes<M>(spec: &RosterSpec<M>) -> Result<(), RosterError> {
    match (spec.shifts.len(), spec.overrides.len()) {
        (0, _) => Err(RosterFault::NoShifts.at("shifts")),
        (found, _) if found > MAX_SHIFTS => Err(RosterFault::TooManyShifts { found }.at("shifts")),
        (_, found) if found > MAX_OVERRIDES => {
            Err(RosterFault::TooManyOverrides { found }.at("overrides"))
        }
        _ => Ok(()),
    }
}

fn read_zone(name: &str) -> Result<WallClock, RosterError> {
    WallClock::of(name).map_err(|error| {
        let mend = match error {
            CalendarError::TimeZone { mend, .. } => mend,
            other => other.to_string(),
        };
        RosterFault::TimeZone { found: name.to_owned(), mend }.at("time_zone")
    })
}

/// A shift, and the wall clock that its people go by.
fn build_shift<M: Clone + Eq>(
    spec: &ShiftSpec<M>,
    zone: Option<WallClock>,
    path: &str,
    calendar: impl Fn(&str) -> Option<Calendar>,
) -> Result<(Shift<M>, Option<WallClock>), RosterError> {
    if spec.name.is_empty() {
        return Err(RosterFault::NoName.at(format!("{path}.name")));
    }
    let members = match spec.members.len() {
        0 => Err(RosterFault::NoMembers),
        found if found > MAX_MEMBERS => Err(RosterFault::TooManyMembers { found }),
        found if found > 1 && spec.rotation.is_none() => Err(RosterFault::NoRotation { found }),
        _ => Ok(spec.members.clone()),
    };
    let members = members.map_err(|fault| fault.at(format!("{path}.members")))?;
    let named = match spec.calendar.as_deref() {
        None => None,
        Some(name) => Some(calendar(name).ok_or_else(|| {
            RosterFault::UnknownCalendar { found: name.to_owned() }.at(format!("{path}.calendar"))
        })?),
    };
    let clock = zone.or_else(|| named.as_ref().map(Calendar::wall_clock));
    let rotation = match &spec.rotation {
        None => None,
        Some(rotation) => Some(read_rotation(rotation, clock, &format!("{path}.rotation"))?),
    };
    let begins = rotation.as_ref().and_then(|rotation| rotation.begin_of(0));
    let shift = Shift {
        name: Arc::from(spec.name.as_str()),
        calendar: named.unwrap_or_else(Calendar::always),
        begins: begins.unwrap_or(Timestamp::MIN),
        // Where all turns are alike there is no hand-over to look for.
        rotation: rotation.filter(|_| members.iter().any(|member| *member != members[0])),
        members,
        overrides: Overrides(Vec::new()),
    };
    Ok((shift, clock))
}

fn read_rotation(
    spec: &RotationSpec,
    clock: Option<WallClock>,
    path: &str,
) -> Result<Rotation, RosterError> {
    let days = read_days(&spec.every).map_err(|fault| fault.at(format!("{path}.every")))?;
    let start = read_date(&spec.start).ok_or_else(|| {
        RosterFault::Start { found: spec.start.clone() }.at(format!("{path}.start"))
    })?;
    let at = format!("{path}.at");
    let hand_over: TimeOfDay = match spec.at.parse() {
        Ok(time) => time,
        Err(_) => return Err(RosterFault::HandOver { found: spec.at.clone() }.at(at)),
    };
    let no_zone = || RosterFault::NoTimeZone { found: spec.at.clone() }.at(at);
    Ok(Rotation { clock: clock.ok_or_else(no_zone)?, start, hand_over, days })
}

/// The days of a turn in `3d` or `1w`.
fn read_days(text: &str) -> Result<u32, RosterFault> {
    let found = || text.to_owned();
    let (number, unit) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => return Err(RosterFault::Every { found: found() }),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RosterFault::Every { found: found() });
    }
    // Digits that are no number of 32 bits are too many of them.
    match number.parse::<u32>().ok().and_then(|number| number.checked_mul(unit)) {
        Some(0) => Err(RosterFault::EveryZero { found: found() }),
        Some(days) if days <= MAX_TURN_DAYS => Ok(days),
        _ => Err(RosterFault::EveryTooLong { found: found() }),
    }
}

/// A date in the form `YYYY-MM-DD` alone: the parser would also take others.
fn read_date(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>().ok().filter(|date| text.len() == 10 && date.to_string() == text)
}

/// Gives each shift its overrides, and returns those of the whole roster.
fn sort_overrides<M: Clone>(
    spec: &RosterSpec<M>,
    shifts: &mut [Shift<M>],
    clocks: &[Option<WallClock>],
) -> Result<Overrides<M>, RosterError> {
    let mut read = Vec::new();
    for (index, cover) in spec.overrides.iter().enumerate() {
        let path = format!("overrides[{index}]");
        let shift = match cover.shift.as_deref() {
            None => None,
            Some(name) => {
                Some(find_shift(shifts, name).map_err(|fault| fault.at(format!("{path}.shift")))?)
            }
        };
        read.push((read_override(cover, clocks[shift.unwrap_or(0)], &path)?, shift, index));
    }
    read.sort_by_key(|(cover, _, index)| (cover.from, *index));
    check_overlaps(spec, &read)?;
    let mut of_all = Vec::new();
    for (cover, shift, _) in read {
        match shift {
            None => of_all.push(cover),
            Some(shift) => shifts[shift].overrides.0.push(cover),
        }
    }
    Ok(Overrides(of_all))
}

fn find_shift<M>(shifts: &[Shift<M>], name: &str) -> Result<usize, RosterFault> {
    shifts.iter().position(|shift| &*shift.name == name).ok_or_else(|| {
        let known: Vec<&str> = shifts.iter().map(|shift| &*shift.name).collect();
        RosterFault::UnknownShift { found: name.to_owned(), known: known.join(", ") }
    })
}

fn read_override<M: Clone>(
    spec: &OverrideSpec<M>,
    clock: Option<WallClock>,
    path: &str,
) -> Result<Override<M>, RosterError> {
    let moment = |text: &str, key: &str| {
        read_moment(text, clock).map_err(|fault| fault.at(format!("{path}.{key}")))
    };
    let (from, to) = (moment(&spec.from, "from")?, moment(&spec.to, "to")?);
    if to <= from {
        let fault = RosterFault::Backward { from: spec.from.clone(), to: spec.to.clone() };
        return Err(fault.at(path));
    }
    Ok(Override { from, to, member: spec.member.clone() })
}

/// A moment with an offset, or one of the wall clock in whole minutes.
fn read_moment(text: &str, clock: Option<WallClock>) -> Result<Timestamp, RosterFault> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let local = || {
        let (date, time) = text.split_at_checked(10)?;
        let time = time.strip_prefix([' ', 'T'])?;
        // A date and time of TOML has seconds.
        let time: TimeOfDay =
            time.strip_suffix(":00").filter(|t| t.len() == 5).unwrap_or(time).parse().ok()?;
        Some((read_date(date)?, time))
    };
    let (date, time) = local().ok_or_else(|| RosterFault::Moment { found: text.to_owned() })?;
    let clock = clock.ok_or_else(|| RosterFault::NoTimeZone { found: text.to_owned() })?;
    clock.at(date, time).ok_or_else(|| RosterFault::Moment { found: text.to_owned() })
}

/// Finds two overrides that would have one shift at once. They come in order of their beginning.
fn check_overlaps<M>(
    spec: &RosterSpec<M>,
    read: &[(Override<M>, Option<usize>, usize)],
) -> Result<(), RosterError> {
    // The one that ends last, of the whole roster and of each shift.
    let mut of_all: Option<(Timestamp, usize)> = None;
    let mut of_shift = vec![None; spec.shifts.len()];
    for (cover, shift, index) in read {
        let same = match shift {
            // One without a shift is for every shift.
            None => of_shift.iter().flatten().copied().max(),
            Some(shift) => of_shift[*shift],
        };
        let before = [of_all, same].into_iter().flatten().find(|(to, _)| *to > cover.from);
        if let Some((_, other)) = before {
            let of = match &spec.overrides[other].shift {
                None => "for the whole roster".to_owned(),
                Some(name) => format!("for `{name}`"),
            };
            return Err(RosterFault::Overlap { other, of }.at(format!("overrides[{index}]")));
        }
        let last = match shift {
            None => &mut of_all,
            Some(shift) => &mut of_shift[*shift],
        };
        *last = Some((cover.to, *index));
    }
    Ok(())
}
