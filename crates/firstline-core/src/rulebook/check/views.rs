//! Whether each view can be read, and names what is there.

use std::collections::BTreeSet;

use super::super::authored::ViewSpec;
use super::super::{Line, View};
use super::ladder::Names;
use super::{Findings, Standing};
use crate::filter::{self, Asking, TicketFilter};
use crate::id::AgentId;
use firstline_sla::Timestamp;

pub(super) fn views(
    specs: &[ViewSpec],
    names: &Names<'_>,
    standing: Standing,
    findings: &mut Findings<'_>,
) -> Vec<View> {
    let lines = names.lines;
    // Whoever asks later, and when: what is read now is not kept.
    let some_day = Timestamp::from_millis(0).unwrap_or(Timestamp::MAX);
    let asking = Asking { me: Some(AgentId(1)), ..Asking::at(some_day) };
    let mut taken = BTreeSet::new();
    for (index, ViewSpec { name, filter }) in specs.iter().enumerate() {
        let path = format!("views[{index}]");
        if name.trim().is_empty() {
            findings.add(format!("{path}.name"), "the view has no name", "write one");
        } else if !taken.insert(name) {
            let problem = format!("there are two views `{name}`");
            findings.add(format!("{path}.name"), problem, "rename one");
        }
        let path = format!("{path}.filter");
        match filter::read_with(filter, &asking, names.own) {
            Ok(asked) => {
                check_names(&asked.filter, &path, lines, findings);
                let states = asked.filter.all_states();
                for state in states.into_iter().filter(|it| !names.statuses.contains(it)) {
                    let known = names.statuses.iter().copied().collect::<Vec<_>>().join(", ");
                    let problem = format!("no lifecycle has a status `{state}`");
                    findings.add(path.as_str(), problem, format!("write one of {known}"));
                }
            }
            Err(error) => {
                let problem = format!("at {}: {}", error.at.start + 1, error.problem);
                match standing {
                    Standing::Proposed => findings.add(path, problem, error.mend),
                    // What was taken for words before is told whoever opens the view.
                    Standing::Recalled => findings.warn(&path, problem, &error.mend),
                }
            }
        }
    }
    let view =
        |ViewSpec { name, filter }: &ViewSpec| View { name: name.clone(), filter: filter.clone() };
    specs.iter().map(view).collect()
}

/// A line or team that is not there makes a view that is always empty.
fn check_names(filter: &TicketFilter, path: &str, lines: &[Line], findings: &mut Findings<'_>) {
    let known: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    for line in filter.lines.iter().filter(|line| !known.contains(&line.as_str())) {
        let mend = format!("write one of {}", known.join(", "));
        findings.add(path, format!("there is no line `{line}`"), mend);
    }
    let teams = || lines.iter().flat_map(|line| &line.teams);
    for team in filter.teams.iter().flatten().filter(|team| !teams().any(|known| known == *team)) {
        let known = teams().map(|team| team.as_str()).collect::<Vec<_>>().join(", ");
        let mend = match known.as_str() {
            "" => "leave it out: no line has teams".to_owned(),
            known => format!("write none, or one of {known}"),
        };
        findings.add(path, format!("there is no team `{team}`"), mend);
    }
    for none in &filter.none {
        check_names(none, path, lines, findings);
    }
}
