//! What holds for every roster, checked against a second reading of it that knows no searches.

use std::sync::LazyLock;

use firstline_calendar::{Calendar, CalendarSpec, NaiveDate, TimeOfDay, Timestamp, WallClock};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const DAY_MS: i64 = 86_400_000;

/// Zones with every oddity: half an hour of daylight saving, folds at midnight, a date that never
/// was.
const ZONES: [&str; 5] =
    ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"];

/// Dates about which something odd happens to one of them.
const DATES: [&str; 5] = ["2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01", "2011-12-30"];

const WEEKS: [&str; 6] = [
    r#"mon-fri = ["09:00-17:00"]"#,
    r#"mon-fri = ["17:00-09:00"]"#,
    r#"sat-sun = ["00:00-24:00"]"#,
    r#"mon-sun = ["01:30-02:30", "22:00-00:30"]"#,
    r#"wed = ["12:00-12:01"]"#,
    r#"mon-sun = ["00:00-24:00"]"#,
];

/// A roster, and what it is made of.
#[derive(Clone, Debug)]
struct Sample {
    zone: &'static str,
    date: NaiveDate,
    spec: RosterSpec<u8>,
}

impl Sample {
    fn clock(&self) -> WallClock {
        WallClock::of(self.zone).unwrap()
    }

    fn calendar(&self, name: &str) -> Calendar {
        static BUILT: LazyLock<Vec<Vec<Calendar>>> = LazyLock::new(|| {
            let build = |zone: &str, week: &str| {
                let spec = format!("time_zone = \"{zone}\"\nweekly = {{ {week} }}");
                Calendar::build(&toml::from_str::<CalendarSpec>(&spec).unwrap()).unwrap()
            };
            ZONES.map(|zone| WEEKS.map(|week| build(zone, week)).to_vec()).to_vec()
        });
        let zone = ZONES.iter().position(|zone| *zone == self.zone).unwrap();
        BUILT[zone][name.parse::<usize>().unwrap()].clone()
    }

    fn roster(&self) -> Roster<u8> {
        Roster::build(&self.spec, |name| Some(self.calendar(name))).unwrap()
    }

    /// The stretch to look at: four weeks about the odd date.
    fn window(&self) -> (Timestamp, Timestamp) {
        let noon = self.clock().at(self.date, TimeOfDay::from_minutes(720).unwrap()).unwrap();
        let off = |days: i64| noon.checked_add_millis(days * DAY_MS).unwrap();
        (off(-14), off(14))
    }

    fn moment(&self, part: f64) -> Timestamp {
        let (from, to) = self.window();
        from.checked_add_millis((to.millis_since(from) as f64 * part) as i64).unwrap()
    }

    /// Who has the call, shift and whether by override: read off line by line.
    fn by_hand(&self, at: Timestamp) -> Option<(u8, Option<&str>, bool)> {
        let holds = |cover: &&OverrideSpec<u8>| {
            cover.from.parse::<Timestamp>().unwrap() <= at
                && at < cover.to.parse::<Timestamp>().unwrap()
        };
        let cover = self.spec.overrides.iter().find(holds);
        if let Some(cover) = cover.filter(|cover| cover.shift.is_none()) {
            return Some((cover.member, None, true));
        }
        for shift in &self.spec.shifts {
            let name = Some(shift.name.as_str());
            let is_open = shift.calendar.as_deref().is_none_or(|c| self.calendar(c).is_open(at));
            let hand_overs = shift.rotation.as_ref().map(|rotation| {
                let days = rotation.every.strip_suffix('d').unwrap().parse().unwrap();
                let time = rotation.at.parse().unwrap();
                let dates = rotation.start.parse::<NaiveDate>().unwrap().iter_days().step_by(days);
                let moments = dates.map(move |date| self.clock().at(date, time).unwrap());
                moments.take_while(|hand_over| *hand_over <= at).count()
            });
            if !is_open || hand_overs == Some(0) {
                continue;
            }
            let turn = hand_overs.map_or(0, |count| (count - 1) % shift.members.len());
            return Some(match cover.filter(|cover| cover.shift.as_deref() == name) {
                Some(cover) => (cover.member, name, true),
                None => (shift.members[turn], name, false),
            });
        }
        None
    }
}

