//! Group commit: whoever gets the journal carries out what others have asked for meanwhile, and the
//! disk is asked once for all of them.

use std::sync::{Arc, Mutex, PoisonError};

use firstline_core::{Command, Refusal};
use firstline_store::{Journal, Receipt, StoreError};

use super::Desk;
use crate::error::Error;

/// How many commands of other callers share one commit: enough to make the disk cheap, few enough
/// that nobody waits long for the rest.
const GROUP: usize = 256;

/// How often commands are decided upon before it is said that others were faster. Whoever loses
/// this often in a row should hear of it.
const ATTEMPTS: u32 = 8;

/// What came of the commands of one caller.
pub(super) type Outcomes = Vec<Result<Receipt, Refusal>>;

/// The commands of one caller, and what came of them.
pub(super) struct Job {
    commands: Vec<Command>,
    done: Mutex<Option<Result<Outcomes, Error>>>,
}

impl Job {
    fn finish(&self, outcome: Result<Outcomes, Error>) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    fn take(&self) -> Option<Result<Outcomes, Error>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Desk {
    /// Carries out the commands of this caller, and in the same commit those of others who wait.
    pub(super) fn carry_out_together(&self, commands: Vec<Command>) -> Result<Outcomes, Error> {
        let job = Arc::new(Job { commands, done: Mutex::new(None) });
        self.queue(|queue| queue.push(Arc::clone(&job)));
        let mut journal = self.journal();
        // Whoever had the journal before may have done it.
        if let Some(outcome) = job.take() {
            return outcome;
        }
        let group = self.queue(|queue| next_group(queue, &job));
        self.carry_out_group(&mut **journal, &group);
        job.take().expect("it is part of its group")
    }

    fn queue<T>(&self, change: impl FnOnce(&mut Vec<Arc<Job>>) -> T) -> T {
        change(&mut self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn carry_out_group(&self, journal: &mut dyn Journal, group: &[Arc<Job>]) {
        if let [job] = group {
            return job.finish(self.carry_out_one(journal, job));
        }
        match self.attempt(journal, group) {
            Ok(outcomes) => {
                for (job, outcomes) in group.iter().zip(outcomes) {
                    job.finish(Ok(outcomes));
                }
            }
            // Nothing was changed. Each by itself, so that each hears what is the matter with it, and
            // nobody pays for another's trouble.
            Err(_) => {
                for job in group {
                    job.finish(self.carry_out_one(journal, job));
                }
            }
        }
    }

    fn carry_out_one(&self, journal: &mut dyn Journal, job: &Arc<Job>) -> Result<Outcomes, Error> {
        let mut outcomes = self.attempt(journal, std::slice::from_ref(job))?;
        Ok(outcomes.pop().expect("one job has one list of outcomes"))
    }

    /// Carries out a group in one transaction, anew as long as another writer of a journal that
    /// allows several was faster. That is safe: what conflicts has changed nothing, and all is
    /// decided again upon what is there now.
    fn attempt(
        &self,
        journal: &mut dyn Journal,
        group: &[Arc<Job>],
    ) -> Result<Vec<Outcomes>, Error> {
        let mut attempt = 1;
        loop {
            match self.carry_out_in_one(journal, group) {
                Err(Error::Store(StoreError::Conflict { .. })) if attempt < ATTEMPTS => {
                    attempt += 1
                }
                outcome => return outcome,
            }
        }
    }

    fn carry_out_in_one(
        &self,
        journal: &mut dyn Journal,
        group: &[Arc<Job>],
    ) -> Result<Vec<Outcomes>, Error> {
        let mut transaction = journal.begin()?;
        let mut rules = self.rules();
        rules.refresh(transaction.as_ref())?;
        let mut all = Vec::with_capacity(group.len());
        for job in group {
            let mut outcomes = Outcomes::with_capacity(job.commands.len());
            for command in &job.commands {
                outcomes.push(match self.carry_out(transaction.as_mut(), command, &mut rules) {
                    Ok(receipt) => Ok(receipt),
                    Err(Error::Refused(refusal)) => Err(refusal),
                    Err(broken) => return Err(broken),
                });
            }
            all.push(outcomes);
        }
        if all.iter().flatten().any(Result::is_ok) {
            transaction.commit()?;
            self.keep(rules);
        }
        Ok(all)
    }
}

/// Takes a caller's own job out of the queue, and with it those of others, oldest first.
fn next_group(queue: &mut Vec<Arc<Job>>, own: &Arc<Job>) -> Vec<Arc<Job>> {
    queue.retain(|job| !Arc::ptr_eq(job, own));
    let mut commands = 0;
    let fits = |job: &&Arc<Job>| {
        commands += job.commands.len();
        commands <= GROUP
    };
    let others = queue.iter().take_while(fits).count();
    std::iter::once(Arc::clone(own)).chain(queue.drain(..others)).collect()
}
