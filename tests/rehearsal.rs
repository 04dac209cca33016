//! The dry run of a rulebook: the one in force makes no difference to what a desk did by it, whatever
//! that was, and one that does something else says so.

use firstline::{
    Actor, Agent, AgentId, Command, Desk, Event, FixedTime, Kind, Late, OpenTicket, Plan, PlanId,
    Presence, Relation, RuleId, Rulebook, Status, TicketAction, TicketEvent, TicketFact, TicketId,
    Timestamp,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{ADA, BOB, RULES, ada, bob, introduce, monday, request};

/// Everything that a rulebook can say of what a desk does by itself.
const MORE: &str = r#"
[routing]
automatic = true
offer = "30m"

[relations]
parent = "waits"

[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]
[[forms]]
name = "all"
fields = [{ field = "site", required = "opening" }]

[lifecycles.shop]
kinds = ["service_request"]
statuses = [
    { id = "received", category = "new" }, { id = "on_the_bench", category = "open" },
    { id = "estimate_sent", category = "pending" }, { id = "parts", category = "on_hold" },
    { id = "ready", category = "resolved" }, { id = "picked_up", category = "closed" },
]
transitions = [
    { from = ["received", "parts"], to = "on_the_bench" },
    { from = "estimate_sent", to = "on_the_bench", by = "contact" },
    { from = "on_the_bench", to = "estimate_sent" },
    { from = "on_the_bench", to = "parts" },
    { from = ["received", "on_the_bench"], to = "ready" },
    { from = "ready", to = "picked_up" },
]
reopen = { into = "on_the_bench", within = "16h", calendar = "office" }
auto_close = { after = "24h", calendar = "office" }

[[rules]]
name = "whatever happens"
when = { subject = { contains = "Printer" } }
do = [{ webhook = "https://example.org/", body = "{{ ticket.status }}" }]
[[rules]]
name = "kazan"
when = { site = { is = "kazan", changed = true } }
do = [{ tag = "kazan" }, { priority = "next" }, { message = "Kazan has it." }, { note = "{{ ticket.requester }}, {{ ticket.assignee }}, {{ ticket.opened }}" }]
[[rules]]
name = "held"
on = "held"
do = [{ tag = "held" }]
[[rules]]
name = "others move"
on = "relative_moved"
do = [{ tag = "moved" }]
[[rules]]
name = "remind"
when = { status = "pending" }
after = "8h"
calendar = "office"
do = [{ message = "Do you still need us? You wrote: {{ ticket.message }}" }]
[[macros]]
name = "ask for the logs"
do = [{ message = "Please send the logs." }, { status = "pending" }, { tag = "logs" }]
"#;

fn rules(change: &str, into: &str) -> Rulebook {
    let text = format!("{RULES}{MORE}");
    assert!(text.contains(change), "{change}");
    Rulebook::from_toml(&text.replacen(change, into, 1), "rules.toml").unwrap()
}

#[derive(Clone, Debug)]
enum Move {
    Open(Kind, &'static str),
    Act(u64, Actor, TicketAction),
    Comes(u64, Presence),
    Wake,
}

fn action() -> impl Strategy<Value = TicketAction> {
    let told = [
        r#"{"assign":{"agent":1}}"#,
        r#"{"assign":{"agent":null}}"#,
        r#""accept_offer""#,
        r#"{"decline_offer":{}}"#,
        r#""queue""#,
        r#"{"apply_macro":{"name":"ask for the logs"}}"#,
        r#"{"set_fields":{"fields":{"site":"kazan"}}}"#,
        r#"{"set_fields":{"fields":{"site":"berlin"}}}"#,
        r#"{"add_note":{"text":"A note."}}"#,
        r#"{"tag":{"add":["seen"]}}"#,
        r#"{"describe":{"kind":"service_request"}}"#,
        r#"{"describe":{"kind":"incident"}}"#,
        r#"{"hand_over":{"line":"L2","team":"network"}}"#,
        r#"{"hand_over":{"line":"L1"}}"#,
        r#"{"classify":{"impact":"high","urgency":"high"}}"#,
        r#"{"override_priority":{"priority":"low","reason":"The boss."}}"#,
        r#""release_priority""#,
        r#"{"promise":{"what":"a call","within":"2h"}}"#,
        r#"{"keep_promise":{"number":1}}"#,
        r#"{"withdraw_promise":{"number":1,"reason":"A slip."}}"#,
        r#"{"log_work":{"amount":15}}"#,
        r#"{"follow":{"who":{"agent":1}}}"#,
        r#"{"checklist":{"add":{"items":["look"]}}}"#,
        r#"{"checklist":{"tick":{"item":1}}}"#,
        r#"{"change_status":{"to":"on_hold","hold":"vendor"}}"#,
        r#"{"change_status":{"to":"open"}}"#,
        r#"{"change_status":{"to":"resolved"}}"#,
        r#"{"change_status":{"to":"closed"}}"#,
        r#"{"release_due":{"clock":"resolution"}}"#,
        r#"{"know_error":{"cause":"A fuse."}}"#,
        r#""mark_spam""#,
        r#""unmark_spam""#,
    ];
    let told = select(told.map(|json| serde_json::from_str(json).unwrap()).to_vec());
    let then = select(vec![None, None, Some(Status::Pending), Some(Status::Resolved)]);
    let relation = select(vec![
        Relation::RelatesTo,
        Relation::CausedBy,
        Relation::DuplicateOf,
        Relation::ChildOf,
        Relation::IncidentOf,
    ]);
    prop_oneof![
        6 => told,
        4 => then.prop_map(|then| TicketAction::Reply { text: "words".into(), then }),
        1 => (relation, 1..5_u64).prop_map(|(relation, other)| TicketAction::Relate {
            relation,
            ticket: TicketId(other),
        }),
        1 => (1..5_u64).prop_map(|into| TicketAction::MergeInto { ticket: TicketId(into) }),
        1 => Just(TicketAction::UndoMerge),
    ]
}

fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
    let gap_ms = prop_oneof![1..1_000_i64, (1..20_i64).prop_map(|n| n * 1_800_000)];
    let kinds = select(vec![Kind::Question, Kind::ServiceRequest, Kind::Problem]);
    let presence = select(vec![Presence::Online, Presence::Away, Presence::Offline]);
    let by = select(vec![ada(), bob(), Actor::Agent(AgentId(2)), Actor::System]);
    let one = prop_oneof![
        3 => (kinds, select(vec!["berlin", "kazan"])).prop_map(|(kind, site)| Move::Open(kind, site)),
        12 => (1..5_u64, by, action()).prop_map(|(ticket, by, action)| Move::Act(ticket, by, action)),
        2 => (1..3_u64, presence).prop_map(|(agent, presence)| Move::Comes(agent, presence)),
        1 => Just(Move::Wake),
    ];
    prop::collection::vec((gap_ms, one), 1..40)
}

fn opening(kind: Kind, site: &str) -> OpenTicket {
    let fields = [("site".into(), site.into())].into();
    OpenTicket { kind, fields, ..request() }
}

/// A desk that lived through this under these rules.
fn lived(rules: Rulebook, moves: &[(i64, Move)]) -> Desk {
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    desk.save_agent(AgentId(2), Agent::new("Eve")).unwrap();
    let FixedTime(mut now) = monday();
    let asked = opening(Kind::Question, "berlin");
    let weekly = Plan::new("Service", "FREQ=DAILY", "2026-03-02".parse().unwrap(), asked);
    let weekly = Plan { late: Late::Each, ..weekly };
    desk.save_plan(PlanId(1), weekly).unwrap();
    for (gap_ms, one) in moves {
        now = Timestamp::from_millis(now.as_millis() + gap_ms).unwrap();
        // What is refused leaves nothing behind.
        let _ = match one {
            Move::Open(kind, site) => {
                desk.execute(Command::open(ada(), opening(*kind, site)).at(now)).map(drop)
            }
            Move::Act(ticket, by, action) => {
                let command = Command::ticket(*by, TicketId(*ticket), action.clone());
                desk.execute(command.at(now)).map(drop)
            }
            Move::Comes(agent, presence) => {
                let agent = AgentId(*agent);
                let command = Command::set_presence(Actor::Agent(agent), agent, *presence);
                desk.execute(command.at(now)).map(drop)
            }
            Move::Wake => desk.handle_timeout(now).map(drop),
        };
    }
    desk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dry_run_of_the_rules_in_force_makes_no_difference(moves in moves()) {
        let desk = lived(rules("", ""), &moves);
        let run = desk.dry_run(&rules("", ""), u64::MAX).unwrap();
        prop_assert!(run.differences.is_empty(), "{:#?}", run.differences);
        prop_assert_eq!(run.same + run.cut, run.tickets);
    }
}

/// A ticket to which every rule of the book does something.
fn busy() -> Vec<(i64, Move)> {
    let act = |by, json: &str| Move::Act(1, by, serde_json::from_str(json).unwrap());
    vec![
        (1, Move::Open(Kind::Question, "berlin")),
        (60_000, act(bob(), r#"{"set_fields":{"fields":{"site":"kazan"}}}"#)),
        (60_000, act(bob(), r#"{"apply_macro":{"name":"ask for the logs"}}"#)),
        (48 * 3_600_000, Move::Wake),
    ]
}

#[test]
fn what_a_rule_does_otherwise_is_told() {
    for (change, into, expected) in [
        ("https://example.org/", "https://example.com/", "`whatever happens`: call"),
        ("{{ ticket.status }}", "{{ ticket.line }}", "`whatever happens`: call"),
        ("{ tag = \"kazan\" }", "{ tag = \"volga\" }", "`kazan`: tag volga"),
        ("Kazan has it.", "It is with Kazan.", "`kazan`: write to the customer: It is with"),
        ("priority = \"next\"", "priority = \"critical\"", "priority to critical"),
        ("do = [{ tag = \"held\" }]", "do = [{ note = \"Held.\" }]", "`held`: write a note"),
        ("after = \"8h\"", "after = \"100h\"", "rule `remind`"),
        ("Do you still need us?", "Hello?", "`remind`: write to the customer: Hello?"),
        ("Please send the logs.", "Logs!", "`ask for the logs`: write to the customer: Logs!"),
    ] {
        let run = lived(rules("", ""), &busy()).dry_run(&rules(change, into), u64::MAX).unwrap();
        let told: Vec<String> = run
            .differences
            .iter()
            .filter_map(|it| it.rehearsal.as_ref().ok())
            .flat_map(|it| it.newly.keys().chain(it.no_longer.keys()))
            .map(ToString::to_string)
            .collect();
        assert!(told.iter().any(|it| it.contains(expected)), "{into}: {told:#?}");
    }
}

/// Which rules fired on a ticket, and when.
fn fired(desk: &Desk, ticket: TicketId) -> Vec<(Timestamp, RuleId)> {
    let records = desk.timeline(ticket).unwrap().into_iter();
    let told = records.filter_map(|record| match record.event {
        Event::Ticket(TicketEvent { fact: TicketFact::RuleFired { rule, .. }, .. }) => {
            Some((record.at, rule))
        }
        _ => None,
    });
    told.collect()
}

/// One opening is one command, though somebody is found for the ticket at the end of it.
#[test]
fn a_rule_fires_at_most_once_in_a_command() {
    let desk = Desk::in_memory_with_time(rules("offer = \"30m\"\n", ""), monday()).unwrap();
    introduce(&desk);
    desk.set_presence(bob(), BOB, Presence::Online).unwrap();
    let ticket = desk.open_ticket(Actor::Contact(ADA), opening(Kind::Question, "berlin")).unwrap();
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.assignee, Some(BOB));
    assert_eq!(fired(&desk, ticket).len(), 1);
    desk.add_note(bob(), ticket, "The next command.").unwrap();
    assert_eq!(fired(&desk, ticket).len(), 2);
}

/// What it is a duplicate of was spam: that it lives again is a part of the command that says so.
#[test]
fn a_rule_fires_at_most_once_where_a_duplicate_lives_again() {
    let act = |ticket, action| Move::Act(ticket, bob(), action);
    let open = || Move::Open(Kind::Question, "berlin");
    let relation = Relation::DuplicateOf;
    let relate = TicketAction::Relate { relation, ticket: TicketId(1) };
    let moves =
        [(1, open()), (1, open()), (1, act(2, relate)), (1, act(1, TicketAction::MarkSpam))];
    let desk = lived(rules("", ""), &moves);
    let duplicate = desk.ticket(TicketId(2)).unwrap().unwrap().state;
    assert_eq!(duplicate.related(relation).next(), None);
    for ticket in [1, 2].map(TicketId) {
        let mut once = fired(&desk, ticket);
        let all = once.len();
        once.dedup();
        assert_eq!((all, once.len()), (4, 4), "{ticket}");
    }
}

/// What they hear of a ticket that theirs was merged into follows from there, and is not played again.
#[test]
fn whoever_belongs_to_a_merged_ticket_was_answered_along_with_where_it_lives_on() {
    for relation in [Relation::DuplicateOf, Relation::ChildOf, Relation::IncidentOf] {
        let act = |ticket, action| (60_000, Move::Act(ticket, bob(), action));
        let reply = TicketAction::Reply { text: "Done.".into(), then: Some(Status::Resolved) };
        let open = || (60_000, Move::Open(Kind::Problem, "berlin"));
        let moves = [
            (60_000, Move::Open(Kind::Incident, "berlin")),
            open(),
            open(),
            act(1, TicketAction::Relate { relation, ticket: TicketId(2) }),
            act(2, TicketAction::MergeInto { ticket: TicketId(3) }),
            act(3, reply),
        ];
        let along = rules("parent = \"waits\"", "parent = \"takes_along\"");
        let run = lived(along.clone(), &moves).dry_run(&along, u64::MAX).unwrap();
        assert_eq!((run.differences, run.cut), (vec![], 3), "{relation}");
    }
}

/// An offer ran out and nobody else was there; in the same moment the desk itself resolves a part.
#[test]
fn two_doings_of_the_desk_in_one_moment_are_told_apart_by_their_rules() {
    let resolve = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
    let relate = TicketAction::Relate { relation: Relation::ChildOf, ticket: TicketId(2) };
    let open = || (1, Move::Open(Kind::Question, "berlin"));
    let moves = [
        open(),
        (1, Move::Act(1, bob(), TicketAction::Assign { agent: Some(BOB) })),
        (1, Move::Comes(1, Presence::Online)),
        open(),
        (1, Move::Act(1, bob(), relate)),
        (3_600_000, Move::Act(1, Actor::System, resolve)),
    ];
    let desk = lived(rules("", ""), &moves);
    let last = desk.timeline(TicketId(2)).unwrap().last().unwrap().at;
    let whatever = fired(&desk, TicketId(2)).into_iter();
    let whatever = whatever.filter(|(at, rule)| *at == last && rule.as_str() == "whatever happens");
    assert_eq!(whatever.count(), 2);
    assert_eq!(desk.dry_run(&rules("", ""), u64::MAX).unwrap().differences, []);
}

/// What came of one thing is not taken for what came of the one before it, in a batch.
#[test]
fn a_reply_and_a_dismissal_in_one_moment_are_two_commands() {
    let act = |ms, action| (ms, Move::Act(1, bob(), action));
    let reply = TicketAction::Reply { text: "No ads.".into(), then: None };
    let moves = [
        (1, Move::Open(Kind::Question, "berlin")),
        act(1, TicketAction::Assign { agent: Some(BOB) }),
        act(60_000, reply),
        act(0, TicketAction::MarkSpam),
    ];
    let desk = lived(rules("", ""), &moves);
    assert_eq!(desk.ticket(TicketId(1)).unwrap().unwrap().state.status, Status::Closed);
    assert_eq!(desk.dry_run(&rules("", ""), u64::MAX).unwrap().differences, []);
}
