//! What questions are answered by, in JSON, where the Rust API has values of its own.
//!
//! What the journal keeps has its shape from there: records, receipts, tickets, articles, parties,
//! effects. Moments are milliseconds since 1970, durations say their unit in their names.

mod journal;
mod knowledge;
mod promise;
mod ticket;

use firstline::{Finding, Rulebook, Timestamp};
use serde::Serialize;

pub(crate) use journal::{delivery, head, open_effect, verified};
pub(crate) use knowledge::{hit, results, similar};
pub(crate) use promise::{account, brief};
pub(crate) use ticket::{page, parties, stored, view};

/// Something that was found in a rulebook.
#[derive(Serialize)]
pub(crate) struct FindingAnswer<'a> {
    severity: &'static str,
    file: &'a str,
    line: usize,
    path: &'a str,
    problem: &'a str,
    mend: &'a str,
}

pub(crate) fn finding(finding: &Finding) -> FindingAnswer<'_> {
    let Finding { severity, file, line, path, problem, mend } = finding;
    FindingAnswer { severity: severity.as_str(), file, line: *line, path, problem, mend }
}

pub(crate) fn findings(all: &[Finding]) -> Vec<FindingAnswer<'_>> {
    all.iter().map(finding).collect()
}

/// The rules in force.
#[derive(Serialize)]
pub(crate) struct RulesAnswer {
    version: u32,
    name: String,
    source: String,
    remarks: Vec<String>,
}

pub(crate) fn rules_in_force(rulebook: &Rulebook, now: Timestamp) -> RulesAnswer {
    RulesAnswer {
        version: rulebook.version(),
        name: rulebook.name().to_owned(),
        source: rulebook.source().to_owned(),
        remarks: rulebook.remarks(now).iter().map(ToString::to_string).collect(),
    }
}
