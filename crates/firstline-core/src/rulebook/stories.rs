//! What is wrong with a rulebook, told with its place and its mend.

mod bounds;
mod documents;
mod examples;
mod forms;
mod json;
mod ladder;
mod lifecycles;
mod routing;
mod rules;
mod vain;

use super::*;

const GOOD: &str = r#"name = "Northwind support"

[calendars.office]
time_zone = "Europe/Berlin"
weekly = { mon = ["09:00-17:00"] }

[[lines]]
id = "L1"
teams = ["desk"]

[[lines]]
id = "L2"

[[policies]]
name = "standard"
calendar = "office"

[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [50, 80]
pause_on = ["pending"]
ladder = [
    { before_due = "10m", notify = "line" },
    { at_due = true, hand_over = "L2" },
]
"#;

/// Changes the good rulebook in one place and compares what is found.
#[track_caller]
fn check(change: &str, into: &str, expected: &str) {
    assert_eq!(GOOD.matches(change).count(), 1, "`{change}` is not in one place");
    let found = Rulebook::from_toml(&GOOD.replace(change, into), "desk.toml");
    let found = found.map(drop).map_err(|error| error.to_string());
    assert_eq!(found.err().unwrap_or_default(), expected.trim());
}

#[test]
fn a_good_rulebook_is_accepted() {
    let rulebook = Rulebook::from_toml(GOOD, "desk.toml").unwrap();
    assert_eq!(rulebook.name(), "Northwind support");
    assert_eq!(rulebook.lines()[1].id, LineId::from("L2"));
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    check(
        "calendar = \"office\"",
        "calendar = office",
        r#"
desk.toml:16: string values must be quoted, expected literal string
"#,
    );
}

#[test]
fn a_word_that_does_not_belong_is_told_with_its_path() {
    check(
        "warn_at",
        "warn_on",
        r#"
desk.toml:20: policies[0].targets.first_reply.warn_on: unknown field `warn_on`, expected one of `within`, `calendar`, `warn_at`, `pause_on`, `ladder`, `reopen`, `automatic`, `retroactive`
"#,
    );
    check(
        "first_reply",
        "first_answer",
        r#"
desk.toml:18: policies[0].targets.first_answer: there is no metric `first_answer`; write one of first_reply, next_reply, periodic_update, first_resolution, resolution, requester_wait, agent_work, line_time, vendor
"#,
    );
    check(
        r#"high = "1h""#,
        r#"high = "soon""#,
        r#"
desk.toml:19: policies[0].targets.first_reply.within.high: `soon` is not working time; write it as 2h 30m or PT2H30M
"#,
    );
}

#[test]
fn a_priority_without_an_allowance_is_told() {
    check(
        ", low = \"8h\"",
        "",
        r#"
desk.toml:19: policies[0].targets.first_reply.within: nothing is allowed at priority low; write it
"#,
    );
}

#[test]
fn names_must_be_known() {
    check(
        "calendar = \"office\"",
        "calendar = \"ofice\"",
        r#"
desk.toml:16: policies[0].calendar: there is no calendar `ofice`; write one of always, office
"#,
    );
    check(
        "hand_over = \"L2\"",
        "hand_over = \"L3\"",
        r#"
desk.toml:24: policies[0].targets.first_reply.ladder[1].hand_over: there is no line `L3`; write next or L1, L2
"#,
    );
    check(
        "\"pending\"",
        "\"closed\"",
        r#"
desk.toml:21: policies[0].targets.first_reply.pause_on[0]: `closed` is no status or reason that a clock can stand still in; write one of pending, on_hold, vendor, change, problem, evidence, third_party, approval
"#,
    );
}

#[test]
fn names_must_differ() {
    check(
        "id = \"L2\"",
        "id = \"L1\"",
        r#"
desk.toml:12: lines[1].id: there are two lines `L1`; rename one
desk.toml:24: policies[0].targets.first_reply.ladder[1].hand_over: there is no line `L2`; write next or L1, L1
"#,
    );
    check(
        "[\"desk\"]",
        "[\"desk\", \"desk\"]",
        r#"
desk.toml:9: lines[0].teams[1]: team `desk` is named twice; remove one
"#,
    );
}

#[test]
fn a_word_is_no_synonym_of_itself() {
    let name = "name = \"Northwind support\"";
    let with = |groups: &str| format!("{name}\nsynonyms = {groups}");
    let expected = "desk.toml:2: synonyms[0]: a group of one word says nothing; write what means the same beside it";
    for group in [r#"[["vpn"]]"#, r#"[["vpn", "vpn"]]"#, r#"[["vpn", "VPN"]]"#, r#"[["ё", " Ё"]]"#]
    {
        check(name, &with(group), expected);
    }
    check(name, &with(r#"[["vpn", "VPN", "tunnel"]]"#), "");
}

#[test]
fn words_that_searches_leave_out_are_no_synonyms() {
    let told = |group: &str| {
        let text =
            GOOD.replacen('\n', &format!("\nsynonyms = [[\"vpn\", \"tunnel\"], {group}]\n"), 1);
        let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
        let remarks = rulebook.remarks("2026-03-02T08:00:00Z".parse().unwrap());
        remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (group, left_out) in [
        (r#"["the", "and"]"#, "`and`, `the`"),
        (r#"["How do I", "Где её"]"#, "`how do i`, `где её`"),
        // Nobody finds a printer by an article, and one word is no group.
        (r#"["printer", "the", "Printer"]"#, "`the`"),
    ] {
        assert_eq!(
            told(group),
            format!(
                "desk.toml:2: warning: synonyms[1]: searches leave out {left_out}, and this group finds \
                 nothing more; write words that say what a text is about"
            )
        );
    }
    assert_eq!(told(r#"["sign in", "log in", "the"]"#), "");
}

/// The words about working hours are the calendar's own; where they stand is the rulebook's to say.
#[test]
fn a_calendar_that_cannot_be_is_refused_at_its_place() {
    for (change, into, place) in [
        (
            "{ mon = [\"09:00-17:00\"] }",
            "{ }",
            "desk.toml:5: calendars.office.weekly: this calendar never opens",
        ),
        (
            "09:00-17:00",
            "17:00-17:00",
            "desk.toml:5: calendars.office.weekly.mon[0]: `17:00-17:00`",
        ),
        ("09:00-17:00", "9 to 5", "desk.toml:5: calendars.office.weekly.mon[0]: `9 to 5`"),
        (
            "Europe/Berlin",
            "Europe/Atlantis",
            "desk.toml:4: calendars.office.time_zone: `Europe/Atlantis`",
        ),
    ] {
        let found = Rulebook::from_toml(&GOOD.replace(change, into), "desk.toml").unwrap_err();
        assert!(found.to_string().starts_with(place), "{found}");
    }
}

#[test]
fn calendars_are_made_of_each_other_and_all_that_is_wrong_with_them_is_told_at_once() {
    let made = |more: &str| {
        GOOD.replace("[[lines]]\nid = \"L1\"", &format!("{more}\n[[lines]]\nid = \"L1\""))
    };
    let night = "[calendars.night]\ndifference = [\"always\", \"office\"]\n";
    assert!(Rulebook::from_toml(&made(night), "desk.toml").is_ok());
    let wrong = "[calendars.a]\ntime_zone = \"Mars\"\n[calendars.b]\nunion = [\"a\", \"c\"]\n";
    let found = Rulebook::from_toml(&made(wrong), "desk.toml").unwrap_err();
    let places: Vec<(usize, &str)> =
        found.findings.iter().map(|finding| (finding.line, finding.path.as_str())).collect();
    assert_eq!(places, [(8, "calendars.a.time_zone"), (10, "calendars.b.union[1]")]);
}

#[test]
fn allowances_warnings_and_steps_must_make_sense() {
    check(
        r#""15m""#,
        r#""0m""#,
        r#"
desk.toml:19: policies[0].targets.first_reply.within.critical: 0m cannot be kept; allow a second at least
"#,
    );
    check(
        "[50, 80]",
        "[80, 50, 100]",
        r#"
desk.toml:20: policies[0].targets.first_reply.warn_at[1]: 50 % is out of order; write the earlier one first
desk.toml:20: policies[0].targets.first_reply.warn_at[2]: 100 % is no warning; write 1 to 99
"#,
    );
    check(
        "before_due = \"10m\"",
        "before_due = \"20m\"",
        r#"
desk.toml:23: policies[0].targets.first_reply.ladder[0].before_due: 20m before due is not between start and due; the shortest allowance is 15m
"#,
    );
    check(
        "at_due = true, ",
        "",
        r#"
desk.toml:24: policies[0].targets.first_reply.ladder[1]: it is not said when, or said twice; write one of before_due, at_due = true, after_due
"#,
    );
}

#[test]
fn working_days_are_a_small_number_from_none_on() {
    for days in ["-1", "3651"] {
        check(
            r#"{ critical = "15m", high = "1h", medium = "4h", low = "8h" }"#,
            &format!("{{ working_days = {days} }}"),
            &format!(
                "desk.toml:19: policies[0].targets.first_reply.within: {days} working days cannot be promised; write 0 to 3650"
            ),
        );
    }
}

#[test]
fn warnings_are_percentages_in_order_and_times_in_order() {
    check("[50, 80]", r#"[50, "10m", 80, "5m"]"#, "");
    check(
        "[50, 80]",
        r#"["5m", 50, "10m"]"#,
        "desk.toml:20: policies[0].targets.first_reply.warn_at[2]: 10m before due is out of order; write the earlier one first\ndesk.toml:20: policies[0].targets.first_reply.warn_at[1]: 50 % does not come after 5m before due; write the earlier one first",
    );
    check(
        "[50, 80]",
        "[50, 300]",
        "desk.toml:20: policies[0].targets.first_reply.warn_at[1]: 300 % is no warning; write 1 to 99",
    );
}

#[test]
fn percentages_and_times_before_due_stand_in_the_order_of_their_moments() {
    let within = r#"{ critical = "15m", high = "1h", medium = "4h", low = "8h" }"#;
    let written = |allowed: &str, warnings: &str| {
        let text = GOOD.replace(within, allowed).replace("[50, 80]", warnings);
        let found = Rulebook::from_toml(&text, "desk.toml").map(drop);
        found.map_err(|error| error.to_string()).err().unwrap_or_default()
    };
    assert_eq!(
        written("\"2h\"", r#"[99, "1h 59m"]"#),
        "desk.toml:20: policies[0].targets.first_reply.warn_at[1]: 1h 59m before due does not come after 99 %; write the earlier one first"
    );
    assert_eq!(
        written("\"30m\"", r#"[50, "15m"]"#),
        "desk.toml:20: policies[0].targets.first_reply.warn_at[1]: 15m before due does not come after 50 %; write the earlier one first"
    );
    assert_eq!(written(within, r#"[50, "14m"]"#), "", "with the longer allowances they are");
}

#[test]
fn a_calendar_whose_hours_are_over_keeps_no_promise() {
    let past = "[calendars.past]\ntime_zone = \"UTC\"\nweekly = {}\n[calendars.past.exceptions]\n\"2020-03-02\" = { hours = [\"09:00-17:00\"] }\n\n[[lines]]\nid = \"L1\"";
    let text = GOOD
        .replace("[[lines]]\nid = \"L1\"", past)
        .replace("calendar = \"office\"", "calendar = \"past\"");
    let found = Rulebook::from_toml(&text, "desk.toml").unwrap_err();
    assert!(
        found.findings.iter().all(|it| it.problem == "its calendar never opens any more"),
        "{found}"
    );
    let text = GOOD
        .replace("[[lines]]\nid = \"L1\"", past)
        .replace("notify = \"line\" }", "notify = \"line\", hours = \"past\" }");
    let found = Rulebook::from_toml(&text, "desk.toml").unwrap_err();
    let [finding] = &found.findings[..] else { panic!("{found}") };
    assert_eq!(finding.path, "policies[0].targets.first_reply.ladder[0].hours");
    assert_eq!(finding.problem, "its calendar never opens any more, and nobody is ever told");
}

#[test]
fn a_manager_is_a_role_of_the_desk() {
    check(
        "teams = [\"desk\"]",
        "teams = [\"desk\"]\nmanager = \"assignee\"",
        "desk.toml:10: lines[0].manager: there is no role `assignee` that could manage a line; write one under `roles`, and name it here",
    );
}

#[test]
fn a_clock_by_conditions_ends_by_its_triggers_alone() {
    let clock = "\n[policies.clocks.quiet]\ntriggers = { start = { status = \"open\" }, stop = { status = \"pending\" } }\ntarget = { within = \"4h\", pause_on = [\"pending\"], automatic = true }\n";
    let found = Rulebook::from_toml(&format!("{GOOD}{clock}"), "desk.toml").unwrap_err();
    assert_eq!(
        found.to_string(),
        "desk.toml:29: policies[0].clocks.quiet.target.pause_on: a clock by conditions starts, pauses and ends by its triggers alone; leave it out\ndesk.toml:29: policies[0].clocks.quiet.target.automatic: a clock by conditions starts, pauses and ends by its triggers alone; leave it out"
    );
    let endless = clock.replace(", stop = { status = \"pending\" }", "");
    let found = Rulebook::from_toml(&format!("{GOOD}{endless}"), "desk.toml").unwrap_err();
    assert_eq!(
        found.to_string(),
        "desk.toml:28: policies[0].clocks.quiet.triggers: missing field `stop`; write it"
    );
}

#[test]
fn a_policy_whose_condition_cannot_be_read_hides_no_other() {
    let found = Rulebook::from_toml(
        &GOOD
            .replace("calendar = \"office\"", "calendar = \"office\"\nwhen = { colour = \"red\" }"),
        "desk.toml",
    )
    .unwrap_err();
    let second = "\n[[policies]]\nname = \"vip\"\ncalendar = \"always\"\n[policies.targets.first_reply]\nwithin = \"4h\"\n";
    let both = Rulebook::from_toml(&format!("{GOOD}{second}"), "desk.toml");
    assert!(both.is_err(), "the second never applies");
    assert_eq!(found.findings.len(), 1, "{found}");
    let text =
        GOOD.replace("calendar = \"office\"", "calendar = \"office\"\nwhen = { colour = \"red\" }");
    let both = Rulebook::from_toml(&format!("{text}{second}"), "desk.toml").unwrap_err();
    assert_eq!(both.findings, found.findings);
}

#[test]
fn an_instant_that_has_passed_is_remarked_upon() {
    let within = r#"{ critical = "15m", high = "1h", medium = "4h", low = "8h" }"#;
    let text = GOOD
        .replace(within, r#"{ instant = "2026-03-02T09:00:00Z" }"#)
        .replace("    { before_due = \"10m\", notify = \"line\" },\n", "");
    let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
    let remarks = |now: &str| rulebook.remarks(now.parse().unwrap());
    assert_eq!(remarks("2026-03-02T08:00:00Z"), []);
    let told = remarks("2026-03-02T10:00:00Z");
    assert_eq!(
        told[0].to_string(),
        "desk.toml:19: remark: policies[0].targets.first_reply.within: 2026-03-02T09:00:00Z has passed: nothing more can be promised until then"
    );
}

#[test]
fn more_time_for_the_urgent_and_a_step_that_breaks_what_it_is_to_save_are_remarked_upon() {
    let within = r#"{ critical = "15m", high = "1h", medium = "4h", low = "8h" }"#;
    let mixed_up = r#"{ critical = "2h", high = "1h", medium = "4h", low = "8h" }"#;
    let text = GOOD.replace(within, mixed_up).replace(
        r#"{ before_due = "10m", notify = "line" }"#,
        r#"{ before_due = "10m", raise_priority = "next" }"#,
    );
    let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
    let remarks = rulebook.remarks("2026-03-02T08:00:00Z".parse().unwrap());
    let told: Vec<String> =
        remarks.iter().map(|it| format!("{}: {}", it.path, it.problem)).collect();
    assert_eq!(
        told,
        [
            "policies[0].targets.first_reply.within: critical gives 2h, more than high with 1h: are they \
         mixed up?",
            "policies[0].targets.first_reply.ladder[0].raise_priority: it breaks the promise by itself: a \
         ticket that is raised from low to medium has used up 7h 50m by then, and 4h are allowed",
        ]
    );
}

#[test]
fn a_line_and_a_vendor_that_outlast_what_the_customer_is_promised_are_remarked_upon() {
    let policy = |name: &str, agreement: &str, target: &str, within: &str| {
        format!(
            "\n[[policies]]\nname = \"{name}\"\nagreement = \"{agreement}\"\ncalendar = \"office\"\n\
             [policies.targets.{target}]\nwithin = \"{within}\"\n"
        )
    };
    let head = &GOOD[..GOOD.find("[[policies]]").unwrap()];
    let remarks = |line: &str, vendor: &str| {
        let text = head.to_owned()
            + &policy("customers", "sla", "resolution", "16h")
            + &policy("lines", "ola", "line_time", line)
            + &policy("vendors", "uc", "vendor", vendor);
        let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
        let remarks = rulebook.remarks("2026-03-02T08:00:00Z".parse().unwrap());
        remarks.iter().map(|it| it.problem.clone()).collect::<Vec<_>>()
    };
    assert_eq!(remarks("8h", "8h"), Vec::<String>::new());
    assert_eq!(
        remarks("8h", "24h"),
        [
            "a line may take 8h and a vendor 24h at low, and all of it is promised within 16h by policy \
          `customers`"
        ],
    );
    assert_eq!(
        remarks("20h", "24h"),
        ["a line may take 20h at low, and all of it is promised within 16h by policy `customers`"],
    );
}

#[test]
fn a_view_that_cannot_be_read_or_is_always_empty_is_refused() {
    let views = |views: &str| Rulebook::from_toml(&format!("{GOOD}{views}"), "desk.toml");
    let good = "\n[[views]]\nname = \"Mine\"\nfilter = \"status:unsolved assignee:me line:L1\"\n";
    assert_eq!(views(good).unwrap().views()[0].name, "Mine");
    let wrong = good.replace("L1", "L7 team:night") + &good.replace("assignee", "agent");
    assert_eq!(
        views(&wrong).unwrap_err().to_string(),
        r#"desk.toml:29: views[0].filter: there is no line `L7`; write one of L1, L2
desk.toml:29: views[0].filter: there is no team `night`; write none, or one of desk
desk.toml:32: views[1].name: there are two views `Mine`; rename one
desk.toml:33: views[1].filter: at 17: there is no field `agent`; write one of number, status, state, priority, kind, channel, impact, urgency, need, discipline, hold, language, tier, line, team, assignee, offered, follower, requester, organization, equipment, contract, parent, problem, tag, approval, rating, overdue, reopened, merged, spam, due, snoozed, opened, updated, resolved"#
    );
}

#[test]
fn a_policy_behind_one_that_takes_every_ticket_never_applies() {
    let second = "\n[[policies]]\nname = \"vip\"\ncalendar = \"always\"\nwhen = { organization = 1 }\n[policies.targets.first_reply]\nwithin = { critical = \"15m\", high = \"1h\", medium = \"4h\", low = \"8h\" }\n";
    let found = Rulebook::from_toml(&format!("{GOOD}{second}"), "desk.toml").unwrap_err();
    assert_eq!(
        found.to_string(),
        r#"desk.toml:27: policies[1]: it never applies: `standard` before it takes every such ticket; move it up, or give the other one a narrower `when`"#
    );
}

#[test]
fn a_rulebook_without_lines_or_promises_is_told_all_at_once() {
    let found = Rulebook::from_toml("name = \" \"\nlines = []\n", "desk.toml").unwrap_err();
    assert_eq!(
        found.to_string(),
        r#"desk.toml:1: name: the desk has no name; write one
desk.toml:2: lines: there is no support line; write at least one"#
    );
}

#[test]
fn a_file_of_a_hundred_megabytes_is_not_even_read() {
    let text = "#".repeat(MAX_RULEBOOK_BYTES + 1);
    let found = Rulebook::from_toml(&text, "video.mp4").unwrap_err();
    assert_eq!(
        found.to_string(),
        r#"video.mp4:1: 4194305 bytes are more than 4194304; is this a rulebook?"#
    );
}

/// What nests without end is refused by whoever reads the notation, before it is looked at.
#[test]
fn lists_in_lists_without_end_are_refused_in_both_notations() {
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let toml = format!("[fields.a]\nkind = \"integer\"\nmin = {nested}\n");
    let json = format!("{{\"fields\": {{\"a\": {{\"kind\": \"integer\", \"min\": {nested}}}}}}}");
    for found in [Rulebook::from_toml(&toml, "desk"), Rulebook::from_json(&json, "desk")] {
        let found = found.expect_err("it was accepted").to_string();
        assert!(found.contains("recurs"), "{}", &found[..found.len().min(200)]);
    }
}

#[test]
fn a_version_that_was_recalled_serves_the_promises_that_are_pinned_to_it() {
    let mut rulebook = Rulebook::from_toml(GOOD, "desk.toml").unwrap().with_version(2);
    let pin = Pin::new(1, "old", "always");
    assert!(rulebook.calendar(&pin).is_none());
    let source = GOOD.replace("standard", "old");
    rulebook.recall(&RulebookAdopted { version: 1, source }).unwrap();
    assert!(rulebook.calendar(&pin).is_some());
    let key = firstline_sla::ClockKey::from(firstline_sla::Metric::FirstReply);
    assert!(rulebook.pinned(&pin, &key).is_ok());
    let other = rulebook.as_of(1).unwrap();
    assert!(other.calendar(&Pin::new(2, "standard", "always")).is_some(), "each knows the other");
    let missing = rulebook.pinned(&Pin::new(3, "new", "always"), &key).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "a promise of this ticket is pinned to first_reply of policy `new` of rulebook version 3, which was not given"
    );
}

/// Promises are pinned to what was accepted, whatever is asked of others since.
#[test]
fn a_version_that_was_accepted_before_a_check_was_made_stricter_is_recalled_all_the_same() {
    for more in [
        "[[views]]\nname = \"Others\"\nfilter = \"status!=open\"\n",
        "[[rules]]\nname = \"a\"\nwhen = { state = \"ww\" }\ndo = [{ tag = \"x\" }]\n",
    ] {
        let source = format!("{GOOD}{more}");
        assert!(Rulebook::from_toml(&source, "desk.toml").is_err(), "{more}");
        let mut rulebook = Rulebook::from_toml(GOOD, "desk.toml").unwrap().with_version(2);
        rulebook.recall(&RulebookAdopted { version: 1, source }).unwrap();
        assert!(rulebook.as_of(1).is_some(), "{more}");
    }
}
