//! What went wrong, and what came of each of several commands.

use firstline::{Receipt, Refusal};
use serde::Serialize;

use super::FindingAnswer;
use crate::error::Failure;
use crate::status::fl_responsible;

/// What went wrong.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct FailureAnswer<'a> {
    /// The status that the call returned.
    status: i32,
    /// Its name, such as `refused`.
    name: &'static str,
    /// Who must act: `caller`, `author` of the rulebook, `operator` of the disk, `library`.
    responsible: &'static str,
    /// What went wrong, for people.
    message: &'a str,
    /// What there is to know beside that.
    detail: &'a Detail,
}

/// What there is to know of a failure, as far as it is known.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub(crate) struct Detail {
    /// What sort of failure it is, such as `ticket_closed`; the name of the status if there is no other
    /// word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The refusal itself, with what was found and what would be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<Refusal>,
    /// The argument that cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) argument: Option<String>,
    /// Where in the JSON, such as `action.reply.text`; or which file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// In which line of the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    /// In which column of the line, or at which letter of a filter, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
    /// From which byte on a text is not UTF-8, or a filter cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) byte: Option<usize>,
    /// Where the part of a filter ends that cannot be read: the byte behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) byte_end: Option<usize>,
    /// The record that is damaged, or the first that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<u64>,
    /// The version that the command expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<u64>,
    /// The version that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actual: Option<u64>,
    /// What is wrong with a rulebook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<FindingAnswer>,
}

pub(crate) fn failure(failure: &Failure) -> FailureAnswer<'_> {
    let Failure { status, message, detail } = failure;
    let responsible = match status.responsible() {
        fl_responsible::Nobody => "nobody",
        fl_responsible::Caller => "caller",
        fl_responsible::Author => "author",
        fl_responsible::Operator => "operator",
        fl_responsible::Library => "library",
    };
    FailureAnswer { status: *status as i32, name: status.name(), responsible, message, detail }
}

/// A command that a rule of the desk is against.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct RefusedAnswer {
    /// The status that `fl_desk_execute` would have returned.
    status: i32,
    /// What sort of refusal it is, such as `ticket_closed`.
    kind: String,
    /// Why, for people.
    message: String,
    /// The refusal itself, with what was found and what would be allowed.
    refusal: Option<Refusal>,
}

pub(crate) fn refused(refusal: Refusal) -> RefusedAnswer {
    let Failure { status, message, detail } = refusal.into();
    let Detail { kind, refusal, .. } = *detail;
    RefusedAnswer { status: status as i32, kind: kind.unwrap_or_default(), message, refusal }
}

/// What came of one command among several.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutcomeAnswer {
    /// It was carried out.
    Receipt(Receipt),
    /// It was not, and changed nothing.
    Refused(RefusedAnswer),
}

pub(crate) fn outcome(outcome: Result<Receipt, Refusal>) -> OutcomeAnswer {
    outcome.map_or_else(|refusal| OutcomeAnswer::Refused(refused(refusal)), OutcomeAnswer::Receipt)
}
