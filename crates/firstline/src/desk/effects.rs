//! What the desk asks of its host: handed out, acknowledged, failed, dead, tried anew.

use firstline_core::{Effect, Timestamp, check_time};
use firstline_store::{Delivery, Failed, HandOut, OpenEffect, Record};

use super::{Desk, ticket_event};
use crate::error::Error;

impl Desk {
    /// Hands out what is to be done now: to tell somebody, to ring for somebody. Do it, then
    /// [`acknowledge`](Self::acknowledge) it, or report that it [failed](Self::fail).
    ///
    /// What comes of a command is in the outbox from the same commit on. Effects of one ticket come
    /// in the order in which they were recorded, the next one when the one before is acknowledged or
    /// dead; those of other tickets beside them. Each comes at least once: again when its lease ends
    /// before somebody acknowledges it. So do it under its [`id`](Effect::id), which stays the same.
    /// Any number of workers, threads or processes, may ask.
    ///
    /// Nothing is written when nothing is due, so ask after each [`execute`](Self::execute) and
    /// [`handle_timeout`](Self::handle_timeout), or every second.
    ///
    /// ```
    /// use firstline::{Desk, HandOut};
    /// # fn send(_: &str) -> Result<(), std::io::Error> { Ok(()) }
    /// # fn work(desk: &Desk) -> Result<(), Box<dyn std::error::Error>> {
    /// for delivery in desk.effects(HandOut::default(), desk.now())? {
    ///     let event = delivery.cloud_event("/desks/northwind")?;
    ///     match send(&serde_json::to_string(&event)?) {
    ///         Ok(()) => desk.acknowledge(&[delivery.record]).map(drop)?,
    ///         Err(error) => desk.fail(&delivery.failed(error.to_string()), desk.now()).map(drop)?,
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The moment is none that a desk works at; the journal cannot be read or written. Nothing was
    /// handed out then.
    pub fn effects(&self, order: HandOut, now: Timestamp) -> Result<Vec<Delivery>, Error> {
        check_time(now)?;
        if self.read(|journal| Ok(journal.effects_due(now, 1)?))?.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.journal().hand_out(order, now)?)
    }

    /// Closes effects for ever, each named by its [record](Delivery::record), in one commit. Says how
    /// many of them were open; to say it again does no harm.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or written. All of them are still open then.
    pub fn acknowledge(&self, records: &[u64]) -> Result<usize, Error> {
        Ok(self.journal().acknowledge(records)?)
    }

    /// Takes note that an attempt failed: it is tried again later, or becomes a dead letter with its
    /// reason. Says whether it made a difference; a failure of an attempt that is not the last one
    /// makes none.
    ///
    /// # Errors
    ///
    /// The moment is none that a desk works at; the journal cannot be read or written.
    pub fn fail(&self, failed: &Failed, now: Timestamp) -> Result<bool, Error> {
        check_time(now)?;
        Ok(self.journal().fail(failed, now)?)
    }

    /// Gives a dead letter new attempts. Says whether there was one of this record.
    ///
    /// # Errors
    ///
    /// The moment is none that a desk works at; the journal cannot be read or written.
    pub fn requeue(&self, record: u64, now: Timestamp) -> Result<bool, Error> {
        check_time(now)?;
        Ok(self.journal().requeue(record, now)?)
    }

    /// What is not acknowledged yet, dead letters with their reasons among it, in the order of its
    /// records: those after record `after`, at most `limit`.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, Error> {
        self.read(|journal| Ok(journal.open_effects(after, limit)?))
    }

    /// What the records of a page of the feed ask the host to do: for hosts that follow
    /// [`records`](Self::records) and keep their own account of what is done. The same records give
    /// the same effects, under the same keys, however often they are read.
    #[must_use]
    pub fn effects_of(records: &[Record]) -> Vec<Effect> {
        let events = records.iter().filter_map(ticket_event);
        events.filter_map(|(ticket, event)| Effect::of(ticket, event)).collect()
    }
}
