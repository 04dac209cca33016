//! What holds for every sequence of commands: the contract of the core, sentence by sentence.

use proptest::prelude::*;
use proptest::sample::select;

use super::stories::rules;
use crate::*;

/// A command with the time since the one before. Gaps are often nothing, or end on the half hour,
/// so that alarms and commands meet in one instant.
#[derive(Clone, Debug)]
struct Step {
    gap_ms: i64,
    by: Actor,
    action: TicketAction,
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        2 => Just(Actor::Contact(ContactId(1))),
        4 => Just(Actor::Agent(AgentId(1))),
        1 => Just(Actor::System),
    ]
}

fn action() -> impl Strategy<Value = TicketAction> {
    let text = prop_oneof![8 => Just("words".to_owned()), 1 => "\\PC{0,3}", 1 => Just("\0".into())];
    let hold = prop::option::of(select(vec![HoldReason::Vendor, HoldReason::Change]));
    let status = || select(Status::ALL.to_vec());
    let line = select(vec!["L1", "L2", "L3", "L9"]);
    let team = prop::option::of(select(vec!["desk", "network"]));
    let impact = || select(Impact::ALL.to_vec());
    let urgency = || select(Urgency::ALL.to_vec());
    let tags =
        || prop::collection::btree_set(select(vec!["a", "b", "c"]).prop_map(Tag::from), 0..3);
    prop_oneof![
        4 => (text, prop::option::of(status()))
            .prop_map(|(text, then)| TicketAction::Reply { text, then }),
        1 => Just(TicketAction::AddNote { text: "psst".into() }),
        4 => (status(), hold).prop_map(|(to, hold)| TicketAction::ChangeStatus { to, hold }),
        1 => Just(TicketAction::Assign { agent: Some(AgentId(1)) }),
        2 => (line, team).prop_map(|(line, team)| TicketAction::HandOver {
            line: line.into(),
            team: team.map(TeamId::from),
        }),
        2 => (impact(), urgency())
            .prop_map(|(impact, urgency)| TicketAction::Classify { impact, urgency }),
        1 => select(Priority::ALL.to_vec()).prop_map(|priority| TicketAction::OverridePriority {
            priority,
            reason: "because".into(),
        }),
        1 => Just(TicketAction::ReleasePriority),
        1 => (tags(), tags()).prop_map(|(add, remove)| TicketAction::Tag { add, remove }),
        3 => Just(TicketAction::Wake),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gap_ms = prop_oneof![
        2 => Just(0),
        1 => Just(1),
        4 => (0..40_i64).prop_map(|halves| halves * 1_800_000),
        1 => 0..600_000_000_i64,
    ];
    let step = (gap_ms, actor(), action());
    prop::collection::vec(step.prop_map(|(gap_ms, by, action)| Step { gap_ms, by, action }), 1..40)
}

fn begin() -> Timestamp {
    "2026-03-05T15:30:00Z".parse().unwrap()
}

fn opening() -> (Ticket, Vec<TicketEvent>) {
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let turn = carry_out(None, &open, Actor::Contact(ContactId(1)), &rules(), begin()).unwrap();
    (turn.ticket, turn.events)
}

/// Plays all steps and looks at each: the ticket before, the step, its moment, what came of it.
fn play(
    steps: &[Step],
    mut look: impl FnMut(
        &Ticket,
        &Step,
        Timestamp,
        Result<&Turn, &Refusal>,
    ) -> Result<(), TestCaseError>,
) -> Result<(Ticket, Vec<TicketEvent>, Timestamp), TestCaseError> {
    let rules = rules();
    let (mut ticket, mut events) = opening();
    let mut now = begin();
    for step in steps {
        now = now.checked_add_millis(step.gap_ms).unwrap();
        let outcome = carry_out(Some(ticket.clone()), &step.action, step.by, &rules, now);
        look(&ticket, step, now, outcome.as_ref())?;
        if let Ok(turn) = outcome {
            ticket = turn.ticket;
            events.extend(turn.events);
        }
    }
    Ok((ticket, events, now))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn determinism_the_same_commands_at_the_same_times_give_the_same_bytes(steps in steps()) {
        let bytes = |(ticket, events, _): &(Ticket, Vec<TicketEvent>, Timestamp)| {
            serde_json::to_vec(&(ticket, events)).unwrap()
        };
        let (one, other) = (play(&steps, |_, _, _, _| Ok(()))?, play(&steps, |_, _, _, _| Ok(()))?);
        prop_assert_eq!(bytes(&one), bytes(&other));
    }

    #[test]
    fn events_carry_results_to_replay_them_takes_no_rulebook(steps in steps()) {
        let (ticket, events, _) = play(&steps, |_, _, _, _| Ok(()))?;
        let mut replayed = None;
        for event in &events {
            // Through their stored form, since that is what a journal replays.
            let stored = serde_json::to_string(event).unwrap();
            let event: TicketEvent = serde_json::from_str(&stored).unwrap();
            replayed = Some(apply(replayed, &event).unwrap());
        }
        prop_assert_eq!(replayed.as_ref(), Some(&ticket));
        let stored = serde_json::to_string(&ticket).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ticket>(&stored).unwrap(), ticket);
    }

    #[test]
    fn the_alarm_and_the_command_commute(steps in steps()) {
        let rules = rules();
        play(&steps, |ticket, step, now, outcome| {
            let wake = TicketAction::Wake;
            let woken = carry_out(Some(ticket.clone()), &wake, Actor::System, &rules, now).unwrap();
            let then = carry_out(Some(woken.ticket), &step.action, step.by, &rules, now);
            match (outcome, then) {
                (Ok(alone), Ok(then)) => {
                    let both: Vec<_> = woken.events.into_iter().chain(then.events).collect();
                    prop_assert_eq!(&alone.events, &both);
                    prop_assert_eq!(&alone.ticket, &then.ticket);
                }
                (Err(alone), Err(then)) => prop_assert_eq!(alone, &then),
                (alone, then) => prop_assert!(false, "{:?} but {:?}", alone, then),
            }
            Ok(())
        })?;
    }

    #[test]
    fn late_noticing_is_harmless(steps in steps()) {
        let rules = rules();
        let (watched, events, now) = play(&steps, |_, _, _, _| Ok(()))?;
        let mut gap = 0;
        let asleep: Vec<Step> = steps.iter().filter_map(|step| {
            gap += step.gap_ms;
            let is_wake = step.action == TicketAction::Wake;
            (!is_wake).then(|| Step { gap_ms: std::mem::take(&mut gap), ..step.clone() })
        }).collect();
        let (slept, mut slept_events, _) = play(&asleep, |_, _, _, _| Ok(()))?;
        let wake = TicketAction::Wake;
        let last = |ticket| carry_out(Some(ticket), &wake, Actor::System, &rules, now).unwrap();
        let (watched, slept) = (last(watched), last(slept));
        slept_events.extend(slept.events);
        let events: Vec<_> = events.into_iter().chain(watched.events).collect();
        prop_assert_eq!(events, slept_events);
        prop_assert_eq!(watched.ticket, slept.ticket);
    }

    #[test]
    fn progress_after_any_command_nothing_is_overdue(steps in steps()) {
        play(&steps, |_, _, now, outcome| {
            if let Ok(turn) = outcome {
                prop_assert!(turn.ticket.poll_timeout().is_none_or(|next| next > now));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_resolved_ticket_has_no_promise_left_to_keep(steps in steps()) {
        play(&steps, |_, _, _, outcome| {
            if let Ok(Turn { ticket, .. }) = outcome
                && !ticket.status.is_open()
            {
                prop_assert!(ticket.clocks.values().all(|clock| !clock.is_live()));
                prop_assert_eq!(ticket.poll_timeout(), None);
                prop_assert!(ticket.resolved_at.is_some());
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_facts_of_a_ticket_are_dated_in_order(steps in steps()) {
        let (_, events, _) = play(&steps, |_, _, _, _| Ok(()))?;
        prop_assert!(events.is_sorted_by_key(|event| event.at));
    }

    #[test]
    fn totality_no_time_and_no_first_command_panics(
        millis in any::<i64>(), by in actor(), action in action()
    ) {
        if let Some(now) = Timestamp::from_millis(millis) {
            let (ticket, _) = opening();
            let _ = decide(None, &action, by, &rules(), now);
            let _ = decide(Some(&ticket), &action, by, &rules(), now);
        }
    }
}
