//! The incidents of Volvo IT: what the columns and words mean to a desk.

use firstline::{Actor, AgentId, ContactId, HoldReason, Impact, LineId, PartyId, TeamId, Urgency};

use super::log::{Incident, Row, Stage, Step};

/// The log names no callers, so one contact stands for all of them.
const CALLER: ContactId = ContactId(1);

pub(super) fn name_of(party: PartyId) -> String {
    match party {
        PartyId::Contact(_) => "A user".to_owned(),
        PartyId::Agent(AgentId(number)) => format!("P{number:04}"),
        other => other.to_string(),
    }
}

pub(super) fn parse(row: Row<'_>) -> Result<(Incident, Step), String> {
    let time = row.some("ts")?;
    let at = time.parse().map_err(|_| format!("`ts` is `{time}`, not a time"))?;
    let word = row.some("sub_status")?;
    let (impact, urgency) = impact(row.some("impact")?)?;
    // The robot that queues and closes is no person, and keeps no promise of one.
    let by = match row.field("owner_id")? {
        "SYSTEM" => Actor::System,
        _ => row.number("owner_id")?.map_or(Actor::System, |number| Actor::Agent(AgentId(number))),
    };
    let agent = match by {
        Actor::Agent(agent) => Some(agent),
        Actor::Contact(_) | Actor::System => None,
    };
    let incident = Incident {
        number: row.some("case_id")?.to_owned(),
        opened_at: at,
        caller: CALLER,
        made_sla: None,
        reopened: None,
        reassigned: None,
    };
    let step = Step {
        incident: 0,
        nth: 0,
        at,
        stage: stage(row.some("status")?, word)?,
        word: word.to_owned(),
        team: Some(TeamId::from(row.some("support_team")?)),
        line: Some(line(row.some("support_line")?)?),
        agent,
        by,
        impact,
        urgency,
        priority: None,
    };
    Ok((incident, step))
}

fn stage(status: &str, word: &str) -> Result<Stage, String> {
    Ok(match (status, word) {
        ("Queued", "Awaiting Assignment") => Stage::Queued,
        ("Accepted", "In Progress" | "Assigned") => Stage::Active,
        ("Accepted", "Wait - User" | "Wait - Customer") => Stage::Pending,
        ("Accepted", "Wait - Vendor") => Stage::OnHold(HoldReason::Vendor),
        ("Accepted", "Wait - Implementation") => Stage::OnHold(HoldReason::Change),
        ("Accepted", "Wait") => Stage::OnHold(HoldReason::ThirdParty),
        ("Completed", "Resolved" | "In Call") => Stage::Resolved,
        ("Completed", "Closed" | "Cancelled") => Stage::Closed,
        ("Unmatched", _) => Stage::Unclear,
        _ => return Err(format!("`status` is `{status}`, `{word}`, which no incident can be")),
    })
}

/// Team `V13 2nd 3rd` is of the second and of the third line: a line of its own between the two.
fn line(word: &str) -> Result<LineId, String> {
    match word {
        "1" | "2" | "3" | "2-3" => Ok(LineId::from(format!("L{word}"))),
        _ => Err(format!("`support_line` is `{word}`, not one of 1, 2, 3, 2-3")),
    }
}

/// There is no urgency in this log. A major incident hits everybody and cannot wait.
fn impact(word: &str) -> Result<(Impact, Urgency), String> {
    Ok(match word {
        "Low" => (Impact::Low, Urgency::Medium),
        "Medium" => (Impact::Medium, Urgency::Medium),
        "High" => (Impact::High, Urgency::Medium),
        "Major" => (Impact::High, Urgency::High),
        _ => return Err(format!("`impact` is `{word}`, not one of Low, Medium, High, Major")),
    })
}
