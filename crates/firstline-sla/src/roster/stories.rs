//! What a roster answers, told as stories: a roster as people write it, and who has the call.
//!
//! Times are those of Berlin, where the clock goes forward on 29 March 2026 and back on 25 October.

use firstline_calendar::{Calendar, CalendarSpec, Timestamp, WallClock};

use super::*;

fn calendar(name: &str) -> Option<Calendar> {
    let weekly = match name {
        "office" => r#"mon-fri = ["09:00-17:00"]"#,
        "nights" => r#"mon-fri = ["17:00-09:00"]"#,
        "weekends" => r#"sat-sun = ["00:00-24:00"]"#,
        "mondays" => r#"mon = ["00:00-24:00"]"#,
        "jubilees" => "",
        _ => return None,
    };
    let dates = match name {
        "jubilees" => r#"2026-05-01 = ["00:00-24:00"], 2040-05-01 = ["00:00-24:00"]"#,
        _ => "",
    };
    let spec = format!(
        "time_zone = \"Europe/Berlin\"\nweekly = {{ {weekly} }}\nexceptions = {{ {dates} }}"
    );
    Some(Calendar::build(&toml::from_str::<CalendarSpec>(&spec).unwrap()).unwrap())
}

fn build(spec: &str) -> Result<Roster<String>, RosterError> {
    Roster::build(&toml::from_str(spec).unwrap(), calendar)
}

fn berlin() -> WallClock {
    WallClock::of("Europe/Berlin").unwrap()
}

fn moment(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap();
    berlin().at(date.parse().unwrap(), time.parse().unwrap()).unwrap()
}

fn told(at: Timestamp) -> String {
    let (date, time) = berlin().shows(at);
    format!("{date} {time}")
}

/// Compares who has the call between two moments.
#[track_caller]
fn check(spec: &str, from: &str, to: &str, expected: &str) {
    let roster = build(spec).unwrap();
    let sentence = |span: RosterSpan<String>| {
        let who = match &span.on_call {
            None => "nobody".to_owned(),
            Some(OnCall { member, shift, is_override, .. }) => {
                let shift = shift.as_deref().unwrap_or("everything");
                let by = if *is_override { "as agreed" } else { "by turn" };
                format!("{member} has {shift} {by}")
            }
        };
        format!("{}  {who}\n", told(span.from))
    };
    let story: String = roster.spans(moment(from), moment(to)).map(sentence).collect();
    let expected: String = expected.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(story, expected, "\nreally:\n{story}");
}

/// Compares the fault of a roster that cannot be built.
#[track_caller]
fn refused(spec: &str, expected: &str) {
    assert_eq!(build(spec).unwrap_err().to_string(), expected);
}

#[test]
fn the_first_shift_that_is_manned_has_the_call() {
    check(
        r#"
        shifts = [
            { name = "mondays", calendar = "mondays", members = ["Martha"] },
            { name = "days", calendar = "office", members = ["Dora"] },
            { name = "rest", members = ["Rita"] },
        ]"#,
        "2026-03-01 12:00",
        "2026-03-03 20:00",
        "2026-03-01 12:00  Rita has rest by turn
         2026-03-02 00:00  Martha has mondays by turn
         2026-03-03 00:00  Rita has rest by turn
         2026-03-03 09:00  Dora has days by turn
         2026-03-03 17:00  Rita has rest by turn",
    );
}

#[test]
fn members_take_turns_whether_their_hours_are_open_or_not() {
    check(
        r#"
        [[shifts]]
        name = "weekends"
        calendar = "weekends"
        members = ["Anna", "Boris", "Chen"]
        rotation = { every = "1w", start = 2026-03-02, at = "09:00" }"#,
        "2026-03-07 00:00",
        "2026-03-24 00:00",
        "2026-03-07 00:00  Anna has weekends by turn
         2026-03-09 00:00  nobody
         2026-03-14 00:00  Boris has weekends by turn
         2026-03-16 00:00  nobody
         2026-03-21 00:00  Chen has weekends by turn
         2026-03-23 00:00  nobody",
    );
}

