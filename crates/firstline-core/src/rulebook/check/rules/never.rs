//! Rules that never fire, because what they wait for happens to no ticket of this desk, or to none that
//! is as they ask.

use firstline_sla::{ClauseSpec, Condition, ConditionSpec, Fields, Literal, OneOrMore};

use super::super::{Findings, Standing};
use super::against;
use crate::automation::{Automation, Deed, Happening, Happenings};
use crate::lifecycle::{DEFAULT, Lifecycle};
use crate::routing::Routing;
use crate::rulebook::Line;
use crate::rulebook::authored::{Document, RuleSpec};
use crate::rulebook::fields::{self, Own};
use crate::rulebook::policy::{LadderAction, Policy, Target};
use crate::ticket::Status;

/// What a rulebook says beside its rules, as far as it makes something happen.
pub(in crate::rulebook::check) struct Elsewhere<'e> {
    pub(in crate::rulebook::check) lines: &'e [Line],
    pub(in crate::rulebook::check) own: &'e Own,
    pub(in crate::rulebook::check) policies: &'e [Vec<Policy>; 3],
    pub(in crate::rulebook::check) promises: &'e Target,
    pub(in crate::rulebook::check) routing: &'e Routing,
    pub(in crate::rulebook::check) lifecycles: &'e [Lifecycle],
    pub(in crate::rulebook::check) standing: Standing,
}

/// Reports the rules that nothing sets off, be it because it does not happen or because no ticket is
/// then as they ask.
pub(in crate::rulebook::check) fn never_fire(
    automation: &Automation,
    document: &Document,
    elsewhere: &Elsewhere<'_>,
    findings: &mut Findings<'_>,
) {
    let specs = &document.rules;
    never_set_off(automation, specs, elsewhere, findings);
    let fields = fields::of_rules(elsewhere.lines, elsewhere.own, true);
    let worlds = Worlds::of(elsewhere.lifecycles, &fields);
    never_fulfilled(automation, specs, &worlds, findings);
    never_in_state(automation, document, (&worlds, elsewhere.standing), findings);
    against::check(automation, document, (elsewhere.lifecycles, &fields), findings);
}

/// Reports the triggers that wait only for what happens to no ticket.
fn never_set_off(
    automation: &Automation,
    specs: &[RuleSpec],
    elsewhere: &Elsewhere<'_>,
    findings: &mut Findings<'_>,
) {
    let of_promises: Happenings = [Happening::Warned, Happening::Breached].into_iter().collect();
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
        let at = specs.iter().position(|spec| spec.name == rule.name.as_str());
        let path = format!("rules[{}].on", at.unwrap_or_default());
        if let Some((problem, mend)) = whys.first() {
            findings.add(path, format!("it never fires: {problem}"), *mend);
        } else if rule.on.is_among(of_promises) && elsewhere.policies.iter().all(Vec::is_empty) {
            let problem = "it fires upon what agents promise by word of mouth alone: no policy promises \
                           anything";
            findings.remark(&path, problem);
        }
    }
}

/// Warns of the triggers whose condition contradicts what they wait for. What a rule above them does to
/// a ticket before they look at it is no contradiction.
fn never_fulfilled(
    automation: &Automation,
    specs: &[RuleSpec],
    worlds: &Worlds,
    findings: &mut Findings<'_>,
) {
    let mut may_have_moved = false;
    for rule in &automation.triggers {
        let at = specs.iter().position(|spec| spec.name == rule.name.as_str());
        let path = format!("rules[{}].when", at.unwrap_or_default());
        let is_known = |happening| worlds.may_be(Some(happening), &rule.when, may_have_moved);
        if rule.on == Happenings::ANY {
            if !worlds.may_be(None, &rule.when, true) {
                findings.warn(&path, NO_SUCH_TICKET, ASK_FOR_ONE);
            }
        } else if !rule.on.each().any(is_known) {
            let on = rule.on.each().map(Happening::as_str).collect::<Vec<_>>().join(" or ");
            let problem = format!("it never fires: upon {on} no ticket is like this");
            findings.warn(&path, problem, "change the condition, or what it waits for in `on`");
        }
        may_have_moved |= rule.deeds.iter().any(Deed::may_move);
    }
}

/// What is told of a condition that only a ticket of no lifecycle could fulfil.
const NO_SUCH_TICKET: &str = "it never fires: no lifecycle has such a ticket";
const ASK_FOR_ONE: &str = "ask for a `state` that goes with the rest of the condition";

/// Reports the timed rules and the macros for tickets that are closed, which nothing changes any more, and
/// warns of those for tickets that no lifecycle has.
fn never_in_state(
    automation: &Automation,
    document: &Document,
    (worlds, standing): (&Worlds, Standing),
    findings: &mut Findings<'_>,
) {
    let rules = automation.timed.iter().map(|rule| {
        let at = document.rules.iter().position(|spec| spec.name == rule.name.as_str());
        let silent = "it never fires: a ticket that is closed falls silent";
        let mend = "wait in `resolved`, or write a rule with `on` instead of `after`";
        (format!("rules[{}].when", at.unwrap_or_default()), &rule.when, silent, mend)
    });
    let macros = automation.macros.iter().enumerate().map(|(index, known)| {
        let silent = "nobody can apply it: a ticket that is closed does not change any more";
        (format!("macros[{index}].when"), &known.when, silent, "apply it to tickets before that")
    });
    for (path, when, silent, mend) in rules.chain(macros) {
        if worlds.is_for_closed_only(when) {
            // What was accepted stays accepted: it does no harm.
            if standing == Standing::Proposed {
                findings.add(path, silent, mend);
            }
        } else if !worlds.may_be(None, when, true) {
            findings.warn(&path, NO_SUCH_TICKET, ASK_FOR_ONE);
        }
    }
}

