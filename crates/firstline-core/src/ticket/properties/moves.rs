//! A lifecycle at random, and moves at random: what is in its table is done, and what is not is
//! refused by name.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::*;

const STATUSES: [(&str, &str); 8] = [
    ("received", "new"),
    ("bench", "open"),
    ("test", "open"),
    ("estimate", "pending"),
    ("parts", "on_hold"),
    ("ready", "resolved"),
    ("shipped", "resolved"),
    ("gone", "closed"),
];

/// Ways without which no rulebook would be accepted.
const NEEDED: [(usize, usize, &str); 8] = [
    (0, 1, "agent"),
    (1, 2, "agent"),
    (1, 3, "system"),
    (3, 1, "contact"),
    (2, 4, "agent"),
    (4, 5, "agent"),
    (5, 6, "contact"),
    (6, 7, "agent"),
];

type Table = Vec<(usize, usize, &'static str)>;

fn table() -> impl Strategy<Value = Table> {
    let all = (0..7_usize).flat_map(|from| (1..8_usize).map(move |to| (from, to)));
    let is_needed = |from, to| NEEDED.iter().any(|way| (way.0, way.1) == (from, to));
    let more: Vec<(usize, usize)> =
        all.filter(|(from, to)| from != to && !is_needed(*from, *to)).collect();
    let most = more.len();
    let who = prop::collection::vec(select(vec!["contact", "agent", "system"]), most);
    (subsequence(more, 0..most), who).prop_map(|(more, who)| {
        let more = more.into_iter().zip(who).map(|((from, to), by)| (from, to, by));
        NEEDED.into_iter().chain(more).collect()
    })
}

fn rulebook(table: &Table) -> Rulebook {
    let mut text = "name = \"Shop\"\n[[lines]]\nid = \"L1\"\n".to_owned();
    for (id, category) in STATUSES {
        let hold = if category == "on_hold" { "hold = \"vendor\"\n" } else { "" };
        text += &format!(
            "[[lifecycles.default.statuses]]\nid = \"{id}\"\ncategory = \"{category}\"\n{hold}"
        );
    }
    for (from, to, by) in table {
        let (from, to) = (STATUSES[*from].0, STATUSES[*to].0);
        text += &format!(
            "[[lifecycles.default.transitions]]\nfrom = \"{from}\"\nto = \"{to}\"\nby = \"{by}\"\n"
        );
    }
    Rulebook::from_toml(&text, "shop.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn rank(by: &str) -> usize {
    ["contact", "agent", "system"].iter().position(|who| *who == by).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_in_the_table_is_refused_by_name(
        table in table(),
        moves in prop::collection::vec((0..8_usize, select(vec!["contact", "agent", "system"])), 1..40),
    ) {
        let rules = rulebook(&table);
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
        let open = TicketAction::Open(Box::new(request));
        let opened = carry_out(None, &open, Actor::Contact(ContactId(1)), &rules, now);
        let (mut ticket, mut here) = (opened.unwrap().ticket, 0);
        for (to, who) in moves {
            let by = match who {
                "contact" => Actor::Contact(ContactId(1)),
                "agent" => Actor::Agent(AgentId(1)),
                _ => Actor::System,
            };
            let action = TicketAction::Move { to: STATUSES[to].0.into(), hold: None };
            let done = carry_out(Some(ticket.clone()), &action, by, &rules, now);
            let way = table.iter().find(|way| (way.0, way.1) == (here, to));
            match (way, done) {
                _ if here == 7 => continue,
                (None, Err(Refusal::TransitionNotAllowed { from, to: asked, allowed })) => {
                    prop_assert_eq!(from.as_str(), STATUSES[here].0);
                    prop_assert_eq!(asked.as_str(), STATUSES[to].0);
                    let mine = table.iter().filter(|way| way.0 == here && rank(way.2) <= rank(who));
                    let mine: Vec<StatusId> = mine.map(|way| STATUSES[way.1].0.into()).collect();
                    prop_assert_eq!(allowed, mine);
                }
                (Some(way), Err(Refusal::TransitionNotPermitted { .. })) => {
                    prop_assert!(rank(way.2) > rank(who), "{:?} by {}", way, who);
                }
                (way, Ok(turn)) => {
                    prop_assert!(here == to || way.is_some_and(|way| rank(way.2) <= rank(who)));
                    (ticket, here) = (turn.ticket, to);
                }
                (way, Err(refusal)) => prop_assert!(false, "{:?}: {}", way, refusal),
            }
            prop_assert_eq!(ticket.place.as_ref().unwrap().status.as_str(), STATUSES[here].0);
            prop_assert_eq!(ticket.status.as_str(), STATUSES[here].1);
        }
    }
}
