//! What a desk does by itself, as a host sees it.

use firstline::{
    Actor, Agent, AgentId, Command, Contact, ContactId, Desk, EffectKind, Equipment, EquipmentId,
    Event, FixedTime, Party, PartyId, Refusal, Rulebook, Status, Stream, Tag, TicketAction,
    TicketFact, TicketId, WhyNotError,
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
[[rules]]
name = "hot first"
on = ["tagged"]
when = { priority = { was = "critical" }, tag = { contains = "hot" } }
do = [{ notify = "assignee" }]
[[rules]]
name = "thanks"
on = ["rated"]
do = [{ notify = "assignee" }]
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
    assert_eq!(why.to_string(), "`fire first` fired at 2026-03-02T08:00:00Z: text contains fire");
    let add = [Tag::from("hot")].into();
    let tag = TicketAction::Tag { add, remove: [].into() };
    desk.execute(Command::ticket(bob(), ticket, tag).at(moment("2026-03-02T09:05:00+01:00")))
        .unwrap();
    let why = desk.why_not("fire first", ticket).unwrap();
    // It is asked what it saw when it was last its turn, and what was before then.
    assert_eq!(why.to_string(), "`fire first` fired at 2026-03-02T08:00:00Z: text contains fire");
    let tagged = desk.why_not("hot first", ticket).unwrap().to_string();
    assert_eq!(
        tagged,
        "`hot first` fired at 2026-03-02T08:05:00Z: priority was critical; tag contains hot"
    );
    let note = TicketAction::AddNote { text: "Still hot.".into() };
    let later = moment("2026-03-02T09:10:00+01:00");
    desk.execute(Command::ticket(bob(), ticket, note).at(later)).unwrap();
    assert_eq!(desk.why_not("hot first", ticket).unwrap().to_string(), tagged);
    let waits = desk.why_not("thanks", ticket).unwrap().to_string();
    assert!(waits.starts_with("`thanks` waits for rated, and noted, warned happened"), "{waits}");
    let unknown = desk.why_not("fire last", ticket).unwrap_err();
    assert!(matches!(
        unknown,
        firstline::Error::WhyNot(WhyNotError::UnknownRule { known, .. }) if known.len() == 5
    ));
}

/// How often a ticket came to wait for a rule, and how many records the desk itself has.
fn waiting(desk: &Desk, rule: &str) -> (usize, usize) {
    let mut records = desk.records(0, 10_000).unwrap();
    loop {
        let more = desk.records(records.len() as u64, 10_000).unwrap();
        if more.is_empty() {
            break;
        }
        records.extend(more);
    }
    let own = records.iter().filter(|record| record.stream == Stream::Desk).count();
    let waits = records.iter().filter(|record| match &record.event {
        Event::Ticket(event) => {
            matches!(&event.fact, TicketFact::TimerSet { rule: set, .. } if set.as_str() == rule)
        }
        _ => false,
    });
    (waits.count(), own)
}

/// Thousands of tickets wait when a rule comes that reminds whoever is pending: some are looked at in
/// the commit that brings it, the others by the wake-ups that follow, also after a restart.
#[test]
fn a_rule_that_comes_later_looks_at_all_tickets_a_thousand_in_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let now = moment("2026-03-02T20:00:00+01:00");
    let before = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let after = || Rulebook::from_toml(&format!("{RULES}{AUTOMATIC}"), "rules.toml").unwrap();
    {
        let desk = Desk::open_with_time(folder.path(), before, monday()).unwrap();
        introduce(&desk);
        let pending = TicketAction::ChangeStatus { to: Status::Pending, hold: None };
        let commands = (1..=2_100).flat_map(|number| {
            let open = Command::open(ada(), request());
            [open, Command::ticket(bob(), TicketId(number), pending.clone())]
        });
        let outcomes = desk.execute_all(commands).unwrap();
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(waiting(&desk, "remind"), (0, 1));
    }
    let desk = Desk::open_with_time(folder.path(), after(), FixedTime(now)).unwrap();
    desk.add_note(bob(), TicketId(1), "Late shift.").unwrap();
    // The newest thousand, and that there are more.
    assert_eq!(waiting(&desk, "remind"), (1_001, 3));
    assert!(desk.poll_timeout().unwrap().is_some_and(|due| due <= now));
    drop(desk);
    let desk = Desk::open_with_time(folder.path(), after(), FixedTime(now)).unwrap();
    assert!(desk.poll_timeout().unwrap().is_some_and(|due| due <= now));
    let woken = desk.handle_timeout(now).unwrap();
    assert_eq!(waiting(&desk, "remind"), (2_100, 5));
    // Eight hours of the office were over at five, and the office opens again in the morning.
    assert_eq!(woken.next, Some(moment("2026-03-03T09:00:00+01:00")));
    desk.verify().unwrap();
    desk.rebuild().unwrap();
    assert_eq!(desk.handle_timeout(now).unwrap().records, 0);
}

