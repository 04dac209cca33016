use std::collections::BTreeMap;

use super::{Builder, Pattern, StateId, Timeline};

/// The timeline on which, at every moment, what holds on both others decides what holds.
pub(crate) fn merge(lines: [&Timeline; 2], state: impl Fn([StateId; 2]) -> StateId) -> Timeline {
    let [first, second] = lines.map(|line| &*line.segments);
    let mut builder = Builder::default();
    let mut known = BTreeMap::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(this), Some(other)) = (first.get(i), second.get(j)) {
        let pattern = *known.entry((this.pattern, other.pattern)).or_insert_with(|| {
            let patterns = [lines[0].pattern_of(this), lines[1].pattern_of(other)];
            builder.pattern(merge_weeks(patterns, &state))
        });
        builder.push(this.start.max(other.start), pattern);
        // The segment that ends first gives way to its successor; both do when they end together.
        let ends = [first.get(i + 1), second.get(j + 1)].map(|next| next.map(|next| next.start));
        match ends {
            [Some(end), Some(other_end)] => {
                i += usize::from(end <= other_end);
                j += usize::from(other_end <= end);
            }
            [Some(_), None] => i += 1,
            [None, _] => j += 1,
        }
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
