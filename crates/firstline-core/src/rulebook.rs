//! The rulebook: the desk's whole configuration, one document, checked before it is accepted.
//!
//! | to change | see |
//! |---|---|
//! | what can be written | `authored.rs` |
//! | what is refused, and the mend | `check.rs`, `check/` |
//! | what a condition can ask of a ticket | `fields.rs` |
//! | which policy applies; what is usual for a metric | `policy.rs` |
//! | which lifecycle a ticket goes along | `lifecycles.rs`, `lifecycle.rs` beside this folder |
//! | fields of the desk's own, and forms | `check/forms.rs`, `custom.rs` beside this folder |
//! | what it says of rules and macros | `rules.rs`, `automation.rs` beside this folder |
//! | how a finding gets its line, how much it matters | `error.rs` |
//! | how several documents become one | `documents.rs` |
//!
//! ```
//! use firstline_core::Rulebook;
//!
//! let text = r#"
//! name = "Northwind support"
//!
//! [calendars.office]
//! time_zone = "Europe/Berlin"
//! weekly = { mon = ["09:00-17:00"], tue = ["09:00-17:00"] }
//!
//! [[lines]]
//! id = "L1"
//!
//! [[policies]]
//! name = "standard"
//! calendar = "ofice"
//! [policies.targets.first_reply]
//! within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
//! "#;
//!
//! let refused = Rulebook::from_toml(text, "desk.toml").unwrap_err();
//! assert_eq!(
//!     refused.to_string(),
//!     "desk.toml:13: policies[0].calendar: there is no calendar `ofice`; write one of always, office"
//! );
//! assert!(Rulebook::from_toml(&text.replace("ofice", "office"), "desk.toml").is_ok());
//! ```

mod authored;
mod check;
mod documents;
mod doubles;
mod error;
mod fields;
mod form;
mod lifecycles;
mod policy;
mod relations;
mod remarks;
mod rules;
#[cfg(test)]
mod stories;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{Calendar, PagePlan, Pin, Roster, WallClock};

pub use documents::MAX_DOCUMENTS;
use documents::{Bundle, Documents};
pub use error::{Finding, RulebookError, Severity};
use form::Form;
pub use policy::LadderAction;
use policy::Policy;
pub(crate) use policy::{Reopen, Target};
pub(crate) use relations::{IncidentRule, ParentRule, RelationRules};

use crate::automation::{Automation, Directory, Needs};
use crate::command::RulebookAdopted;
use crate::custom::{Custom, CustomField, Referent};
use crate::id::{AgentId, FieldId, LineId, RoleId, TeamId};
use crate::lifecycle::Lifecycle;
use crate::priority::PriorityMatrix;
use crate::refusal::Refusal;
use crate::routing::Routing;

/// The largest rulebook in bytes: a thousand teams fit, a wrong file does not.
pub const MAX_RULEBOOK_BYTES: usize = 4 * 1024 * 1024;

/// The most examples a rulebook may have: each is played whenever it is read.
pub const MAX_EXAMPLES: usize = 1_000;

/// The rules that a desk works by, checked and ready for use. Cheap to clone.
///
/// A promise stays with the version that it was made under, so a rulebook also knows the others
/// that were ever in force: see [`recall`](Self::recall).
#[derive(Clone, Debug)]
pub struct Rulebook {
    version: u32,
    content: Arc<Content>,
    others: BTreeMap<u32, Arc<Content>>,
    /// Those whom its rules name and the desk does not know.
    strangers: Arc<BTreeSet<Referent>>,
    /// Who those are of whom its letters may write.
    directory: Arc<Directory>,
}

/// What one version says.
#[derive(Debug)]
struct Content {
    name: String,
    /// The name of the file that it was read from.
    file: String,
    source: String,
    calendars: BTreeMap<Arc<str>, Calendar>,
    roles: Vec<Duty>,
    lines: Vec<Line>,
    priorities: PriorityMatrix,
    /// Who is on call, by roster.
    rosters: BTreeMap<String, Roster<AgentId>>,
    /// How to page, by plan.
    pages: BTreeMap<String, PagePlan>,
    /// By agreement, each in the order in which they are tried.
    policies: [Vec<Policy>; 3],
    /// Whether any policy has clocks by conditions.
    has_triggers: bool,
    promises: Target,
    /// Fields of its own, and forms.
    custom: Custom,
    views: Vec<View>,
    /// What the desk does by itself.
    automation: Automation,
    /// Who gets a ticket.
    routing: Routing,
    /// The one of all tickets that no other one is for first.
    lifecycles: Vec<Lifecycle>,
    /// What becomes of tickets that belong together.
    relations: RelationRules,
    /// What must be known beside a ticket to write its letters.
    needs: Needs,
    /// For searches.
    synonyms: Vec<Vec<String>>,
    /// What was found when it was read and is no error.
    findings: Vec<Finding>,
}

