//! What holds for every two tickets that are merged and separated, and for what is split off.

use std::collections::BTreeSet;

use firstline_sla::{ClockEvent, ClockKey, Ledger, Metric, Phase, Timestamp};
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::{life, play, wake};
use crate::ticket::naive::random::{Opening, Step, opening, steps};
use crate::*;

const AGENT: Actor = Actor::Agent(AgentId(1));
const ONE: TicketId = TicketId(1);
const TWO: TicketId = TicketId(2);

/// Merges two tickets that stand alone.
fn into_one(
    one: (TicketId, Ticket),
    other: (TicketId, Ticket),
    by: Actor,
    rules: &Rulebook,
    now: Timestamp,
) -> Result<(Turn, Turn), Refusal> {
    merge(one, other, by, rules, now, |of| Err(Refusal::UnknownTicket(of)))
}

/// Undoes a merge at a desk whose rules have never changed.
fn apart(
    one: (TicketId, Ticket),
    other: (TicketId, Ticket),
    by: Actor,
    rules: &Rulebook,
    now: Timestamp,
) -> Result<(Turn, Turn), Refusal> {
    separate(one, other, by, (rules, &[]), &SinceMerge::default(), now)
}

/// A ticket, and what was written down of it and when.
#[derive(Clone)]
struct Told {
    ticket: Ticket,
    history: Vec<(Timestamp, TicketEvent)>,
}

impl Told {
    /// After what happened at that moment.
    fn then(&self, turn: Turn, now: Timestamp) -> Self {
        let written = turn.events.into_iter().map(|event| (now, event));
        let history = self.history.iter().cloned().chain(written).collect();
        Self { ticket: turn.ticket, history }
    }

    /// After time has passed.
    fn at(&self, rules: &Rulebook, now: Timestamp) -> Self {
        self.then(wake(self.ticket.clone(), rules, now), now)
    }

    /// After a message of its customer, unless that is refused, by the number of another ticket that
    /// was merged into this one.
    fn hear(
        &self,
        by: Option<TicketId>,
        rules: &Rulebook,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let message = TicketAction::Reply { text: "And now?".into(), then: None };
        let asks = Actor::Contact(self.ticket.requester);
        let turn = carry_out(Some(self.ticket.clone()), &message, asks, rules, now)?;
        let turn = by.map_or_else(|| turn.clone(), |number| turn.clone().came_by(number));
        Ok(self.then(turn, now))
    }

    /// After the steps of a life, as far as they are not refused.
    fn live(&self, rules: &Rulebook, steps: &[Step], mut now: Timestamp) -> (Self, Timestamp) {
        let mut told = self.clone();
        for Step { gap_ms, by, action } in steps {
            now = now.checked_add_millis(*gap_ms).unwrap();
            if let Ok(turn) = carry_out(Some(told.ticket.clone()), action, *by, rules, now) {
                told = told.then(turn, now);
            }
        }
        (told, now)
    }

    fn account(&self, key: &ClockKey, rules: &Rulebook, now: Timestamp) -> Ledger {
        let history = self.history.iter().map(|(at, event)| (*at, event));
        let account = account(history, key, None, rules, now);
        account.unwrap_or_else(|error| panic!("{key}: {error}")).ledger
    }

    /// Asks for the account of every clock, and whether it agrees with the ticket.
    fn check_accounts(&self, rules: &Rulebook, now: Timestamp) -> Result<(), TestCaseError> {
        let told = self.at(rules, now);
        for (key, clock) in &told.ticket.clocks {
            let ledger = told.account(key, rules, now);
            prop_assert_eq!(&ledger.clock, clock, "{}", key);
            let end = match clock.phase {
                Phase::Fulfilled { at, .. } | Phase::Cancelled { at, .. } => at,
                Phase::Running { .. } | Phase::Paused { .. } => now,
            };
            let Ledger { counted, closed_ms, paused_ms, done_ms, elsewhere_ms, .. } = ledger;
            let all = counted.as_millis() + closed_ms + paused_ms + done_ms + elsewhere_ms;
            prop_assert_eq!(all, end.millis_since(clock.started_at), "{}", key);
            if key.origin.is_none() {
                prop_assert_eq!(elsewhere_ms, 0, "{}", key);
            }
            if key.origin.is_none() && !clock.is_live() {
                prop_assert_eq!(counted, clock.spent, "{}", key);
            }
        }
        Ok(())
    }
}