/// How tickets can be: in which category, under which names of which lifecycle.
struct Worlds {
    /// What is asked where a condition says nothing of names: one for each category.
    plain: Vec<World>,
    /// What is asked where it does.
    named: Vec<World>,
}

struct World {
    category: Status,
    /// Whether a ticket is so when it is opened.
    is_beginning: bool,
    like: Condition,
}

/// How many worlds are looked into for one condition: each takes some microseconds, and somebody waits.
const MAX_WORLDS: usize = 200;

impl Worlds {
    fn of(lifecycles: &[Lifecycle], fields: &Fields) -> Self {
        let world = |category: Status, is_beginning, table: ConditionSpec| {
            let like = Condition::build(&table, fields).ok()?;
            Some(World { category, is_beginning, like })
        };
        let plain = Status::ALL.map(|category| {
            let table = table([("status", vec![category.as_str()])]);
            world(category, category == Status::New, table)
        });
        let mut named = Vec::new();
        for life in lifecycles {
            for category in Status::ALL {
                let of_it = life.statuses().iter().filter(|it| it.category == category);
                let ids: Vec<&str> = of_it.map(|status| status.id.as_str()).collect();
                let Some(first) = ids.first().copied() else {
                    continue;
                };
                let like = |states: Vec<&str>| {
                    let asked = [("status", vec![category.as_str()]), ("state", states)];
                    with(tickets_of(life, lifecycles), table(asked))
                };
                if category == Status::New {
                    named.extend(world(category, true, like(vec![first])));
                }
                named.extend(world(category, false, like(ids)));
            }
        }
        Self { plain: plain.into_iter().flatten().collect(), named }
    }

    /// Whether a ticket may fulfil a condition just when this happens to it, or at any time.
    fn may_be(&self, happening: Option<Happening>, when: &Condition, may_have_moved: bool) -> bool {
        let is_named = when.fields().contains("state") && self.named.len() <= MAX_WORLDS;
        let worlds = if is_named { &self.named } else { &self.plain };
        let can_be = |world: &&World| match happening {
            _ if may_have_moved => true,
            Some(Happening::Opened) => world.is_beginning,
            Some(Happening::Held) => matches!(world.category, Status::New | Status::Open),
            Some(Happening::Rated) => !world.category.is_open(),
            Some(Happening::Snoozed) => world.category.is_open(),
            _ => true,
        };
        worlds.iter().filter(can_be).any(|world| match happening {
            Some(Happening::Opened) => when.may_begin_with(&world.like),
            _ => when.may_hold_with(&world.like),
        })
    }

    /// Whether only what is closed fulfils a condition.
    fn is_for_closed_only(&self, when: &Condition) -> bool {
        let closed = self.plain.iter().find(|world| world.category == Status::Closed);
        closed.is_some_and(|closed| when.implies(&closed.like))
    }
}

/// A table that asks for these words.
fn table<const N: usize>(asked: [(&str, Vec<&str>); N]) -> ConditionSpec {
    let clause = |words: Vec<&str>| {
        let words = words.into_iter().map(|word| Literal::Text(word.to_owned()));
        ClauseSpec { is: Some(OneOrMore::More(words.collect())), ..ClauseSpec::default() }
    };
    let fields = asked.into_iter().map(|(field, words)| (field.to_owned(), clause(words)));
    ConditionSpec { fields: fields.collect(), ..ConditionSpec::default() }
}

/// Both tables as one: they ask of different fields.
fn with(mut one: ConditionSpec, other: ConditionSpec) -> ConditionSpec {
    one.fields.extend(other.fields);
    one
}

/// Which tickets go along a lifecycle: those that it says, and along the default one all others.
pub(in crate::rulebook::check) fn tickets_of(life: &Lifecycle, all: &[Lifecycle]) -> ConditionSpec {
    let meant = |life: &Lifecycle| {
        let mut spec = ConditionSpec::default();
        if !life.kinds.is_empty() {
            let kinds = life.kinds.iter().map(|kind| kind.as_str()).collect();
            spec = with(spec, table([("kind", kinds)]));
        }
        if !life.lines.is_empty() {
            let lines = life.lines.iter().map(|line| line.as_str()).collect();
            spec = with(spec, table([("line", lines)]));
        }
        spec
    };
    if life.id.as_str() != DEFAULT {
        return meant(life);
    }
    let others: Vec<ConditionSpec> =
        all.iter().filter(|other| other.id != life.id).map(meant).collect();
    let none = (1..=MAX_OTHERS).contains(&others.len()).then_some(others);
    ConditionSpec { none, ..ConditionSpec::default() }
}

/// So many lifecycles fit into a condition. Beside more of them the default one is taken to be for all
/// tickets, which finds less.
const MAX_OTHERS: usize = 16;

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
