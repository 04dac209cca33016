//! A small desk that the tests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use firstline::{
    About, Actor, Agent, AgentId, ArticleAction, ArticleId, Command, Contact, ContactId, Desk,
    FixedTime, OpenTicket, Organization, OrganizationId, Rulebook, TimeSource, Timestamp,
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

/// A clock that a test turns.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(text: &str) -> Self {
        Self(Arc::new(AtomicI64::new(moment(text).as_millis())))
    }

    pub(crate) fn set(&self, text: &str) {
        self.0.store(moment(text).as_millis(), Ordering::SeqCst);
    }
}

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
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

/// Says what an article is about.
pub(crate) fn describe(desk: &Desk, article: ArticleId, about: About) {
    let action = ArticleAction::Describe(Box::new(about));
    desk.execute(Command::article(bob(), Some(article), action)).unwrap();
}
