//! Rules that wait in a state.

use super::*;

const REMIND: &str = r#"
[[rules]]
name = "remind"
when = { status = "pending" }
after = "16h"
calendar = "office"
do = [{ message = "Do you still need us?" }]
[[rules]]
name = "close"
when = { status = "resolved" }
after = "24h"
do = [{ status = "closed" }]
"#;

#[test]
fn a_timed_rule_fires_when_its_state_has_lasted_and_once_until_it_is_left() {
    check_under(
        &[REMIND],
        "mon 09:00 customer opens
         mon 16:00 agent pending
         fri 12:00 wake
         fri 13:00 customer says
         fri 14:00 agent pending
         fri 15:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 16:00  pending
         mon 16:00  remind waits until wed 16:00
         wed 16:00  remind fires: status is pending; for 16h
         wed 16:00  remind: the system says \"Do you still need us?\"
         fri 13:00  contact 1 says something
         fri 13:00  open
         fri 13:00  remind waits no more
         fri 14:00  pending
         fri 14:00  remind waits until tue2 14:00
         fri 15:00  contact 1 says something
         fri 15:00  open
         fri 15:00  remind waits no more",
    );
}

#[test]
fn one_timed_rule_leads_to_the_next_however_late_that_is_noticed() {
    check_under(
        &[&format!(
            "{REMIND}
[[rules]]
name = \"give up\"
when = {{ status = \"pending\" }}
after = \"24h\"
calendar = \"office\"
do = [{{ status = \"resolved\" }}]
[[rules]]
name = \"ask how it was\"
on = [\"status_changed\"]
when = {{ status = \"closed\" }}
do = [{{ webhook = \"https://example.org/survey\", body = \"{{{{ ticket.subject }}}}\" }}]
"
        )],
        "mon 09:00 agent opens
         mon 09:00 agent pending
         sun 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  pending
         mon 09:00  remind waits until tue 17:00
         mon 09:00  give up waits until wed 17:00
         tue 17:00  remind fires: status is pending; for 16h
         tue 17:00  remind: the system says \"Do you still need us?\"
         wed 17:00  give up fires: status is pending; for 24h
         wed 17:00  give up: resolved
         wed 17:00  give up waits no more
         wed 17:00  remind waits no more
         wed 17:00  close waits until thu 17:00
         thu 17:00  close fires: status is resolved; for 24h
         thu 17:00  close: closed
         thu 17:00  ask how it was fires: status is closed
         thu 17:00  ask how it was: errand 1: Webhook { url: \"https://example.org/survey\", body: Some(\"Printer\") }
         thu 17:00  close waits no more",
    );
}

/// An edit of the rulebook moves nothing by itself: what waits goes on by the rules that it began
/// to wait under, until its state is left.
#[test]
fn a_timed_rule_stays_with_the_version_it_began_under_until_its_state_is_left() {
    let faster = REMIND.replace("16h", "1h").replace("Do you", "Hello, do you");
    let above = r#"
[[rules]]
name = "for ourselves"
when = { tag = { contains = "debtor" } }
do = [{ note = "This customer does not pay." }]
"#;
    check_under(
        &[REMIND, &format!("{above}{faster}")],
        "mon 09:00 customer opens
         mon 09:00 agent pending
         mon 10:00 desk adopts
         mon 11:00 agent notes
         wed 09:00 customer says
         wed 10:00 agent pending",
        "mon 09:00  opened, medium, on L1
         mon 09:00  pending
         mon 09:00  remind waits until tue 17:00
         mon 11:00  agent 1 notes something
         tue 17:00  remind fires: status is pending; for 16h
         tue 17:00  remind: the system says \"Do you still need us?\"
         wed 09:00  contact 1 says something
         wed 09:00  open
         wed 09:00  remind waits no more
         wed 10:00  pending
         wed 10:00  remind waits until wed 11:00",
    );
}

/// A rule that came later does not forget what waits in its state already: the time counts from when
/// the state was entered. What should have happened before happens now, or in the rule's next hours.
#[test]
fn a_timed_rule_waits_on_what_was_in_its_state_when_it_came_into_force() {
    check_under(
        &["", REMIND],
        "mon 09:00 customer opens
         mon 09:00 agent pending
         2: mon 09:00 customer opens
         2: mon 09:00 agent pending
         2: mon 15:00 customer says
         2: mon 16:00 agent pending
         3: mon 09:00 customer opens
         3: mon 10:00 agent resolved
         4: mon 09:00 customer opens
         tue 20:00 desk adopts
         wed 10:00 wake
         2: wed 16:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  pending
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  pending
         2: mon 15:00  contact 1 says something
         2: mon 15:00  open
         2: mon 16:00  pending
         3: mon 09:00  opened, medium, on L1
         3: mon 10:00  resolved
         4: mon 09:00  opened, medium, on L1
         tue 20:00  remind waits until wed 09:00
         2: tue 20:00  remind waits until wed 16:00
         3: tue 20:00  close waits until tue 20:00
         3: tue 20:00  close fires: status is resolved; for 24h
         3: tue 20:00  close: closed
         3: tue 20:00  close waits no more
         wed 09:00  remind fires: status is pending; for 16h
         wed 09:00  remind: the system says \"Do you still need us?\"
         2: wed 16:00  remind fires: status is pending; for 16h
         2: wed 16:00  remind: the system says \"Do you still need us?\"",
    );
}

#[test]
fn a_timed_rule_has_its_words_though_the_rulebook_in_force_has_none() {
    check_under(
        &[REMIND, ""],
        "mon 09:00 customer opens
         mon 09:00 agent pending
         mon 10:00 desk adopts
         wed 09:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  pending
         mon 09:00  remind waits until tue 17:00
         tue 17:00  remind fires: status is pending; for 16h
         tue 17:00  remind: the system says \"Do you still need us?\"",
    );
}

#[test]
fn a_merged_ticket_falls_silent_and_wakes_up_when_that_is_undone() {
    check_under(
        &[REMIND],
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:00 agent pending
         2: mon 10:00 agent merges into 1
         2: wed 10:00 agent separates from 1",
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  pending
         2: mon 09:00  remind waits until tue 17:00
         2: mon 10:00  merged into #1
         mon 10:00  took in #2
         2: wed 10:00  separated from #1
         2: wed 10:00  remind fires: status is pending; for 16h
         2: wed 10:00  remind: the system says \"Do you still need us?\"
         wed 10:00  gave back #2",
    );
}

/// Two rules play a ticket back and forth, a minute each time, while nobody looks for a year.
#[test]
fn rules_that_go_round_in_circles_come_to_an_end() {
    use crate::*;
    let rules = super::super::script::rules_with(
        r#"
[[rules]]
name = "there"
when = { line = "L1" }
after = "1m"
do = [{ hand_over = "L2" }]
[[rules]]
name = "and back"
when = { line = "L2" }
after = "1m"
do = [{ hand_over = "L1" }]
"#,
    );
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let (open, by) = (TicketAction::Open(Box::new(request)), Actor::Contact(ContactId(1)));
    let opened = carry_out(None, &open, by, &rules, now).unwrap();
    let next_year: Timestamp = "2027-03-02T09:00:00Z".parse().unwrap();
    let wake = TicketAction::Wake;
    let turn = carry_out(Some(opened.ticket), &wake, Actor::System, &rules, next_year).unwrap();
    let fired = turn.events.iter().filter(|it| matches!(it.fact, TicketFact::RuleFired { .. }));
    assert_eq!(fired.count(), MAX_FIRED_BY_ITSELF as usize);
    assert_eq!(turn.ticket.poll_timeout(), None);
    let stopped = TicketFact::RulesStopped { after: MAX_FIRED_BY_ITSELF };
    assert_eq!(turn.events.last().map(|event| &event.fact), Some(&stopped));
    let why = |rule| why_not(&rules, rule, Some(&turn.ticket), &[], next_year).unwrap().to_string();
    let never = "does not fire, because timed rules have fired 1000 times here, in circles";
    let name = rules.rules().next().unwrap().as_str();
    assert!(why(name).starts_with(&format!("`{name}` {never}")), "{}", why(name));
}
