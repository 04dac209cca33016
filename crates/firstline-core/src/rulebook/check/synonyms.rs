//! Groups of words that mean the same: whether a search can go by them.

use std::collections::BTreeSet;

use super::Findings;
use crate::stop_words::StopWords;

/// A group of synonyms has two that can be searched for.
pub(super) fn synonyms(groups: &[Vec<String>], findings: &mut Findings<'_>) {
    let stop_words = StopWords::new();
    for (group, number) in groups.iter().zip(0..) {
        let path = format!("synonyms[{number}]");
        let all: BTreeSet<String> = group.iter().map(|it| it.trim().to_lowercase()).collect();
        let (idle, telling): (Vec<&str>, Vec<&str>) =
            all.iter().map(String::as_str).partition(|it| stop_words.are_all_of(it));
        if let Some(empty) = group.iter().find(|it| !it.contains(char::is_alphanumeric)) {
            let problem = format!("`{empty}` has no word in it");
            findings.add(&path, problem, "write one, or leave it out");
        } else if all.len() < 2 {
            let problem = "a group of one word says nothing";
            findings.add(&path, problem, "write what means the same beside it");
        } else if telling.len() < 2 {
            let idle = idle.join("`, `");
            let problem = format!("searches leave out `{idle}`, and this group finds nothing more");
            findings.warn(&path, problem, "write words that say what a text is about");
        }
    }
}
