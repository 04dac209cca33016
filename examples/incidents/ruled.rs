//! What holds when fifty rules go at every ticket of a real log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use firstline::{Desk, Event, FixedTime, Rulebook, TicketFact};

use super::{Log, Outcome, replay, rulebook, with_fifty_rules};

/// How many incidents are replayed unless somebody names a log of their own.
const USUAL: usize = 150;

/// The first of the incidents of the examples, or the whole of the log that `FIRSTLINE_LOG` names.
fn log() -> Log {
    if let Some(path) = std::env::var_os("FIRSTLINE_LOG") {
        return Log::open(Path::new(&path)).unwrap_or_else(|error| panic!("{error}"));
    }
    let mut log = crate::sample::log().unwrap();
    log.incidents.truncate(USUAL);
    log.steps.retain(|step| step.incident < USUAL);
    log
}

fn replayed(log: &Log, rulebook: &str) -> (Desk, Outcome) {
    let rulebook = Rulebook::from_toml(rulebook, "rulebook");
    let rulebook = rulebook.unwrap_or_else(|error| panic!("{error}"));
    let desk = Desk::in_memory_with_time(rulebook, FixedTime(log.steps[0].at)).unwrap();
    let outcome = replay(&desk, log, |_| {}).unwrap();
    (desk, outcome)
}

#[test]
fn real_incidents_go_their_way_under_fifty_rules() {
    let log = log();
    let plain = rulebook(&log);
    let (_, without) = replayed(&log, &plain);
    let ruled = with_fifty_rules(&plain);
    let (desk, with) = replayed(&log, &ruled);
    // Every command is carried out, or refused by name; and none for the sake of these rules, which
    // label, tell, ask and remind.
    assert_eq!((with.commands, &with.refused), (without.commands, &without.refused));
    assert!(with.refused.keys().all(|why| !why.is_empty()));

    let mut fired: BTreeMap<String, usize> = BTreeMap::new();
    let mut of_command = (None, BTreeSet::new());
    let mut after = 0;
    loop {
        let records = desk.records(after, 1_000).unwrap();
        let Some(last) = records.last() else { break };
        after = last.seq;
        for record in &records {
            if of_command.0 != record.command {
                of_command = (record.command, BTreeSet::new());
            }
            let Event::Ticket(event) = &record.event else { continue };
            match &event.fact {
                TicketFact::RuleFired { rule, by_itself, .. } => {
                    *fired.entry(rule.to_string()).or_default() += 1;
                    // What became true by itself is another matter each time.
                    let is_first = *by_itself || of_command.1.insert(rule.clone());
                    assert!(is_first, "`{rule}` fires twice at {:?}", record.command);
                }
                TicketFact::RuleSkipped { rule, deed, why } => {
                    panic!("`{rule}` does not {deed}: {why}");
                }
                TicketFact::RulesStopped { .. } => panic!("rules go round in circles"),
                _ => {}
            }
        }
    }
    let times: usize = fired.values().sum();
    println!(
        "{} of {} rules fired {times} times at {} commands on {} real incidents",
        fired.len(),
        desk.rulebook().rules().count(),
        with.commands,
        log.incidents.len()
    );
    assert!(fired.len() >= 20 && times > log.incidents.len(), "{fired:?}");

    let verified = desk.verify().unwrap();
    let (again, _) = replayed(&log, &ruled);
    assert_eq!(again.verify().unwrap(), verified, "the same commands give the same bytes");
}
