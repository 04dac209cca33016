//! What a desk meets in a year, told as questions and answers.

use std::collections::BTreeMap;

use crate::{Calendar, CalendarSpec, DayTarget, Timestamp, WorkTime};

/// Asks each line and compares all answers with what is written behind the equals signs.
///
/// `t + d` adds, `t - d` subtracts, `t .. t` is the working time between, `t is` the state,
/// `t opens` and `t closes` the next changes, `t opened` and `t closed` the previous ones,
/// `t due n` the end of the n-th working day, `t spans t` what holds in between.
fn tell(calendar: &Calendar, story: &str) {
    let lines = story.lines().map(str::trim).filter(|line| !line.is_empty());
    let told: Vec<String> = lines
        .clone()
        .map(|line| {
            let question = line.split(" = ").next().unwrap();
            format!("{question} = {}", answer(calendar, question))
        })
        .collect();
    let expected: Vec<&str> = lines.collect();
    assert!(told == expected, "it really went like this:\n{}", told.join("\n"));
}

fn answer(calendar: &Calendar, question: &str) -> String {
    let words: Vec<&str> = question.splitn(3, ' ').collect();
    let t: Timestamp = words[0].parse().unwrap();
    let moment = || words[2].parse::<Timestamp>().unwrap();
    let time = || words[2].parse::<WorkTime>().unwrap();
    let text = |t: Option<Timestamp>| t.map_or_else(|| "never".to_owned(), |t| t.to_string());
    match words[1] {
        "+" => text(calendar.add(t, time())),
        "-" => text(calendar.sub(t, time())),
        ".." => calendar.between(t, moment()).to_string(),
        "is" => calendar.state_at(t).to_string(),
        "opens" => text(calendar.next_open(t)),
        "closes" => text(calendar.next_close(t)),
        "opened" => text(calendar.previous_open(t)),
        "closed" => text(calendar.previous_close(t)),
        "due" => {
            text(calendar.due(t, DayTarget { working_days: words[2].parse().unwrap(), by: None }))
        }
        "spans" => {
            let spans = calendar.spans(t, moment());
            let spans: Vec<String> = spans
                .map(|span| {
                    let wall = WorkTime::from_millis(span.to.millis_since(span.from));
                    format!("{wall} {}", span.state)
                })
                .collect();
            spans.join(", ")
        }
        other => panic!("nobody can ask `{other}`"),
    }
}

fn calendar(toml: &str) -> Calendar {
    let spec: CalendarSpec = toml::from_str(toml).unwrap();
    Calendar::build(&spec).unwrap_or_else(|error| panic!("{error}"))
}

/// Nine to five with an hour's lunch, in UTC so that the stories are easy to follow.
fn office() -> Calendar {
    calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-fri = ["09:00-12:00", "13:00-17:00"] }
        holidays = [
            { date = "05-01", name = "Labour Day" },
            { date = 2026-05-09, name = "Victory Day" },
            { date = "2026-05-11", name = "Victory Day (bridge)" },
        ]
        exceptions = { 2026-12-24 = { hours = ["09:00-12:00"], name = "Christmas Eve" } }
        "#,
    )
}

#[test]
fn a_budget_that_ends_with_the_day_is_used_up_at_closing() {
    tell(
        &office(),
        "
        2026-03-02T09:00:00Z + 7h = 2026-03-02T17:00:00Z
        2026-03-02T09:00:00Z + 3h = 2026-03-02T12:00:00Z
        2026-03-02T09:00:00Z + 3h 1ms = 2026-03-02T13:00:00.001Z
        2026-03-02T17:00:00Z - 7h = 2026-03-02T09:00:00Z
        2026-03-03T09:00:00Z - 1ms = 2026-03-02T16:59:59.999Z
        ",
    );
}

