//! Which team stands on which line, and the rulebook of a desk for a log.

use std::collections::BTreeMap;
use std::fmt::Write;

use firstline::{LineId, TeamId};

use super::log::{Kind, Log};
use super::log_count::visits;

/// A group on the first line gets at least so many percent of what reaches it as new incidents.
const FIRST_LINE_PERCENT: usize = 60;

/// A group on the third line gets fewer percent than this as new incidents.
const THIRD_LINE_PERCENT: usize = 25;

/// The teams of a log by line, for a log that knows no lines: where an incident begins is the first
/// line, and where hardly any begins is the third.
#[must_use]
pub fn lines_by_arrivals(log: &Log) -> BTreeMap<TeamId, LineId> {
    let mut arrivals: BTreeMap<TeamId, (usize, usize)> = BTreeMap::new();
    for steps in log.by_incident() {
        let teams = visits(steps.iter().map(|step| step.team.as_ref()));
        for (nth, team) in teams.into_iter().enumerate() {
            let (new, all) = arrivals.entry(team.clone()).or_default();
            *new += usize::from(nth == 0);
            *all += 1;
        }
    }
    let line = |(new, all): (usize, usize)| match new * 100 / all {
        FIRST_LINE_PERCENT.. => "L1",
        THIRD_LINE_PERCENT.. => "L2",
        _ => "L3",
    };
    arrivals.into_iter().map(|(team, counts)| (team, LineId::from(line(counts)))).collect()
}

/// The rulebook of a desk with the teams of this log, as people write it.
///
/// Its ladders hand nothing over: in a replay that is what the people of the log did.
#[must_use]
pub fn rulebook(log: &Log) -> String {
    let (name, zone, known_lines, teams) = match log.kind {
        Kind::ServiceNow => {
            ("ServiceNow", "America/Sao_Paulo", &["L1", "L2", "L3"][..], lines_by_arrivals(log))
        }
        // All times in this log are an hour ahead of UTC, in summer too.
        Kind::Volvo => ("Volvo IT", "Etc/GMT-1", &["L1", "L2", "L2-3", "L3"][..], lines_of(log)),
    };
    let mut text = format!(
        r#"name = "{name}"

[calendars.office]
time_zone = "{zone}"
weekly = {{ mon-fri = ["08:00-18:00"] }}

"#
    );
    for line in known_lines {
        let teams = teams.iter().filter(|(_, of)| of.as_str() == *line);
        let teams: Vec<String> = teams.map(|(team, _)| quoted(team.as_str())).collect();
        writeln!(text, "[[lines]]\nid = \"{line}\"\nteams = [{}]\n", teams.join(", "))
            .expect("a string takes everything");
    }
    text.push_str(POLICY);
    text
}

/// The same with fifty rules that go at every ticket. They leave to the people of the log what becomes
/// of it.
#[must_use]
pub fn with_fifty_rules(rulebook: &str) -> String {
    // A list on its own stands before the first table.
    format!("{FIFTY_RULES}\n{rulebook}")
}

const FIFTY_RULES: &str = include_str!("../data/fifty_rules.toml");

/// What is promised in a replay.
const POLICY: &str = r#"[[policies]]
name = "incidents"
calendar = "office"

[policies.targets.first_reply]
within = { critical = "30m", high = "1h", medium = "4h", low = "10h" }
warn_at = [75]

[policies.targets.next_reply]
within = { critical = "1h", high = "4h", medium = "10h", low = "20h" }
warn_at = [75]

[policies.targets.resolution]
within = { critical = "5h", high = "10h", medium = "30h", low = "50h" }
warn_at = [50, 80]
pause_on = ["pending"]
"#;

/// The teams of a log that says on which line each of them stands.
fn lines_of(log: &Log) -> BTreeMap<TeamId, LineId> {
    let pairs = log.steps.iter().filter_map(|step| Some((step.team.clone()?, step.line.clone()?)));
    pairs.collect()
}

/// A name as a TOML string.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
