//! What can never hold, told by the fewest clauses that stand against each other.

use super::finding::Findings;
use super::logic::{Wish, may_hold};
use super::{Group, Node, Quota};

/// Reports what can never hold: the whole, or one of several alternatives.
pub(super) fn contradictions(root: &Node, findings: &mut Findings) {
    let parts = conjunction(root);
    if may_hold(&wishes(&parts)) {
        alternatives(&parts, 0, findings);
    } else {
        blame(&parts, findings);
    }
}

/// The parts that must all hold for the node to hold.
fn conjunction(node: &Node) -> Vec<&Node> {
    match node {
        Node::Group(Group { quota: Quota::All, parts, .. }) => {
            parts.iter().flat_map(conjunction).collect()
        }
        _ => vec![node],
    }
}

fn wishes<'c>(parts: &[&'c Node]) -> Vec<Wish<'c>> {
    parts.iter().map(|part| (*part, true)).collect()
}

/// Reports the alternatives that can never hold beside the other parts, among those from `first` on.
fn alternatives(parts: &[&Node], first: usize, findings: &mut Findings) {
    for (index, part) in parts.iter().enumerate().skip(first) {
        let Node::Group(group) = part else {
            continue;
        };
        for alternative in &group.parts {
            // What is excluded stands for itself: that it is excluded twice does no harm.
            if group.quota == Quota::None {
                contradictions(alternative, findings);
                continue;
            }
            let (together, own) = beside(parts, index, alternative);
            if may_hold(&wishes(&together)) {
                alternatives(&together, own, findings);
            } else {
                blame(&together, findings);
            }
        }
    }
}

/// The parts with one alternative in the place of the choice at `index`, and where its own begin.
fn beside<'c>(parts: &[&'c Node], index: usize, alternative: &'c Node) -> (Vec<&'c Node>, usize) {
    let mut together = parts.to_vec();
    together.remove(index);
    let own = together.len();
    together.extend(conjunction(alternative));
    (together, own)
}

/// Reports why these parts can never hold at once, by the fewest of them that cannot.
fn blame(parts: &[&Node], findings: &mut Findings) {
    let mut fewest = parts.to_vec();
    let mut index = 0;
    while index < fewest.len() {
        let mut fewer = fewest.clone();
        fewer.remove(index);
        if may_hold(&wishes(&fewer)) {
            index += 1;
        } else {
            fewest = fewer;
        }
    }
    let is_choice = |part: &&Node| matches!(part, Node::Group(group) if group.quota == Quota::Any);
    let mut choices = fewest.iter().enumerate().filter(|(_, part)| is_choice(part));
    if let (Some((index, Node::Group(group))), None) = (choices.next(), choices.next()) {
        for alternative in &group.parts {
            blame(&beside(&fewest, index, alternative).0, findings);
        }
        return;
    }
    let told: Vec<String> = fewest.iter().map(|part| describe(part)).collect();
    let mend = if told.len() > 1 { "change or remove one of them" } else { "change or remove it" };
    let path = fewest.last().map_or("", |part| part.path());
    findings.add(path, format!("this can never hold: {}", told.join(" and ")), mend);
}

fn describe(node: &Node) -> String {
    match node {
        Node::Clause(clause) => clause.to_string(),
        Node::Group(group) => format!("`{}`", group.path),
    }
}
