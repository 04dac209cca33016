//! Rules that never fire, because what they wait for happens to no ticket of this desk, or to none that
//! is as they ask.

use firstline_sla::{Condition, ConditionSpec, Fields};

use super::super::Findings;
use crate::automation::{Automation, Deed, Happening, Happenings};
use crate::routing::Routing;
use crate::rulebook::Line;
use crate::rulebook::authored::RuleSpec;
use crate::rulebook::fields::{self, Own};
use crate::rulebook::policy::{LadderAction, Policy, Target};

/// What a rulebook says beside its rules, as far as it makes something happen.
pub(in crate::rulebook::check) struct Elsewhere<'e> {
    pub(in crate::rulebook::check) lines: &'e [Line],
    pub(in crate::rulebook::check) own: &'e Own,
    pub(in crate::rulebook::check) policies: &'e [Vec<Policy>; 3],
    pub(in crate::rulebook::check) promises: &'e Target,
    pub(in crate::rulebook::check) routing: &'e Routing,
}

/// Reports the triggers that nothing sets off, be it because it does not happen or because no ticket is
/// then as they ask.
pub(in crate::rulebook::check) fn never_fire(
    automation: &Automation,
    specs: &[RuleSpec],
    elsewhere: &Elsewhere<'_>,
    findings: &mut Findings<'_>,
) {
    never_set_off(automation, specs, elsewhere, findings);
    never_fulfilled(automation, specs, elsewhere, findings);
}

/// Reports the triggers that wait only for what happens to no ticket.
fn never_set_off(
    automation: &Automation,
    specs: &[RuleSpec],
    elsewhere: &Elsewhere<'_>,
    findings: &mut Findings<'_>,
) {
    for rule in &automation.triggers {
        let mut whys = Vec::new();
        for happening in rule.on.each() {
            match elsewhere.why_never(happening, automation) {
                Some(why) => whys.push(why),
                None => {
                    whys.clear();
                    break;
                }
            }
        }
        if let Some((problem, mend)) = whys.first() {
            let at = specs.iter().position(|spec| spec.name == rule.name.as_str());
            let path = format!("rules[{}].on", at.unwrap_or_default());
            findings.add(path, format!("it never fires: {problem}"), *mend);
        }
    }
}

/// Warns of the triggers whose condition contradicts what they wait for. What a rule above them does to
/// a ticket before they look at it is no contradiction.
fn never_fulfilled(
    automation: &Automation,
    specs: &[RuleSpec],
    elsewhere: &Elsewhere<'_>,
    findings: &mut Findings<'_>,
) {
    let fields = fields::of_rules(elsewhere.lines, elsewhere.own, true);
    let mut may_have_moved = false;
    for rule in &automation.triggers {
        let is_known = |happening| may_be(happening, &rule.when, &fields, may_have_moved);
        let never = rule.on != Happenings::ANY && !rule.on.each().any(is_known);
        if never {
            let at = specs.iter().position(|spec| spec.name == rule.name.as_str());
            let path = format!("rules[{}].when", at.unwrap_or_default());
            let on = rule.on.each().map(Happening::as_str).collect::<Vec<_>>().join(" or ");
            let problem = format!("it never fires: upon {on} no ticket is like this");
            findings.warn(&path, problem, "change the condition, or what it waits for in `on`");
        }
        may_have_moved |= rule.deeds.iter().any(Deed::may_move);
    }
}

/// Whether a ticket may fulfil a condition just when this happens to it.
fn may_be(happening: Happening, when: &Condition, fields: &Fields, may_have_moved: bool) -> bool {
    let is = match happening {
        Happening::Opened => "status = \"new\"",
        Happening::Held => "status = [\"new\", \"open\"]",
        Happening::Rated => "status = [\"resolved\", \"closed\"]",
        Happening::Snoozed => "none = [{ status = [\"resolved\", \"closed\"] }]",
        _ => return true,
    };
    let is = if may_have_moved { "" } else { is };
    let spec: ConditionSpec = toml::from_str(is).expect("it is written as conditions are");
    let is = Condition::build(&spec, fields).expect("rules can ask for statuses");
    match happening {
        Happening::Opened => when.may_begin_with(&is),
        _ => when.may_hold_with(&is),
    }
}

impl Elsewhere<'_> {
    /// Why something happens to no ticket, and what would make it happen.
    fn why_never(
        &self,
        happening: Happening,
        automation: &Automation,
    ) -> Option<(&'static str, &'static str)> {
        let does = |is: fn(&LadderAction) -> bool| {
            self.targets().any(|target| target.ladder.iter().flatten().any(is))
        };
        let (happens, problem, mend) = match happening {
            Happening::PageUnanswered => (
                does(|action| matches!(action, LadderAction::Page(_))),
                "no ladder pages anybody",
                "write `page` in a step of a ladder, or remove the rule",
            ),
            Happening::Escalated => (
                does(|action| *action == LadderAction::Escalate)
                    && self.lines.iter().any(|line| line.manager.is_some()),
                "no ladder escalates from a line that has a manager",
                "write `escalate` in a step of a ladder and `manager` in a line, or remove the rule",
            ),
            Happening::Warned => (
                self.targets().any(|target| !target.terms.warnings.is_empty()),
                "no promise warns",
                "write `warn_at` in a target, or remove the rule",
            ),
            Happening::Held => (
                self.routing.is_automatic || automation.routes,
                "nobody is looked for, so nothing is held",
                "write `automatic` in [routing], or `route` in a rule",
            ),
            Happening::FieldsSet => (
                !self.own.is_empty(),
                "the desk has no fields of its own",
                "write [fields], or remove the rule",
            ),
            Happening::HandedOver => (
                self.lines.len() > 1 || self.lines.iter().any(|line| !line.teams.is_empty()),
                "there is nobody else to hand a ticket over to",
                "write another line or a team, or remove the rule",
            ),
            _ => return None,
        };
        (!happens).then_some((problem, mend))
    }

    fn targets(&self) -> impl Iterator<Item = &Target> {
        let all = self.policies.iter().flatten();
        all.flat_map(|policy| policy.targets.values()).chain([self.promises])
    }
}
