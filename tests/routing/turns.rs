//! Whose turn it is: who got something last, who has had nothing to do the longest, who knows the
//! matter. All of it is in the journal, and none of it is forgotten when a ticket goes to somebody
//! else.

use firstline::{
    Actor, AgentId, Command, Desk, Presence, Rulebook, Status, Stream, TicketAction, TicketId,
    Timestamp,
};

use super::queue::{EVE, desk, offered_to, staff};
use super::who_has;
use crate::fixture::{RULES, ada, introduce, monday, request};

const BOB: AgentId = AgentId(1);
const ZOE: AgentId = AgentId(3);

/// So many minutes after the desk opened.
fn at(minutes: i64) -> Timestamp {
    monday().0.checked_add_millis(minutes * 60_000).unwrap()
}

fn comes(desk: &Desk, agent: AgentId, minutes: i64) {
    let online = Command::set_presence(Actor::Agent(agent), agent, Presence::Online);
    desk.execute(online.at(at(minutes))).unwrap();
}

fn open(desk: &Desk, minutes: i64) -> TicketId {
    match desk.execute(Command::open(ada(), request()).at(at(minutes))).unwrap().stream {
        Stream::Ticket(id) => id,
        other => panic!("{other:?}"),
    }
}

fn does(desk: &Desk, by: Actor, ticket: TicketId, action: TicketAction, minutes: i64) {
    desk.execute(Command::ticket(by, ticket, action).at(at(minutes))).unwrap();
}

fn moves(desk: &Desk, by: AgentId, ticket: TicketId, to: Status, minutes: i64) {
    let action = TicketAction::ChangeStatus { to, hold: None };
    does(desk, Actor::Agent(by), ticket, action, minutes);
}

#[test]
fn who_hands_on_what_they_got_has_had_their_turn() {
    let desk = desk("automatic = true\nby = \"round_robin\"");
    staff(&desk, &[9, 9, 9]);
    comes(&desk, BOB, 0);
    comes(&desk, EVE, 0);
    let mut given = Vec::new();
    for round in 0..6 {
        let ticket = open(&desk, 10 * round);
        given.extend(who_has(&desk, ticket));
        if given.last() == Some(&BOB) {
            let to_zoe = TicketAction::Assign { agent: Some(ZOE) };
            does(&desk, Actor::Agent(BOB), ticket, to_zoe, 10 * round + 5);
        }
    }
    assert_eq!(given, [BOB, EVE, BOB, EVE, BOB, EVE]);
    // It is told from the records.
    desk.rebuild().unwrap();
    assert_eq!(who_has(&desk, open(&desk, 90)), Some(BOB));
    desk.verify().unwrap();
}

#[test]
fn who_gets_many_at_one_moment_takes_turns_all_the_same() {
    let desk = desk("automatic = true\nby = \"round_robin\"");
    staff(&desk, &[9, 9]);
    comes(&desk, BOB, 0);
    comes(&desk, EVE, 0);
    let given: Vec<_> = (0..4).filter_map(|_| who_has(&desk, open(&desk, 1))).collect();
    assert_eq!(given, [BOB, EVE, BOB, EVE]);
}

fn declines(desk: &Desk, agent: AgentId, ticket: TicketId, minutes: i64) {
    does(desk, Actor::Agent(agent), ticket, TicketAction::DeclineOffer { reason: None }, minutes);
}

#[test]
fn who_declines_or_does_not_answer_has_had_their_turn() {
    let desk = desk("automatic = true\nby = \"round_robin\"\noffer = \"10m\"");
    staff(&desk, &[9, 9, 9]);
    [BOB, EVE, ZOE].iter().for_each(|agent| comes(&desk, *agent, 0));
    let first = open(&desk, 1);
    assert_eq!(offered_to(&desk, first), Some(BOB));
    declines(&desk, BOB, first, 2);
    // Eve does not answer.
    assert_eq!(offered_to(&desk, first), Some(EVE));
    desk.handle_timeout(at(12)).unwrap();
    assert_eq!(offered_to(&desk, first), Some(ZOE));
    does(&desk, Actor::Agent(ZOE), first, TicketAction::AcceptOffer, 13);
    let mut asked = Vec::new();
    for minutes in [20, 30, 40] {
        let ticket = open(&desk, minutes);
        asked.extend(offered_to(&desk, ticket));
        declines(&desk, *asked.last().unwrap(), ticket, minutes + 1);
        does(&desk, Actor::System, ticket, TicketAction::MarkSpam, minutes + 2);
    }
    // It is told from the records.
    desk.rebuild().unwrap();
    asked.extend(offered_to(&desk, open(&desk, 50)));
    assert_eq!(asked, [BOB, EVE, ZOE, BOB]);
    desk.verify().unwrap();
}

