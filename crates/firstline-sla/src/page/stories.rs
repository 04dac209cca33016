//! What a page does, told as stories: a plan, what happens, and what the page says to it.
//!
//! The first line is manned by Anna from 8 to 20 and by Boris from 20 to 24, and by nobody at
//! night; Martha is the manager on call at all times, and the second line has nobody at all.

use firstline_calendar::{Calendar, CalendarSpec, Timestamp};

use super::*;
use crate::{Roster, RosterSpec};

fn plan(text: &str) -> PagePlan {
    let levels = text.split(',').map(|level| {
        let words: Vec<&str> = level.split_whitespace().collect();
        let [times, roster, every] = words[..] else { panic!("{words:?}") };
        PageLevelSpec {
            roster: roster.to_owned(),
            every: every.to_owned(),
            times: times.parse().unwrap(),
        }
    });
    PagePlan::build(&PagePlanSpec { levels: levels.collect() }, |_| true).unwrap()
}

fn moment(time: &str) -> Timestamp {
    format!("2026-03-02T{time}:00Z").parse().unwrap()
}

fn rosters() -> impl Fn(&str, Timestamp) -> Option<String> {
    let hours = |name: &str| {
        let day = if name == "day" { "08:00-20:00" } else { "20:00-24:00" };
        let spec = format!("time_zone = \"UTC\"\nweekly = {{ mon-sun = [\"{day}\"] }}");
        Some(Calendar::build(&toml::from_str::<CalendarSpec>(&spec).unwrap()).unwrap())
    };
    let spec: RosterSpec<String> = toml::from_str(
        r#"shifts = [
            { name = "day", calendar = "day", members = ["Anna"] },
            { name = "evening", calendar = "evening", members = ["Boris"] },
        ]"#,
    )
    .unwrap();
    let first_line = Roster::build(&spec, hours).unwrap();
    move |roster, at| match roster {
        "first" => first_line.on_call(at).map(|on_call| on_call.member),
        "managers" => Some("Martha".to_owned()),
        "second" => None,
        unknown => panic!("{unknown}"),
    }
}

fn told(at: Timestamp) -> String {
    at.to_string()[11..16].to_owned()
}

fn sentence(event: &PageEvent<String>) -> String {
    match event {
        PageEvent::Rang { level, attempt, member, next } => {
            let who = member.as_deref().unwrap_or("nobody");
            let next =
                next.map_or_else(|| "goes on".to_owned(), |next| format!("until {}", told(next)));
            format!("{level}.{attempt} {who}, {next}")
        }
        PageEvent::Acknowledged { by } => format!("answered by {by}"),
        PageEvent::GaveUp => "gives up".to_owned(),
        PageEvent::Revoked { reason } => format!("revoked: {reason}"),
    }
}

/// Begins a page with the first line of the script, plays the others and compares what it says.
#[track_caller]
fn check(plan: &PagePlan, script: &str, expected: &str) {
    let on_call = rosters();
    let mut page: Option<Page<String>> = None;
    let mut story = String::new();
    for line in script.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (now, verb, word) = (moment(words[0]), words[1], words.get(2).copied());
        let page = page.get_or_insert_with(|| Page::begin(now));
        let mut say = |page: &mut Page<String>, at, event: PageEvent<String>| {
            story += &format!("{}  {}\n", told(at), sentence(&event));
            page.apply(&event, at).unwrap();
        };
        while let Some((at, event)) = page.settle(plan, &on_call, now) {
            say(page, at, event);
        }
        let answer = match (verb, word) {
            ("begin" | "wake", None) => None,
            ("answer", Some(by)) => page.acknowledge(&by.to_owned()),
            ("revoke", Some(reason)) => page.revoke(&Reason::from(reason)),
            other => panic!("{other:?}"),
        };
        if let Some(event) = answer {
            say(page, now, event);
        }
    }
    let expected: String = expected.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(story, expected, "\nreally:\n{story}");
}

#[test]
fn it_rings_until_somebody_answers() {
    check(
        &plan("3 first 5m, 2 managers 10m"),
        "12:00 begin
         12:05 wake
         12:07 answer Anna
         13:00 wake",
        "12:00  0.1 Anna, until 12:05
         12:05  0.2 Anna, until 12:10
         12:07  answered by Anna",
    );
}

