//! How high a ladder has led so far. A ladder only leads up: a step that can lead nowhere from where
//! the steps before it have led is a slip of its author.

use super::super::{Findings, NEXT, known};
use super::Names;
use crate::id::{LineId, RoleId};
use crate::priority::Priority;
use crate::rulebook::policy::LadderAction;
use crate::rulebook::{Duty, Line};

/// How high a ticket has been led at least, wherever it began.
pub(super) struct Height {
    /// The line that it has reached: none, as long as nothing was handed over.
    line: Option<usize>,
    /// Its priority.
    priority: Priority,
    /// How many times it can still be escalated, once it was.
    superiors: Option<usize>,
}

impl Height {
    /// Where every ladder begins.
    pub(super) const fn start() -> Self {
        Self { line: None, priority: Priority::Low, superiors: None }
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

    /// The first escalation reaches the manager of the line that has the ticket then: one of those
    /// that were reached, or beyond. The others go on from there.
    pub(super) fn escalate(
        &mut self,
        path: String,
        names: &Names<'_>,
        findings: &mut Findings<'_>,
    ) {
        let beyond = &names.lines[self.line.unwrap_or(0).min(names.lines.len())..];
        let managers = beyond.iter().filter_map(|line| line.manager.as_ref());
        let role = |id: &RoleId| names.roles.iter().find(|role| role.id == *id);
        let longest = || managers.map(|id| way_up(names.roles, role(id))).max().unwrap_or(0);
        let is_first = self.superiors.is_none();
        let superiors = self.superiors.unwrap_or_else(longest);
        self.superiors = Some(superiors.saturating_sub(1));
        if superiors > 0 {
            return;
        }
        match (is_first, self.line) {
            (false, _) => {
                let problem = "the steps before it have reached the highest role";
                findings.add(path, problem, "leave it out, or let that role report to another");
            }
            (true, Some(_)) => {
                let problem = "no line that the ticket can be on by then has a manager";
                findings.add(
                    path,
                    problem,
                    "give one its `manager`, or escalate before it is handed over",
                );
            }
            (true, None) => {
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
