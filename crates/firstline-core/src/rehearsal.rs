//! What would have become of a ticket under other rules: its own history is played again, and what
//! comes out is compared with what came out.
//!
//! Played again is what people and hosts did, and what came from elsewhere: other tickets, contracts,
//! who was there. What the rules made of it is left to the new rules: deadlines, warnings, ladders,
//! triggers, the letters of macros. So a ticket that a ladder handed over stays where it is
//! if the new ladder has no such step, and what an agent did there afterwards may be refused; that
//! is counted.

mod again;
mod deed;
#[cfg(test)]
mod stories;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{ClockKey, Measure, Timestamp};

use crate::id::RuleId;
use crate::limits::ERASED;
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::{
    Status, Ticket, TicketAction, TicketEvent, TicketFact, Turn, apply, carry_out, hear,
    open_unasked, repeat,
};
use crate::verdict::verdict;

use again::{Again, Here, again, brought_along, is_like, same_turn};
pub use deed::Deed;

/// Something that happened to a ticket, with who did it and when that was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Happened<'e> {
    /// The event.
    pub event: &'e TicketEvent,
    /// Who gave the command.
    pub by: Actor,
    /// When it was recorded.
    pub at: Timestamp,
    /// The number of its record: by then, people were called what the records before it say.
    pub seq: u64,
}

/// What is different under other rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Promises that stand otherwise at the end, by clock: how they stood, and how they would.
    pub verdicts: BTreeMap<ClockKey, (String, String)>,
    /// What else is otherwise at the end: status, line, team, priority, assignee, and labels.
    pub ends: BTreeMap<&'static str, (String, String)>,
    /// What the rules did then and would not do, each with how many times.
    pub no_longer: BTreeMap<Deed, u32>,
    /// What they would do and did not, each with how many times.
    pub newly: BTreeMap<Deed, u32>,
    /// The commands that would be refused and were not: why, in their order.
    pub refused: Vec<Refusal>,
    /// Whether the history was played to its end. A merge or a split, which take two tickets, end
    /// it early, and of words that were erased nobody knows any more what rules made of them; then
    /// nothing is compared.
    pub is_whole: bool,
}

impl Rehearsal {
    /// Whether the other rules make no difference.
    #[must_use]
    pub fn is_the_same(&self) -> bool {
        self.verdicts.is_empty()
            && self.ends.is_empty()
            && self.no_longer.is_empty()
            && self.newly.is_empty()
            && self.refused.is_empty()
    }
}

