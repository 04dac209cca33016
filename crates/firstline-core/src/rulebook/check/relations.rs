//! Whether what is said of tickets that belong together can be meant.

use super::super::authored::RelationsSpec;
use super::super::fields::Own;
use super::super::relations::{IncidentRule, RelationRules};
use super::Findings;
use crate::automation::Template;

pub(super) fn relations(
    spec: &RelationsSpec,
    own: &Own,
    findings: &mut Findings<'_>,
) -> RelationRules {
    let path = "relations.answer";
    let answer = spec.answer.as_ref().and_then(|source| {
        if spec.incidents == IncidentRule::Free {
            let problem =
                "incidents have nothing to do with their problem, and nobody is told this";
            findings.add(path, problem, "remove it, or write `incidents` otherwise");
        }
        if source.trim().is_empty() {
            findings.add(path, "the text is empty", "write one");
            return None;
        }
        let read = Template::read(source, own);
        read.map_err(|(problem, mend)| findings.add(path, problem, mend)).ok()
    });
    RelationRules { parent: spec.parent, incidents: spec.incidents, answer }
}
