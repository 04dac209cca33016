//! The audit log of a ServiceNow instance: what its columns and words mean to a desk.

use firstline::{
    Actor, AgentId, ContactId, HoldReason, Impact, PartyId, Priority, TeamId, Timestamp, Urgency,
};

use super::log::{Incident, Row, Stage, Step};

/// The log names no zone. Its quiet weekdays are holidays of Brazil, where it was three hours
/// behind UTC in nearly all of the time that the log covers.
const OFFSET: &str = "-03:00";

/// Who updates and who is assigned have pseudonyms of their own, so that nobody can tell who is
/// who. They become different agents: this is where the numbers of the former begin.
const FIRST_UPDATER: u64 = 10_000;

/// The number of a caller whom the log does not name.
const NOBODY: u64 = 1_000_000;

pub(super) fn name_of(party: PartyId) -> String {
    match party {
        PartyId::Contact(ContactId(NOBODY)) => "A caller without a name".to_owned(),
        PartyId::Contact(ContactId(number)) => format!("Caller {number}"),
        PartyId::Agent(AgentId(number)) if number < FIRST_UPDATER => format!("Resolver {number}"),
        PartyId::Agent(AgentId(number)) => format!("Updater {}", number - FIRST_UPDATER),
        other => other.to_string(),
    }
}

pub(super) fn parse(row: Row<'_>) -> Result<(Incident, Step), String> {
    let word = row.some("incident_state")?;
    // What nobody is said to have done, the system did.
    let by = row
        .number("sys_updated_by")?
        .map_or(Actor::System, |updater| Actor::Agent(AgentId(FIRST_UPDATER + updater)));
    let incident = Incident {
        number: row.some("number")?.to_owned(),
        opened_at: time(row, "opened_at")?,
        caller: ContactId(row.number("caller_id")?.unwrap_or(NOBODY)),
        made_sla: match row.field("made_sla")? {
            "true" => Some(true),
            "false" => Some(false),
            other => return Err(format!("`made_sla` is `{other}`, neither true nor false")),
        },
        reopened: Some(row.count("reopen_count")?),
        reassigned: Some(row.count("reassignment_count")?),
    };
    let step = Step {
        incident: 0,
        nth: 0,
        at: time(row, "sys_updated_at")?,
        stage: stage(word)?,
        word: word.to_owned(),
        team: row.number("assignment_group")?.map(|group| TeamId::from(format!("Group {group}"))),
        line: None,
        agent: row.number("assigned_to")?.map(AgentId),
        by,
        impact: level(row, "impact", [Impact::High, Impact::Medium, Impact::Low])?,
        urgency: level(row, "urgency", [Urgency::High, Urgency::Medium, Urgency::Low])?,
        priority: Some(level(
            row,
            "priority",
            [Priority::Critical, Priority::High, Priority::Medium, Priority::Low],
        )?),
    };
    Ok((incident, step))
}

fn stage(word: &str) -> Result<Stage, String> {
    Ok(match word {
        "New" => Stage::Queued,
        "Active" => Stage::Active,
        "Awaiting User Info" => Stage::Pending,
        "Awaiting Vendor" => Stage::OnHold(HoldReason::Vendor),
        "Awaiting Problem" => Stage::OnHold(HoldReason::Problem),
        "Awaiting Evidence" => Stage::OnHold(HoldReason::Evidence),
        "Resolved" => Stage::Resolved,
        "Closed" => Stage::Closed,
        _ if word.contains("-100") => Stage::Unclear,
        _ => return Err(format!("`incident_state` is `{word}`, which no incident can be")),
    })
}

/// A level such as `2 - Medium`, or its number alone, counted from the highest.
fn level<T: Copy, const N: usize>(row: Row<'_>, name: &str, levels: [T; N]) -> Result<T, String> {
    let field = row.some(name)?;
    let number = field.split(' ').next().and_then(|number| number.parse::<usize>().ok());
    let level = number.and_then(|number| levels.get(number.checked_sub(1)?).copied());
    level.ok_or_else(|| format!("`{name}` is `{field}`, not a level from 1 to {N}"))
}

/// A time such as `2016-02-29T01:16:00` or `2016-02-29 01:16`.
fn time(row: Row<'_>, name: &str) -> Result<Timestamp, String> {
    let field = row.some(name)?;
    let seconds = if field.len() == "2016-02-29 01:16".len() { ":00" } else { "" };
    let text = format!("{}{seconds}{OFFSET}", field.replacen(' ', "T", 1));
    text.parse().map_err(|_| format!("`{name}` is `{field}`, not a time"))
}