/// Plays the history of a ticket again under other rules, up to a moment.
///
/// `ticket` is what it became. The history begins with its opening.
///
/// # Errors
///
/// The opening itself would be refused: it names what the other rules do not have.
pub fn rehearse(
    ticket: &Ticket,
    history: &[Happened<'_>],
    rulebook: &Rulebook,
    until: Timestamp,
) -> Result<Rehearsal, Refusal> {
    if history.iter().any(|it| is_erased(&it.event.fact)) {
        return Ok(Rehearsal::default());
    }
    let mut played = Played::under(rulebook);
    for index in 0..history.len() {
        if !played.take(&history[index..])? {
            return Ok(Rehearsal::default());
        }
    }
    // Nobody has looked at what became due since, so nothing later can be compared.
    let unnoticed = ticket.poll_timeout().and_then(|next| next.checked_add_millis(-1));
    // By who everybody is now.
    played.look_back(u64::MAX);
    played.wake(unnoticed.map_or(until, |last| last.min(until)));
    let Some(would_be) = played.ticket else {
        return Ok(Rehearsal::default());
    };
    let did = deeds(&mut history.iter().map(|happened| happened.event));
    let would_do = deeds(&mut played.events.iter());
    Ok(Rehearsal {
        verdicts: verdicts(ticket, &would_be),
        ends: ends(ticket, &would_be),
        no_longer: beyond(&did, &would_do),
        newly: beyond(&would_do, &did),
        refused: played.refused,
        is_whole: true,
    })
}

/// The commands that a history came of, each with its moment and who gave it.
#[cfg(test)]
pub(crate) fn commands_of(
    history: &[(Timestamp, Actor, TicketEvent)],
) -> Vec<(Timestamp, Actor, TicketAction)> {
    let happened: Vec<Happened<'_>> = history
        .iter()
        .map(|(at, by, event)| Happened { event, by: *by, at: *at, seq: 0 })
        .collect();
    let mut ticket: Option<Ticket> = None;
    let mut commands = Vec::new();
    for (index, it) in happened.iter().enumerate() {
        let was = ticket.as_ref().map_or(Status::New, |ticket| ticket.status);
        let here = Here { was, ticket: ticket.as_ref(), by_hand: None };
        if let Again::Do(action) = again(&happened[index..], here) {
            commands.push((it.at, it.by, *action));
        }
        ticket = apply(ticket, it.event).ok();
    }
    commands
}

/// The rule that fires, if one does.
fn fires(event: &TicketEvent) -> Option<RuleId> {
    match &event.fact {
        TicketFact::RuleFired { rule, .. } => Some(rule.clone()),
        _ => None,
    }
}

/// What ladders and rules did, and how many times.
fn deeds(events: &mut dyn Iterator<Item = &TicketEvent>) -> BTreeMap<Deed, u32> {
    let mut all = BTreeMap::new();
    for deed in events.filter_map(Deed::of) {
        *all.entry(deed).or_default() += 1;
    }
    all
}

/// What one has done more often than the other.
fn beyond(one: &BTreeMap<Deed, u32>, other: &BTreeMap<Deed, u32>) -> BTreeMap<Deed, u32> {
    let more = |(deed, count): (&Deed, &u32)| {
        let count = count.saturating_sub(other.get(deed).copied().unwrap_or(0));
        (count > 0).then(|| (deed.clone(), count))
    };
    one.iter().filter_map(more).collect()
}

fn is_erased(fact: &TicketFact) -> bool {
    match fact {
        TicketFact::Opened { text, .. } | TicketFact::MessageAdded { text, .. } => text == ERASED,
        _ => false,
    }
}

fn ends(was: &Ticket, would_be: &Ticket) -> BTreeMap<&'static str, (String, String)> {
    let words = |ticket: &Ticket| {
        let name = ticket.place.as_ref().map(|place| place.status.to_string());
        let nobody = || "nobody".to_owned();
        let tags: Vec<&str> = ticket.tags.iter().map(|tag| tag.as_str()).collect();
        [
            ("status", name.unwrap_or_else(|| ticket.status.to_string())),
            ("line", ticket.line.to_string()),
            ("team", ticket.team.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)),
            ("priority", ticket.priority().to_string()),
            ("assignee", ticket.assignee.map_or_else(nobody, |agent| agent.to_string())),
            ("tags", tags.join(", ")),
        ]
    };
    let pairs = words(was).into_iter().zip(words(would_be));
    let pairs = pairs.filter(|(was, would_be)| was != would_be);
    pairs.map(|((what, was), (_, would_be))| (what, (was, would_be))).collect()
}

fn verdicts(was: &Ticket, would_be: &Ticket) -> BTreeMap<ClockKey, (String, String)> {
    // What agents promise themselves is not for a rulebook to say.
    let is_of_rules = |key: &&ClockKey| !matches!(key.measure, Measure::Promise(_));
    let keys = was.clocks.keys().chain(would_be.clocks.keys()).filter(is_of_rules);
    let keys: BTreeSet<&ClockKey> = keys.collect();
    let pair = |key: &ClockKey| (verdict(was.clocks.get(key)), verdict(would_be.clocks.get(key)));
    let pairs = keys.into_iter().map(|key| (key.clone(), pair(key)));
    pairs.filter(|(_, (was, would_be))| was != would_be).collect()
}

/// A ticket under the other rules, as far as it was played.
struct Played<'r> {
    /// With what was said last, if its letters quote that, and who people were then, if they name them.
    rulebook: Cow<'r, Rulebook>,
    ticket: Option<Ticket>,
    /// The ticket as the history has it.
    past: Option<Ticket>,
    events: Vec<TicketEvent>,
    refused: Vec<Refusal>,
    /// When it is.
    now: Option<Timestamp>,
    /// What happened now of which the history has not told yet: it need not be asked for.
    untold: Vec<TicketEvent>,
    /// The rules that fired in the last command.
    fired: BTreeSet<RuleId>,
    /// Whether that command is over: the last of it is that somebody is looked for.
    is_over: bool,
    /// The macro that was refused, if the last one was.
    by_hand: Option<RuleId>,
}

impl<'r> Played<'r> {
    const fn under(rulebook: &'r Rulebook) -> Self {
        Self {
            rulebook: Cow::Borrowed(rulebook),
            ticket: None,
            past: None,
            events: Vec::new(),
            refused: Vec::new(),
            now: None,
            untold: Vec::new(),
            fired: BTreeSet::new(),
            is_over: false,
            by_hand: None,
        }
    }

