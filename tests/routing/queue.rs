//! A desk that gives its tickets by itself, to whoever is online.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    Actor, Agent, AgentId, Capacity, Channel, Command, Desk, EffectKind, Impact, Presence,
    Rulebook, Status, TicketAction, TicketFilter, TicketId, Timestamp, Urgency,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{RULES, ada, introduce, moment, monday, request};

const EVE: AgentId = AgentId(2);

fn desk(routing: &str) -> Desk {
    let rules = Rulebook::from_toml(&format!("{RULES}[routing]\n{routing}"), "rules.toml");
    let desk = Desk::in_memory_with_time(rules.unwrap(), monday()).unwrap();
    introduce(&desk);
    desk
}

/// Saves agents with room for so many each, of whom nobody is there yet.
fn staff(desk: &Desk, rooms: &[u32]) {
    for (number, total) in (1..).zip(rooms) {
        let capacity = Some(Capacity { total: *total, weights: [(Channel::Phone, 2)].into() });
        let agent = Agent { capacity, ..Agent::new("somebody") };
        desk.save_agent(AgentId(number), agent).unwrap();
    }
}

fn comes(desk: &Desk, agent: AgentId) {
    desk.set_presence(Actor::Agent(agent), agent, Presence::Online).unwrap();
}

fn who_has(desk: &Desk, ticket: TicketId) -> Option<AgentId> {
    desk.ticket(ticket).unwrap().unwrap().state.assignee
}

