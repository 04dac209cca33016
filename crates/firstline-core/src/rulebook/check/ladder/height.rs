//! How high a ladder has led so far. A ladder only leads up: a step that can lead nowhere from where
//! the steps before it have led is a slip of its author.

use super::super::{Findings, NEXT, known};
use super::Names;
use crate::id::LineId;
use crate::priority::Priority;
use crate::rulebook::policy::LadderAction;
use crate::rulebook::{Duty, Line};

/// How high a ticket has been led at least, wherever it began.
pub(super) struct Height {
    /// The line that it has reached: none, as long as nothing was handed over.
    line: Option<usize>,
    /// Its priority.
    priority: Priority,
    /// How many times it can still be escalated, from the line with the longest way up.
    superiors: usize,
    has_managers: bool,
}

impl Height {
    /// Where every ladder begins.
    pub(super) fn of(names: &Names<'_>) -> Self {
        let managers = names.lines.iter().filter_map(|line| line.manager.as_ref());
        let ways = managers.map(|id| way_up(names.roles, names.roles.iter().find(|r| r.id == *id)));
        let has_managers = ways.clone().next().is_some();
        Self {
            line: None,
            priority: Priority::Low,
            superiors: ways.max().unwrap_or(0),
            has_managers,
        }
    }

    pub(super) fn raise(
        &mut self,
        to: &str,
        path: String,
        findings: &mut Findings<'_>,
    ) -> LadderAction {
        let level = match to {
            NEXT => None,
            to => known("priority", to, Priority::ALL, Priority::as_str, &path, findings),
        };
        let is_unknown = level.is_none() && to != NEXT;
        let next = Priority::ALL.iter().copied().find(|level| *level > self.priority);
        match level.or(next).filter(|level| *level > self.priority) {
            Some(level) => self.priority = level,
            None if is_unknown => {}
            None if self.priority == Priority::Low => {
                let problem = format!("nothing is raised to {to}");
                findings.add(path, problem, "write next, or a higher priority");
            }
            None => {
                let problem = format!("the steps before it have raised it to {}", self.priority);
                findings.add(path, problem, "leave it out, or raise by smaller steps before");
            }
        }
        LadderAction::RaisePriority(level)
    }

    pub(super) fn escalate(&mut self, path: String, findings: &mut Findings<'_>) {
        match self.superiors.checked_sub(1) {
            Some(left) => self.superiors = left,
            None if self.has_managers => {
                let problem = "the steps before it have reached the highest role";
                findings.add(path, problem, "leave it out, or let that role report to another");
            }
            None => {
                let problem = "no line has a manager to escalate to";
                findings.add(path, problem, "give a line its `manager`");
            }
        }
    }

    pub(super) fn hand_over(
        &mut self,
        to: &str,
        path: String,
        lines: &[Line],
        findings: &mut Findings<'_>,
    ) -> LadderAction {
        if to == NEXT {
            let next = self.line.map_or(1, |line| line + 1);
            if lines.len() < 2 {
                findings.add(path, "there is no next line", "write a second line");
            } else if next == lines.len() {
                let problem = "the steps before it have reached the last line";
                findings.add(path, problem, "leave it out, or write another line");
            } else {
                self.line = Some(next);
            }
            return LadderAction::HandOverToNext;
        }
        let Some(at) = lines.iter().position(|line| line.id.as_str() == to) else {
            let known = lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>().join(", ");
            let problem = format!("there is no line `{to}`");
            findings.add(path, problem, format!("write next or {known}"));
            return LadderAction::HandOverTo(LineId::from(to));
        };
        if at == 0 {
            let problem = format!("`{to}` is the first line: nothing is handed up to it");
            findings.add(path, problem, "name a line beyond it");
        } else if let Some(reached) = self.line.filter(|reached| *reached >= at) {
            let reached = &lines[reached].id;
            let problem = format!("the ladder leads in a circle: it reached `{reached}` before");
            findings.add(path, problem, "name a line beyond it");
        }
        self.line = self.line.max(Some(at));
        LadderAction::HandOverTo(LineId::from(to))
    }
}

/// How many roles a way up meets. One that goes in a circle is reported where it does.
fn way_up(roles: &[Duty], first: Option<&Duty>) -> usize {
    let above = |role: &&Duty| {
        let id = role.reports_to.as_ref()?;
        roles.iter().find(|other| other.id == *id)
    };
    std::iter::successors(first, above).take(roles.len()).count()
}
