use std::collections::BTreeMap;

use super::{Builder, Pattern, StateId, Timeline};

/// The timeline on which, at every moment, what holds on both others decides what holds.
pub(crate) fn merge(lines: [&Timeline; 2], state: impl Fn([StateId; 2]) -> StateId) -> Timeline {
    let [first, second] = lines;
    let mut builder = Builder::default();
    let mut known = BTreeMap::new();
    let (mut i, mut j) = (0, 0);
    while i < first.segments.len() && j < second.segments.len() {
        let parts = [&first.segments[i], &second.segments[j]];
        let pattern = *known.entry(parts.map(|part| part.pattern)).or_insert_with(|| {
            let weeks = [first.pattern_of(parts[0]), second.pattern_of(parts[1])];
            builder.pattern(merge_weeks(weeks, &state))
        });
        builder.push(first.starts[i].max(second.starts[j]), pattern);
        // The segment that ends first gives way to its successor; both do when they end together.
        let ends = [first.end_of(i), second.end_of(j)];
        i += usize::from(ends[0] <= ends[1]);
        j += usize::from(ends[1] <= ends[0]);
    }
    builder.finish()
}

fn merge_weeks(
    patterns: [&Pattern; 2],
    state: impl Fn([StateId; 2]) -> StateId,
) -> Vec<(u32, StateId)> {
    let mut phases: Vec<u32> =
        patterns.iter().flat_map(|pattern| pattern.changes().map(|(phase, _)| phase)).collect();
    phases.sort_unstable();
    phases.dedup();
    let state_at = |phase: u32| state(patterns.map(|pattern| pattern.state_at(i64::from(phase))));
    phases.into_iter().map(|phase| (phase, state_at(phase))).collect()
}
