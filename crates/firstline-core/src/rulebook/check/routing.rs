//! Whether what is said of routing can be meant.

use firstline_sla::{Condition, WorkTime};

use super::super::authored::RoutingSpec;
use super::super::fields;
use super::Findings;
use super::ladder::Names;
use crate::limits::check_line;
use crate::people::MAX_SKILL_LEVEL;
use crate::routing::{Patience, Routing, SkillNeed};

/// The most skills that tickets are told to take: each choice asks for all of them.
const MAX_NEEDS: usize = 256;

/// The shortest time to answer an offer: somebody must see it.
const MIN_OFFER: WorkTime = WorkTime::from_seconds(5);

/// The longest time to answer an offer: nobody else has the ticket meanwhile.
const MAX_OFFER: WorkTime = WorkTime::from_hours(7 * 24);

/// The longest time to let others go first.
const MAX_PATIENCE: WorkTime = WorkTime::from_hours(366 * 24);

pub(super) fn routing(
    spec: &RoutingSpec,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Routing {
    if spec.skills.len() > MAX_NEEDS {
        let problem = format!("{} skills are more than {MAX_NEEDS}", spec.skills.len());
        findings.add("routing.skills", problem, "write fewer");
        return Routing::default();
    }
    let known = fields::of_triggers(names.lines, names.own);
    let mut skills = Vec::new();
    for (index, need) in spec.skills.iter().enumerate() {
        let path = format!("routing.skills[{index}]");
        if let Err(refusal) = check_line("skill", &need.skill) {
            findings.add(format!("{path}.skill"), refusal.to_string(), "write its name");
        }
        if !(1..=MAX_SKILL_LEVEL).contains(&need.level) {
            let problem = format!("{} is no level of a skill", need.level);
            findings.add(format!("{path}.level"), problem, format!("write 1 to {MAX_SKILL_LEVEL}"));
        }
        let when = fields::condition(&need.when, &known).unwrap_or_else(|error| {
            findings.add_all(error.at(&format!("{path}.when")));
            Condition::always()
        });
        if when.looks_back() {
            let problem = "a ticket takes a skill by what it is, not by what has changed";
            findings.add(format!("{path}.when"), problem, "leave out `was` and `changed`");
        }
        let (skill, level) = (need.skill.as_str().into(), need.level);
        skills.push(SkillNeed { when, skill, level });
    }
    let patience = Patience::with(&spec.patience);
    check_times(spec, patience, findings);
    Routing { by: spec.by, is_automatic: spec.automatic, offer: spec.offer, patience, skills }
}

fn check_times(spec: &RoutingSpec, patience: Patience, findings: &mut Findings<'_>) {
    if let Some(offer) = spec.offer.filter(|offer| !(MIN_OFFER..=MAX_OFFER).contains(offer)) {
        let problem = format!("{offer} is no time for an answer");
        findings.add("routing.offer", problem, format!("write {MIN_OFFER} to {MAX_OFFER}"));
    }
    for (priority, stretch) in &spec.patience {
        if !(WorkTime::ZERO..=MAX_PATIENCE).contains(stretch) {
            let path = format!("routing.patience.{priority}");
            let mend = format!("write 0s to {MAX_PATIENCE}");
            findings.add(path, format!("{stretch} is no time to wait"), mend);
        }
    }
    if let Some((low, high)) = patience.upside_down() {
        let problem = format!("{high} tickets let others go first for longer than {low} ones");
        findings.add("routing.patience", problem, format!("give {low} at least as much as {high}"));
    }
}
