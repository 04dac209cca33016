//! What the benches share: a small desk, and a clock that a busy machine disturbs less.

use std::path::Path;
use std::time::Duration;

use cpu_time::ProcessTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use firstline::{Agent, AgentId, Contact, ContactId, Desk, OpenTicket, Rulebook};

/// The contact who asks.
pub const ADA: ContactId = ContactId(1);
/// The agent who answers.
pub const BOB: AgentId = AgentId(1);

const RULES: &str = r#"
name = "Northwind support"

[calendars.office]
time_zone = "Europe/Berlin"
weekly = { mon-fri = ["09:00-17:00"] }

[[lines]]
id = "L1"
[[lines]]
id = "L2"

[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [75]
ladder = [{ after_due = "1h", hand_over = "next" }]
[policies.targets.next_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = "16h", low = "40h" }
warn_at = [50, 75]
pause_on = ["pending"]
"#;

/// Rules with all that costs time: a calendar, warnings, a ladder.
///
/// # Panics
///
/// Never: the rules are sound.
#[must_use]
pub fn rules() -> Rulebook {
    Rulebook::from_toml(RULES, "rules.toml").expect("the rules are sound")
}

/// A request of usual size.
#[must_use]
pub fn request() -> OpenTicket {
    OpenTicket::new(
        ADA,
        "The printer on the third floor does not print",
        "Since this morning nothing comes out. The display says E1042. I have turned it off and \
         on again, as the article says, and now it hums as well.",
    )
}

/// A desk in a folder, with its people.
///
/// # Panics
///
/// If the folder cannot be written.
#[must_use]
pub fn desk_in(folder: &Path) -> Desk {
    let desk = Desk::open(folder, rules()).expect("the folder can be written");
    let ada = Contact::new("Ada");
    desk.save_contact(ADA, ada).expect("she can be saved");
    desk.save_agent(BOB, Agent::new("Bob")).expect("he can be saved");
    desk
}

/// The CPU time that this process has used.
#[derive(Debug)]
pub struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ProcessTime;
    type Value = Duration;

    fn start(&self) -> ProcessTime {
        ProcessTime::now()
    }

    fn end(&self, begun: ProcessTime) -> Duration {
        begun.elapsed()
    }

    fn add(&self, first: &Duration, second: &Duration) -> Duration {
        *first + *second
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, time: &Duration) -> f64 {
        time.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}