fn rotation(date: NaiveDate) -> impl Strategy<Value = RotationSpec> {
    (1..9_u32, -20..8_i64, 0..=48_u16).prop_map(move |(days, off, halves)| RotationSpec {
        every: format!("{days}d"),
        start: NaiveDate::from_epoch_days(date.to_epoch_days() + off as i32).unwrap().to_string(),
        at: TimeOfDay::from_minutes(halves * 30).unwrap().to_string(),
    })
}

fn shift(date: NaiveDate) -> impl Strategy<Value = ShiftSpec<u8>> {
    let calendar = prop::option::weighted(0.8, (0..WEEKS.len()).prop_map(|week| week.to_string()));
    let members = prop::collection::vec(0..4_u8, 1..5);
    (calendar, members, prop::option::of(rotation(date))).prop_map(
        |(calendar, mut members, rotation)| {
            if rotation.is_none() {
                members.truncate(1);
            }
            ShiftSpec { name: String::new(), calendar, members, rotation }
        },
    )
}

fn sample() -> impl Strategy<Value = Sample> {
    (select(&ZONES[..]), select(&DATES[..])).prop_flat_map(|(zone, date)| {
        let date: NaiveDate = date.parse().unwrap();
        let shifts = prop::collection::vec(shift(date), 1..4);
        // Neighbouring points become overrides, so that some touch and none overlap.
        let edges = prop::collection::btree_set(0..28 * 24 * 4_i64, 0..7);
        let covers = prop::collection::vec((0..4_u8, prop::option::of(0..3_usize)), 8);
        (shifts, edges, covers).prop_map(move |(mut shifts, edges, covers)| {
            for (number, shift) in shifts.iter_mut().enumerate() {
                shift.name = number.to_string();
            }
            let mut spec =
                RosterSpec { time_zone: Some(zone.to_owned()), shifts, overrides: vec![] };
            let (begin, _) = Sample { zone, date, spec: spec.clone() }.window();
            let edges: Vec<String> = edges
                .iter()
                .map(|quarter| begin.checked_add_millis(quarter * 900_000).unwrap().to_string())
                .collect();
            for (pair, (member, shift)) in edges.windows(2).zip(covers) {
                if member == 3 {
                    continue;
                }
                let shift = shift.filter(|shift| *shift < spec.shifts.len());
                spec.overrides.push(OverrideSpec {
                    from: pair[0].clone(),
                    to: pair[1].clone(),
                    member,
                    shift: shift.map(|shift| shift.to_string()),
                });
            }
            Sample { zone, date, spec }
        })
    })
}

fn facts(on_call: &Option<OnCall<u8>>) -> Option<(u8, Option<&str>, bool)> {
    let on_call = on_call.as_ref()?;
    Some((on_call.member, on_call.shift.as_deref(), on_call.is_override))
}

