//! Rules: what is found in them, why one did not fire, what others would have made of the past.

use std::collections::BTreeMap;

use firstline::{
    Deed, Difference, DryRun, Explained, Explanation, Finding, Happening, RuleId, RuleKind,
    Rulebook, Silence, TicketId, Timestamp, WhyNot,
};
use serde::Serialize;

use super::failure::{RefusedAnswer, refused};

/// Something that was found in a rulebook.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct FindingAnswer {
    /// How much it matters: `error`, `warning` or `remark`.
    severity: &'static str,
    /// In which file.
    file: String,
    /// In which line, from 1; 0 if it is in none.
    line: usize,
    /// The path of the key, such as `policies[0].calendar`.
    path: String,
    /// What is wrong.
    problem: String,
    /// What to write instead.
    mend: String,
}

fn finding(finding: &Finding) -> FindingAnswer {
    let Finding { severity, file, line, path, problem, mend } = finding.clone();
    FindingAnswer { severity: severity.as_str(), file, line, path, problem, mend }
}

pub(crate) fn findings(all: &[Finding]) -> Vec<FindingAnswer> {
    all.iter().map(finding).collect()
}

/// The rules in force.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct RulesAnswer {
    /// Their version, from 1.
    version: u32,
    /// What the desk is called.
    name: String,
    /// Their text.
    source: String,
    /// What their author may want to know.
    remarks: Vec<FindingAnswer>,
}

pub(crate) fn rules_in_force(rulebook: &Rulebook, now: Timestamp) -> RulesAnswer {
    RulesAnswer {
        version: rulebook.version(),
        name: rulebook.name().to_owned(),
        source: rulebook.source().to_owned(),
        remarks: findings(&rulebook.remarks(now)),
    }
}

/// Why a rule did not fire upon what last happened to a ticket, or why it did.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct WhyNotAnswer {
    /// Which rule or macro.
    rule: RuleId,
    /// When its turn was that is spoken of.
    at: Timestamp,
    /// What sets it off, and how that stands.
    how: RuleKindAnswer,
    /// Its conditions, of what the rule saw.
    conditions: ConditionAnswer,
    /// What it could not do of what it says, with the reasons, when it last fired.
    skipped: Vec<String>,
    /// All of it in words.
    text: String,
}

/// What sets a rule off, and how that stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum RuleKindAnswer {
    /// By what happens.
    Trigger {
        /// What it waits for; empty for whatever happens.
        on: Vec<&'static str>,
        /// What happened.
        happened: Vec<&'static str>,
        /// Whether it fired.
        fired: bool,
        /// The rule above it that applied and ended the list.
        stopped_by: Option<RuleId>,
    },
    /// By a state that lasts.
    Timed {
        /// How long, in milliseconds of working time.
        after_ms: i64,
        /// When it fires, while it waits for that.
        due: Option<Timestamp>,
        /// Whether it has fired in the present state.
        fired: bool,
        /// Why no timed rule fires on this ticket: it is `closed`, was `merged`, or they have fired there
        /// in `circles`. Null if they do.
        silence: Option<&'static str>,
    },
    /// By an agent.
    Macro,
    /// In a way that this version of the answer has no word for.
    Other,
}

/// A condition, or one of its parts, and whether it held.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ConditionAnswer {
    /// Whether it held.
    holds: bool,
    /// What a clause found; of how many parts a group must hold.
    text: String,
    /// The parts of a group; none for a clause.
    parts: Vec<Self>,
}

pub(crate) fn why_not(why: WhyNot) -> WhyNotAnswer {
    let text = format!("{why:#}");
    let WhyNot { rule, at, kind, conditions, skipped } = why;
    let words = |all: Vec<Happening>| all.into_iter().map(Happening::as_str).collect();
    let how = match kind {
        RuleKind::Trigger { on, happened, fired, stopped_by } => {
            let (on, happened) = (words(on), words(happened));
            RuleKindAnswer::Trigger { on, happened, fired, stopped_by }
        }
        RuleKind::Timed { after, due, fired, silence } => {
            let silence = silence.map(Silence::as_str);
            RuleKindAnswer::Timed { after_ms: after.as_millis(), due, fired, silence }
        }
        RuleKind::Macro => RuleKindAnswer::Macro,
        _ => RuleKindAnswer::Other,
    };
    WhyNotAnswer { rule, at, how, conditions: condition(&conditions), skipped, text }
}