/// A list of tickets that is shown again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is called.
    pub name: String,
    /// What it shows, as [`TicketFilter::read`](crate::TicketFilter::read) reads it: `now` and `me`
    /// mean something else each time.
    pub filter: String,
}

/// A support line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// What it is called.
    pub name: String,
    /// Its teams.
    pub teams: Vec<TeamId>,
    /// Whom a hierarchical escalation from here reaches first.
    pub manager: Option<RoleId>,
    /// Whether it is somebody else's desk.
    pub is_vendor: bool,
}

/// A role that can be told and escalated to, and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: RoleId,
    /// What it is called.
    pub name: String,
    /// Who holds it.
    pub agents: Vec<AgentId>,
    /// The role above it.
    pub reports_to: Option<RoleId>,
}

impl Rulebook {
    /// Reads and checks a rulebook in TOML. `file` is the name that findings are reported under.
    ///
    /// It has version 1 until a desk gives it [another](Self::with_version).
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place and what to mend. A text that cannot be
    /// read as a rulebook at all is reported by the first thing that stands in the way.
    pub fn from_toml(text: &str, file: &str) -> Result<Self, RulebookError> {
        Self::read(text, Form::Toml, file)
    }

    /// Reads and checks a rulebook in JSON: the same document in another notation.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml).
    pub fn from_json(text: &str, file: &str) -> Result<Self, RulebookError> {
        Self::read(text, Form::Json, file)
    }

    /// Reads and checks a rulebook in several documents, each with its name, in TOML or JSON.
    ///
    /// Lists are joined in the order of the documents, tables entry by entry: what can stand only
    /// once, such as the name of the desk or a calendar of some name, stands in one of them. The
    /// [source](Self::source) is one text that has them all.
    ///
    /// ```
    /// use firstline_core::Rulebook;
    ///
    /// let desk = ("desk.toml", "name = \"Northwind\"\n[[lines]]\nid = \"L1\"\n");
    /// let rules = ("rules.toml", "[[rules]]\nname = \"a\"\ndo = [{ hand_over = \"L2\" }]\n");
    /// let refused = Rulebook::from_documents(&[desk, rules]).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "rules.toml:3: rules[0].do[0].hand_over: there is no line `L2`; write next or L1"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), each finding with the name of its document; and what is
    /// written in two of them.
    pub fn from_documents(documents: &[(&str, &str)]) -> Result<Self, RulebookError> {
        match documents {
            [(file, text)] => Self::read(text, Form::of(text), file),
            _ => Self::make(documents, &Bundle::write(documents)),
        }
    }

    fn read(text: &str, form: Form, file: &str) -> Result<Self, RulebookError> {
        form.check(text, file)?;
        match Bundle::read(text) {
            Some(bundle) => Self::make(&bundle.as_slices(), text),
            None => Self::make(&[(file, text)], text),
        }
    }

    fn make(documents: &[(&str, &str)], source: &str) -> Result<Self, RulebookError> {
        let mut documents = Documents::new(documents);
        let (content, examples) = check::read(&mut documents, source, check::Standing::Proposed)?;
        let (content, others) = (Arc::new(content), BTreeMap::new());
        let (strangers, directory) = Default::default();
        let rulebook = Self { version: 1, content, others, strangers, directory };
        check::try_examples(&examples, &rulebook, &documents)?;
        Ok(rulebook)
    }

    /// This rulebook as that version of a desk's rules. Other versions that it knew may be those of
    /// another desk, and are forgotten: [`recall`](Self::recall) them.
    #[must_use]
    pub fn with_version(mut self, version: u32) -> Self {
        self.version = version;
        self.others.clear();
        (self.strangers, self.directory) = Default::default();
        self
    }

    /// Takes in another version that is or was in force, for the promises that are pinned to it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with its text.
    pub fn recall(&mut self, adopted: &RulebookAdopted) -> Result<(), RulebookError> {
        let RulebookAdopted { version, source } = adopted;
        if self.content(*version).is_none() {
            // Its examples held when it came into force.
            let (content, file) = (Bundle::read(source), format!("rulebook version {version}"));
            let documents = match &content {
                Some(bundle) => bundle.as_slices(),
                None => vec![(file.as_str(), source.as_str())],
            };
            let (content, _) =
                check::read(&mut Documents::new(&documents), source, check::Standing::Recalled)?;
            self.others.insert(*version, Arc::new(content));
        }
        Ok(())
    }

    /// The rules as another version that it knows has them. They know this one in turn, and all that
    /// it knows: promises that are pinned to it may run beside those that are not.
    #[must_use]
    pub fn as_of(&self, version: u32) -> Option<Self> {
        let content = Arc::clone(self.others.get(&version)?);
        let mut others = self.others.clone();
        others.insert(self.version, Arc::clone(&self.content));
        Some(Self { version, content, others, ..self.clone() })
    }