#[test]
fn nothing_is_added_to_a_closed_moment() {
    tell(
        &office(),
        "
        2026-03-07T12:00:00Z + 0m = 2026-03-07T12:00:00Z
        2026-03-07T12:00:00Z - 0m = 2026-03-07T12:00:00Z
        2026-03-07T12:00:00Z + 1ms = 2026-03-09T09:00:00.001Z
        2026-03-07T12:00:00Z opens = 2026-03-09T09:00:00Z
        ",
    );
}

#[test]
fn a_negative_time_goes_the_other_way() {
    tell(
        &office(),
        "
        2026-03-09T10:00:00Z + -2h = 2026-03-06T16:00:00Z
        2026-03-06T16:00:00Z - -2h = 2026-03-09T10:00:00Z
        2026-03-09T10:00:00Z .. 2026-03-06T16:00:00Z = -2h
        ",
    );
}

#[test]
fn the_closing_moment_is_closed_and_the_opening_moment_is_open() {
    tell(
        &office(),
        "
        2026-03-02T08:59:59.999Z is = closed: outside hours
        2026-03-02T09:00:00Z is = open
        2026-03-02T11:59:59.999Z is = open
        2026-03-02T12:00:00Z is = closed: outside hours
        2026-03-02T12:00:00Z closes = 2026-03-02T17:00:00Z
        2026-03-02T11:00:00Z closes = 2026-03-02T12:00:00Z
        ",
    );
}

#[test]
fn looking_back_finds_the_changes_before() {
    tell(
        &office(),
        "
        2026-03-02T10:00:00Z opened = 2026-03-02T09:00:00Z
        2026-03-02T09:00:00Z opened = 2026-03-02T09:00:00Z
        2026-03-02T10:00:00Z closed = 2026-02-27T17:00:00Z
        2026-03-01T10:00:00Z opened = 2026-02-27T13:00:00Z
        2026-03-01T10:00:00Z closed = 2026-02-27T17:00:00Z
        ",
    );
}

#[test]
fn a_ledger_says_why_the_office_is_closed() {
    tell(
        &office(),
        "
        2026-05-08T16:00:00Z spans 2026-05-12T10:00:00Z = 1h open, 7h closed: outside hours, \
         24h closed: Victory Day, 24h closed: day off, 24h closed: Victory Day (bridge), \
         9h closed: outside hours, 1h open
        ",
    );
}

#[test]
fn a_holiday_comes_back_every_year_and_a_date_does_not() {
    tell(
        &office(),
        "
        2026-05-01T10:00:00Z is = closed: Labour Day
        2027-05-01T10:00:00Z is = closed: Labour Day
        2028-05-01T10:00:00Z is = closed: Labour Day
        2199-05-01T10:00:00Z is = closed: Labour Day
        2200-05-01T10:00:00Z is = open
        2026-05-11T10:00:00Z is = closed: Victory Day (bridge)
        2027-05-11T10:00:00Z is = open
        ",
    );
}

#[test]
fn an_exception_replaces_the_hours_of_its_date_and_beats_a_holiday() {
    let shop = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-sat = ["10:00-20:00"] }
        holidays = [{ date = "12-25", name = "Christmas Day" }]
        exceptions = { 2026-12-24 = ["10:00-14:00"], 2026-12-25 = { hours = ["12:00-13:00"], name = "Carols" } }
        "#,
    );
    tell(
        &shop,
        "
        2026-12-24T09:00:00Z spans 2026-12-26T00:00:00Z = 1h closed: special hours, 4h open, \
         10h closed: special hours, 12h closed: Carols, 1h open, 11h closed: Carols
        2027-12-25T12:30:00Z is = closed: Christmas Day
        ",
    );
}

