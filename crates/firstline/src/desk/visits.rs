//! What answers are worth: who came with which question, and whether a ticket followed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::time::Duration;

use firstline_core::{Audience, Channel, ContactId, Period, Ticket, TicketFilter, Timestamp};
use firstline_knowledge::{
    Deflection, Gaps, Hit, Logged, Question, Results, Step, Visit, Visitor, deflection, gaps,
    is_held_out,
};
use firstline_store::{MAX_PAGE, TicketQuery};

use super::Desk;
use crate::error::Error;

impl Desk {
    /// [`search`](Self::search) for a visitor, taken down as a step of a visit, by a number that the
    /// host has for the visit. Whoever belongs to the
    /// [hold-out](crate::DeskOptions::hold_out_percent) is shown nothing: what becomes of them tells
    /// what answers are worth.
    ///
    /// A guest sees what is public and a contact what is for customers as well, whatever audience the
    /// question says; [`only_audience`](Question::only_audience) narrows that. To ask nothing finds nothing
    /// and is taken down as nothing: to list a section is for [`answer_page`](Self::answer_page).
    ///
    /// Further pages of a question are not taken down, and of one that is being typed only what it came
    /// to. To take it down waits for no other process: see [`VisitLog`](firstline_knowledge::VisitLog).
    ///
    /// What follows in the visit is told by [`note`](Self::note); what it all comes to, by
    /// [`deflection`](Self::deflection) and [`gaps`](Self::gaps).
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written; the log of visits cannot be written.
    pub fn answer(
        &self,
        visit: u64,
        visitor: Visitor,
        question: &Question<'_>,
    ) -> Result<Vec<Hit>, Error> {
        let question = seen_by(visitor, question);
        if question.text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let hits = self.search(&question)?;
        let shown = self.note_answer(visit, visitor, &question, hits.len())?;
        Ok(if shown { hits } else { Vec::new() })
    }

    /// [`answer`](Self::answer) with all that a page of results shows beside the hits, as
    /// [`browse`](Self::browse) gives it. Whoever belongs to the hold-out is shown nothing of it. What is
    /// listed without a question is taken down as none, and shown to all.
    ///
    /// # Errors
    ///
    /// Those of [`answer`](Self::answer).
    pub fn answer_page(
        &self,
        visit: u64,
        visitor: Visitor,
        question: &Question<'_>,
    ) -> Result<Results, Error> {
        let question = seen_by(visitor, question);
        let results = self.browse(&question)?;
        if question.text.trim().is_empty() {
            return Ok(results);
        }
        let shown = self.note_answer(visit, visitor, &question, results.hits.len())?;
        Ok(if shown { results } else { Results::default() })
    }

    /// Takes down what somebody asked, and says whether they are shown what was found.
    fn note_answer(
        &self,
        visit: u64,
        visitor: Visitor,
        question: &Question<'_>,
        found: usize,
    ) -> Result<bool, Error> {
        let shown = !is_held_out(visitor, self.inner.hold_out_percent);
        if question.offset == 0 && question.limit > 0 {
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            let (question, typing) = (question.text.to_owned(), question.is_typing);
            self.note(visit, Step::Asked { visitor, question, found, shown, typing })?;
        }
        Ok(shown)
    }

    /// Takes down what happened in a visit: that an article was opened, that it helped or did not,
    /// that a ticket was written. Tickets of contacts are known without that.
    ///
    /// # Errors
    ///
    /// The log of visits cannot be written.
    pub fn note(&self, visit: u64, step: Step) -> Result<(), Error> {
        Ok(self.inner.visits.note(visit, step, self.now())?)
    }

    /// The questions that were asked within a stretch of time, with the first ticket that each visitor
    /// wrote after it.
    ///
    /// # Errors
    ///
    /// The journal or the log of visits cannot be read.
    pub fn visits(&self, within: Range<Timestamp>) -> Result<Vec<Visit>, Error> {
        Ok(self.logged(within)?.into_iter().map(|logged| logged.visit).collect())
    }

    /// The questions with their tickets.
    fn logged(&self, within: Range<Timestamp>) -> Result<Vec<Logged>, Error> {
        let mut logged = self.inner.visits.visits(within)?;
        let mut written: BTreeMap<ContactId, Vec<Timestamp>> = BTreeMap::new();
        for Logged { visit, tickets, .. } in &mut logged {
            let mut times = Vec::new();
            for ticket in tickets {
                times.extend(self.ticket(*ticket)?.map(|stored| stored.state.opened_at));
            }
            if let Visitor::Contact(contact) = visit.visitor {
                // Questions come in the order of time, so the first one reaches furthest back.
                let of = match written.entry(contact) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.tickets_written(contact, visit.at)?),
                };
                times.extend(&*of);
            }
            visit.ticket_at = times.into_iter().filter(|at| *at >= visit.at).min();
        }
        Ok(logged)
    }

    /// What answers were worth in a stretch of time: a ticket counts if it came within `window` of
    /// the last question before it. Visits of one person that follow each other within the window,
    /// up to a ticket, count as one.
    ///
    /// # Errors
    ///
    /// Those of [`visits`](Self::visits).
    pub fn deflection(
        &self,
        within: Range<Timestamp>,
        window: Duration,
    ) -> Result<Deflection, Error> {
        Ok(deflection(&self.visits(within)?, window))
    }

    /// The list that whoever keeps the knowledge works from: questions that nothing answered, with a
    /// sample and how many there were; articles that did not help; questions that are asked often.
    ///
    /// # Errors
    ///
    /// Those of [`visits`](Self::visits).
    pub fn gaps(&self, within: Range<Timestamp>, window: Duration) -> Result<Gaps, Error> {
        Ok(gaps(&self.logged(within)?, window))
    }

    /// Takes steps of visits before a moment out of the log, for good, and says how many they were.
    /// Nothing else depends on them.
    ///
    /// # Errors
    ///
    /// The log of visits cannot be written.
    pub fn forget_visits(&self, before: Timestamp) -> Result<u64, Error> {
        Ok(self.inner.visits.forget(before)?)
    }

    /// When a contact opened tickets, from a moment on. What a machine or a plan opened in their name they
    /// have not written.
    fn tickets_written(
        &self,
        contact: ContactId,
        from: Timestamp,
    ) -> Result<Vec<Timestamp>, Error> {
        let opened = Period { from: Some(from), ..Period::default() };
        let filter =
            TicketFilter { requesters: [contact].into(), opened, ..TicketFilter::default() };
        let mut query = TicketQuery { filter, limit: MAX_PAGE, ..TicketQuery::default() };
        let mut times = Vec::new();
        loop {
            let page = self.tickets(&query)?;
            let is_written =
                |ticket: &Ticket| ticket.channel != Channel::Monitoring && ticket.planned.is_none();
            let written = page.tickets.into_iter().map(|found| found.ticket).filter(is_written);
            times.extend(written.map(|ticket| ticket.opened_at));
            if page.next.is_none() {
                return Ok(times);
            }
            query.after = page.next;
        }
    }
}

/// A question as a visitor may ask it.
fn seen_by<'a>(visitor: Visitor, question: &Question<'a>) -> Question<'a> {
    let audience = match visitor {
        Visitor::Guest(_) => Audience::Public,
        Visitor::Contact(_) => Audience::Customer,
    };
    Question { audience, ..*question }
}
