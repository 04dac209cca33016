//! What hangs together across tickets: where a line goes that names one that was merged, and what its
//! relatives are told.

use std::collections::BTreeSet;

use super::Desk;
use crate::*;

impl Desk {
    /// On which ticket that is done, and by which number it came there if that is another one: what a
    /// customer says to one that was merged goes to where it lives on.
    pub(super) fn lives_on(
        &self,
        number: u64,
        (by, action): (Actor, &TicketAction),
    ) -> (u64, Option<TicketId>) {
        let is_message = matches!(action, TicketAction::Reply { .. }) && by.role() == Role::Contact;
        let mut lives = number;
        while let Some(merged) = self.tickets.get(&lives).and_then(|it| it.merged.as_ref())
            && is_message
        {
            lives = merged.into.0;
        }
        (lives, (lives != number).then_some(TicketId(number)))
    }

    /// The tickets that live on in this one.
    pub(super) fn lodgers(&self, id: TicketId) -> BTreeSet<TicketId> {
        let direct = &self.tickets[&id.0].took_in;
        direct.iter().flat_map(|it| self.lodgers(*it).into_iter().chain([*it])).collect()
    }

    /// What a duplicate is of was no request: it is none any more.
    pub(super) fn live_again(
        &mut self,
        id: TicketId,
        original: TicketId,
        rules: &Rulebook,
        now: Timestamp,
    ) {
        let [one, two] = [id, original].map(|of| (of, self.tickets[&of.0].clone()));
        let rules = (rules, self.earlier.as_slice());
        let none = BTreeSet::new();
        let (one, two) =
            unrelate(one, Relation::DuplicateOf, two, Actor::System, rules, [&none; 2], now)
                .unwrap();
        self.note(id.0, one, now);
        self.note(original.0, two, now);
    }

    /// What a ticket is told that came to stand to another one in this turn.
    pub(super) fn news_for_newcomer(
        &self,
        number: u64,
        turn: &Turn,
        rules: &Rulebook,
        now: Timestamp,
    ) -> Vec<(TicketId, Timestamp, News)> {
        let joined = turn.events.iter().filter_map(|event| match event.fact {
            TicketFact::Related { relation, ticket, .. } => Some((relation, ticket)),
            _ => None,
        });
        let news = joined.filter_map(|(relation, of)| {
            let history = self.history.get(&of.0)?.iter().map(|(_, event)| event.clone());
            let history: Vec<TicketEvent> = history.collect();
            let what = news_for(relation, (of, self.tickets.get(&of.0)?), &history, rules)?;
            Some((TicketId(number), now, what))
        });
        news.collect()
    }
}