#[test]
fn a_night_shift_belongs_to_the_day_on_which_it_opens() {
    let night = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-fri = ["22:00-06:00"] }
        holidays = [{ date = "2026-03-04", name = "Founder's Day" }]
        "#,
    );
    tell(
        &night,
        "
        2026-03-02T05:00:00Z is = closed: outside hours
        2026-03-07T05:00:00Z is = open
        2026-03-07T06:00:00Z is = closed: day off
        2026-03-02T22:00:00Z + 4h = 2026-03-03T02:00:00Z
        2026-03-02T23:00:00Z closes = 2026-03-03T06:00:00Z
        2026-03-03T22:00:00Z spans 2026-03-05T06:00:00Z = 2h open, 24h closed: Founder's Day, 6h open
        ",
    );
}

#[test]
fn windows_that_touch_or_overlap_are_one() {
    let plant = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon = ["06:00-14:00", "13:30-22:00", "07:00-08:00", "22:00-24:00"], tue = ["00:00-02:00"] }
        "#,
    );
    tell(
        &plant,
        "
        2026-03-02T00:00:00Z .. 2026-03-04T00:00:00Z = 20h
        2026-03-02T07:00:00Z closes = 2026-03-03T02:00:00Z
        2026-03-02T06:00:00Z + 20h = 2026-03-03T02:00:00Z
        ",
    );
}

#[test]
fn in_spring_an_hour_is_missing() {
    let berlin = calendar(
        r#"
        time_zone = "Europe/Berlin"
        weekly = { mon-sun = ["01:00-05:00"] }
        "#,
    );
    tell(
        &berlin,
        "
        2026-03-28T23:00:00Z .. 2026-03-29T22:00:00Z = 3h
        2026-03-29T00:00:00Z + 3h = 2026-03-29T03:00:00Z
        ",
    );
}

#[test]
fn in_autumn_there_is_an_hour_more() {
    let berlin = calendar(
        r#"
        time_zone = "Europe/Berlin"
        weekly = { sun = ["00:00-24:00"] }
        "#,
    );
    tell(
        &berlin,
        "
        2026-10-24T22:00:00Z .. 2026-10-25T23:00:00Z = 25h
        2026-10-25T12:00:00Z closes = 2026-10-25T23:00:00Z
        ",
    );
}

#[test]
fn an_opening_that_the_clock_skips_is_at_the_change() {
    let bar = calendar(
        r#"
        time_zone = "Europe/Berlin"
        weekly = { sun = ["02:30-06:00"] }
        "#,
    );
    tell(
        &bar,
        "
        2026-03-29T00:00:00Z opens = 2026-03-29T01:00:00Z
        2026-03-29T00:00:00Z .. 2026-03-29T12:00:00Z = 3h
        ",
    );
}

#[test]
fn a_closing_that_the_clock_shows_twice_is_the_first_one() {
    let bar = calendar(
        r#"
        time_zone = "Europe/Berlin"
        weekly = { sun = ["00:00-02:30"] }
        "#,
    );
    tell(
        &bar,
        "
        2026-10-24T22:00:00Z closes = 2026-10-25T00:30:00Z
        2026-10-25T01:15:00Z is = closed: outside hours
        2026-10-24T22:00:00Z .. 2026-10-25T12:00:00Z = 2h 30m
        ",
    );
}

#[test]
fn friday_the_thirtieth_never_came_to_samoa() {
    let apia = calendar(
        r#"
        time_zone = "Pacific/Apia"
        weekly = { mon-fri = ["09:00-17:00"] }
        "#,
    );
    tell(
        &apia,
        "
        2011-12-29T19:00:00Z + 10h = 2012-01-01T21:00:00Z
        2011-12-29T19:00:00Z .. 2012-01-02T19:00:00Z = 16h
        2011-12-30T01:00:00Z due 1 = 2012-01-02T03:00:00Z
        ",
    );
}

#[test]
fn half_an_hour_is_missing_on_lord_howe() {
    let inn = calendar(
        r#"
        time_zone = "Australia/Lord_Howe"
        weekly = { sun = ["01:00-04:00"] }
        "#,
    );
    tell(
        &inn,
        "
        2023-09-30T13:30:00Z .. 2023-10-01T13:00:00Z = 2h 30m
        2024-04-06T13:00:00Z .. 2024-04-07T13:30:00Z = 3h 30m
        ",
    );
}