fn condition(explanation: &Explanation) -> ConditionAnswer {
    let holds = explanation.holds;
    match &explanation.made_of {
        Explained::Clause(_) => {
            ConditionAnswer { holds, text: explanation.to_string(), parts: Vec::new() }
        }
        Explained::Group { quota, parts, .. } => {
            let parts = parts.iter().map(condition).collect();
            ConditionAnswer { holds, text: quota.to_string(), parts }
        }
    }
}

/// What other rules would have made of the tickets of the last records.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct DryRunAnswer {
    /// How many tickets were played again.
    tickets: u64,
    /// How many of them would be as they are.
    same: u64,
    /// How many could not be played to the end: they were merged, split, or answered along with
    /// another ticket, or somebody's words were erased from them.
    cut: u64,
    /// The others.
    differences: Vec<DifferenceAnswer>,
}

/// A ticket of which other rules would have made something else.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DifferenceAnswer {
    /// Which.
    ticket: TicketId,
    /// Why it could not even have been opened.
    refused: Option<RefusedAnswer>,
    /// Promises that would stand otherwise at the end.
    verdicts: Vec<VerdictAnswer>,
    /// What else would be otherwise at the end.
    ends: Vec<EndAnswer>,
    /// What the rules did then and would not do.
    no_longer: Vec<DeedAnswer>,
    /// What they would do and did not.
    newly: Vec<DeedAnswer>,
    /// Why commands would be refused that were not.
    commands_refused: Vec<RefusedAnswer>,
}

/// What is otherwise about a ticket, as it is and as it would be.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EndAnswer {
    /// `status`, `line`, `team`, `priority`, `assignee` or `tags`.
    of: &'static str,
    /// How it is.
    is: String,
    /// How it would be.
    would_be: String,
}

/// Something that a ladder, a rule or a macro does.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DeedAnswer {
    /// What, in words.
    what: String,
    /// How many times.
    times: u32,
}

/// A promise, as it stands and as it would stand.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct VerdictAnswer {
    /// Of which clock.
    clock: String,
    /// How it stands.
    is: String,
    /// How it would stand.
    would_be: String,
}

pub(crate) fn dry_run(run: DryRun) -> DryRunAnswer {
    let DryRun { tickets, same, cut, differences } = run;
    let differences = differences.into_iter().map(difference).collect();
    DryRunAnswer { tickets, same, cut, differences }
}

fn difference(difference: Difference) -> DifferenceAnswer {
    let Difference { ticket, rehearsal } = difference;
    let (rehearsal, refused) = match rehearsal {
        Ok(rehearsal) => (rehearsal, None),
        Err(refusal) => (firstline::Rehearsal::default(), Some(refused(refusal))),
    };
    let verdicts = rehearsal.verdicts.into_iter().map(|(clock, (is, would_be))| VerdictAnswer {
        clock: clock.to_string(),
        is,
        would_be,
    });
    let ends =
        rehearsal.ends.into_iter().map(|(of, (is, would_be))| EndAnswer { of, is, would_be });
    let deeds = |deeds: BTreeMap<Deed, u32>| {
        let each = deeds.iter().map(|(deed, times)| (deed.to_string(), *times));
        each.map(|(what, times)| DeedAnswer { what, times }).collect()
    };
    DifferenceAnswer {
        ticket,
        refused,
        verdicts: verdicts.collect(),
        ends: ends.collect(),
        no_longer: deeds(rehearsal.no_longer),
        newly: deeds(rehearsal.newly),
        commands_refused: rehearsal.refused.into_iter().map(self::refused).collect(),
    }
}
