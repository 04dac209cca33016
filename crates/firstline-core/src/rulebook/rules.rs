//! What a rulebook says of rules and macros.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Content, Rulebook};
use crate::automation::{Automation, Directory, Needs, TimedRule};
use crate::custom::Referent;
use crate::id::RuleId;
use crate::people::PartyKind;
use crate::refusal::Refusal;

impl Rulebook {
    /// What the rules in force have the desk do by itself.
    pub(crate) fn automation(&self) -> &Automation {
        &self.content.automation
    }

    /// Whether there are any rules in force that go at a ticket by themselves.
    pub(crate) fn has_rules(&self) -> bool {
        let Automation { triggers, timed, .. } = self.automation();
        !triggers.is_empty() || !timed.is_empty()
    }

    /// Whether it has rules that wait in a state of a ticket.
    #[must_use]
    pub fn has_timed_rules(&self) -> bool {
        !self.automation().timed.is_empty()
    }

    /// Whether tickets wait for somebody to be found: all that nobody has, or those of which a rule or
    /// a macro says so.
    #[must_use]
    pub fn routes(&self) -> bool {
        self.routing().is_automatic || self.automation().routes
    }

    /// Whether any rule in force asks what a ticket was before.
    pub(crate) fn rules_look_back(&self) -> bool {
        self.automation().looks_back
    }

    /// A timed rule of a version of the rulebook.
    pub(crate) fn timed_rule(&self, version: u32, name: &RuleId) -> Result<&TimedRule, Refusal> {
        let of =
            |content: &'_ Content| content.automation.timed.iter().position(|it| it.name == *name);
        let content = self.content(version);
        let found = content.and_then(|content| Some(&content.automation.timed[of(content)?]));
        found.ok_or_else(|| Refusal::RulebookMissing { version, what: format!("rule `{name}`") })
    }

    /// Whom and what its rules and macros name by their numbers, in every version that it knows: whom a
    /// ticket is assigned to, what a field of the desk's own points to. Whether there are such, only a
    /// desk can say.
    #[must_use]
    pub fn named(&self) -> BTreeSet<Referent> {
        let contents = self.others.values().chain([&self.content]);
        contents.flat_map(|content| &content.automation.named).map(|(_, named)| *named).collect()
    }

    /// Those of them whom the desk does not know, as far as it has [said](Self::set_strangers).
    #[must_use]
    pub fn strangers(&self) -> &BTreeSet<Referent> {
        &self.strangers
    }

    /// Says whom of those that are [named](Self::named) the desk does not know. What a rule would do
    /// with them is left out and recorded with the reason, a macro that does it is refused, and
    /// [`remarks`](Self::remarks) tells where they are named. A rulebook to which nobody says so takes
    /// all of them for known.
    pub fn set_strangers(&mut self, strangers: BTreeSet<Referent>) {
        self.strangers = Arc::new(strangers);
    }

    /// Whether any of its letters says who somebody or what something is, or a time as they have it: then
    /// its [directory](Self::directory_mut) must have them.
    #[must_use]
    pub fn names_people(&self) -> bool {
        self.needs().any(|needs| !needs.kinds.is_empty())
    }

    /// Whether any of its letters says so of somebody or something of this kind.
    #[must_use]
    pub fn names_any(&self, kind: PartyKind) -> bool {
        self.needs().any(|needs| needs.kinds.contains(&kind))
    }

    /// Whether any of its letters quotes what was [said](crate::TicketEvent::said) last.
    #[must_use]
    pub fn quotes_messages(&self) -> bool {
        self.needs().any(|needs| needs.message)
    }

    /// In every version that it knows: what waits for its time is written by the one that it waits for.
    fn needs(&self) -> impl Iterator<Item = &Needs> {
        self.others.values().chain([&self.content]).map(|content| &content.needs)
    }

    /// Who those are of whom its letters may write, as far as the desk has said.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The same, to say so before something is decided.
    pub fn directory_mut(&mut self) -> &mut Directory {
        Arc::make_mut(&mut self.directory)
    }

    /// The names of the rules in force, in the order in which they are tried, timed ones last; then
    /// those of the macros.
    pub fn rules(&self) -> impl Iterator<Item = &RuleId> {
        let Automation { triggers, timed, macros, .. } = self.automation();
        let triggers = triggers.iter().map(|rule| &rule.name);
        let timed = timed.iter().map(|rule| &rule.name);
        triggers.chain(timed).chain(macros.iter().map(|known| &known.name))
    }
}
