//! What questions are answered by, in JSON, where the Rust API has values of its own.
//!
//! What the journal keeps has its shape from there: records, receipts, tickets, articles, parties,
//! effects. Moments are milliseconds since 1970, durations say their unit in their names. What is said
//! here of a field stands in `schema/answers.json`, which hosts of other languages read.

mod brief;
mod failure;
mod journal;
mod knowledge;
mod promise;
mod rules;
#[cfg(test)]
mod schema;
mod screen;
mod ticket;
mod visits;

pub(crate) use brief::brief;
pub(crate) use failure::{Detail, failure, outcome};
pub(crate) use journal::{delivery, head, open_effect, verified};
pub(crate) use knowledge::{article_view, chore, hits, lost_question, results, similar};
pub(crate) use promise::{account, foresight};
pub(crate) use rules::{FindingAnswer, dry_run, findings, rules_in_force, why_not};
pub(crate) use screen::{form, ways};
pub(crate) use ticket::{choice, page, parties, seen, stored, view};
pub(crate) use visits::{deflection, gaps, visit};