    /// Lets the event happen again with which this history begins. Whether that is possible.
    fn take(&mut self, history: &[Happened<'_>]) -> Result<bool, Refusal> {
        let Happened { event, by, seq, .. } = history[0];
        self.look_back(seq);
        self.wake(event.at);
        let was = self.past.as_ref().map_or(Status::New, |past| past.status);
        self.past = apply(self.past.take(), event).ok();
        if self.has_told(event) {
            return Ok(true);
        }
        if event.rule.is_none() {
            self.by_hand = None;
        }
        let (ticket, by_hand) = (self.ticket.as_ref(), self.by_hand.as_ref());
        match again(history, Here { was, ticket, by_hand }) {
            Again::Same => return Ok(true),
            Again::Never => return Ok(false),
            Again::Do(action) => self.act(*action, history)?,
            Again::Repeat(what) => {
                if self.is_over {
                    self.begin_command();
                }
                self.go_on(|ticket, rules, now| repeat(ticket, what, by, rules, now));
                self.is_over = what.is_of_dispatch();
            }
            Again::Hear(news) => {
                // Whoever is given work tells it on; what others do is a command of its own, and so is
                // that by which a rule fires once more.
                if self.is_over && (by != Actor::System || self.fires_once_more(history)) {
                    self.begin_command();
                }
                let before = self.events.len();
                self.go_on(|ticket, rules, now| hear(ticket, &news, rules, now));
                self.fired.extend(self.events[before..].iter().filter_map(fires));
            }
        }
        self.has_told(event);
        Ok(true)
    }

    /// Letters are written by what people were called when it was recorded.
    fn look_back(&mut self, seq: u64) {
        if self.rulebook.names_people() {
            self.rulebook.to_mut().directory_mut().look_back(seq);
        }
    }

    /// Whether this has happened again already, and the history tells of it now.
    fn has_told(&mut self, event: &TicketEvent) -> bool {
        let rule = event.rule.as_ref().filter(|rule| self.by_hand.as_ref() != Some(rule));
        let found =
            self.untold.iter().position(|it| it.rule.as_ref() == rule && is_like(it, event));
        found.map(|at| self.untold.remove(at)).is_some()
    }

    /// It is so late: what has become due happens. It makes no difference who notices that when.
    fn wake(&mut self, at: Timestamp) {
        if self.now.is_some_and(|now| at <= now) {
            return;
        }
        self.now = Some(at);
        self.untold.clear();
        self.begin_command();
        self.go_on(|ticket, (rulebook, _), now| {
            carry_out(Some(ticket), &TicketAction::Wake, Actor::System, rulebook, now)
        });
    }

    /// Whether a rule that fired in the last command fires again in what this history begins with.
    fn fires_once_more(&self, history: &[Happened<'_>]) -> bool {
        same_turn(history).filter_map(|it| fires(it.event)).any(|rule| self.fired.contains(&rule))
    }

    fn begin_command(&mut self) {
        self.fired.clear();
        self.is_over = false;
    }

    /// Somebody does something.
    fn act(&mut self, action: TicketAction, history: &[Happened<'_>]) -> Result<(), Refusal> {
        let by = history[0].by;
        self.begin_command();
        let refused = self.refused.len();
        match self.ticket {
            None => {
                let now = self.now.expect("it is some time when something happens");
                let turn = match (&action, brought_along(history)) {
                    (TicketAction::Open(request), Some(fields)) => {
                        open_unasked(request, fields, by, &self.rulebook, now)
                    }
                    (action, _) => carry_out(None, action, by, &self.rulebook, now),
                };
                self.note(turn?);
            }
            Some(_) => self.go_on(|ticket, (rulebook, _), now| {
                carry_out(Some(ticket), &action, by, rulebook, now)
            }),
        }
        if let TicketAction::ApplyMacro { name } = action
            && self.refused.len() > refused
        {
            self.by_hand = Some(name);
        }
        Ok(())
    }

    /// Something happens to the ticket, once there is one.
    fn go_on(
        &mut self,
        happen: impl FnOnce(Ticket, (&Rulebook, &BTreeSet<RuleId>), Timestamp) -> Result<Turn, Refusal>,
    ) {
        let (Some(ticket), Some(now)) = (self.ticket.clone(), self.now) else {
            return;
        };
        match happen(ticket, (&self.rulebook, &self.fired), now) {
            Ok(turn) => self.note(turn),
            Err(refusal) => self.refused.push(refusal),
        }
    }

    fn note(&mut self, turn: Turn) {
        let by_command = |event: &&TicketEvent| {
            matches!(event.fact, TicketFact::RuleFired { by_itself: false, .. })
        };
        self.fired.extend(turn.events.iter().filter(by_command).filter_map(fires));
        if self.rulebook.quotes_messages()
            && let Some(number) = turn.ticket.number
            && let Some(said) = turn.events.iter().rev().find_map(TicketEvent::said)
        {
            self.rulebook.to_mut().directory_mut().quote(number, said);
        }
        self.untold.extend(turn.events.iter().cloned());
        self.events.extend(turn.events);
        self.ticket = Some(turn.ticket);
    }
}