/// Rules that name whom and what only a desk knows.
const NAMING: &str = r#"
[fields.printer]
kind = "reference"
to = "equipment"
[fields.like]
kind = "reference"
to = "ticket"
[[rules]]
name = "hers"
on = ["opened"]
do = [{ assign = 7 }, { set = { printer = { equipment = 3 } } }, { tag = "seen" }]
[[macros]]
name = "as before"
do = [{ set = { like = { ticket = 9 } } }]
"#;

/// What the rules left out on a ticket, and why.
fn left_out(desk: &Desk, ticket: TicketId) -> Vec<(String, String)> {
    let timeline = desk.timeline(ticket).unwrap();
    let skipped = timeline.iter().filter_map(|record| match &record.event {
        Event::Ticket(event) => match &event.fact {
            TicketFact::RuleSkipped { deed, why, .. } => Some((deed.clone(), why.clone())),
            _ => None,
        },
        _ => None,
    });
    skipped.collect()
}

#[test]
fn whom_a_rule_names_and_the_desk_does_not_know_is_left_out_until_it_does() {
    let rules = Rulebook::from_toml(&format!("{RULES}{NAMING}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    let remarks: Vec<String> =
        desk.remarks(&desk.rulebook()).unwrap().iter().map(ToString::to_string).collect();
    let told = |needle: &str| remarks.iter().filter(|remark| remark.contains(needle)).count();
    assert_eq!(told("warning: rules[0].do[0]: agent 7 is not registered; save the agent first"), 1);
    assert_eq!(told("warning: rules[0].do[1]: equipment 3 is not registered"), 1);
    assert_eq!(
        told(
            "warning: macros[0].do[0]: there is no ticket #9; until then it is left out; save them, or name what the desk has"
        ),
        1
    );

    let first = desk.open_ticket(ada(), request()).unwrap();
    let assigned = |ticket| desk.ticket(ticket).unwrap().unwrap().state.assignee;
    assert_eq!(assigned(first), None);
    assert_eq!(
        left_out(&desk, first),
        [
            ("assign to agent 7".into(), "agent 7 is not registered; save the agent first".into()),
            ("set fields".into(), "equipment 3 is not registered; save the equipment first".into()),
        ]
    );
    // The rest is done, and a command that names them itself is refused as ever.
    assert!(desk.ticket(first).unwrap().unwrap().state.tags.contains("seen"));
    let as_before = TicketAction::ApplyMacro { name: "as before".into() };
    let refused = desk.execute(Command::ticket(bob(), first, as_before)).unwrap_err();
    assert!(
        matches!(refused, firstline::Error::Refused(Refusal::UnknownTicket(TicketId(9)))),
        "{refused}"
    );

    // In one commit with what they are needed for.
    let eve =
        Command::save(Actor::System, PartyId::Agent(AgentId(7)), Party::Agent(Agent::new("Eve")));
    let printer = Party::Equipment(Equipment::new("Printer"));
    let printer = Command::save(Actor::System, PartyId::Equipment(EquipmentId(3)), printer);
    let open = Command::open(ada(), request());
    let outcomes = desk.execute_all([eve, printer, open]).unwrap();
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let second = TicketId(2);
    assert_eq!(assigned(second), Some(AgentId(7)));
    assert_eq!(left_out(&desk, second), []);
    assert!(desk.verify().is_ok());
}

/// Everything that is resolved closes by itself after two days of the office.
const CLOSING: &str = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "done", category = "resolved" }, { id = "over", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = ["new", "open"], to = "done" },
    { from = "done", to = "over" },
]
auto_close = { after = "16h", calendar = "office" }
"#;

#[test]
fn what_was_resolved_before_the_rules_said_so_closes_by_itself_too_a_thousand_in_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    {
        let before = Rulebook::from_toml(RULES, "rules.toml").unwrap();
        let desk = Desk::open_with_time(folder.path(), before, monday()).unwrap();
        introduce(&desk);
        let resolved = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
        let commands = (1..=1_200).flat_map(|number| {
            let open = Command::open(ada(), request());
            [open, Command::ticket(bob(), TicketId(number), resolved.clone())]
        });
        let outcomes = desk.execute_all(commands).unwrap();
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(desk.poll_timeout().unwrap(), None);
    }
    let after = Rulebook::from_toml(&format!("{RULES}{CLOSING}"), "rules.toml").unwrap();
    let now = moment("2026-03-02T20:00:00+01:00");
    let desk = Desk::open_with_time(folder.path(), after, FixedTime(now)).unwrap();
    let dated = || {
        let dated = |number: &u64| {
            let ticket = desk.ticket(TicketId(*number)).unwrap().unwrap().state;
            ticket.closes_at() == Some(moment("2026-03-03T17:00:00+01:00"))
        };
        (1..=1_200).filter(dated).count()
    };
    desk.add_note(bob(), TicketId(1), "Late shift.").unwrap();
    assert_eq!(dated(), 1_001);
    let woken = desk.handle_timeout(now).unwrap();
    assert_eq!(dated(), 1_200);
    assert_eq!(woken.next, Some(moment("2026-03-03T17:00:00+01:00")));
    desk.handle_timeout(moment("2026-03-04T09:00:00+01:00")).unwrap();
    let closed = |number| desk.ticket(TicketId(number)).unwrap().unwrap().state.closed_at;
    assert!((1..=1_200).all(|number| closed(number) == woken.next));
    desk.verify().unwrap();
}

