//! What holds for every floor and every queue.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::id::TicketId;
use crate::people::Capacity;

fn rules(by: RoutingStrategy) -> Rulebook {
    let by = serde_json::to_string(&by).unwrap();
    let text = format!(
        "name = \"Desk\"\n[calendars.day]\ntime_zone = \"UTC\"\nweekly = {{ mon = [\"09:00-17:00\"] }}\n\
         [calendars.night]\ntime_zone = \"UTC\"\nweekly = {{ mon = [\"18:00-23:00\"] }}\n\
         [[lines]]\nid = \"L1\"\nteams = [\"desk\", \"field\"]\n[[lines]]\nid = \"L2\"\n[routing]\nby = {by}\n"
    );
    Rulebook::from_toml(&text, "desk.toml").unwrap()
}

/// A Monday, by day.
fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn line() -> impl Strategy<Value = LineId> {
    select(vec!["L1", "L2"]).prop_map(LineId::from)
}

fn seat() -> impl Strategy<Value = Seat> {
    let presence = prop_oneof![5 => Just(Presence::Online), 1 => Just(Presence::Away), 1 => Just(Presence::Offline)];
    let lines = subsequence(vec![LineId::from("L1"), LineId::from("L2")], 0..=2);
    let skills = prop::collection::btree_map(
        select(vec![Skill::from("a"), Skill::from("b")]),
        1..4_u8,
        0..3,
    );
    let capacity = prop::option::weighted(
        0.8,
        (0..6_u32, 0..4_u32)
            .prop_map(|(total, chat)| Capacity { total, weights: [(Channel::Chat, chat)].into() }),
    );
    let given = prop::option::of((0..5_i64).prop_map(|it| Timestamp::from_millis(it).unwrap()));
    (presence, lines, skills, capacity, 0..4_u32, (given, whereabouts())).prop_map(
        |(presence, lines, skills, capacity, load, (last_given, mut agent))| {
            agent.lines = lines.into_iter().collect();
            (agent.skills, agent.capacity) = (skills, capacity);
            Seat { presence, load, last_given, ..Seat::new(agent) }
        },
    )
}

/// Somebody of some teams and trades, who answers in some languages at some hours.
fn whereabouts() -> impl Strategy<Value = Agent> {
    let teams = subsequence(vec![TeamId::from("desk"), TeamId::from("field")], 0..=2);
    let disciplines = subsequence(Discipline::ALL.to_vec(), 0..=2);
    let languages = subsequence(vec!["en-GB", "ru"], 0..=2);
    // One of these calendars is gone from the rulebook.
    let hours =
        prop_oneof![4 => Just(None), 1 => select(vec!["day", "night", "gone"]).prop_map(Some)];
    (teams, disciplines, languages, hours).prop_map(|(teams, disciplines, languages, hours)| {
        Agent {
            teams: teams.into_iter().collect(),
            disciplines: disciplines.into_iter().collect(),
            languages: languages.into_iter().map(Language::from).collect(),
            hours: hours.map(str::to_owned),
            ..Agent::new("somebody")
        }
    })
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let skills = prop::collection::btree_map(
        select(vec![Skill::from("a"), Skill::from("b")]),
        1..4_u8,
        0..2,
    );
    let channel = select(vec![Channel::Chat, Channel::Mail]);
    let affinity = prop::option::of((1..6_u64).prop_map(AgentId));
    let declined = prop::collection::btree_set((1..6_u64).prop_map(AgentId), 0..2);
    let whose = (
        prop::option::weighted(0.3, select(vec![TeamId::from("desk"), TeamId::from("field")])),
        prop::option::weighted(0.3, select(Discipline::ALL.to_vec())),
        prop::option::weighted(0.3, select(vec!["en", "en-US", "ru"]).prop_map(Language::from)),
    );
    (line(), whose, skills, channel, affinity, declined).prop_map(
        |(line, (team, discipline, language), skills, channel, affinity, declined)| Wanted {
            line,
            team,
            discipline,
            language,
            skills,
            channel,
            declined,
            affinity,
        },
    )
}

fn measure() -> impl Strategy<Value = RoutingStrategy> {
    select(vec![
        RoutingStrategy::LeastLoaded,
        RoutingStrategy::RoundRobin,
        RoutingStrategy::LongestIdle,
    ])
}

fn queue() -> impl Strategy<Value = Vec<(TicketId, Wanted)>> {
    let wanted = prop::collection::vec(wanted(), 0..12);
    wanted.prop_map(|all| (1..).map(TicketId).zip(all).collect())
}