#[test]
fn in_sao_paulo_a_day_began_at_one_o_clock() {
    let kiosk = calendar(
        r#"
        time_zone = "America/Sao_Paulo"
        weekly = { sat = ["20:00-24:00"], sun = ["00:00-06:00"] }
        "#,
    );
    tell(
        &kiosk,
        "
        2018-11-03T23:00:00Z spans 2018-11-04T09:00:00Z = 9h open, 1h closed: outside hours
        2018-11-04T01:00:00Z closes = 2018-11-04T08:00:00Z
        ",
    );
}

#[test]
fn new_hours_do_not_rewrite_the_past() {
    let office = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-fri = ["09:00-17:00"] }
        versions = [
            { from = "2026-07-01", weekly = { mon-thu = ["08:00-18:00"] } },
            { from = "2026-06-01", weekly = { mon-fri = ["09:00-15:00"] } },
        ]
        "#,
    );
    tell(
        &office,
        "
        2026-05-25T00:00:00Z .. 2026-06-01T00:00:00Z = 40h
        2026-06-01T00:00:00Z .. 2026-06-08T00:00:00Z = 30h
        2026-07-06T00:00:00Z .. 2026-07-13T00:00:00Z = 40h
        2026-06-30T14:00:00Z + 2h = 2026-07-01T09:00:00Z
        2026-07-03T10:00:00Z is = closed: day off
        2026-06-26T10:00:00Z is = open
        ",
    );
}

#[test]
fn a_desk_that_moves_keeps_its_old_hours_in_its_old_zone() {
    let hours = |zone: &str| {
        calendar(&format!("time_zone = \"{zone}\"\nweekly = {{ mon-fri = [\"09:00-17:00\"] }}"))
    };
    let change = "2026-03-04T00:00:00Z".parse().unwrap();
    let desk = hours("Asia/Tokyo").followed_by(change, &hours("UTC")).unwrap();
    tell(
        &desk,
        "
        2026-03-03T00:00:00Z opens = 2026-03-03T00:00:00Z
        2026-03-03T08:00:00Z opens = 2026-03-04T09:00:00Z
        2026-03-02T00:00:00Z .. 2026-03-06T00:00:00Z = 32h
        ",
    );
}

#[test]
fn calendars_combine_and_keep_their_reasons() {
    let specs: BTreeMap<String, CalendarSpec> = toml::from_str(
        r#"
        [east]
        time_zone = "UTC"
        weekly = { mon-fri = ["06:00-12:00"] }
        holidays = [{ date = "2026-03-03", name = "Eastern Day" }]
        [west]
        time_zone = "UTC"
        weekly = { mon-fri = ["10:00-18:00"] }
        [upkeep]
        time_zone = "UTC"
        weekly = { tue = ["14:00-15:00"] }
        [either]
        union = ["east", "west"]
        [both]
        intersection = ["east", "west"]
        [served]
        difference = ["either", "upkeep"]
        "#,
    )
    .unwrap();
    let calendars = Calendar::build_all(&specs).unwrap();
    tell(
        &calendars["served"],
        "
        2026-03-02T06:00:00Z .. 2026-03-03T00:00:00Z = 12h
        2026-03-03T06:00:00Z spans 2026-03-04T06:00:00Z = 4h closed: Eastern Day, 4h open, \
         1h closed: excluded, 3h open, 6h closed: Eastern Day, 6h closed: outside hours
        ",
    );
    tell(
        &calendars["both"],
        "
        2026-03-02T00:00:00Z spans 2026-03-02T13:00:00Z = 10h closed: outside hours, 2h open, 1h closed: outside hours
        2026-03-03T11:00:00Z is = closed: Eastern Day
        ",
    );
}