fn offered_to(desk: &Desk, ticket: TicketId) -> Option<AgentId> {
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

/// Something that happens on a desk, after so many minutes.
#[derive(Clone, Debug)]
enum Step {
    Opens { urgent: bool, channel: Channel, line: &'static str },
    Comes(u64, Presence),
    Resolves(usize),
    HandsOver(usize),
    Drops(usize),
    Snoozes(usize),
    Answers { accept: bool, which: usize },
    Nothing,
}

fn step() -> impl Strategy<Value = (i64, Step)> {
    let opens =
        (any::<bool>(), select(vec![Channel::Phone, Channel::Mail]), select(vec!["L1", "L2"]))
            .prop_map(|(urgent, channel, line)| Step::Opens { urgent, channel, line });
    let presence =
        select(vec![Presence::Online, Presence::Online, Presence::Away, Presence::Offline]);
    let step = prop_oneof![
        5 => opens,
        3 => (1..4_u64, presence).prop_map(|(agent, presence)| Step::Comes(agent, presence)),
        3 => (0..9_usize).prop_map(Step::Resolves),
        1 => (0..9_usize).prop_map(Step::HandsOver),
        1 => (0..9_usize).prop_map(Step::Drops),
        1 => (0..9_usize).prop_map(Step::Snoozes),
        4 => (any::<bool>(), 0..9_usize).prop_map(|(accept, which)| Step::Answers { accept, which }),
        2 => Just(Step::Nothing),
    ];
    (select(vec![0, 1, 7, 45, 400]), step)
}

fn rulebook() -> impl Strategy<Value = String> {
    let by = select(vec!["least_loaded", "round_robin", "longest_idle"]);
    (by, select(vec!["", "offer = \"20m\"\n"]))
        .prop_map(|(by, offer)| format!("automatic = true\nby = \"{by}\"\n{offer}"))
}

/// Three agents: one for each line with little room, and one for both in office hours.
fn people(desk: &Desk) {
    let room = |total| Some(Capacity { total, weights: [(Channel::Phone, 2)].into() });
    let one = Agent { lines: ["L1".into()].into(), capacity: room(2), ..Agent::new("one") };
    let two = Agent { lines: ["L2".into()].into(), capacity: room(1), ..Agent::new("two") };
    let both = Agent { hours: Some("office".into()), capacity: room(3), ..Agent::new("both") };
    for (number, agent) in [(1, one), (2, two), (3, both)] {
        desk.save_agent(AgentId(number), agent).unwrap();
    }
}

fn command(desk: &Desk, step: &Step, at: Timestamp) -> Option<Command> {
    let tickets = desk.tickets(&TicketFilter::default().into()).unwrap().tickets;
    let pick = |which: usize| tickets.get(which % tickets.len().max(1)).map(|found| found.id);
    let on = |id, action| Command::ticket(Actor::System, id, action);
    let command = match step {
        Step::Opens { urgent, channel, line } => {
            let mut asked = request();
            (asked.channel, asked.line) = (*channel, Some((*line).into()));
            if *urgent {
                (asked.impact, asked.urgency) = (Impact::High, Urgency::High);
            }
            Command::open(ada(), asked)
        }
        Step::Comes(agent, presence) => {
            Command::set_presence(Actor::System, AgentId(*agent), *presence)
        }
        Step::Resolves(which) => {
            on(pick(*which)?, TicketAction::ChangeStatus { to: Status::Resolved, hold: None })
        }
        Step::HandsOver(which) => {
            on(pick(*which)?, TicketAction::HandOver { line: "L2".into(), team: None })
        }
        Step::Drops(which) => on(pick(*which)?, TicketAction::Assign { agent: None }),
        Step::Snoozes(which) => {
            let until = at.checked_add_millis(30 * 60_000);
            on(pick(*which)?, TicketAction::Snooze { until })
        }
        Step::Answers { accept, which } => {
            let offered: Vec<(TicketId, AgentId)> = tickets
                .iter()
                .filter_map(|found| Some((found.id, found.ticket.offer()?.agent)))
                .collect();
            let (id, agent) = *offered.get(which % offered.len().max(1))?;
            let action = match accept {
                true => TicketAction::AcceptOffer,
                false => TicketAction::DeclineOffer { reason: None },
            };
            Command::ticket(Actor::Agent(agent), id, action)
        }
        Step::Nothing => return None,
    };
    Some(command.at(at))
}

/// What each agent has and is offered, weighed.
fn loads(desk: &Desk) -> BTreeMap<AgentId, u32> {
    let mut loads = BTreeMap::new();
    let filter =
        TicketFilter { statuses: [Status::New, Status::Open].into(), ..TicketFilter::default() };
    for found in desk.tickets(&filter.into()).unwrap().tickets {
        let whose = found.ticket.assignee.or_else(|| found.ticket.offer().map(|offer| offer.agent));
        if let Some(agent) = whose {
            let weight = if found.ticket.channel == Channel::Phone { 2 } else { 1 };
            *loads.entry(agent).or_default() += weight;
        }
    }
    loads
}

/// Nobody carries too much, and nothing waits that somebody may have who was not asked before.
fn check(desk: &Desk) {
    let online: BTreeSet<AgentId> = (1..=3)
        .map(AgentId)
        .filter(|agent| {
            let party = desk.party(firstline::PartyId::Agent(*agent)).unwrap().unwrap();
            matches!(party, firstline::Party::Agent(it) if it.presence == Presence::Online)
        })
        .collect();
    for (agent, load) in loads(desk) {
        assert!(load <= [2, 1, 3][agent.0 as usize - 1], "{agent} carries {load}");
    }
    for found in desk.tickets(&TicketFilter::default().into()).unwrap().tickets {
        if found.ticket.seeks_agent() && found.ticket.offer().is_none() {
            let choice = desk.choose_agent(found.id, &online).unwrap();
            assert!(choice.chosen.is_none(), "{}: {choice}", found.id);
        }
    }
}

fn told(desk: &Desk) -> Vec<String> {
    let records = desk.records(0, 10_000).unwrap();
    records.iter().map(|record| serde_json::to_string(&record.event).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gets_too_much_nothing_waits_that_could_be_given_and_nobody_starves(
        routing in rulebook(), steps in prop::collection::vec(step(), 0..30)
    ) {
        // The same desk twice: one is woken before each command, the other never.
        let (woken, asleep) = (desk(&routing), desk(&routing));
        let mut now = monday().0;
        people(&woken);
        people(&asleep);
        for (minutes, step) in &steps {
            now = now.checked_add_millis(minutes * 60_000).unwrap();
            woken.handle_timeout(now).unwrap();
            let outcomes = command(&woken, step, now)
                .map(|command| (woken.execute(command.clone()), asleep.execute(command)));
            match outcomes {
                Some((Ok(_), outcome)) => prop_assert!(outcome.is_ok()),
                // Nothing was done, so nothing was noticed.
                Some((Err(_), outcome)) => prop_assert!(outcome.is_err()),
                None => {}
            }
            asleep.handle_timeout(now).unwrap();
            prop_assert_eq!(told(&woken), told(&asleep));
            check(&woken);
        }
        // All come, work off what they have, and answer what they are offered: nothing is left.
        for agent in 1..=3 {
            woken.execute(Command::set_presence(Actor::System, AgentId(agent), Presence::Online).at(now)).unwrap();
        }
        for round in 0.. {
            now = now.checked_add_millis(60 * 60_000).unwrap();
            woken.handle_timeout(now).unwrap();
            let open = TicketFilter { statuses: [Status::New, Status::Open].into(), ..TicketFilter::default() };
            let open = woken.tickets(&open.into()).unwrap().tickets;
            if open.is_empty() {
                break;
            }
            prop_assert!(round < 200, "{} are left", open.len());
            for found in open {
                let fresh = woken.ticket(found.id).unwrap().unwrap().state;
                if let Some(offer) = fresh.offer() {
                    let accept = Command::ticket(Actor::Agent(offer.agent), found.id, TicketAction::AcceptOffer);
                    woken.execute(accept.at(now)).unwrap();
                } else if fresh.assignee.is_some() && fresh.status == Status::Open {
                    let done = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
                    woken.execute(Command::ticket(Actor::System, found.id, done).at(now)).unwrap();
                }
            }
        }
        woken.verify().unwrap();
    }
}