/// Whether somebody may have it: the rules of eligibility, said a second time.
fn may_have(seat: &Seat, id: AgentId, wanted: &Wanted) -> bool {
    let agent = &seat.agent;
    let has_room = agent.capacity.as_ref().is_none_or(|capacity| {
        seat.load + capacity.weights.get(&wanted.channel).copied().unwrap_or(1) <= capacity.total
    });
    let speaks = |language: &Language| {
        let first = |it: &Language| it.to_string().split('-').next().map(str::to_owned);
        agent.languages.iter().any(|known| first(known) == first(language))
    };
    seat.presence == Presence::Online
        && agent.hours.as_ref().is_none_or(|hours| hours == "day")
        && wanted.team.as_ref().is_none_or(|team| agent.teams.contains(team))
        && wanted
            .discipline
            .is_none_or(|it| agent.disciplines.is_empty() || agent.disciplines.contains(&it))
        && wanted.language.as_ref().is_none_or(|it| agent.languages.is_empty() || speaks(it))
        && (agent.lines.is_empty() || agent.lines.contains(&wanted.line))
        && wanted
            .skills
            .iter()
            .all(|(it, level)| agent.skills.get(it).is_some_and(|has| has >= level))
        && !wanted.declined.contains(&id)
        && has_room
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gets_what_they_may_not_have_and_nothing_waits_that_somebody_may(
        seats in prop::collection::vec(seat(), 0..5), queue in queue(), by in measure()
    ) {
        let rules = rules(by);
        let mut floor = Floor::new((1..).map(AgentId).zip(seats));
        let loads: BTreeMap<AgentId, u32> = floor.seats().map(|(id, seat)| (id, seat.load)).collect();
        for (ticket, wanted) in &queue {
            let before = floor.clone();
            let choices = drain(&[(*ticket, wanted.clone())], &mut floor, &rules, now());
            let able: Vec<AgentId> =
                before.seats().filter(|(id, seat)| may_have(seat, *id, wanted)).map(|(id, _)| id).collect();
            let choice = &choices[0].1;
            match choice.chosen {
                Some((agent, _)) => prop_assert!(able.contains(&agent)),
                None => prop_assert!(able.is_empty()),
            }
            // Whoever knows the matter gets it if they may.
            if let Some(known) = wanted.affinity.filter(|known| able.contains(known)) {
                prop_assert_eq!(choice.chosen.map(|(agent, _)| agent), Some(known));
            }
            let told = choice.passed_over.len() + choice.excluded.len() + usize::from(choice.chosen.is_some());
            prop_assert_eq!(told, before.seats().count(), "everybody hears why");
        }
        for (agent, seat) in floor.seats() {
            if let Some(capacity) = &seat.agent.capacity {
                prop_assert!(seat.load <= capacity.total.max(loads[&agent]));
            }
        }
    }

    #[test]
    fn in_which_order_people_were_saved_makes_no_difference(
        seats in prop::collection::vec(seat(), 0..5), queue in queue(), by in measure()
    ) {
        let rules = rules(by);
        let seats: Vec<_> = (1..).map(AgentId).zip(seats).collect();
        let mut one = Floor::new(seats.clone());
        let mut other = Floor::new(seats.into_iter().rev());
        prop_assert_eq!(drain(&queue, &mut one, &rules, now()), drain(&queue, &mut other, &rules, now()));
        prop_assert_eq!(one, other);
    }

    /// Nobody starves: as long as somebody is rid of something, the queue moves, and of two that
    /// take the same the one in front goes first.
    #[test]
    fn a_queue_drains_in_its_order_as_room_comes_free(
        count in 1..20_usize, total in 1..4_u32, wanted in wanted(), by in measure()
    ) {
        let rules = rules(by);
        let mut agent = Agent::new("somebody");
        agent.skills = wanted.skills.clone();
        agent.teams = wanted.team.iter().cloned().collect();
        agent.capacity = Some(Capacity { total, weights: [].into() });
        let wanted = Wanted { declined: BTreeSet::new(), ..wanted };
        let mut floor = Floor::new([(AgentId(1), Seat { load: total, ..Seat::new(agent) })]);
        let mut queue: Vec<_> = (1..=count as u64).map(|it| (TicketId(it), wanted.clone())).collect();
        let mut served = Vec::new();
        for _ in 0..count {
            floor.take(AgentId(1), wanted.channel, now());
            for (ticket, choice) in drain(&queue, &mut floor, &rules, now()) {
                if choice.chosen.is_some() {
                    served.push(ticket);
                    queue.retain(|(waiting, _)| *waiting != ticket);
                }
            }
        }
        prop_assert_eq!(served, (1..=count as u64).map(TicketId).collect::<Vec<_>>());
    }
}
