//! What holds for every two tickets that are merged and separated, and for what is split off.

use std::collections::BTreeSet;

use firstline_sla::{ClockEvent, ClockKey, Metric, Timestamp};
use proptest::prelude::*;

use super::{life, play, wake};
use crate::ticket::naive::random::{Opening, Step, opening, steps};
use crate::*;

const AGENT: Actor = Actor::Agent(AgentId(1));
const ONE: TicketId = TicketId(1);
const TWO: TicketId = TicketId(2);

/// Two tickets under the same rules, at the same moment.
fn both(
    rules: &Rulebook,
    (one, steps_of_one): (&Opening, &[Step]),
    (two, steps_of_two): (&Opening, &[Step]),
) -> Result<(Ticket, Ticket, Timestamp), TestCaseError> {
    let (one, _, now_one) = play(rules, one, steps_of_one, |_, _, _, _| Ok(()))?;
    let (two, _, now_two) = play(rules, two, steps_of_two, |_, _, _, _| Ok(()))?;
    let now = now_one.max(now_two);
    Ok((wake(one, rules, now).ticket, wake(two, rules, now).ticket, now))
}

fn later(now: Timestamp, minutes: i64) -> Timestamp {
    now.checked_add_millis(minutes * 60_000).unwrap()
}

fn is_reply(key: &ClockKey) -> bool {
    matches!(key.metric(), Some(Metric::FirstReply | Metric::NextReply))
}

/// The replies that are waited for, whichever ticket they began on: metric, agreement and due.
fn replies(ticket: &Ticket) -> BTreeSet<(String, Option<Timestamp>)> {
    let live = ticket.clocks.iter().filter(|(key, clock)| is_reply(key) && clock.is_live());
    live.map(|(key, clock)| (ClockKey { origin: None, ..key.clone() }.to_string(), clock.due()))
        .collect()
}

/// All that a ticket is, line by line, but for when something last happened to it.
fn timeless(ticket: &Ticket) -> Vec<String> {
    let ticket = Ticket { updated_at: ticket.opened_at, ..ticket.clone() };
    format!("{ticket:#?}").lines().map(str::to_owned).collect()
}

/// The lines in which two tickets differ.
fn difference(one: &Ticket, other: &Ticket) -> Vec<(String, String)> {
    let (one, other) = (timeless(one), timeless(other));
    let pairs = one.into_iter().zip(other);
    pairs.filter(|(one, other)| one != other).take(12).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn which_of_two_is_merged_into_the_other_does_not_matter_for_what_is_due(
        (book, opening, steps) in life(), other in (opening(), steps(20))
    ) {
        let rules = book.rulebook();
        let (one, two, now) = both(&rules, (&opening, &steps), (&other.0, &other.1))?;
        // A clock may stand still by the status of the ticket on which it lives on.
        prop_assume!((one.status, one.hold) == (two.status, two.hold));
        let there = merge((ONE, one.clone()), (TWO, two.clone()), AGENT, &rules, now);
        let back = merge((TWO, two.clone()), (ONE, one.clone()), AGENT, &rules, now);
        match (there, back) {
            (Ok((lost, won)), Ok((lost_back, won_back))) => {
                prop_assert_eq!(replies(&won.ticket), replies(&won_back.ticket));
                if one.status.is_open() {
                    let all: BTreeSet<_> = replies(&one).union(&replies(&two)).cloned().collect();
                    prop_assert_eq!(replies(&won.ticket), all);
                }
                for lost in [lost.ticket, lost_back.ticket] {
                    prop_assert!(lost.clocks.values().all(|clock| !clock.is_live()));
                    prop_assert_eq!(lost.poll_timeout(), None);
                }
            }
            (Err(_), Err(_)) => {}
            (there, back) => prop_assert!(false, "{:?} but {:?}", there, back),
        }
    }

    #[test]
    fn to_merge_and_to_undo_it_is_as_if_nothing_had_happened(
        (book, opening, steps) in life(), other in (opening(), steps(20))
    ) {
        let rules = book.rulebook();
        let (one, two, now) = both(&rules, (&opening, &steps), (&other.0, &other.1))?;
        // A clock that stands still for a while on the other ticket says the same in other numbers.
        prop_assume!((one.status, one.hold) == (two.status, two.hold));
        if let Ok((lost, won)) = merge((ONE, one.clone()), (TWO, two.clone()), AGENT, &rules, now) {
            let (lost, won) = ((ONE, lost.ticket), (TWO, won.ticket));
            let (lost, won) = separate(lost, won, AGENT, &rules, now).unwrap();
            prop_assert_eq!(difference(&lost.ticket, &one), vec![]);
            prop_assert_eq!(difference(&won.ticket, &two), vec![]);
        }
    }

    #[test]
    fn to_undo_a_merge_after_a_while_is_as_if_it_had_never_been(
        (book, opening, steps) in life(), other in (opening(), steps(20)),
        minutes in 0..10_000_i64
    ) {
        let rules = book.rulebook();
        let (one, two, now) = both(&rules, (&opening, &steps), (&other.0, &other.1))?;
        prop_assume!((one.status, one.hold) == (two.status, two.hold));
        if let Ok((lost, won)) = merge((ONE, one.clone()), (TWO, two.clone()), AGENT, &rules, now) {
            let then = later(now, minutes);
            let (lost, won) = ((ONE, lost.ticket), (TWO, won.ticket));
            let (lost, won) = separate(lost, won, AGENT, &rules, then).unwrap();
            let Turn { ticket: never, events } = wake(one, &rules, then);
            // What a ladder does meanwhile, it does to the ticket that has the clock.
            let has_climbed = |event: &TicketEvent| {
                matches!(&event.fact, TicketFact::Clock { event: ClockEvent::Climbed { .. }, .. })
            };
            let was_left_alone = (&won.ticket.classification, won.ticket.handed_over)
                == (&two.classification, two.handed_over);
            if was_left_alone && !events.iter().any(has_climbed) {
                prop_assert_eq!(difference(&lost.ticket, &never), vec![]);
            }
        }
    }

    #[test]
    fn what_is_split_off_is_promised_from_when_it_was_written(
        (book, opening, steps) in life(), minutes in 0..10_000_i64
    ) {
        let rules = book.rulebook();
        let (ticket, _, written_at) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let now = later(written_at, minutes);
        let author = Actor::Contact(ContactId(1));
        let message = Message { number: 1, author, written_at, text: "And the scanner.".into() };
        let by = (AGENT, &rules);
        let turns = split((ONE, ticket.clone()), TWO, &message, "Scanner", by, now);
        if let Ok((old, new)) = turns {
            let Turn { ticket: woken, .. } = wake(ticket, &rules, now);
            prop_assert_eq!(difference(&old.ticket, &woken), vec![]);
            for event in &new.events {
                let TicketFact::Clock { clock, cycle: 1, event: started } = &event.fact else {
                    continue;
                };
                if let ClockEvent::Started { pin, since, .. } = started {
                    let is_of_line =
                        matches!(clock.metric(), Some(Metric::LineTime | Metric::Vendor));
                    let is_retroactive = rules.pinned(pin, clock).unwrap().retroactive;
                    let waited = is_retroactive && !is_of_line && written_at < now;
                    prop_assert_eq!(*since, waited.then_some(written_at), "{}", clock);
                }
            }
        }
    }
}