#[test]
fn while_one_is_asked_it_is_the_turn_of_the_others() {
    let desk = desk("automatic = true\nby = \"round_robin\"\noffer = \"10m\"");
    staff(&desk, &[9, 9, 9]);
    [BOB, EVE, ZOE].iter().for_each(|agent| comes(&desk, *agent, 0));
    let asked: Vec<_> =
        (1..=3).filter_map(|minutes| offered_to(&desk, open(&desk, minutes))).collect();
    assert_eq!(asked, [BOB, EVE, ZOE]);
}

#[test]
fn who_declines_is_not_the_longest_idle_any_more() {
    let desk = desk("automatic = true\nby = \"longest_idle\"\noffer = \"10m\"");
    staff(&desk, &[9, 9, 9]);
    comes(&desk, BOB, 0);
    comes(&desk, EVE, 1);
    comes(&desk, ZOE, 2);
    let first = open(&desk, 5);
    declines(&desk, BOB, first, 6);
    does(&desk, Actor::Agent(EVE), first, TicketAction::AcceptOffer, 7);
    assert_eq!(offered_to(&desk, open(&desk, 8)), Some(ZOE));
    desk.verify().unwrap();
}

#[test]
fn what_others_do_to_an_old_ticket_is_not_its_agents_work() {
    let desk = desk("automatic = true\nby = \"longest_idle\"");
    staff(&desk, &[9, 9]);
    comes(&desk, BOB, 0);
    comes(&desk, EVE, 1);
    let first = open(&desk, 5);
    moves(&desk, BOB, first, Status::Resolved, 10);
    let second = open(&desk, 15);
    assert_eq!((who_has(&desk, first), who_has(&desk, second)), (Some(BOB), Some(EVE)));
    moves(&desk, EVE, second, Status::Resolved, 45);
    does(&desk, ada(), first, TicketAction::Rate { score: 5, comment: None }, 60);
    assert_eq!(who_has(&desk, open(&desk, 61)), Some(BOB));
}

#[test]
fn what_a_colleague_takes_over_leaves_its_agent_with_nothing_to_do() {
    let desk = desk("automatic = true\nby = \"longest_idle\"");
    staff(&desk, &[9, 9, 9]);
    comes(&desk, BOB, 0);
    let first = open(&desk, 5);
    comes(&desk, EVE, 10);
    // Bob has been without work for a minute, and Eve since she came.
    does(&desk, Actor::Agent(ZOE), first, TicketAction::Assign { agent: Some(ZOE) }, 29);
    assert_eq!(who_has(&desk, open(&desk, 30)), Some(EVE));
    desk.verify().unwrap();
}

#[test]
fn who_had_a_ticket_until_it_waited_knows_the_matter() {
    let desk = desk("automatic = true");
    staff(&desk, &[9, 9]);
    comes(&desk, EVE, 0);
    let ticket = open(&desk, 1);
    moves(&desk, EVE, ticket, Status::Pending, 5);
    comes(&desk, BOB, 6);
    does(&desk, Actor::Agent(EVE), ticket, TicketAction::Assign { agent: None }, 10);
    let reply = TicketAction::Reply { text: "The grey one.".into(), then: None };
    does(&desk, ada(), ticket, reply, 15);
    assert_eq!(who_has(&desk, ticket), Some(EVE));
}

#[test]
fn who_gives_work_away_does_not_get_it_back_for_knowing_it() {
    let desk = desk("automatic = true");
    staff(&desk, &[9, 9]);
    comes(&desk, EVE, 0);
    let ticket = open(&desk, 1);
    comes(&desk, BOB, 6);
    does(&desk, Actor::Agent(EVE), ticket, TicketAction::Assign { agent: None }, 10);
    assert_eq!(who_has(&desk, ticket), Some(BOB));
}

#[test]
fn who_had_the_ticket_before_knows_the_one_that_follows_it() {
    let lifecycle = "[lifecycles.default]\nstatuses = [{ id = \"new\", category = \"new\" }, \
        { id = \"open\", category = \"open\" }, { id = \"resolved\", category = \"resolved\" }, \
        { id = \"closed\", category = \"closed\" }]\ntransitions = [{ from = \"new\", to = \"open\" }, \
        { from = \"open\", to = \"resolved\" }, { from = \"resolved\", to = \"closed\" }]\n\
        reopen = { into = \"open\", within = \"1h\" }\n";
    let rules = format!("{RULES}[routing]\nautomatic = true\n{lifecycle}");
    let rules = Rulebook::from_toml(&rules, "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    staff(&desk, &[9, 9]);
    comes(&desk, EVE, 0);
    let ticket = open(&desk, 1);
    comes(&desk, BOB, 5);
    moves(&desk, EVE, ticket, Status::Resolved, 10);
    let reply = TicketAction::Reply { text: "It burns again.".into(), then: None };
    let receipt = desk.execute(Command::ticket(ada(), ticket, reply).at(at(600))).unwrap();
    let Stream::Ticket(follows) = receipt.stream else { panic!("{receipt:?}") };
    assert_ne!(follows, ticket);
    assert_eq!(who_has(&desk, follows), Some(EVE));
}