    /// Which version of the desk's rules this is, from 1.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// What the desk is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.content.name
    }

    /// The text that it was read from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.content.source
    }

    /// The support lines, in the order in which they hand over.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.content.lines
    }

    /// The roles that can be told and escalated to.
    #[must_use]
    pub fn roles(&self) -> &[Duty] {
        &self.content.roles
    }

    /// Whom a hierarchical escalation reaches: the manager of the line, or the role above the one
    /// that was reached last.
    pub(crate) fn superior(&self, line: &LineId, last: Option<&RoleId>) -> Option<&RoleId> {
        match last {
            Some(last) => self.roles().iter().find(|role| role.id == *last)?.reports_to.as_ref(),
            None => self.lines().iter().find(|known| known.id == *line)?.manager.as_ref(),
        }
    }

    /// Whether a line is somebody else's desk.
    pub(crate) fn is_vendor(&self, line: &LineId) -> bool {
        self.lines().iter().any(|known| known.id == *line && known.is_vendor)
    }

    /// The lists of tickets that are shown again and again.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.content.views
    }

    /// Which priority follows from which impact and urgency.
    #[must_use]
    pub fn priorities(&self) -> &PriorityMatrix {
        &self.content.priorities
    }

    /// Words and phrases that mean the same on this desk, in groups: its searches find one by the
    /// other.
    #[must_use]
    pub fn synonyms(&self) -> &[Vec<String>] {
        &self.content.synonyms
    }

    /// The calendar that a clock is pinned to, if that version of the rules is at hand.
    #[must_use]
    pub fn calendar(&self, pin: &Pin) -> Option<&Calendar> {
        self.content(pin.rulebook)?.calendars.get(&pin.calendar)
    }

    /// The clock by which the desk goes: that of its first promise.
    pub(crate) fn wall_clock(&self) -> WallClock {
        let policies = self.content.policies.iter().flatten();
        let first = policies.flat_map(|policy| policy.targets.values()).next();
        let calendar = &first.unwrap_or(&self.content.promises).calendar;
        self.content.calendars.get(calendar).map_or_else(WallClock::utc, Calendar::wall_clock)
    }

    fn content(&self, version: u32) -> Option<&Content> {
        if version == self.version {
            Some(&self.content)
        } else {
            self.others.get(&version).map(Arc::as_ref)
        }
    }

    /// The line that a ticket comes to when nobody says otherwise.
    pub(crate) fn first_line(&self) -> &LineId {
        &self.content.lines.first().expect("a rulebook without lines is refused").id
    }

    /// The line that `line` hands over to.
    pub(crate) fn line_after(&self, line: &LineId) -> Option<&LineId> {
        let at = self.position(line)?;
        self.content.lines.get(at + 1).map(|line| &line.id)
    }

    /// Whether `line` comes after `other`.
    pub(crate) fn is_beyond(&self, line: &LineId, other: &LineId) -> bool {
        self.position(line) > self.position(other)
    }

    fn position(&self, line: &LineId) -> Option<usize> {
        self.content.lines.iter().position(|known| known.id == *line)
    }

    /// Checks that there is such a line, and such a team of it.
    pub(crate) fn check_line(&self, line: &LineId, team: Option<&TeamId>) -> Result<(), Refusal> {
        let Some(at) = self.position(line) else {
            let known = self.lines().iter().map(|line| line.id.clone()).collect();
            return Err(Refusal::UnknownLine { line: line.clone(), known });
        };
        match team {
            Some(team) if !self.content.lines[at].teams.contains(team) => {
                Err(Refusal::UnknownTeam { line: line.clone(), team: team.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Checks that some line has such a team.
    pub(crate) fn check_team(&self, team: &TeamId) -> Result<(), Refusal> {
        let is_known = self.lines().iter().any(|line| line.teams.contains(team));
        if is_known { Ok(()) } else { Err(Refusal::NoSuchTeam(team.clone())) }
    }

    /// The fields of the desk's own and its forms.
    pub(crate) fn custom(&self) -> &Custom {
        &self.content.custom
    }

    /// The fields of the desk's own on its tickets, by id.
    pub fn custom_fields(&self) -> impl Iterator<Item = (&FieldId, &CustomField)> {
        self.custom().fields.iter()
    }

    /// What the rules in force say of who gets a ticket.
    pub(crate) fn routing(&self) -> &Routing {
        &self.content.routing
    }

    /// The working hours of that name.
    pub(crate) fn hours(&self, name: &str) -> Option<&Calendar> {
        self.content.calendars.get(name)
    }

    /// Checks that there is such a calendar.
    pub(crate) fn check_calendar(&self, calendar: &str) -> Result<(), Refusal> {
        self.find_calendar(calendar).map(|_| ())
    }

    /// The calendar of this name, as the rules in force have it.
    pub(crate) fn find_calendar(&self, calendar: &str) -> Result<&Calendar, Refusal> {
        if let Some(found) = self.content.calendars.get(calendar) {
            return Ok(found);
        }
        let known = self.content.calendars.keys().map(ToString::to_string).collect();
        Err(Refusal::UnknownCalendar { calendar: calendar.chars().take(40).collect(), known })
    }
}
