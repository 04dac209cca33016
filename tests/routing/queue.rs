//! A desk that gives its tickets by itself, to whoever is online.

use firstline::{
    Actor, Agent, AgentId, Capacity, Channel, Command, Desk, EffectKind, Impact, Presence,
    Rulebook, Status, TicketAction, TicketFilter, TicketId, Urgency,
};

use super::who_has;
use crate::fixture::{RULES, ada, introduce, moment, monday, request};

pub(super) const EVE: AgentId = AgentId(2);

pub(super) fn desk(routing: &str) -> Desk {
    let rules = Rulebook::from_toml(&format!("{RULES}[routing]\n{routing}"), "rules.toml");
    let desk = Desk::in_memory_with_time(rules.unwrap(), monday()).unwrap();
    introduce(&desk);
    desk
}

/// Saves agents with room for so many each, of whom nobody is there yet.
pub(super) fn staff(desk: &Desk, rooms: &[u32]) {
    for (number, total) in (1..).zip(rooms) {
        let capacity = Some(Capacity { total: *total, weights: [(Channel::Phone, 2)].into() });
        let agent = Agent { capacity, ..Agent::new("somebody") };
        desk.save_agent(AgentId(number), agent).unwrap();
    }
}

pub(super) fn comes(desk: &Desk, agent: AgentId) {
    desk.set_presence(Actor::Agent(agent), agent, Presence::Online).unwrap();
}

pub(super) fn offered_to(desk: &Desk, ticket: TicketId) -> Option<AgentId> {
    desk.ticket(ticket).unwrap().unwrap().state.offer().map(|offer| offer.agent)
}

#[test]
fn whoever_is_online_and_has_room_gets_what_comes_and_what_has_waited() {
    let desk = desk("automatic = true");
    staff(&desk, &[1, 1]);
    let open = || desk.open_ticket(ada(), request()).unwrap();
    let first = open();
    assert_eq!(who_has(&desk, first), None);
    comes(&desk, AgentId(1));
    assert_eq!(who_has(&desk, first), Some(AgentId(1)));
    let (second, third) = (open(), open());
    comes(&desk, EVE);
    assert_eq!((who_has(&desk, second), who_has(&desk, third)), (Some(EVE), None));
    // Eve takes nothing new. What she is rid of makes no room, and what Bob is rid of does.
    desk.set_presence(Actor::System, EVE, Presence::Away).unwrap();
    desk.resolve(Actor::Agent(EVE), second).unwrap();
    assert_eq!(who_has(&desk, third), None);
    desk.resolve(Actor::Agent(AgentId(1)), first).unwrap();
    assert_eq!(who_has(&desk, third), Some(AgentId(1)));
    // The directory knows nothing of who is there.
    staff(&desk, &[1, 1]);
    let fourth = open();
    assert_eq!(who_has(&desk, fourth), None);
    comes(&desk, EVE);
    assert_eq!(who_has(&desk, fourth), Some(EVE));
    let refused = desk.set_presence(Actor::Agent(EVE), AgentId(1), Presence::Offline);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "agent 2 may not say of somebody else whether they are there: that takes the system"
    );
    desk.verify().unwrap();
}

#[test]
fn an_offer_that_runs_out_goes_to_the_next_and_takes_room_meanwhile() {
    let desk = desk("automatic = true\noffer = \"10m\"");
    staff(&desk, &[1, 1]);
    comes(&desk, AgentId(1));
    let first = desk.open_ticket(ada(), request()).unwrap();
    let second = desk.open_ticket(ada(), request()).unwrap();
    assert_eq!((offered_to(&desk, first), offered_to(&desk, second)), (Some(AgentId(1)), None));
    let ends = moment("2026-03-02T09:10:00+01:00");
    assert_eq!(desk.poll_timeout().unwrap(), Some(ends));
    let asked: Vec<EffectKind> = Desk::effects_of(&desk.records(0, 100).unwrap())
        .into_iter()
        .map(|effect| effect.kind)
        .collect();
    assert_eq!(asked, [EffectKind::Offer { agent: AgentId(1), until: ends }]);
    comes(&desk, EVE);
    assert_eq!(offered_to(&desk, second), Some(EVE));
    let accept = |ticket| Command::ticket(Actor::Agent(EVE), ticket, TicketAction::AcceptOffer);
    desk.execute(accept(second)).unwrap();
    assert_eq!(who_has(&desk, second), Some(EVE));
    // Eve is full and Bob has not answered: his offer ends, and he is asked again after a rest.
    desk.handle_timeout(ends).unwrap();
    assert_eq!(offered_to(&desk, first), None);
    desk.resolve(Actor::Agent(EVE), second).unwrap();
    assert_eq!(offered_to(&desk, first), Some(EVE));
    let mine = TicketFilter { offered: [Some(EVE)].into(), ..TicketFilter::default() };
    assert_eq!(desk.tickets(&mine.into()).unwrap().tickets.len(), 1);
    desk.verify().unwrap();
}