#[test]
fn a_level_that_nobody_answers_gives_up_to_the_next_and_the_last_one_altogether() {
    check(
        &plan("2 first 5m, 2 managers 10m, 1 first 15m"),
        "12:00 begin
         18:00 wake",
        "12:00  0.1 Anna, until 12:05
         12:05  0.2 Anna, until 12:10
         12:10  1.1 Martha, until 12:20
         12:20  1.2 Martha, until 12:30
         12:30  2.1 Anna, until 12:45
         12:45  gives up",
    );
}

#[test]
fn a_hand_over_between_two_rings_is_followed() {
    check(
        &plan("3 first 5m"),
        "19:54 begin
         20:30 wake",
        "19:54  0.1 Anna, until 19:59
         19:59  0.2 Anna, until 20:04
         20:04  0.3 Boris, until 20:09
         20:09  gives up",
    );
}

#[test]
fn where_nobody_is_on_call_the_next_level_rings_at_once() {
    check(
        &plan("3 second 5m, 3 first 5m, 1 managers 5m"),
        "23:53 begin
         23:59 wake",
        "23:53  0.1 nobody, goes on
         23:53  1.1 Boris, until 23:58
         23:58  1.2 Boris, until 00:03",
    );
    check(
        &plan("3 first 5m, 1 second 5m, 1 managers 5m"),
        "07:00 begin
         07:30 wake",
        "07:00  0.1 nobody, goes on
         07:00  1.1 nobody, goes on
         07:00  2.1 Martha, until 07:05
         07:05  gives up",
    );
    check(
        &plan("3 second 5m"),
        "12:00 begin",
        "12:00  0.1 nobody, goes on
         12:00  gives up",
    );
}

#[test]
fn an_answer_after_giving_up_is_recorded() {
    check(
        &plan("1 managers 5m"),
        "12:00 begin
         14:00 answer Martha
         14:01 answer Anna
         14:02 revoke fulfilled",
        "12:00  0.1 Martha, until 12:05
         12:05  gives up
         14:00  answered by Martha",
    );
}

#[test]
fn a_ring_that_was_due_comes_before_the_answer_of_the_same_moment() {
    check(
        &plan("3 first 5m"),
        "12:00 begin
         12:05 answer Anna",
        "12:00  0.1 Anna, until 12:05
         12:05  0.2 Anna, until 12:10
         12:05  answered by Anna",
    );
}

#[test]
fn a_promise_that_is_kept_or_given_up_stops_the_ringing() {
    check(
        &plan("3 first 5m"),
        "12:00 begin
         12:03 revoke fulfilled
         12:30 answer Anna
         12:31 revoke cancelled",
        "12:00  0.1 Anna, until 12:05
         12:03  revoked: fulfilled",
    );
}

#[test]
fn another_plan_is_followed_from_the_next_ring_on() {
    let on_call = rosters();
    let mut page = Page::begin(moment("12:00"));
    let mut settle = |plan: &PagePlan, now: &str| {
        let (at, event) = page.settle(plan, &on_call, moment(now)).unwrap();
        page.apply(&event, at).unwrap();
        format!("{} {}", told(at), sentence(&event))
    };
    let long = plan("3 first 5m, 1 managers 5m");
    assert_eq!(settle(&long, "12:10"), "12:00 0.1 Anna, until 12:05");
    assert_eq!(settle(&long, "12:10"), "12:05 0.2 Anna, until 12:10");
    let short = plan("1 first 5m, 2 managers 7m");
    assert_eq!(settle(&short, "12:30"), "12:10 1.1 Martha, until 12:17");
    assert_eq!(settle(&plan("1 first 5m"), "12:30"), "12:17 gives up");
}

#[test]
fn at_the_end_of_all_time_what_is_left_happens_at_once() {
    let plan = plan("3 managers 5m");
    let on_call = rosters();
    let mut page = Page::begin(Timestamp::MAX);
    let mut count = 0;
    while let Some((at, event)) = page.settle(&plan, &on_call, Timestamp::MAX) {
        page.apply(&event, at).unwrap();
        count += 1;
    }
    assert_eq!((count, page.gave_up_at), (4, Some(Timestamp::MAX)));
}

