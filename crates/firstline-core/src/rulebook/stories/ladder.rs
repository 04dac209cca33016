//! A ladder leads up, step by step, to somebody.

use super::*;

/// The ladder of the good rulebook, and what is found in another one in its place.
#[track_caller]
fn ladder(steps: &str, expected: &str) {
    let lead = "\n[[roles]]\nid = \"lead\"\n";
    let managed = GOOD.replace("id = \"L2\"", "id = \"L2\"\nmanager = \"lead\"") + lead;
    let at = managed.find("    { before_due").unwrap();
    let end = managed.find("\n]\n").unwrap();
    let text = format!("{}{steps}{}", &managed[..at], &managed[end..]);
    let found = Rulebook::from_toml(&text, "desk.toml").map_err(|error| error.to_string());
    assert_eq!(found.map(drop).err().unwrap_or_default(), expected);
}

#[test]
fn each_step_of_a_ladder_leads_further_up() {
    ladder(
        r#"{ at_due = true, hand_over = "next", raise_priority = "high", escalate = true }"#,
        "",
    );
    ladder(
        r#"{ at_due = true, hand_over = "L2" }, { after_due = "1h", hand_over = "next" }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[1].hand_over: the steps before it have reached the last line; leave it out, or write another line",
    );
    ladder(
        r#"{ at_due = true, hand_over = "next" }, { after_due = "1h", hand_over = "L2" }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[1].hand_over: the ladder leads in a circle: it reached `L2` before; name a line beyond it",
    );
    ladder(
        r#"{ at_due = true, hand_over = "L1" }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[0].hand_over: `L1` is the first line: nothing is handed up to it; name a line beyond it",
    );
    ladder(
        r#"{ at_due = true, raise_priority = "critical" }, { after_due = "1h", raise_priority = "high" }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[1].raise_priority: the steps before it have raised it to critical; leave it out, or raise by smaller steps before",
    );
    ladder(
        r#"{ at_due = true, raise_priority = "low" }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[0].raise_priority: nothing is raised to low; write next, or a higher priority",
    );
    ladder(
        r#"{ at_due = true, escalate = true }, { after_due = "1h", escalate = true }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[1].escalate: the steps before it have reached the highest role; leave it out, or let that role report to another",
    );
}

#[test]
fn a_line_without_a_manager_escalates_to_nobody() {
    let lead = "\n[[roles]]\nid = \"lead\"\n";
    let managed = GOOD.replace("id = \"L1\"", "id = \"L1\"\nmanager = \"lead\"") + lead;
    let late = managed.replace(
        "{ at_due = true, hand_over = \"L2\" },",
        r#"{ at_due = true, hand_over = "L2" }, { after_due = "1h", escalate = true },"#,
    );
    let found = Rulebook::from_toml(&late, "desk.toml").unwrap_err();
    assert_eq!(
        found.to_string(),
        "desk.toml:25: policies[0].targets.first_reply.ladder[2].escalate: no line that the ticket can be on by then has a manager; give one its `manager`, or escalate before it is handed over"
    );
    let in_time = late
        .replace("{ after_due = \"1h\", escalate = true }", "")
        .replace("hand_over = \"L2\" }, ,", "hand_over = \"L2\", escalate = true },");
    assert!(Rulebook::from_toml(&in_time, "desk.toml").is_ok());
}

#[test]
fn nobody_is_told_twice_by_one_step() {
    ladder(
        r#"{ at_due = true, notify = ["lead", "line", "lead"] }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[0].notify[2]: `lead` is named twice; remove one",
    );
}

#[test]
fn two_steps_at_one_time_do_not_do_the_same() {
    ladder(
        r#"{ at_due = true, notify = "line", page = "duty" }, { at_due = true, notify = ["assignee", "line"] }"#,
        "desk.toml:24: policies[0].targets.first_reply.ladder[0].page: there is no page plan `duty`; write one under `pages`\ndesk.toml:24: policies[0].targets.first_reply.ladder[1]: a step at the same time does it already: notify line; leave one of them out",
    );
}