#[test]
fn a_turn_ends_at_the_same_hour_of_the_wall_clock_in_summer_and_in_winter() {
    let spec = |every: &str, at: &str| {
        format!(
            r#"
            time_zone = "Europe/Berlin"
            [[shifts]]
            name = "all"
            members = ["Anna", "Boris"]
            rotation = {{ every = "{every}", start = 2026-03-23, at = "{at}" }}"#
        )
    };
    check(
        &spec("1w", "09:00"),
        "2026-03-23 09:00",
        "2026-04-07 00:00",
        "2026-03-23 09:00  Anna has all by turn
         2026-03-30 09:00  Boris has all by turn
         2026-04-06 09:00  Anna has all by turn",
    );
    // 02:30 is skipped on 29 March, so the hand-over is at the change.
    check(
        &spec("1d", "02:30"),
        "2026-03-28 00:00",
        "2026-03-30 12:00",
        "2026-03-28 00:00  Anna has all by turn
         2026-03-28 02:30  Boris has all by turn
         2026-03-29 03:00  Anna has all by turn
         2026-03-30 02:30  Boris has all by turn",
    );
    // It comes twice on 25 October: people hand over the first time.
    let roster = build(&spec("1d", "02:30")).unwrap();
    let until = roster.on_call(moment("2026-10-25 00:00")).unwrap().until;
    assert_eq!(until, Some("2026-10-25T02:30:00+02:00".parse().unwrap()));
    let second = "2026-10-25T02:15:00+01:00".parse().unwrap();
    assert_eq!(roster.on_call(second).unwrap().until, Some(moment("2026-10-26 02:30")));
}

#[test]
fn a_rotation_is_not_manned_before_its_start() {
    check(
        r#"
        time_zone = "Europe/Berlin"
        [[shifts]]
        name = "new"
        members = ["Anna"]
        rotation = { every = "1w", start = "2026-04-01", at = "08:00" }
        [[shifts]]
        name = "old"
        calendar = "office"
        members = ["Olga"]"#,
        "2026-03-31 10:00",
        "2026-04-02 00:00",
        "2026-03-31 10:00  Olga has old by turn
         2026-03-31 17:00  nobody
         2026-04-01 08:00  Anna has new by turn",
    );
}

#[test]
fn an_override_of_a_shift_holds_in_its_hours_and_one_without_a_shift_at_all_times() {
    check(
        r#"
        time_zone = "Europe/Berlin"
        [[shifts]]
        name = "nights"
        calendar = "nights"
        members = ["Anna"]
        [[shifts]]
        name = "days"
        calendar = "office"
        members = ["Dora"]
        [[overrides]]
        from = 2026-03-03T00:00:00
        to = "2026-03-03 24:00"
        member = "Nora"
        shift = "nights"
        [[overrides]]
        from = "2026-03-06T15:00:00+01:00"
        to = "2026-03-07 12:00"
        member = "Eve""#,
        "2026-03-02 20:00",
        "2026-03-08 00:00",
        "2026-03-02 20:00  Anna has nights by turn
         2026-03-03 00:00  Nora has nights as agreed
         2026-03-03 09:00  Dora has days by turn
         2026-03-03 17:00  Nora has nights as agreed
         2026-03-04 00:00  Anna has nights by turn
         2026-03-04 09:00  Dora has days by turn
         2026-03-04 17:00  Anna has nights by turn
         2026-03-05 09:00  Dora has days by turn
         2026-03-05 17:00  Anna has nights by turn
         2026-03-06 09:00  Dora has days by turn
         2026-03-06 15:00  Eve has everything as agreed
         2026-03-07 12:00  nobody",
    );
}

