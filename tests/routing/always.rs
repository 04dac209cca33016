//! What holds on a desk that gives its tickets by itself, whatever happens on it.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    Actor, Agent, AgentId, Capacity, Channel, Command, Desk, Event, Impact, Party, PartyId,
    Presence, Relation, Status, TicketAction, TicketFact, TicketFilter, TicketId, Timestamp,
    Urgency,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::queue::desk;
use crate::fixture::{ada, monday, request};

const AGENTS: [AgentId; 3] = [AgentId(1), AgentId(2), AgentId(3)];

/// Something that happens on a desk, after so many minutes.
#[derive(Clone, Debug)]
enum Step {
    Opens { urgent: bool, channel: Channel, line: &'static str, tagged: bool },
    Comes(AgentId, Presence),
    HasRoom(AgentId, u32),
    Moves(usize, Status),
    HandsOver(usize),
    Assigns(usize, Option<AgentId>),
    Routes(usize),
    Tags { which: usize, takes_off: bool },
    CustomerReplies(usize),
    AgentAsks(usize),
    Merges(usize, usize),
    UndoesMerge(usize),
    Dismisses { which: usize, of: Option<usize> },
    TakesUpAgain(usize),
    Snoozes(usize),
    Answers { accept: bool, which: usize },
    Nothing,
}

fn step() -> impl Strategy<Value = (i64, Step)> {
    let agent = || select(AGENTS.to_vec());
    let which = || 0..9_usize;
    let opens = (
        any::<bool>(),
        select(vec![Channel::Phone, Channel::Mail]),
        select(vec!["L1", "L2"]),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(urgent, channel, line, tagged)| Step::Opens {
            urgent,
            channel,
            line,
            tagged,
        });
    let presence =
        select(vec![Presence::Online, Presence::Online, Presence::Away, Presence::Offline]);
    let status = select(vec![
        Status::Resolved,
        Status::Resolved,
        Status::Open,
        Status::OnHold,
        Status::Closed,
    ]);
    let step = prop_oneof![
        6 => opens,
        4 => (agent(), presence).prop_map(|(agent, presence)| Step::Comes(agent, presence)),
        1 => (agent(), 0..4_u32).prop_map(|(agent, room)| Step::HasRoom(agent, room)),
        4 => (which(), status).prop_map(|(which, to)| Step::Moves(which, to)),
        1 => which().prop_map(Step::HandsOver),
        2 => (which(), prop::option::of(agent())).prop_map(|(which, to)| Step::Assigns(which, to)),
        1 => which().prop_map(Step::Routes),
        1 => (which(), any::<bool>())
            .prop_map(|(which, takes_off)| Step::Tags { which, takes_off }),
        2 => which().prop_map(Step::CustomerReplies),
        2 => which().prop_map(Step::AgentAsks),
        2 => (which(), which()).prop_map(|(which, into)| Step::Merges(which, into)),
        2 => which().prop_map(Step::UndoesMerge),
        1 => (which(), prop::option::of(which()))
            .prop_map(|(which, of)| Step::Dismisses { which, of }),
        1 => which().prop_map(Step::TakesUpAgain),
        1 => which().prop_map(Step::Snoozes),
        5 => (any::<bool>(), which()).prop_map(|(accept, which)| Step::Answers { accept, which }),
        2 => Just(Step::Nothing),
    ];
    (select(vec![0, 1, 7, 45, 400]), step)
}

fn rulebook() -> impl Strategy<Value = String> {
    let by = select(vec!["least_loaded", "round_robin", "longest_idle"]);
    (by, select(vec!["", "offer = \"20m\"\n", "offer = \"4h\"\n"])).prop_map(|(by, offer)| {
        let skills =
            "skills = [{ skill = \"network\", when = { tag = { contains = \"net\" } } }]\n";
        format!("automatic = true\nby = \"{by}\"\n{offer}{skills}")
    })
}

/// Three agents: one for each line with little room, and one for both in office hours, who knows
/// networks.
fn person(agent: AgentId, room: Option<u32>) -> Agent {
    let room = |usual| {
        let total = room.unwrap_or(usual);
        Some(Capacity { total, weights: [(Channel::Phone, 2)].into() })
    };
    match agent.0 {
        1 => Agent { lines: ["L1".into()].into(), capacity: room(2), ..Agent::new("one") },
        2 => Agent { lines: ["L2".into()].into(), capacity: room(1), ..Agent::new("two") },
        _ => Agent {
            hours: Some("office".into()),
            skills: [("network".into(), 1)].into(),
            capacity: room(3),
            ..Agent::new("both")
        },
    }
}

fn save(agent: AgentId, room: Option<u32>) -> Command {
    let party = Party::Agent(person(agent, room));
    Command::save(Actor::System, PartyId::Agent(agent), party)
}

fn command(desk: &Desk, step: &Step, at: Timestamp) -> Option<Command> {
    let tickets = desk.tickets(&TicketFilter::default().into()).unwrap().tickets;
    let pick = |which: usize| tickets.get(which % tickets.len().max(1)).map(|found| found.id);
    let on = |which, action| Some(Command::ticket(Actor::System, pick(which)?, action));
    let command = match step {
        Step::Opens { urgent, channel, line, tagged } => {
            let mut asked = request();
            (asked.channel, asked.line) = (*channel, Some((*line).into()));
            asked.tags.extend(tagged.then(|| "net".into()));
            if *urgent {
                (asked.impact, asked.urgency) = (Impact::High, Urgency::High);
            }
            Command::open(ada(), asked)
        }
        Step::Comes(agent, presence) => Command::set_presence(Actor::System, *agent, *presence),
        Step::HasRoom(agent, room) => save(*agent, Some(*room)),
        Step::Moves(which, to) => {
            let hold = (*to == Status::OnHold).then_some(firstline::HoldReason::Vendor);
            on(*which, TicketAction::ChangeStatus { to: *to, hold })?
        }
        Step::HandsOver(which) => {
            on(*which, TicketAction::HandOver { line: "L2".into(), team: None })?
        }
        Step::Assigns(which, agent) => on(*which, TicketAction::Assign { agent: *agent })?,
        Step::Routes(which) => on(*which, TicketAction::Route { among: online(desk) })?,
        Step::Tags { which, takes_off } => {
            let (mut add, mut remove) = (BTreeSet::new(), BTreeSet::new());
            if *takes_off { &mut remove } else { &mut add }.insert("net".into());
            on(*which, TicketAction::Tag { add, remove })?
        }
        Step::CustomerReplies(which) => {
            let reply = TicketAction::Reply { text: "And now?".into(), then: None };
            Command::ticket(ada(), pick(*which)?, reply)
        }
        Step::AgentAsks(which) => {
            let then = Some(Status::Pending);
            let asks = TicketAction::Reply { text: "Which one?".into(), then };
            Command::ticket(Actor::Agent(AgentId(3)), pick(*which)?, asks)
        }
        Step::Merges(which, into) => on(*which, TicketAction::MergeInto { ticket: pick(*into)? })?,
        Step::UndoesMerge(which) => {
            let merged: Vec<TicketId> = tickets
                .iter()
                .filter(|found| found.ticket.merged.is_some())
                .map(|found| found.id)
                .collect();
            let id = *merged.get(which % merged.len().max(1))?;
            Command::ticket(Actor::System, id, TicketAction::UndoMerge)
        }
        Step::Dismisses { which, of: None } => on(*which, TicketAction::MarkSpam)?,
        Step::Dismisses { which, of: Some(of) } => {
            let (relation, ticket) = (Relation::DuplicateOf, pick(*of)?);
            on(*which, TicketAction::Relate { relation, ticket })?
        }
        Step::TakesUpAgain(which) => {
            let dismissed: Vec<_> =
                tickets.iter().filter(|found| found.ticket.dismissed.is_some()).collect();
            let found = dismissed.get(which % dismissed.len().max(1))?;
            let relation = Relation::DuplicateOf;
            let action = match found.ticket.related(relation).next() {
                Some(ticket) => TicketAction::Unrelate { relation, ticket },
                None => TicketAction::UnmarkSpam,
            };
            Command::ticket(Actor::System, found.id, action)
        }
        Step::Snoozes(which) => {
            on(*which, TicketAction::Snooze { until: at.checked_add_millis(30 * 60_000) })?
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

fn agent(desk: &Desk, id: AgentId) -> Agent {
    match desk.party(PartyId::Agent(id)).unwrap() {
        Some(Party::Agent(agent)) => agent,
        other => panic!("{id} is {other:?}"),
    }
}

fn online(desk: &Desk) -> BTreeSet<AgentId> {
    let is_online = |id: &AgentId| agent(desk, *id).presence == Presence::Online;
    AGENTS.into_iter().filter(is_online).collect()
}

/// What each agent has and is offered, weighed, and who is offered anything.
fn loads(desk: &Desk) -> (BTreeMap<AgentId, u32>, BTreeSet<AgentId>) {
    let (mut loads, mut asked) = (BTreeMap::new(), BTreeSet::new());
    let filter =
        TicketFilter { statuses: [Status::New, Status::Open].into(), ..TicketFilter::default() };
    for found in desk.tickets(&filter.into()).unwrap().tickets {
        let offer = found.ticket.offer().map(|offer| offer.agent);
        asked.extend(offer);
        if let Some(agent) = found.ticket.assignee.or(offer) {
            let weight = if found.ticket.channel == Channel::Phone { 2 } else { 1 };
            *loads.entry(agent).or_default() += weight;
        }
    }
    (loads, asked)
}

/// To whom the rules of routing gave something after a record, or who took an offer.
fn given(desk: &Desk, after: u64) -> BTreeSet<AgentId> {
    let mut given = BTreeSet::new();
    for record in desk.records(after, 10_000).unwrap() {
        if let Event::Ticket(event) = record.event
            && let TicketFact::Routed { agent, .. } = event.fact
        {
            given.insert(agent);
        }
    }
    given
}

/// Nobody is given or offered more than they have room for, nobody is asked who is not there, and
/// nothing waits that somebody may have who was not asked before. What people do to each other, who
/// assign, reopen and undo, is theirs to answer for.
fn check(desk: &Desk, given: &BTreeSet<AgentId>) {
    let online = online(desk);
    let (loads, asked) = loads(desk);
    for id in asked.union(given) {
        let (load, room) = (loads.get(id).copied().unwrap_or(0), agent(desk, *id).capacity);
        let room = room.expect("all have one").total;
        assert!(load <= room, "{id} carries {load} of {room}");
    }
    assert!(asked.is_subset(&online), "{asked:?} are asked, and {online:?} are there");
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
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gets_too_much_nothing_waits_that_could_be_given_and_nobody_starves(
        routing in rulebook(), steps in prop::collection::vec(step(), 0..40)
    ) {
        // The same desk twice: one is woken before each command, the other never.
        let (woken, asleep) = (desk(&routing), desk(&routing));
        let mut now = monday().0;
        for (desk, agent) in [&woken, &asleep].into_iter().flat_map(|desk| AGENTS.map(|it| (desk, it))) {
            desk.execute(save(agent, None)).unwrap();
        }
        for (minutes, step) in &steps {
            now = now.checked_add_millis(minutes * 60_000).unwrap();
            woken.handle_timeout(now).unwrap();
            let before = woken.head().unwrap().unwrap().seq;
            let (mut taken, mut outcomes) = (BTreeSet::new(), None);
            if let Some(command) = command(&woken, step, now) {
                let accepts = matches!(step, Step::Answers { accept: true, .. });
                let by = command.actor;
                let outcome = woken.execute(command.clone());
                if let (Actor::Agent(agent), true, Ok(_)) = (by, accepts, &outcome) {
                    taken.insert(agent);
                }
                outcomes = Some((outcome, asleep.execute(command)));
            }
            match outcomes {
                Some((Ok(_), outcome)) => prop_assert!(outcome.is_ok(), "{outcome:?}"),
                // Nothing was done, so nothing was noticed.
                Some((Err(_), outcome)) => prop_assert!(outcome.is_err()),
                None => {}
            }
            asleep.handle_timeout(now).unwrap();
            prop_assert_eq!(told(&woken), told(&asleep));
            taken.extend(given(&woken, before));
            check(&woken, &taken);
        }
        // All come and have room, work off what they have, and answer what they are offered: nothing
        // is left.
        for agent in AGENTS {
            woken.execute(save(agent, None).at(now)).unwrap();
            woken.execute(Command::set_presence(Actor::System, agent, Presence::Online).at(now)).unwrap();
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

/// How many desks are tried; more if somebody has the time.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60)
}
