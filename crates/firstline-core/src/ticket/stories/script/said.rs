//! What the words of a line stand for: who acts, and what they do.

use super::moment;
use crate::*;

pub(super) fn word<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_else(|_| panic!("what is `{text}`?"))
}

/// The actor and the action that a line of a script stands for.
pub(in crate::ticket::stories) fn parse(words: &[&str]) -> (Actor, TicketAction) {
    let agent = Actor::Agent(AgentId(1));
    let contact = Actor::Contact(ContactId(1));
    let says = |then| TicketAction::Reply { text: "words".into(), then };
    let open = |impact: &str, urgency: &str| {
        let mut request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
        (request.impact, request.urgency) = (word(impact), word(urgency));
        TicketAction::Open(Box::new(request))
    };
    match words {
        // What has no words of its own is said as a host says it.
        [who, "does", json @ ..] => {
            let action = serde_json::from_str(&json.join(" ")).expect("it is an action");
            let by = match *who {
                "agent" => agent,
                "robot" => Actor::System,
                _ => contact,
            };
            (by, action)
        }
        ["customer", "opens"] => (contact, open("medium", "medium")),
        ["customer", "opens", impact, urgency] => (contact, open(impact, urgency)),
        ["agent", "opens"] => (agent, open("medium", "medium")),
        ["customer", "says"] => (contact, says(None)),
        ["customer", "says", text @ ..] => {
            (contact, TicketAction::Reply { text: text.join(" "), then: None })
        }
        ["agent", "applies", name @ ..] => {
            (agent, TicketAction::ApplyMacro { name: name.join(" ").into() })
        }
        ["agent", "tags", tag] => {
            (agent, TicketAction::Tag { add: [(*tag).into()].into(), remove: [].into() })
        }
        ["agent", "untags", tag] => {
            (agent, TicketAction::Tag { add: [].into(), remove: [(*tag).into()].into() })
        }
        ["customer", status] => {
            (contact, TicketAction::ChangeStatus { to: word(status), hold: None })
        }
        ["agent", "says"] => (agent, says(None)),
        ["agent", "says", status] => (agent, says(Some(word(status)))),
        ["robot", "says"] => (Actor::System, says(None)),
        ["agent", "notes"] => (agent, TicketAction::AddNote { text: "words".into() }),
        ["agent", "takes"] => (agent, TicketAction::Assign { agent: Some(AgentId(1)) }),
        ["agent", "hands", line] => {
            (agent, TicketAction::HandOver { line: (*line).into(), team: None })
        }
        ["agent", "hands", line, team] => {
            let team = Some((*team).into());
            (agent, TicketAction::HandOver { line: (*line).into(), team })
        }
        ["agent", "classifies", impact, urgency] => {
            let (impact, urgency) = (word(impact), word(urgency));
            (agent, TicketAction::Classify { impact, urgency })
        }
        ["agent", "decrees", priority] => {
            let (priority, reason) = (word(priority), "the boss".into());
            (agent, TicketAction::OverridePriority { priority, reason })
        }
        ["agent", "sleeps", day, time] => {
            (agent, TicketAction::Snooze { until: Some(moment(day, time)) })
        }
        ["agent", "wakes"] => (agent, TicketAction::Snooze { until: None }),
        ["agent", "moves", to] => (agent, TicketAction::Move { to: (*to).into(), hold: None }),
        ["agent", "releases"] => (agent, TicketAction::ReleasePriority),
        ["agent", "holds", reason] => {
            let hold = Some(word(reason));
            (agent, TicketAction::ChangeStatus { to: Status::OnHold, hold })
        }
        ["agent", "solves", "with", article] => {
            let article = article.parse().ok().map(ArticleId);
            (agent, TicketAction::SolvedBy { article })
        }
        ["agent", "reapplies"] => (agent, TicketAction::Reapply { revalue_past: false }),
        ["agent", "revalues"] => (agent, TicketAction::Reapply { revalue_past: true }),
        ["agent", status] => (agent, TicketAction::ChangeStatus { to: word(status), hold: None }),
        ["agent", "promises", within] => {
            let (what, within) = ("a call".into(), Some(within.parse().unwrap()));
            (agent, TicketAction::Promise { what, within, by: None })
        }
        ["agent", "keeps", number] => {
            (agent, TicketAction::KeepPromise { number: number.parse().unwrap(), of: None })
        }
        ["agent", "keeps", number, "of", ticket] => {
            let (number, of) = (number.parse().unwrap(), ticket.parse().ok().map(TicketId));
            (agent, TicketAction::KeepPromise { number, of })
        }
        ["another", "opens"] => {
            let mut request = OpenTicket::new(ContactId(2), "Scanner", "It is cold.");
            request.organization = Some(OrganizationId(1));
            (Actor::Contact(ContactId(2)), TicketAction::Open(Box::new(request)))
        }
        ["colleague", "opens"] => {
            let mut request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
            request.organization = Some(OrganizationId(1));
            (contact, TicketAction::Open(Box::new(request)))
        }
        ["another", "says"] => (Actor::Contact(ContactId(2)), says(None)),
        ["colleague", "says"] => (contact, says(None)),
        ["agent", "fixes", clock, day, time] => {
            let (clock, due) = (clock.parse().unwrap(), moment(day, time));
            (agent, TicketAction::FixDue { clock, due })
        }
        ["agent", "frees", clock] => {
            (agent, TicketAction::ReleaseDue { clock: clock.parse().unwrap() })
        }
        ["wake"] => (Actor::System, TicketAction::Wake),
        other => panic!("{other:?}"),
    }
}