#[test]
fn a_calendar_that_opens_no_more_says_never() {
    let fair = calendar(
        r#"
        time_zone = "UTC"
        exceptions = { 2026-03-02 = ["10:00-12:00"], 2035-03-02 = ["10:00-11:00"], 2046-03-02 = ["10:00-11:00"] }
        "#,
    );
    tell(
        &fair,
        "
        2026-03-02T10:00:00Z + 2h = 2026-03-02T12:00:00Z
        2026-03-02T10:00:00Z + 3h = 2035-03-02T11:00:00Z
        2026-03-02T10:00:00Z + 4h = never
        2036-03-01T10:00:00Z + 1h = 2046-03-02T11:00:00Z
        2046-03-02T10:00:00Z - 1h = never
        2046-03-02T10:30:00Z - 30m = 2046-03-02T10:00:00Z
        2046-03-02T10:30:00Z - 1h = never
        2035-03-02T10:30:00Z - 1h = 2026-03-02T11:30:00Z
        2010-01-01T00:00:00Z opens = never
        2035-03-02T11:00:00Z opens = never
        2026-03-03T00:00:00Z opens = 2035-03-02T10:00:00Z
        2060-01-01T00:00:00Z closed = never
        2026-03-02T10:00:00Z closed = never
        2026-03-02T10:00:00Z due 2 = never
        ",
    );
}

#[test]
fn promises_in_working_days_end_with_the_hours_of_the_day() {
    tell(
        &office(),
        "
        2026-03-02T10:00:00Z due 0 = 2026-03-02T17:00:00Z
        2026-03-02T17:00:00Z due 0 = 2026-03-03T17:00:00Z
        2026-03-06T10:00:00Z due 1 = 2026-03-09T17:00:00Z
        2026-05-08T10:00:00Z due 1 = 2026-05-12T17:00:00Z
        2026-12-23T10:00:00Z due 1 = 2026-12-24T12:00:00Z
        2026-04-30T23:00:00Z due 3 = 2026-05-06T17:00:00Z
        ",
    );
}

#[test]
fn a_hundred_thousand_hours_are_forty_eight_years() {
    tell(
        &calendar("time_zone = \"UTC\"\nweekly = { mon-fri = [\"09:00-17:00\"] }"),
        "
        2001-01-01T09:00:00Z + 100000h = 2048-11-27T17:00:00Z
        2048-11-27T17:00:00Z - 100000h = 2001-01-01T09:00:00Z
        ",
    );
}

#[test]
fn a_change_at_the_last_moment_counts() {
    let office = office();
    let moved = office.followed_by(Timestamp::MAX, &Calendar::always()).unwrap();
    assert!(!office.is_open(Timestamp::MAX));
    assert!(moved.is_open(Timestamp::MAX));
}

#[test]
fn a_shift_is_worked_to_its_end_by_the_hours_under_which_it_began() {
    let nights_begin = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-fri = ["09:00-17:00"] }
        versions = [{ from = 2026-01-07, weekly = { mon-sun = ["22:00-06:00"] } }]
        "#,
    );
    tell(
        &nights_begin,
        "
        2026-01-06T18:00:00Z opens = 2026-01-07T22:00:00Z
        2026-01-07T00:00:00Z is = closed: outside hours
        2026-01-07T23:00:00Z closes = 2026-01-08T06:00:00Z
        ",
    );
    let nights_end = calendar(
        r#"
        time_zone = "UTC"
        weekly = { mon-sun = ["22:00-06:00"] }
        versions = [{ from = 2026-01-07, weekly = { mon-fri = ["09:00-17:00"] } }]
        "#,
    );
    tell(
        &nights_end,
        "
        2026-01-06T23:00:00Z closes = 2026-01-07T06:00:00Z
        2026-01-07T06:00:00Z opens = 2026-01-07T09:00:00Z
        2026-01-07T18:00:00Z opens = 2026-01-08T09:00:00Z
        ",
    );
}