/// Two tickets that are merged, or separated.
fn both_turns(
    (one, two): (&Told, &Told),
    decide: impl FnOnce(
        (TicketId, Ticket),
        (TicketId, Ticket),
        Actor,
        &Rulebook,
        Timestamp,
    ) -> Result<(Turn, Turn), Refusal>,
    rules: &Rulebook,
    now: Timestamp,
) -> Result<(Told, Told), Refusal> {
    let (left, right) = ((ONE, one.ticket.clone()), (TWO, two.ticket.clone()));
    let (left, right) = decide(left, right, AGENT, rules, now)?;
    Ok((one.then(left, now), two.then(right, now)))
}

/// Two tickets under the same rules, at the same moment.
fn both(
    rules: &Rulebook,
    (one, steps_of_one): (&Opening, &[Step]),
    (two, steps_of_two): (&Opening, &[Step]),
) -> Result<(Told, Told, Timestamp), TestCaseError> {
    let (one, events_of_one, now_one) = play(rules, one, steps_of_one, |_, _, _, _| Ok(()))?;
    let (two, events_of_two, now_two) = play(rules, two, steps_of_two, |_, _, _, _| Ok(()))?;
    let now = now_one.max(now_two);
    let told = |ticket, events: Vec<TicketEvent>, first| {
        let history = events.into_iter().map(|event| (first, event)).collect();
        Told { ticket, history }.at(rules, now)
    };
    Ok((told(one, events_of_one, now_one), told(two, events_of_two, now_two), now))
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

/// All that a ticket is, line by line, but for when something last happened to it, and when agents were
/// rid of it: they were, while it was merged.
fn timeless(ticket: &Ticket) -> Vec<String> {
    let mut ticket = Ticket { updated_at: ticket.opened_at, ..ticket.clone() };
    ticket.had.values_mut().for_each(|had| had.freed = None);
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
        let (one, two) = (one.ticket, two.ticket);
        // A clock may stand still by the status of the ticket on which it lives on, and what waits for
        // the customer takes nobody in who waits for an answer.
        prop_assume!((one.status, one.hold) == (two.status, two.hold));
        prop_assume!(one.status != Status::Pending);
        let there = into_one((ONE, one.clone()), (TWO, two.clone()), AGENT, &rules, now);
        let back = into_one((TWO, two.clone()), (ONE, one.clone()), AGENT, &rules, now);
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
        if let Ok((lost, won)) = both_turns((&one, &two), into_one, &rules, now) {
            let (lost, won) = both_turns((&lost, &won), apart, &rules, now).unwrap();
            prop_assert_eq!(difference(&lost.ticket, &one.ticket), vec![]);
            prop_assert_eq!(difference(&won.ticket, &two.ticket), vec![]);
        }
    }

    #[test]
    fn to_undo_a_merge_is_for_who_was_merged_as_if_it_had_never_been_whatever_came_of_the_other(
        (book, opening, steps_of_one) in life(), other in (opening(), steps(20)),
        meanwhile in steps(10), minutes in 0..10_000_i64
    ) {
        let rules = book.rulebook();
        let (one, two, now) = both(&rules, (&opening, &steps_of_one), (&other.0, &other.1))?;
        if let Ok((lost, won)) = both_turns((&one, &two), into_one, &rules, now) {
            let (won, then) = won.live(&rules, &meanwhile, later(now, minutes));
            let (lost, _) = both_turns((&lost, &won), apart, &rules, then).unwrap();
            let never = one.at(&rules, then);
            // What a ladder does meanwhile, it does to the ticket that has the clock.
            let has_climbed = |(_, event): &(Timestamp, TicketEvent)| {
                matches!(&event.fact, TicketFact::Clock { event: ClockEvent::Climbed { .. }, .. })
            };
            if !never.history[one.history.len()..].iter().any(has_climbed) {
                prop_assert_eq!(difference(&lost.ticket, &never.ticket), vec![]);
                for key in never.ticket.clocks.keys() {
                    let accounts = [&lost, &never].map(|it| it.account(key, &rules, then));
                    prop_assert_eq!(&accounts[0], &accounts[1], "{}", key);
                }
            }
        }
    }

    #[test]
    fn what_comes_by_the_number_of_a_merged_ticket_is_where_it_was_meant_for_when_that_is_undone(
        (book, opening, steps_of_one) in life(), other in (opening(), steps(20)),
        meanwhile in proptest::collection::vec((any::<bool>(), 0..3_000_i64, steps(3)), 1..5),
    ) {
        let rules = book.rulebook();
        let (one, two, mut now) = both(&rules, (&opening, &steps_of_one), (&other.0, &other.1))?;
        if let Ok((lost, mut won)) = both_turns((&one, &two), into_one, &rules, now) {
            let (mut never, before) = (one.clone(), one.history.len());
            for (is_for_one, minutes, steps) in meanwhile {
                (won, now) = won.live(&rules, &steps, later(now, minutes));
                never = never.at(&rules, now);
                let number = is_for_one.then_some(ONE);
                let Ok(heard) = won.hear(number, &rules, now) else { continue };
                won = heard;
                if is_for_one {
                    // Words that come back find a place also where no way leads back to work.
                    let Ok(heard) = never.hear(None, &rules, now) else { return Ok(()) };
                    never = heard;
                }
            }
            let history = won.history.iter().map(|(_, event)| event);
            let lost_one = (ONE, &lost.ticket);
            let since = since_merge(lost_one, &BTreeSet::new(), &won.ticket, history);
            // What else was done for it there, it was not told of here.
            let since = SinceMerge { filed: Vec::new(), ..since };
            // Whoever added files to its words there has added them to what comes back.
            let files: usize = since.said.iter().map(|said| said.files.len()).sum();
            never.ticket.attachments += u32::try_from(files).unwrap();
            let apart = |one, two, by, rules: &Rulebook, now| {
                separate(one, two, by, (rules, &[]), &since, now)
            };
            let (lost, _) = both_turns((&lost, &won), apart, &rules, now).unwrap();
            prop_assert_eq!(lost.ticket.messages, never.ticket.messages);
            let has_climbed = |(_, event): &(Timestamp, TicketEvent)| {
                matches!(&event.fact, TicketFact::Clock { event: ClockEvent::Climbed { .. }, .. })
            };
            if !never.history[before..].iter().any(has_climbed) {
                prop_assert_eq!(difference(&lost.ticket, &never.ticket), vec![]);
            }
        }
    }

    #[test]
    fn who_and_what_comes_with_several_merged_tickets_goes_with_them_in_whatever_order(
        people in prop::array::uniform4((1..4_u64, subsequence(vec![1_u64, 2, 3, 4], 0..=4))),
        labels in prop::array::uniform4(subsequence(vec!["a", "b", "c"], 0..=3)),
        order in Just(vec![1_usize, 2, 3]).prop_shuffle(),
        undone in Just(vec![1_usize, 2, 3]).prop_shuffle(),
    ) {
        let rules = Rulebook::from_toml("name = \"D\"\n[[lines]]\nid = \"L1\"", "d.toml").unwrap();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let act = |ticket, action: &TicketAction| {
            carry_out(ticket, action, AGENT, &rules, now).unwrap().ticket
        };
        let tickets: Vec<Ticket> = people.iter().zip(&labels).map(|((asks, follow), labels)| {
            let tags = labels.iter().map(|label| Tag::from(*label)).collect();
            let organization = Some(OrganizationId(1));
            let request = OpenTicket::new(ContactId(*asks), "Printer", "It is on fire.");
            let request = OpenTicket { organization, tags, ..request };
            let opened = act(None, &TicketAction::Open(Box::new(request)));
            let add = ChecklistAction::Add { items: labels.iter().map(|it| (*it).into()).collect() };
            let opened = act(Some(opened), &TicketAction::Checklist(add));
            let ask = ApprovalAction::Ask { what: "The price".into(), of: None };
            let opened = act(Some(opened), &TicketAction::Approval(ask));
            follow.iter().fold(opened, |ticket, who| {
                let who = PartyId::Contact(ContactId(*who));
                act(Some(ticket), &TicketAction::Follow { who })
            })
        }).collect();
        let mut all = tickets.clone();
        let mut within = BTreeSet::new();
        let both = |all: &mut Vec<Ticket>, index: usize, undo: bool| {
            let id = |index: usize| TicketId(index as u64 + 1);
            let (one, two) = ((id(index), all[index].clone()), (id(0), all[0].clone()));
            let find = |of: TicketId| Ok::<_, Refusal>(all[of.0 as usize - 1].clone());
            let (one, two) = match undo {
                true => apart(one, two, AGENT, &rules, now),
                false => merge(one, two, AGENT, &rules, now, find),
            }.unwrap();
            (all[index], all[0]) = (one.ticket, two.ticket);
        };
        for (index, undo) in order.into_iter().map(|it| (it, false)).chain(undone.into_iter().map(|it| (it, true))) {
            both(&mut all, index, undo);
            if undo { within.remove(&index) } else { within.insert(index) };
            let those = || within.iter().map(|index| &tickets[*index]).chain([&tickets[0]]);
            let tags: BTreeSet<Tag> = those().flat_map(|it| it.tags.clone()).collect();
            prop_assert_eq!(&all[0].tags, &tags);
            let to_do = those().flat_map(|it| &it.checklist).map(|check| &*check.what);
            let mut to_do: Vec<&str> = to_do.collect();
            to_do.sort_unstable();
            let left = all[0].checklist.iter().filter(|check| !check.gone);
            let mut left: Vec<&str> = left.map(|check| &*check.what).collect();
            left.sort_unstable();
            prop_assert_eq!(left, to_do);
            let to_sign = all[0].approvals.iter().filter(|asked| asked.is_waited_for()).count();
            prop_assert_eq!(to_sign, within.len() + 1);
            let people = those().flat_map(|it| it.followers.clone());
            let asked = within.iter().map(|index| PartyId::Contact(tickets[*index].requester));
            let asks = PartyId::Contact(tickets[0].requester);
            let mut people: BTreeSet<PartyId> = people.chain(asked).collect();
            if !tickets[0].followers.contains(&asks) {
                people.remove(&asks);
            }
            prop_assert_eq!(&all[0].followers, &people);
        }
        prop_assert_eq!(all, tickets);
    }

    #[test]
    fn every_clock_is_accounted_for_after_merges_and_what_undoes_them(
        (book, opening, steps_of_one) in life(), other in (opening(), steps(20)),
        lives in proptest::collection::vec(steps(6), 6)
    ) {
        let rules = book.rulebook();
        let (mut one, mut two, mut now) =
            both(&rules, (&opening, &steps_of_one), (&other.0, &other.1))?;
        for steps in lives {
            let is_merged = one.ticket.merged.is_some();
            let next = if is_merged { apart } else { into_one };
            if let Ok(turns) = both_turns((&one, &two), next, &rules, now) {
                (one, two) = turns;
            }
            one.check_accounts(&rules, now)?;
            two.check_accounts(&rules, now)?;
            one = one.live(&rules, &steps, now).0;
            (two, now) = two.live(&rules, &steps, now);
            one.check_accounts(&rules, now)?;
            two.check_accounts(&rules, now)?;
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
        let (number, text, files) = (1, "And the scanner.".into(), Vec::new());
        let message = Message { number, author, written_at, text, files, came_by: None };
        let by = (AGENT, &rules);
        let new = Successor::of(&ticket, TWO);
        let turns = split((ONE, ticket.clone()), new, &message, "Scanner", by, now);
        if let Ok((old, new)) = turns {
            let Turn { ticket: woken, .. } = wake(ticket, &rules, now);
            // But for what became of its message nothing has happened to it.
            let woken = Ticket { relations: old.ticket.relations.clone(), ..woken };
            prop_assert_eq!(difference(&old.ticket, &woken), vec![]);
            for event in &new.events {
                let TicketFact::Clock { clock, cycle: 1, event: started } = &event.fact else {
                    continue;
                };
                if let ClockEvent::Started { pin, since, .. } = started {
                    let is_of_line =
                        matches!(clock.metric(), Some(Metric::LineTime | Metric::Vendor));
                    let is_retroactive = rules.pinned(pin, clock).unwrap().retroactive;
                    let began = match clock.metric() {
                        Some(Metric::LineTime | Metric::Vendor) => {
                            old.ticket.arrived_at.max(written_at)
                        }
                        Some(Metric::PeriodicUpdate) => old.ticket.answered_at.unwrap(),
                        Some(_) => written_at,
                        // Conditions are asked when there is a ticket.
                        None => now,
                    };
                    // A ladder may have handed it on at once.
                    let went_on = new.events.iter().any(|event| {
                        matches!(event.fact, TicketFact::HandedOver { .. })
                    });
                    if is_of_line && went_on {
                        continue;
                    }
                    let waited = is_retroactive && began < now;
                    prop_assert_eq!(*since, waited.then_some(began), "{}", clock);
                }
            }
        }
    }
}
