//! What a rule or a macro does, one thing at a time: as far as it goes by the way of a command.

use firstline_sla::Change;

use crate::automation::{Deed, Letter, Scene, Template};
use crate::id::RuleId;
use crate::limits::check_text;
use crate::people::Role;
use crate::priority::Priority;
use crate::refusal::Refusal;
use crate::ticket::action::TicketAction;
use crate::ticket::decide::Work;
use crate::ticket::errand::Errand;
use crate::ticket::fact::{TicketEvent, TicketFact};

impl Work<'_> {
    /// Does one thing, in the name of whoever acts now.
    pub(super) fn carry_out_deed(&mut self, rule: &RuleId, deed: &Deed) -> Result<(), Refusal> {
        self.check_known(deed)?;
        match deed {
            Deed::Act(action) => self.act(action),
            Deed::Prioritise(to) => self.prioritise(*to, rule),
            Deed::Classify { impact, urgency } => {
                let now = self.ticket.classification;
                let impact = impact.unwrap_or(now.impact);
                let urgency = urgency.unwrap_or(now.urgency);
                self.act(&TicketAction::Classify { impact, urgency })
            }
            Deed::HandOverToNext => match self.rulebook.line_after(&self.ticket.line) {
                Some(line) => self.act(&TicketAction::HandOver { line: line.clone(), team: None }),
                None => Err(Refusal::NoLineAfter { line: self.ticket.line.clone() }),
            },
            Deed::Tag { add, remove } => {
                let [add, remove] = [add, remove].map(|tags| tags.iter().cloned().collect());
                self.act(&TicketAction::Tag { add, remove })
            }
            Deed::Message(template) => {
                let text = self.render(template, rule)?;
                self.act(&TicketAction::Reply { text, then: None })
            }
            Deed::Note(template) => {
                let text = self.render(template, rule)?;
                self.act(&TicketAction::AddNote { text })
            }
            Deed::Notify(role, template) => {
                let text = self.render_some(template.as_ref(), rule)?;
                self.ask_host(Errand::Notify { role: role.clone(), text });
                Ok(())
            }
            Deed::Webhook { url, body } => {
                let body = self.render_some(body.as_ref(), rule)?;
                self.ask_host(Errand::Webhook { url: url.to_string(), body });
                Ok(())
            }
            Deed::StartGuide(guide) => {
                self.ask_host(Errand::StartGuide { guide: guide.to_string() });
                Ok(())
            }
            Deed::SeekDuplicate => {
                self.ask_host(Errand::SeekDuplicate);
                Ok(())
            }
            Deed::Route => self.act(&TicketAction::Queue),
        }
    }

    /// What a rule names is checked as what a command names, though no command named it.
    fn check_known(&self, deed: &Deed) -> Result<(), Refusal> {
        let strangers = self.rulebook.strangers();
        if strangers.is_empty() {
            return Ok(());
        }
        let stranger = deed.referents().into_iter().find(|named| strangers.contains(named));
        stranger.map_or(Ok(()), |stranger| Err(stranger.unknown()))
    }

    /// An agent applies a macro: all that it says, or nothing of it.
    pub(in crate::ticket) fn apply_macro(&mut self, name: &RuleId) -> Result<(), Refusal> {
        self.need(Role::Agent, "apply macros")?;
        let rulebook = self.rulebook;
        let found = rulebook.automation().macros.iter().find(|known| known.name == *name);
        let Some(found) = found else {
            let known = rulebook.automation().macros.iter().map(|known| known.name.clone());
            return Err(Refusal::UnknownMacro { name: name.clone(), known: known.collect() });
        };
        let because = {
            let scene = Scene::new(&self.ticket, &[]);
            let change = Change::none(&scene).at(self.now);
            (!found.when.holds(change)).then(|| found.when.explain(change).to_string())
        };
        if let Some(because) = because {
            return Err(Refusal::MacroNotMeant { name: name.clone(), because });
        }
        self.happen(TicketFact::MacroApplied { name: name.clone() });
        self.rule = Some(name.clone());
        let mut done = found.deeds.iter().map(|deed| self.carry_out_deed(name, deed));
        let done = done.try_for_each(|done| done);
        self.rule = None;
        done
    }

    fn prioritise(&mut self, to: Option<Priority>, rule: &RuleId) -> Result<(), Refusal> {
        let now = self.ticket.priority();
        let next = Priority::ALL.iter().copied().find(|level| *level > now);
        match to.or(next) {
            Some(priority) if priority != now => {
                let reason = format!("rule {rule}");
                self.act(&TicketAction::OverridePriority { priority, reason })
            }
            _ => Ok(()),
        }
    }

    fn ask_host(&mut self, errand: Errand) {
        let number = self.ticket.errands + 1;
        self.happen(TicketFact::HostAsked { number, errand });
    }

    fn render_some(
        &self,
        template: Option<&Template>,
        rule: &RuleId,
    ) -> Result<Option<String>, Refusal> {
        template.map(|template| self.render(template, rule)).transpose()
    }

    fn render(&self, template: &Template, rule: &RuleId) -> Result<String, Refusal> {
        let text = self.fill(template, rule.as_str())?;
        check_text("text", &text)?;
        Ok(text)
    }

    /// A template, filled with how the ticket is now.
    pub(in crate::ticket) fn fill(
        &self,
        template: &Template,
        rule: &str,
    ) -> Result<String, Refusal> {
        let said = self.events.iter().rev().find_map(TicketEvent::said);
        let letter = Letter::new(&self.ticket, self.rulebook, rule, said);
        template.render(letter).map_err(|why| Refusal::TemplateFailed { why })
    }
}