#[test]
fn a_message_that_a_rule_was_to_write_by_now_is_split_off_though_nobody_has_woken_the_desk() {
    let timed = "[[rules]]\nname = \"look again\"\nafter = \"1h\"\nwhen = { status = \"new\" }\n\
                 do = [{ note = \"Nobody has looked.\" }]\n";
    let rules = Rulebook::from_toml(&format!("{RULES}{timed}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let split = |by, message| {
        let action = TicketAction::Split { message, subject: "The rest".into() };
        let command = Command::ticket(by, ticket, action);
        desk.execute(command.at(moment("2026-03-02T11:00:00+01:00")))
    };
    // Who may not split learns nothing of what there is to be split.
    for message in [2, 9] {
        let refused = split(ada(), message).unwrap_err().to_string();
        assert_eq!(refused, "contact 1 may not split tickets: that takes an agent");
    }
    let refused = split(bob(), 9).unwrap_err().to_string();
    assert_eq!(refused, "the ticket has no message 9; it has 2");
    split(bob(), 2).unwrap();
    assert_eq!(desk.ticket(TicketId(2)).unwrap().unwrap().state.subject, "The rest");
    assert_eq!(letters(&desk, ticket), ["Nobody has looked."]);
    desk.verify().unwrap();
}

#[test]
fn a_dry_run_calls_people_what_they_were_called_before_they_were_renamed_in_the_same_moment() {
    let welcome = "[[rules]]\nname = \"welcome\"\non = \"opened\"\n\
                   do = [{ message = \"Hi {{ ticket.requester }}\" }]\n";
    let rules = Rulebook::from_toml(&format!("{RULES}{welcome}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules.clone(), monday()).unwrap();
    introduce(&desk);
    let mut tickets = Vec::new();
    for name in ["Ada King", "Ada Byron", "Ada Lovelace"] {
        tickets.push(desk.open_ticket(ada(), request()).unwrap());
        desk.save_contact(ContactId(1), Contact::new(name)).unwrap();
    }
    let hi = |ticket| letters(&desk, ticket).join(", ");
    assert_eq!(
        tickets.into_iter().map(hi).collect::<Vec<_>>(),
        ["Hi Ada", "Hi Ada King", "Hi Ada Byron"]
    );
    let run = desk.dry_run(&rules, u64::MAX).unwrap();
    assert!(run.differences.is_empty() && run.same == 3, "{run:#?}");
}

/// What rules wrote on a ticket, in order.
fn letters(desk: &Desk, ticket: TicketId) -> Vec<String> {
    let timeline = desk.timeline(ticket).unwrap();
    let letters = timeline.iter().filter_map(|record| match &record.event {
        Event::Ticket(event) if event.rule.is_some() => match &event.fact {
            TicketFact::MessageAdded { text, .. } => Some(text.clone()),
            _ => None,
        },
        _ => None,
    });
    letters.collect()
}

#[test]
fn letters_call_people_by_the_names_that_they_have_now() {
    let letters_of = r#"
[[rules]]
name = "welcome"
on = ["opened"]
do = [{ assign = 1 }, { message = "Dear {{ ticket.requester }} of {{ ticket.organization }}, {{ ticket.assignee }} will answer by {{ ticket.due }}." }]
[[rules]]
name = "handed on"
on = ["assigned"]
when = { assignee = 2 }
do = [{ note = "{{ ticket.assignee }}: {{ ticket.requester }} wrote: {{ ticket.message }}" }]
"#;
    let rules = Rulebook::from_toml(&format!("{RULES}{letters_of}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules.clone(), monday()).unwrap();
    introduce(&desk);
    desk.save_agent(AgentId(2), Agent::new("Carol")).unwrap();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let dear = "Dear Ada of Northwind, Bob will answer by Mon 2 Mar 2026 13:00.";
    assert_eq!(letters(&desk, ticket), [dear]);

    desk.add_note(bob(), ticket, "Not for customers.").unwrap();
    desk.save_agent(AgentId(2), Agent::new("Carol Smith")).unwrap();
    desk.assign(bob(), ticket, Some(AgentId(2))).unwrap();
    let handed = "Carol Smith: Ada wrote: It is on fire.";
    assert_eq!(letters(&desk, ticket), [dear, handed]);
    // What a letter would have said is said by who everybody was at the time.
    let later = TicketAction::AddNote { text: "Still burning.".into() };
    let later = Command::ticket(bob(), ticket, later).at(moment("2026-03-02T09:05:00+01:00"));
    desk.execute(later).unwrap();
    desk.save_contact(ContactId(1), Contact::new("Ada King")).unwrap();
    desk.save_agent(AgentId(1), Agent::new("Robert")).unwrap();
    let run = desk.dry_run(&rules, u64::MAX).unwrap();
    assert!(run.differences.is_empty(), "{:#?}", run.differences);
    assert!(desk.verify().is_ok());
}