#[test]
fn a_hand_over_to_oneself_is_none() {
    check(
        r#"
        time_zone = "Europe/Berlin"
        [[shifts]]
        name = "all"
        members = ["Anna", "Anna", "Boris"]
        rotation = { every = "1d", start = 2026-03-02, at = "09:00" }"#,
        "2026-03-02 09:00",
        "2026-03-06 00:00",
        "2026-03-02 09:00  Anna has all by turn
         2026-03-04 09:00  Boris has all by turn
         2026-03-05 09:00  Anna has all by turn",
    );
    let alone = build(r#"shifts = [{ name = "all", members = ["Anna"] }]"#).unwrap();
    assert_eq!(alone.on_call(moment("2026-03-02 09:00")).unwrap().until, None);
}

#[test]
fn follow_the_sun_hands_over_by_the_clock_of_each_desk() {
    let desks = |name: &str| {
        let spec: CalendarSpec = toml::from_str(&format!(
            "time_zone = \"{name}\"\nweekly = {{ mon-fri = [\"09:00-17:00\"] }}"
        ))
        .unwrap();
        Some(Calendar::build(&spec).unwrap())
    };
    let spec: RosterSpec<String> = toml::from_str(
        r#"
        [[shifts]]
        name = "Tokyo"
        calendar = "Asia/Tokyo"
        members = ["Aiko", "Botan"]
        rotation = { every = "1d", start = 2026-03-02, at = "09:00" }
        [[shifts]]
        name = "Chicago"
        calendar = "America/Chicago"
        members = ["Cora", "Dean"]
        rotation = { every = "1d", start = 2026-03-02, at = "09:00" }
        "#,
    )
    .unwrap();
    let roster = Roster::build(&spec, desks).unwrap();
    let who = |at: &str| roster.on_call(at.parse().unwrap()).map(|on_call| on_call.member);
    assert_eq!(who("2026-03-03T09:00:00+09:00").as_deref(), Some("Botan"));
    assert_eq!(who("2026-03-03T08:59:59-06:00"), None);
    assert_eq!(who("2026-03-03T09:00:00-06:00").as_deref(), Some("Dean"));
}

#[test]
fn what_begins_later_than_a_calendar_looks_ahead_is_neither_promised_nor_missed() {
    let spec = r#"
        time_zone = "Europe/Berlin"
        [[shifts]]
        name = "later"
        members = ["Lena"]
        rotation = { every = "1w", start = 2046-01-01, at = "00:00" }
        [[shifts]]
        name = "jubilees"
        calendar = "jubilees"
        members = ["Julia"]
        [[shifts]]
        name = "rest"
        members = ["Rita"]"#;
    let now = build(spec).unwrap().on_call(moment("2026-06-02 09:00")).unwrap();
    assert_eq!((now.member.as_str(), now.until), ("Rita", None));
    check(
        spec,
        "2026-06-02 09:00",
        "2060-01-01 00:00",
        "2026-06-02 09:00  Rita has rest by turn
         2040-05-01 00:00  Julia has jubilees by turn
         2040-05-02 00:00  Rita has rest by turn
         2046-01-01 00:00  Lena has later by turn",
    );
}

#[test]
fn holes_are_told_by_the_week_and_odd_ones_by_their_date() {
    let holes = |spec: &str| {
        let report = build(spec).unwrap().hole_report(moment("2026-03-02 00:00"));
        report.map_or_else(|| "somebody is always on call".to_owned(), |report| report.to_string())
    };
    let no_hole = r#"shifts = [{ name = "all", members = ["Anna"] }]"#;
    assert_eq!(holes(no_hole), "somebody is always on call");
    let weekdays = r#"
        shifts = [
            { name = "days", calendar = "office", members = ["Dora"] },
            { name = "nights", calendar = "nights", members = ["Anna"] },
        ]"#;
    assert_eq!(
        holes(weekdays),
        "nobody is on call sat 09:00 to mon 09:00 (53 times): 2505h in the year from 2026-03-02",
    );
    let covered = format!(
        "{weekdays}
        [[overrides]]
        member = \"Eve\"
        from = \"2026-03-07 09:00\"
        to = \"2026-03-07 24:00\"
        [[overrides]]
        member = \"Eve\"
        from = \"2026-03-22 12:00\"
        to = \"2026-03-22 15:00\""
    );
    assert_eq!(
        holes(&covered),
        "nobody is on call sat 09:00 to mon 09:00 (51 times), 2026-03-08 00:00 to 2026-03-09 \
         09:00, 2026-03-21 09:00 to 2026-03-22 12:00 and 2026-03-22 15:00 to 2026-03-23 09:00: \
         2487h in the year from 2026-03-02",
    );
    let mondays = r#"shifts = [
        { name = "mondays", calendar = "mondays", members = ["Martha"] },
        { name = "days", calendar = "office", members = ["Dora"] },
    ]"#;
    assert_eq!(
        holes(mondays),
        "nobody is on call tue-thu 17:00 to 09:00 the next day (156 times), tue 00:00 to 09:00 (52 \
         times) and fri 17:00 to sun 24:00 (52 times): 5824h in the year from 2026-03-02",
    );
    let later = |year: u32| {
        format!(
            "time_zone = \"Europe/Berlin\"
            [[shifts]]
            name = \"new\"
            members = [\"Anna\"]
            rotation = {{ every = \"1w\", start = {year}-05-01, at = \"08:00\" }}"
        )
    };
    assert_eq!(
        holes(&later(2026)),
        "nobody is on call 2026-03-02 00:00 to 2026-05-01 08:00: 1447h in the year from 2026-03-02",
    );
    assert_eq!(holes(&later(2030)), "nobody is on call at any time in the year from 2026-03-02",);
}

/// A roster with one shift, which has this rotation.
fn rotating(rotation: &str) -> String {
    format!(
        r#"time_zone = "Europe/Berlin"
        shifts = [{{ name = "all", members = ["Anna", "Boris"], rotation = {rotation} }}]"#
    )
}

#[test]
fn a_roster_without_people_names_or_calendars_is_refused() {
    refused("", "shifts: a roster needs a shift; write one with a name and a member");
    refused(
        r#"shifts = [{ name = "", members = ["Anna"] }]"#,
        "shifts[0].name: a shift needs a name; write one, such as `nights`",
    );
    refused(
        r#"shifts = [{ name = "a", members = ["Anna"] }, { name = "a", members = ["Anna"] }]"#,
        "shifts[1].name: `a` is the name of shifts[0] already; give each shift its own",
    );
    refused(
        r#"shifts = [{ name = "nights" }]"#,
        "shifts[0].members: nobody takes this shift; write at least one member",
    );
    refused(
        r#"shifts = [{ name = "nights", members = ["Anna", "Boris"] }]"#,
        "shifts[0].members: 2 members need turns; write rotation = { every = \"1w\", start = \
         YYYY-MM-DD, at = \"09:00\" } and the time_zone of the roster, or keep one of them",
    );
    refused(
        r#"shifts = [{ name = "nights", calendar = "night", members = ["Anna"] }]"#,
        "shifts[0].calendar: no calendar is called `night`; define it, or leave it out for around \
         the clock",
    );
    let unknown = toml::from_str::<RosterSpec<String>>("shift = []").unwrap_err();
    assert!(unknown.message().starts_with("unknown field `shift`"), "{unknown}");
}

#[test]
fn a_rotation_that_cannot_be_is_refused() {
    let start = "start = 2026-03-02";
    let every =
        |text: &str| rotating(&format!("{{ every = \"{text}\", {start}, at = \"09:00\" }}"));
    for wrong in ["week", "1", "w", "-1w", "1.5d", "+1d", "1 w", "24h"] {
        refused(
            &every(wrong),
            &format!(
                "shifts[0].rotation.every: `{wrong}` is not the length of a turn; write days or \
                 weeks, such as 1d or 2w"
            ),
        );
    }
    refused(
        &every("0d"),
        "shifts[0].rotation.every: with `0d` no turn would ever pass; write at least 1d",
    );
    for long in ["53w", "367d", "613566757w", "99999999999999999999d"] {
        refused(
            &every(long),
            &format!(
                "shifts[0].rotation.every: `{long}` is longer than the 366 days that a turn may \
                 last; write less"
            ),
        );
    }
    for wrong in ["2026-02-29", "2026-3-2", "monday", "02.03.2026", "2026-03-02T00:00:00"] {
        refused(
            &rotating(&format!("{{ every = \"1w\", start = \"{wrong}\", at = \"09:00\" }}")),
            &format!(
                "shifts[0].rotation.start: `{wrong}` is not a date; write one that exists as \
                 YYYY-MM-DD"
            ),
        );
    }
    refused(
        &rotating(&format!("{{ every = \"1w\", {start}, at = \"9 am\" }}")),
        "shifts[0].rotation.at: `9 am` is not a time of day; write it as HH:MM from 00:00 to 24:00",
    );
}

#[test]
fn a_wall_clock_without_a_zone_is_refused() {
    let without = rotating("{ every = \"1w\", start = 2026-03-02, at = \"09:00\" }");
    refused(
        &without.replace("Europe/Berlin", "europe/berlin"),
        "time_zone: `europe/berlin` is not a time zone; write Europe/Berlin",
    );
    refused(
        &without.replace("time_zone = \"Europe/Berlin\"", ""),
        "shifts[0].rotation.at: `09:00` is a time of the wall clock, and neither the roster nor a \
         calendar of the shift has a zone; write time_zone, such as time_zone = \"Europe/Berlin\", \
         for the roster",
    );
}

#[test]
fn an_override_that_cannot_be_is_refused() {
    let with = |overrides: &str| {
        format!(
            r#"shifts = [
                {{ name = "nights", calendar = "nights", members = ["Anna"] }},
                {{ name = "days", calendar = "office", members = ["Dora"] }},
            ]
            overrides = [{overrides}]"#
        )
    };
    let cover = |from: &str, to: &str, rest: &str| {
        format!("{{ from = \"{from}\", to = \"{to}\", member = \"Eve\"{rest} }},")
    };
    for wrong in ["2026-12-24", "2026-12-24 9:00", "2026-12-24 09:00:30", "tomorrow", "0"] {
        refused(
            &with(&cover(wrong, "2026-12-27 09:00", "")),
            &format!(
                "overrides[0].from: `{wrong}` is not a moment; write YYYY-MM-DD HH:MM by the wall \
                 clock, or with an offset as in 2026-12-24T17:00:00+01:00"
            ),
        );
    }
    for (from, to) in [
        ("2026-12-24 09:00", "2026-12-24 09:00"),
        ("2026-12-24 09:00", "2026-12-23 09:00"),
        // The clock skips this half hour.
        ("2026-03-29 02:00", "2026-03-29 02:30"),
    ] {
        refused(
            &with(&cover(from, to, "")),
            &format!(
                "overrides[0]: it ends at {to}, which is not after {from}, where it begins; write a \
                 later `to`"
            ),
        );
    }
    refused(
        &with(&cover("2026-12-24 09:00", "2026-12-25 09:00", ", shift = \"night\"")),
        "overrides[0].shift: no shift is called `night`; write one of: nights, days",
    );

    let nights = cover("2026-12-24 09:00", "2026-12-26 09:00", ", shift = \"nights\"");
    let also = |shift: &str| cover("2026-12-25 09:00", "2026-12-27 09:00", shift);
    let clash = |of: &str| {
        format!(
            "overrides[1]: it begins before overrides[0], which is {of}, is over; cut one of them, \
             so that one member is on call"
        )
    };
    refused(&with(&(nights.clone() + &also(", shift = \"nights\""))), &clash("for `nights`"));
    refused(&with(&(nights.clone() + &also(""))), &clash("for `nights`"));
    let all = cover("2026-12-24 09:00", "2026-12-26 09:00", "");
    refused(&with(&(all + &also(", shift = \"nights\""))), &clash("for the whole roster"));
    assert!(build(&with(&(nights.clone() + &also(", shift = \"days\"")))).is_ok());
    let after = cover("2026-12-26 09:00", "2026-12-27 09:00", "");
    assert!(build(&with(&(nights + &after))).is_ok(), "they touch");
}

#[test]
fn there_is_a_limit_to_everything() {
    let shift = |name: String| ShiftSpec {
        name,
        calendar: None,
        members: vec!["Anna".to_owned()],
        rotation: None,
    };
    let mut spec = RosterSpec {
        time_zone: None,
        shifts: (0..33).map(|number| shift(number.to_string())).collect(),
        overrides: Vec::new(),
    };
    let fault = |spec: &RosterSpec<String>| Roster::build(spec, calendar).unwrap_err().to_string();
    assert_eq!(
        fault(&spec),
        "shifts: these are 33 shifts and 32 are allowed; split the roster in two"
    );
    spec.shifts.truncate(1);
    spec.shifts[0].members = vec!["Anna".to_owned(); 1_001];
    assert_eq!(
        fault(&spec),
        "shifts[0].members: these are 1001 members and 1000 are allowed; split the shift in two",
    );
    spec.shifts[0].members.truncate(1);
    let cover = OverrideSpec {
        from: "2026-12-24T17:00:00Z".to_owned(),
        to: "2026-12-24T18:00:00Z".to_owned(),
        member: "Eve".to_owned(),
        shift: None,
    };
    spec.overrides = vec![cover; 2_001];
    assert_eq!(
        fault(&spec),
        "overrides: these are 2001 overrides and 2000 are allowed; take out those that are over",
    );
}

#[test]
fn a_roster_reads_back_as_it_was_written() {
    let text = r#"time_zone = "Europe/Berlin"

[[shifts]]
name = "nights"
calendar = "nights"
members = ["Anna", "Boris"]

[shifts.rotation]
every = "1w"
start = "2026-03-02"
at = "17:00"

[[overrides]]
from = "2026-03-05 17:00"
to = "2026-03-06 09:00"
member = "Boris"
shift = "nights"
"#;
    let spec: RosterSpec<String> = toml::from_str(text).unwrap();
    assert_eq!(toml::to_string(&spec).unwrap(), text);
    let fault = build("").unwrap_err().within("rosters.first_line");
    assert_eq!(fault.path, "rosters.first_line.shifts");
}