#[test]
fn what_comes_at_night_is_given_when_somebody_begins_to_work() {
    let desk = desk("automatic = true");
    let bob = Agent { hours: Some("office".into()), ..Agent::new("Bob") };
    desk.save_agent(AgentId(1), bob).unwrap();
    comes(&desk, AgentId(1));
    let night = moment("2026-03-02T22:00:00+01:00");
    desk.execute(Command::open(ada(), request()).at(night)).unwrap();
    assert_eq!(who_has(&desk, TicketId(1)), None);
    desk.handle_timeout(moment("2026-03-03T08:59:59+01:00")).unwrap();
    assert_eq!(who_has(&desk, TicketId(1)), None);
    desk.handle_timeout(moment("2026-03-03T09:00:00+01:00")).unwrap();
    assert_eq!(who_has(&desk, TicketId(1)), Some(AgentId(1)));
}

#[test]
fn of_all_that_waits_for_the_morning_the_rest_is_given_if_the_first_has_gone() {
    let desk = desk("automatic = true");
    let bob = Agent { hours: Some("office".into()), ..Agent::new("Bob") };
    desk.save_agent(AgentId(1), bob).unwrap();
    comes(&desk, AgentId(1));
    let night = moment("2026-03-02T22:00:00+01:00");
    for _ in 0..3 {
        desk.execute(Command::open(ada(), request()).at(night)).unwrap();
    }
    let gone = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
    desk.execute(Command::ticket(Actor::System, TicketId(1), gone).at(night)).unwrap();
    // Another one comes to the same hours in the night.
    let eve = Agent { hours: Some("office".into()), ..Agent::new("Eve") };
    desk.save_agent(EVE, eve).unwrap();
    let online = Command::set_presence(Actor::Agent(EVE), EVE, Presence::Online);
    desk.execute(online.at(night)).unwrap();
    desk.handle_timeout(moment("2026-03-03T09:00:00+01:00")).unwrap();
    assert!(who_has(&desk, TicketId(2)).is_some() && who_has(&desk, TicketId(3)).is_some());
    desk.verify().unwrap();
}

#[test]
fn what_nobody_can_do_does_not_stand_in_the_way_however_much_of_it_there_is() {
    let skill = "[[routing.skills]]\nskill = \"networks\"\nwhen = { impact = \"high\" }\n";
    let desk = desk(&format!("automatic = true\n{skill}"));
    let open = |impact, line: &str| {
        let request = firstline::OpenTicket { impact, line: Some(line.into()), ..request() };
        desk.open_ticket(ada(), request).unwrap()
    };
    // More than are read at once, in two queues.
    let hard: Vec<TicketId> = (0..40).map(|_| open(Impact::High, "L1")).collect();
    let other: Vec<TicketId> = (0..20).map(|_| open(Impact::Low, "L2")).collect();
    let easy = open(Impact::Low, "L1");
    let one = Some(Capacity { total: 1, weights: [].into() });
    let bob = Agent { lines: ["L1".into()].into(), capacity: one, ..Agent::new("Bob") };
    desk.save_agent(AgentId(1), bob).unwrap();
    comes(&desk, AgentId(1));
    assert_eq!(who_has(&desk, easy), Some(AgentId(1)));
    assert!(hard.iter().chain(&other).all(|ticket| who_has(&desk, *ticket).is_none()));
    // Whoever can do all of it gets what waits longest among the urgent.
    let skills = [("networks".into(), 1)].into();
    desk.save_agent(EVE, Agent { skills, ..Agent::new("Eve") }).unwrap();
    comes(&desk, EVE);
    assert!(hard.iter().chain(&other).all(|ticket| who_has(&desk, *ticket) == Some(EVE)));
}

#[test]
fn the_urgent_go_first_and_yet_nobody_waits_for_ever() {
    let desk =
        desk("automatic = true\npatience = { low = \"2h\", medium = \"1h\", high = \"30m\" }");
    staff(&desk, &[1]);
    let open = |impact, urgency, at: &str| {
        let mut low = request();
        (low.impact, low.urgency) = (impact, urgency);
        let receipt = desk.execute(Command::open(ada(), low).at(moment(at))).unwrap();
        match receipt.stream {
            firstline::Stream::Ticket(id) => id,
            other => panic!("{other:?}"),
        }
    };
    let low = open(Impact::Low, Urgency::Low, "2026-03-02T09:00:00+01:00");
    let early = open(Impact::High, Urgency::High, "2026-03-02T10:59:00+01:00");
    let late = open(Impact::High, Urgency::High, "2026-03-02T11:01:00+01:00");
    comes(&desk, AgentId(1));
    let mut served = Vec::new();
    while let Some(ticket) = [low, early, late].into_iter().find(|it| {
        let state = desk.ticket(*it).unwrap().unwrap().state;
        state.assignee.is_some() && state.status == Status::Open
    }) {
        served.push(ticket);
        desk.resolve(Actor::System, ticket).unwrap();
    }
    assert_eq!(served, [early, low, late]);
}
