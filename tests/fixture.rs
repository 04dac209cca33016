//! A small desk that the tests share.

use firstline::{
    Actor, Agent, AgentId, Contact, ContactId, Desk, FixedTime, OpenTicket, Organization,
    OrganizationId, Rulebook, Timestamp,
};

pub(crate) const RULES: &str = r#"
name = "Northwind support"

[calendars.office]
time_zone = "Europe/Berlin"
weekly = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-15:00"] }
holidays = ["2026-04-03"]

[[lines]]
id = "L1"
teams = ["desk"]
[[lines]]
id = "L2"
teams = ["network", "printing"]
[[lines]]
id = "vendor"

[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [50]
ladder = [{ after_due = "1h", hand_over = "next" }]
[policies.targets.next_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = "16h", low = "40h" }
pause_on = ["pending"]

[[views]]
name = "Second line"
filter = "status:unsolved line:L2"
[[views]]
name = "Mine"
filter = "status:unsolved assignee:me"
"#;

/// The contact who asks.
pub(crate) const ADA: ContactId = ContactId(1);
/// The agent who answers.
pub(crate) const BOB: AgentId = AgentId(1);
/// The company of the contact.
pub(crate) const NORTHWIND: OrganizationId = OrganizationId(1);

pub(crate) fn rules() -> Rulebook {
    Rulebook::from_toml(RULES, "rules.toml").unwrap()
}

pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A Monday morning at nine.
pub(crate) fn monday() -> FixedTime {
    FixedTime(moment("2026-03-02T09:00:00+01:00"))
}

pub(crate) fn introduce(desk: &Desk) {
    desk.save_organization(NORTHWIND, Organization::new("Northwind")).unwrap();
    let ada = Contact { organization: Some(NORTHWIND), ..Contact::new("Ada") };
    desk.save_contact(ADA, ada).unwrap();
    desk.save_agent(BOB, Agent::new("Bob")).unwrap();
}

/// A desk in memory on a Monday morning, with its people.
pub(crate) fn desk() -> Desk {
    let desk = Desk::in_memory_with_time(rules(), monday()).unwrap();
    introduce(&desk);
    desk
}

pub(crate) fn ada() -> Actor {
    Actor::Contact(ADA)
}

pub(crate) fn bob() -> Actor {
    Actor::Agent(BOB)
}

pub(crate) fn request() -> OpenTicket {
    OpenTicket::new(ADA, "Printer", "It is on fire.")
}
