//! Whether somebody can be on call.

use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_sla::{Calendar, PagePlan, PagePlanSpec, Roster, RosterSpec};

use super::Findings;
use crate::id::AgentId;

/// The rosters. One that is wrong is reported and left out.
pub(super) fn rosters(
    specs: &BTreeMap<String, RosterSpec<AgentId>>,
    calendars: &BTreeMap<Arc<str>, Calendar>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, Roster<AgentId>> {
    let mut rosters = BTreeMap::new();
    for (name, spec) in specs {
        match Roster::build(spec, |calendar| calendars.get(calendar).cloned()) {
            Ok(roster) => {
                rosters.insert(name.clone(), roster);
            }
            Err(error) => {
                let path = format!("rosters.{name}.{}", error.path);
                findings.add(path, error.fault.to_string(), "");
            }
        }
    }
    rosters
}

/// The plans for paging. One that is wrong is reported and left out.
pub(super) fn pages(
    specs: &BTreeMap<String, PagePlanSpec>,
    rosters: &BTreeMap<String, RosterSpec<AgentId>>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, PagePlan> {
    let mut plans = BTreeMap::new();
    for (name, spec) in specs {
        match PagePlan::build(spec, |roster| rosters.contains_key(roster)) {
            Ok(plan) => {
                plans.insert(name.clone(), plan);
            }
            Err(error) => {
                let path = format!("pages.{name}.{}", error.path);
                findings.add(path, error.fault.to_string(), "");
            }
        }
    }
    plans
}
