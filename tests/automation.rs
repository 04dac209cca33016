//! What a desk does by itself, as a host sees it.

use firstline::{
    Command, Desk, EffectKind, Event, Rulebook, Tag, TicketAction, TicketFact, WhyNotError,
};

use crate::fixture::{RULES, ada, bob, introduce, moment, monday, request};

const AUTOMATIC: &str = r#"
[[rules]]
name = "fire first"
on = ["opened"]
when = { text = { contains = "fire" } }
do = [{ priority = "critical" }, { webhook = "https://example.org/in", body = "{{ ticket.number }}: {{ ticket.subject }}" }]
[[rules]]
name = "remind"
when = { status = "pending" }
after = "8h"
calendar = "office"
do = [{ message = "Still there?" }]
[[macros]]
name = "ask"
do = [{ message = "What does {{ ticket.subject }} show?" }, { status = "pending" }]
"#;

fn desk() -> Desk {
    let rules = Rulebook::from_toml(&format!("{RULES}{AUTOMATIC}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    desk
}

#[test]
fn a_host_hears_what_rules_ask_of_it_and_wakes_the_desk_for_those_that_wait() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let effects = Desk::effects_of(&desk.records(0, 100).unwrap());
    let ids: Vec<&str> = effects.iter().map(|effect| effect.id.as_str()).collect();
    assert_eq!(ids, ["1/rule.1/webhook"]);
    let (url, body) = ("https://example.org/in".into(), Some("1: Printer".into()));
    assert_eq!(effects[0].kind, EffectKind::Webhook { url, body });

    let ask = TicketAction::ApplyMacro { name: "ask".into() };
    desk.execute(Command::ticket(bob(), ticket, ask)).unwrap();
    // Eight hours of the office from Monday at nine.
    let reminded_at = moment("2026-03-02T17:00:00+01:00");
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.poll_timeout(), Some(reminded_at));
    desk.handle_timeout(moment("2026-03-05T09:00:00+01:00")).unwrap();
    let timeline = desk.timeline(ticket).unwrap();
    let words = timeline.iter().rev().find_map(|record| match &record.event {
        Event::Ticket(event) => match &event.fact {
            TicketFact::MessageAdded { text, .. } => {
                Some((event.at, event.rule.clone(), text.clone()))
            }
            _ => None,
        },
        _ => None,
    });
    assert_eq!(words, Some((reminded_at, Some("remind".into()), "Still there?".into())));
    assert!(desk.verify().is_ok());
}

#[test]
fn a_desk_says_why_a_rule_did_not_fire() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let why = desk.why_not("fire first", ticket).unwrap();
    assert_eq!(why.to_string(), "`fire first` fired: text contains fire");
    let add = [Tag::from("hot")].into();
    let tag = TicketAction::Tag { add, remove: [].into() };
    desk.execute(Command::ticket(bob(), ticket, tag).at(moment("2026-03-02T09:05:00+01:00")))
        .unwrap();
    let why = desk.why_not("fire first", ticket).unwrap();
    assert_eq!(
        why.to_string(),
        "`fire first` waits for opened, and tagged happened: text is empty, without fire"
    );
    let unknown = desk.why_not("fire last", ticket).unwrap_err();
    assert!(matches!(
        unknown,
        firstline::Error::WhyNot(WhyNotError::UnknownRule { known, .. }) if known.len() == 3
    ));
}
