//! The report on a replay: what the log says beside what the desk's own records say.

use std::collections::BTreeMap;
use std::fmt::Write;

use firstline::{ClockKey, Status, Verified};

use super::desk_count::{DeskCount, Verdicts};
use super::log::{Log, Stage};
use super::log_count::LogCount;
use super::replay::Outcome;
use crate::show::per_second;

/// The report, as plain numbers.
#[must_use]
pub fn report(
    log: &Log,
    in_log: &LogCount,
    in_desk: &DeskCount,
    outcome: &Outcome,
    verified: &Verified,
) -> String {
    let mut report = Report { text: String::new() };
    report.volume(log, in_desk, outcome);
    report.travel(in_log, in_desk);
    report.lines(in_log, in_desk);
    report.states(in_log, in_desk);
    report.waits(in_desk);
    report.promises(in_desk);
    report.refusals(outcome);
    report.end(outcome, verified);
    report.text
}

struct Report {
    text: String,
}

impl Report {
    fn volume(&mut self, log: &Log, in_desk: &DeskCount, outcome: &Outcome) {
        self.head("volume", &["log", "desk"]);
        self.row("incidents", &[Some(log.incidents.len()), Some(in_desk.incidents)]);
        self.row("events", &[Some(log.steps.len()), Some(in_desk.events)]);
        let refused = in_desk.refused.values().sum();
        self.row("events refused, with a command at least", &[None, Some(refused)]);
        self.row("tickets", &[None, Some(in_desk.tickets)]);
        self.row("  of them follow-ups of a closed one", &[None, Some(outcome.follow_ups)]);
        self.row("commands issued", &[None, Some(outcome.commands)]);
        self.row("  of them known from an earlier run", &[None, Some(outcome.known)]);
        self.row("records out", &[None, Some(in_desk.records)]);
        self.row("  of them by alarms, in this run", &[None, Some(outcome.alarm_records)]);
    }

    fn travel(&mut self, in_log: &LogCount, in_desk: &DeskCount) {
        let (log, desk) = (&in_log.travel, &in_desk.travel);
        self.head("ways of the incidents", &["log", "desk"]);
        self.row("only on line 1", &[Some(log.only_first_line), Some(desk.only_first_line)]);
        self.row("more than one team", &[Some(log.changed_team), Some(desk.changed_team)]);
        self.row(
            "with ping-pong (team A, B, A)",
            &[Some(log.ping_pong_incidents), Some(desk.ping_pong_incidents)],
        );
        self.row("ping-pongs", &[Some(log.ping_pongs), Some(desk.ping_pongs)]);
        self.row("reopened", &[Some(in_log.reopened), Some(in_desk.reopened)]);
        for (name, count) in [
            ("reopened, by the log's counter", in_log.reopened_by_counter),
            ("reassigned, by the log's counter", in_log.reassigned_by_counter),
            ("made_sla false at the end", in_log.made_sla_false),
        ] {
            if count.is_some() {
                self.row(name, &[count, None]);
            }
        }
    }

    fn lines(&mut self, in_log: &LogCount, in_desk: &DeskCount) {
        let columns = ["log", "desk", "opened", "handed to", "within"];
        self.head("lines: incidents reached, arrivals", &columns);
        for (line, arrivals) in &in_desk.arrivals {
            self.row(
                line.as_str(),
                &[
                    Some(in_log.travel.reached.get(line).copied().unwrap_or_default()),
                    Some(in_desk.travel.reached.get(line).copied().unwrap_or_default()),
                    Some(arrivals.opened),
                    Some(arrivals.from_other_lines),
                    Some(arrivals.within),
                ],
            );
        }
    }

    fn states(&mut self, in_log: &LogCount, in_desk: &DeskCount) {
        self.head("states by event", &["log", "desk", "refused"]);
        for (key @ (stage, word), count) in &in_log.words {
            let agreed = in_desk.agreed.get(key).copied().unwrap_or_default();
            let refused = in_desk.refused.get(key).copied().unwrap_or_default();
            let name = format!("{word} = {}", stage_name(*stage));
            self.row(&name, &[Some(*count), Some(agreed), Some(refused)]);
        }
    }

    fn waits(&mut self, in_desk: &DeskCount) {
        self.head("waits that began", &["desk"]);
        for ((status, hold), count) in &in_desk.waits {
            let name = match hold {
                Some(reason) => format!("{status}, {reason:?}"),
                None => status.to_string(),
            };
            self.row(&name.to_lowercase(), &[Some(*count)]);
        }
    }

    fn promises(&mut self, in_desk: &DeskCount) {
        self.head("promises", &["met", "missed", "cancelled", "live"]);
        let mut by_metric: BTreeMap<&ClockKey, Verdicts> = BTreeMap::new();
        for ((metric, _), verdicts) in &in_desk.promises.verdicts {
            by_metric.entry(metric).or_default().add(verdicts);
        }
        for (metric, Verdicts { met, missed, cancelled, live }) in by_metric {
            let counts = [Some(met), Some(missed), Some(cancelled), Some(live)];
            self.row(&metric.to_string(), &counts);
        }
        self.row("warnings", &[Some(in_desk.promises.warnings)]);
        self.row("breaches", &[Some(in_desk.promises.breaches)]);
    }

    fn refusals(&mut self, outcome: &Outcome) {
        self.head("commands refused", &["desk"]);
        for (reason, count) in &outcome.refused {
            self.row(reason, &[Some(*count)]);
        }
        self.row("all", &[Some(outcome.refused.values().sum())]);
    }

    fn end(&mut self, outcome: &Outcome, verified: &Verified) {
        // What an earlier run has done costs next to nothing, and is no measure.
        let commands = outcome.commands - outcome.known;
        let seconds = outcome.elapsed.as_secs_f64();
        let speed = per_second(commands, outcome.elapsed);
        self.say(format_args!(
            "\nspeed: {commands} commands in {seconds:.1} s, {speed} commands/s, on disk"
        ));
        let Verified { records, streams, hash } = verified;
        self.say(format_args!("verified: {records} records, {streams} streams, hash {hash}"));
    }

    fn head(&mut self, name: &str, columns: &[&str]) {
        let columns: String = columns.iter().map(|column| format!("{column:>11}")).collect();
        self.say(format_args!("\n{name:<44}{columns}"));
    }

    fn row(&mut self, name: &str, counts: &[Option<usize>]) {
        let count = |count: &Option<usize>| count.map_or("-".to_owned(), |count| count.to_string());
        let counts: String = counts.iter().map(|it| format!("{:>11}", count(it))).collect();
        let name = format!("  {name}");
        // A long name pushes the numbers on, but not into itself.
        let width = 44.max(name.chars().count());
        self.say(format_args!("{name:<width$}{counts}"));
    }

    fn say(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("a string takes everything");
    }
}

impl Verdicts {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.met += other.met;
        self.missed += other.missed;
        self.cancelled += other.cancelled;
        self.live += other.live;
    }
}

fn stage_name(stage: Stage) -> String {
    match stage {
        Stage::Queued => "queued".to_owned(),
        Stage::Active => Status::Open.to_string(),
        Stage::Pending => Status::Pending.to_string(),
        Stage::OnHold(reason) => format!("{}, {reason:?}", Status::OnHold).to_lowercase(),
        Stage::Resolved => Status::Resolved.to_string(),
        Stage::Closed => Status::Closed.to_string(),
        Stage::Unclear => "a note".to_owned(),
    }
}