proptest! {
    #[test]
    fn at_each_moment_the_member_on_call_is_the_one_read_off_by_hand(
        sample in sample(),
        parts in prop::collection::vec(0.0..1.0, 8),
    ) {
        let roster = sample.roster();
        let (from, to) = sample.window();
        let edges = roster.spans(from, to).take(40).flat_map(|span| {
            [span.from, span.to.checked_add_millis(-1).unwrap()]
        });
        for at in parts.iter().map(|part| sample.moment(*part)).chain(edges) {
            let on_call = roster.on_call(at);
            prop_assert_eq!(facts(&on_call), sample.by_hand(at), "at {}", at);
        }
    }

    #[test]
    fn who_is_on_call_stays_until_the_moment_that_is_told_and_no_longer(
        sample in sample(),
        at in 0.0..1.0,
        parts in prop::collection::vec(0.0..1.0, 8),
    ) {
        let roster = sample.roster();
        let at = sample.moment(at);
        let now = roster.on_call(at);
        if let Some(until) = now.as_ref().and_then(|on_call| on_call.until) {
            prop_assert!(until > at);
            let length = until.millis_since(at);
            for part in parts {
                let between = at.checked_add_millis((length as f64 * part) as i64).unwrap();
                prop_assert_eq!(&roster.on_call(between), &now);
            }
            let next = roster.on_call(until);
            prop_assert_ne!(facts(&next), facts(&now));
        }
    }

    #[test]
    fn spans_leave_no_gap_and_holes_are_what_nobody_covers(sample in sample()) {
        let roster = sample.roster();
        let (from, to) = sample.window();
        let spans: Vec<_> = roster.spans(from, to).collect();
        prop_assert_eq!(spans.first().map(|span| span.from), Some(from));
        prop_assert_eq!(spans.last().map(|span| span.to), Some(to));
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
            prop_assert_ne!(facts(&pair[0].on_call), facts(&pair[1].on_call));
        }
        let uncovered: Vec<_> = spans
            .iter()
            .filter(|span| span.on_call.is_none())
            .map(|span| (span.from, span.to))
            .collect();
        prop_assert_eq!(roster.holes(from, to).collect::<Vec<_>>(), uncovered);
    }

    #[test]
    fn the_report_counts_every_hole_of_the_year(sample in sample()) {
        let roster = sample.roster();
        let (from, _) = sample.window();
        let to = from.checked_add_millis(365 * DAY_MS).unwrap();
        let holes: Vec<_> = roster.holes(from, to).collect();
        let total_ms: i64 = holes.iter().map(|(from, to)| to.millis_since(*from)).sum();
        let report = roster.hole_report(from);
        prop_assert_eq!(report.is_none(), holes.is_empty());
        if let Some(report) = report {
            prop_assert_eq!(report.total.as_millis(), total_ms);
            let times: usize = report.patterns.iter().map(|pattern| pattern.times).sum();
            prop_assert_eq!(times, holes.len());
        }
    }

    #[test]
    fn in_a_full_round_every_member_has_one_turn_of_as_many_dates(
        zone in select(&ZONES[..]),
        date in select(&DATES[..]),
        count in 2..6_u8,
        days in 1..9_u32,
        halves in 0..=48_u16,
        round in 0..4_i32,
    ) {
        let date: NaiveDate = date.parse().unwrap();
        let at = TimeOfDay::from_minutes(halves * 30).unwrap();
        let rotation =
            RotationSpec { every: format!("{days}d"), start: date.to_string(), at: at.to_string() };
        let members: Vec<u8> = (0..count).collect();
        let shift =
            ShiftSpec { name: "all".to_owned(), calendar: None, members, rotation: Some(rotation) };
        let spec =
            RosterSpec { time_zone: Some(zone.to_owned()), shifts: vec![shift], overrides: vec![] };
        let roster = Roster::build(&spec, |_| None).unwrap();
        let clock = WallClock::of(zone).unwrap();
        let hand_over = |turn: i32| {
            let day = date.to_epoch_days() + (round * i32::from(count) + turn) * days as i32;
            clock.at(NaiveDate::from_epoch_days(day).unwrap(), at).unwrap()
        };
        let turns: Vec<_> = roster
            .spans(hand_over(0), hand_over(i32::from(count)))
            .map(|span| (span.on_call.unwrap().member, span.from, span.to))
            .collect();
        let expected: Vec<_> = (0..count)
            .map(|member| (member, hand_over(member.into()), hand_over(i32::from(member) + 1)))
            // A turn of one day has no length on a date that never was.
            .filter(|(_, from, to)| from < to)
            .collect();
        prop_assert_eq!(turns, expected);
    }
}
