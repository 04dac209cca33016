//! What is asked of words in a text, and of how far a moment is from now.

use super::*;

#[test]
fn a_pattern_is_found_anywhere_in_a_text() {
    asked(
        "subject = { matches = 'E[0-9]{4}' }",
        "subject = 'Printer: E1042'",
        "yes: subject matches /E[0-9]{4}/",
    );
    asked(
        "subject = { matches = '^(?i)re:' }",
        "subject = 'Printer: E1042'",
        "no: subject is Printer: E1042, without a match of /^(?i)re:/",
    );
    asked("subject = { matches = '^$' }", "", "no: subject is empty, without a match of /^$/");
}

#[test]
fn a_pattern_that_no_engine_could_bound_is_refused() {
    refused(
        "subject = { matches = '(a{1000}){1000}' }",
        "subject.matches: `(a{1000}){1000}` takes more than 262144 bytes; repeat fewer times, or look for less",
    );
    refused(
        "subject = { matches = '(a)\\1' }",
        "subject.matches: `(a)\\1` is no pattern: backreferences are not supported; write the words out instead, as alternatives with `|`, or ask in several clauses",
    );
    refused(
        "subject = { matches = '(' }",
        "subject.matches: `(` is no pattern: unclosed group; put a backslash before a character that is meant as it stands",
    );
    refused(
        "tags = { matches = 'a' }",
        "tags.matches: `matches` looks into a text, and `tags` is none; write the value that is meant",
    );
}

/// What makes engines that go back run for years takes this one as long as the text is.
#[test]
fn a_pattern_takes_time_that_grows_with_the_text_alone() {
    let text = format!("subject = '{}'", "a".repeat(100_000));
    let cut = "a".repeat(80);
    asked(
        "subject = { matches = '(a+)+b' }",
        &text,
        &format!("no: subject is {cut}..., without a match of /(a+)+b/"),
    );
}

#[test]
fn a_moment_is_within_reach_on_either_side_of_now() {
    let reach = condition("opened_at = { within = '2h' }");
    let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
    for (opened_at, expected) in [
        (
            "2026-03-02T10:00:00Z",
            "yes: opened_at is 2026-03-02T10:00:00Z, within 2h of 2026-03-02T12:00:00Z",
        ),
        (
            "2026-03-02T14:00:00Z",
            "yes: opened_at is 2026-03-02T14:00:00Z, within 2h of 2026-03-02T12:00:00Z",
        ),
        (
            "2026-03-02T09:59:59Z",
            "no: opened_at is 2026-03-02T09:59:59Z, not within 2h of 2026-03-02T12:00:00Z",
        ),
    ] {
        let state = State::read(&format!("opened_at = '{opened_at}'"), &fields());
        assert_eq!(answer(&reach, Change::none(&state).at(now)), expected);
        // Without a now nothing is near it.
        assert!(!reach.holds(Change::none(&state)));
    }
    refused(
        "opened_at = { within = 'soon' }",
        "opened_at.within: `soon` is not a stretch of time; write it in quotes, such as 2h 30m or 3d",
    );
    refused(
        "total = { within = '2h' }",
        "total.within: `within` asks for a moment, and `total` is none; write the value that is meant",
    );
}

#[test]
fn what_a_pattern_or_a_reach_leaves_over_is_seen() {
    for (narrow, wide) in [
        ("subject = { matches = 'a' }\nkind = 'problem'", "subject = { matches = 'a' }"),
        ("subject = { matches = 'a' }", "subject = { exists = true }"),
        ("opened_at = { within = '1h' }", "opened_at = { within = '2h' }"),
    ] {
        let (narrow, wide) = (condition(narrow), condition(wide));
        assert!(narrow.implies(&wide), "{narrow:?}");
        assert!(!wide.implies(&narrow), "{narrow:?}");
        assert!(narrow.may_hold_with(&wide));
    }
    refused(
        "opened_at = { within = '1h' }\nnone = [{ opened_at = { within = '2h' } }]",
        "none: this can never hold: opened_at is within 1h of now and `none`; change or remove one of them",
    );
}