#[test]
fn a_damaged_journal_is_noticed_and_changes_nothing() {
    let mut page: Page<String> = Page::begin(moment("12:00"));
    let rang = |level, attempt| PageEvent::Rang {
        level,
        attempt,
        member: Some("Anna".to_owned()),
        next: Some(moment("12:10")),
    };
    page.apply(&rang(0, 2), moment("12:05")).unwrap();
    let before = page.clone();
    let fault = page.apply(&rang(0, 1), moment("12:00")).unwrap_err().to_string();
    assert_eq!(
        fault,
        "ring 1 of level 0 cannot happen to a page that is ringing after ring 2 of level 0",
    );
    assert!(page.apply(&rang(0, 2), moment("12:05")).is_err(), "each ring is rung once");
    assert_eq!(page, before);

    page.apply(&PageEvent::Revoked { reason: "fulfilled".into() }, moment("12:06")).unwrap();
    let answer = PageEvent::Acknowledged { by: "Anna".to_owned() };
    let fault = page.apply(&answer, moment("12:07")).unwrap_err().to_string();
    assert_eq!(fault, "an answer cannot happen to a page that is revoked after ring 2 of level 0",);
}

/// A plan with these levels, in TOML, and the faults it has.
#[track_caller]
fn refused(levels: &str, expected: &str) {
    let spec: PagePlanSpec = toml::from_str(&format!("levels = [{levels}]")).unwrap();
    let fault = PagePlan::build(&spec, |name| name == "first").unwrap_err();
    assert_eq!(fault.to_string(), expected);
}

#[test]
fn a_plan_that_never_rings_or_never_ends_is_refused() {
    let level = |every: &str, times: i64| {
        format!("{{ roster = \"first\", every = \"{every}\", times = {times} }}")
    };
    refused("", "levels: a plan needs a level; write one with `roster`, `every` and `times`");
    refused(
        &[level("5m", 1).as_str(); 17].join(", "),
        "levels: these are 17 levels and 16 are allowed; take some out",
    );
    refused(
        "{ roster = \"frist\", every = \"5m\", times = 1 }",
        "levels[0].roster: no roster is called `frist`; define it, or write the name of one that is \
         there",
    );
    for wrong in ["", "often", "5", "5 min"] {
        refused(
            &level(wrong, 1),
            &format!(
                "levels[0].every: `{wrong}` is not a stretch of time; write it as 5m or 1h 30m"
            ),
        );
    }
    for wrong in ["0m", "-5m", "PT0S"] {
        refused(
            &level(wrong, 1),
            &format!(
                "levels[0].every: with `{wrong}` all would ring at once; write how long to wait for \
                 an answer, such as 5m"
            ),
        );
    }
    refused(
        &level("25h", 1),
        "levels[0].every: `25h` is longer than the 24h that may lie between rings; write less",
    );
    for wrong in [0, -3] {
        refused(
            &level("5m", wrong),
            &format!(
                "levels[0].times: a level that rings {wrong} times is none; write at least 1, or \
                 take the level out"
            ),
        );
    }
    for wrong in [101, 256, 4_000_000_000] {
        refused(
            &format!("{}, {}", level("1d", 100), level("5m", wrong)),
            &format!(
                "levels[1].times: {wrong} rings are more than the 100 that a level may have; write \
                 less"
            ),
        );
    }
    let looping = "levels = [{ roster = \"first\", every = \"5m\", times = 1, then = 0 }]";
    let fault = toml::from_str::<PagePlanSpec>(looping).unwrap_err();
    assert!(fault.message().starts_with("unknown field `then`"), "{fault}");
}

#[test]
fn a_plan_knows_how_long_it_rings() {
    assert_eq!(plan("3 first 5m, 2 managers 10m").patience().to_string(), "35m");
    let longest = ["100 first 24h"; 16].join(",");
    assert_eq!(plan(&longest).patience(), crate::WallTime::from_minutes(1_600 * 24 * 60));
}
