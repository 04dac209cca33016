//! From written triggers to ones that can be relied on.

use std::collections::BTreeMap;

use super::{MAX_PAUSES, Triggers, TriggersSpec};
use crate::condition::finding::Findings;
use crate::condition::{Condition, ConditionError, ConditionSpec, Fields};
use crate::terms::Reason;

/// Checks triggers as they were written.
pub(super) fn build(spec: &TriggersSpec, fields: &Fields) -> Result<Triggers, ConditionError> {
    let mut findings = Findings::default();
    if spec.pause.len() > MAX_PAUSES {
        let problem = format!("{} reasons are more than {MAX_PAUSES}", spec.pause.len());
        findings.add("pause", problem, "join some with `any`");
    }
    let mut pause = BTreeMap::new();
    for (reason, condition) in &spec.pause {
        let path = format!("pause.{reason}");
        if reason.trim().is_empty() {
            findings.add("pause", "a reason has no name", "write one");
        }
        let condition = self::condition(condition, &path, "remove it", fields, &mut findings);
        pause.insert(Reason::from(reason.as_str()), condition);
    }
    let mut optional = |spec: &Option<ConditionSpec>, path| {
        let condition = |spec| condition(spec, path, "remove it", fields, &mut findings);
        spec.as_ref().map(condition)
    };
    let triggers = Triggers {
        resume: optional(&spec.resume, "resume"),
        cancel: optional(&spec.cancel, "cancel"),
        reset: optional(&spec.reset, "reset"),
        start: condition(&spec.start, "start", "write when a clock starts", fields, &mut findings),
        stop: condition(&spec.stop, "stop", "write when it ends", fields, &mut findings),
        pause,
    };
    // Of conditions that are wrong in themselves nobody can tell how they go together.
    if findings.is_empty() {
        check_together(&triggers, &mut findings);
    }
    findings.none_or(triggers)
}

/// A condition of the triggers, or one that is always true in the place of one that is wrong.
fn condition(
    spec: &ConditionSpec,
    path: &str,
    mend: &str,
    fields: &Fields,
    findings: &mut Findings,
) -> Condition {
    if spec.is_empty() {
        findings.add(path, "nothing is asked here, which always holds", mend);
    }
    Condition::build(spec, fields).unwrap_or_else(|error| {
        findings.extend(error.at(path));
        Condition::always()
    })
}

/// Checks what is wrong between conditions that are sound in themselves.
fn check_together(triggers: &Triggers, findings: &mut Findings) {
    let Triggers { start, pause, resume, stop, cancel, reset } = triggers;
    let ends = [("stop", Some(stop)), ("cancel", cancel.as_ref())];
    for (key, end) in ends {
        if end.is_some_and(|end| start.implies(end)) {
            let problem = format!("whenever it holds, `{key}` holds too, and no clock ever runs");
            findings.add("start", problem, format!("narrow `{key}`, or ask for something else"));
        }
    }
    for (reason, pause) in pause {
        let path = format!("pause.{reason}");
        if pause.always_holds() {
            findings.add(path, "it always holds, and no clock ever runs", "narrow it");
        } else if resume.as_ref().is_some_and(|resume| resume.implies(pause)) {
            let problem = format!("it never holds after `{path}`, and the clock never goes on");
            findings.add("resume", problem, format!("widen it, or narrow `{path}`"));
        }
    }
    if pause.is_empty() && resume.is_some() {
        findings.add("resume", "there is no pause for it to end", "write one, or remove it");
    }
    if let Some(reset) = reset {
        if start.holds_at_changes_only() {
            let problem = "it holds at the moment of a change only, and a later `reset` finds it \
                           no more";
            findings.add("start", problem, "ask for what is the case, not for what changed");
        } else if !reset.may_hold_with(start) {
            let problem = "it never holds together with `start`, and nothing begins anew";
            findings.add("reset", problem, "widen `start`, or write it as `cancel`");
        }
    }
}
