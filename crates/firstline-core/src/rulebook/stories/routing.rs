//! What is wrong with what is said of routing, told with its place and its mend.

use super::*;

/// Adds what is said of routing to the good rulebook and compares what is found; each line without the
/// file's name.
#[track_caller]
fn refused(routing: &str, expected: &str) {
    let found = Rulebook::from_toml(&format!("{GOOD}[routing]\n{routing}\n"), "desk.toml");
    let found = found.expect_err("it was accepted").to_string();
    let told: Vec<&str> = found.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    assert_eq!(told.join("\n"), expected.trim());
}

#[track_caller]
fn accepted(routing: &str) {
    Rulebook::from_toml(&format!("{GOOD}[routing]\n{routing}\n"), "desk.toml").unwrap();
}

#[test]
fn an_offer_stands_long_enough_to_be_seen_and_not_so_long_that_nobody_has_the_ticket() {
    accepted("offer = \"5s\"");
    accepted("offer = \"168h\"");
    refused("offer = \"4s\"", "routing.offer: 4s is no time for an answer; write 5s to 168h");
    refused("offer = \"0s\"", "routing.offer: 0m is no time for an answer; write 5s to 168h");
    refused("offer = \"-1h\"", "routing.offer: -1h is no time for an answer; write 5s to 168h");
    refused("offer = \"169h\"", "routing.offer: 169h is no time for an answer; write 5s to 168h");
}

#[test]
fn patience_ends_within_a_year_and_the_urgent_have_the_least() {
    accepted("patience = { low = \"8784h\", critical = \"0s\" }");
    refused(
        "patience = { low = \"8785h\" }",
        "routing.patience.low: 8785h is no time to wait; write 0s to 8784h",
    );
    refused(
        "patience = { critical = \"-1s\" }",
        "routing.patience.critical: -1s is no time to wait; write 0s to 8784h",
    );
    // What is not said of the others is an hour for high.
    refused(
        "patience = { critical = \"2h\" }",
        "routing.patience: critical tickets let others go first for longer than high ones; give high at least as much as critical",
    );
    refused(
        "patience = { urgent = \"2h\" }",
        "routing.patience: unknown variant `urgent`, expected one of `low`, `medium`, `high`, `critical`",
    );
}

#[test]
fn a_ticket_takes_skills_that_can_be_had_by_what_it_is() {
    accepted("skills = [{ skill = \"networks\", level = 5 }]");
    refused(
        "skills = [{ skill = \"networks\", level = 6 }]",
        "routing.skills[0].level: 6 is no level of a skill; write 1 to 5",
    );
    refused(
        "skills = [{ skill = \"networks\", level = 0 }]",
        "routing.skills[0].level: 0 is no level of a skill; write 1 to 5",
    );
    refused(
        "skills = [{ skill = \" \" }]",
        "routing.skills[0].skill: skill is empty; write its name",
    );
    refused(
        "skills = [{ skill = \"networks\", when = { status = { was = \"open\" } } }]",
        "routing.skills[0].when: a ticket takes a skill by what it is, not by what has changed; leave out `was` and `changed`",
    );
    let many = "{ skill = \"networks\" }, ".repeat(257);
    refused(
        &format!("skills = [{many}]"),
        "routing.skills: 257 skills are more than 256; write fewer",
    );
}
