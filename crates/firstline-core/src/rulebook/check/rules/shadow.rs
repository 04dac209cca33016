//! Rules that never fire, because one above them always applies first and ends the list.

use super::super::Findings;
use crate::automation::Trigger;
use crate::rulebook::authored::RuleSpec;

/// How many pairs of rules are compared at most. Each takes some microseconds, and somebody waits.
const MAX_PAIRS: usize = 20_000;

/// Reports the triggers that never fire.
///
/// A rule is hidden by one above it that stops, waits for all that it waits for and applies
/// whenever it does: provided that nothing between the two changes the ticket meanwhile.
pub(super) fn check(triggers: &[Trigger], specs: &[RuleSpec], findings: &mut Findings<'_>) {
    let mut pairs = 0;
    for (index, rule) in triggers.iter().enumerate() {
        let hidden_by = triggers[..index].iter().rev().take_while(|above| {
            // What stops and applies lets nobody see what it did; what applied without stopping may
            // have changed what the rule below looks at.
            above.stop || above.deeds.iter().all(crate::automation::Deed::is_errand)
        });
        let hidden_by = hidden_by.filter(|above| above.stop).find(|above| {
            pairs += 1;
            pairs <= MAX_PAIRS && rule.on.is_among(above.on) && rule.when.implies(&above.when)
        });
        if let Some(above) = hidden_by {
            let at = specs.iter().position(|spec| spec.name == rule.name.as_str());
            let path = format!("rules[{}]", at.unwrap_or_default());
            let problem = format!(
                "it never fires: `{}` above it applies to every such ticket, and stops",
                above.name
            );
            findings.add(path, problem, "move it up, or give the other one a narrower `when`");
        }
        if pairs > MAX_PAIRS {
            return;
        }
    }
}
