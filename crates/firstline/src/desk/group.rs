//! Group commit: whoever gets the journal carries out what others have asked for meanwhile, and the
//! disk is asked once for all of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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
    /// Whether they were carried out, also when their caller has taken the outcome already: they are
    /// not to be carried out again.
    is_done: AtomicBool,
    /// Rung when the commands were carried out, or when it is their caller's turn to do it.
    bell: Condvar,
}

/// Commands of callers who wait for the journal.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Vec<Arc<Job>>,
    /// Whether somebody is carrying out a group.
    is_led: bool,
}

impl Job {
    fn new(commands: Vec<Command>) -> Arc<Self> {
        let (done, is_done, bell) = (Mutex::new(None), AtomicBool::new(false), Condvar::new());
        Arc::new(Self { commands, done, is_done, bell })
    }

    fn finish(&self, outcome: Result<Outcomes, Error>) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.is_done.store(true, Ordering::Release);
    }

    fn take(&self) -> Option<Result<Outcomes, Error>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }
}

/// A group that one caller carries out for all of them.
struct Group<'d> {
    desk: &'d Desk,
    jobs: Vec<Arc<Job>>,
}

impl Drop for Group<'_> {
    /// Lets the next caller lead and the others go. Also after a panic: whose commands were not
    /// carried out by then waits in the queue again, since a transaction that ended so left nothing.
    fn drop(&mut self) {
        let mut queue = self.desk.queue();
        // The first is the leader's own.
        let left = self.jobs.iter().skip(1).filter(|job| !job.is_done()).cloned();
        queue.waiting.splice(0..0, left);
        queue.is_led = false;
        let next = queue.waiting.first().cloned();
        drop(queue);
        for job in self.jobs.iter().skip(1).chain(&next) {
            job.bell.notify_one();
        }
    }
}

impl Desk {
    /// Carries out the commands of this caller, and in the same commit those of others who wait.
    pub(super) fn carry_out_together(&self, commands: Vec<Command>) -> Result<Outcomes, Error> {
        let job = Job::new(commands);
        let mut queue = self.queue();
        queue.waiting.push(Arc::clone(&job));
        while queue.is_led {
            queue = job.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
            if let Some(outcome) = job.take() {
                return outcome;
            }
        }
        queue.is_led = true;
        let group = Group { desk: self, jobs: next_group(&mut queue.waiting, &job) };
        drop(queue);
        self.carry_out_group(&mut **self.journal(), &group.jobs);
        drop(group);
        job.take().expect("it is part of its group")
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner)
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
            // nobody pays for another's trouble, unless it is everybody's.
            Err(error) => {
                let mut for_all = trouble_of_all(&error);
                for job in group {
                    let outcome = match for_all.take() {
                        Some(trouble) => Err(trouble.into()),
                        None => self.carry_out_one(journal, job),
                    };
                    for_all = outcome.as_ref().err().and_then(trouble_of_all);
                    job.finish(outcome);
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

/// What is the matter with a journal, if that is no better for whoever comes next: another writer did
/// not finish in time, and one wait is enough; or the file is not in its place, where what was carried
/// out may stand already.
fn trouble_of_all(error: &Error) -> Option<StoreError> {
    match error {
        Error::Store(StoreError::Busy) => Some(StoreError::Busy),
        Error::Store(StoreError::FileReplaced { path }) => {
            Some(StoreError::FileReplaced { path: path.clone() })
        }
        _ => None,
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

#[cfg(test)]
mod tests {
    use firstline_core::{Actor, AgentId, ContactId, Party, PartyId, Rulebook, Stream, Timestamp};
    use firstline_store::{MemoryJournal, Readers, Transaction};

    use super::super::Beside;
    use super::super::care::Memory;
    use super::*;
    use crate::time::SystemTime;

    /// A journal for which others are faster a few times.
    struct Contested {
        journal: MemoryJournal,
        lost: u32,
        /// What it says then.
        says: fn() -> StoreError,
    }

    const CONFLICT: fn() -> StoreError =
        || StoreError::Conflict { stream: Stream::Desk, expected: 1, actual: 2 };

    impl Journal for Contested {
        fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
            if self.lost == 0 {
                return self.journal.begin();
            }
            self.lost -= 1;
            Err((self.says)())
        }

        fn readers(&self) -> Box<dyn Readers> {
            self.journal.readers()
        }

        fn rebuild(&mut self) -> Result<(), StoreError> {
            self.journal.rebuild()
        }

        fn forget_commands(&mut self, before: Timestamp) -> Result<u64, StoreError> {
            self.journal.forget_commands(before)
        }

        fn erase(
            &mut self,
            contact: ContactId,
            by: Actor,
            at: Timestamp,
        ) -> Result<Option<Receipt>, StoreError> {
            self.journal.erase(contact, by, at)
        }

        fn sync(&mut self) -> Result<(), StoreError> {
            self.journal.sync()
        }
    }

    fn a_desk(lost: u32, says: fn() -> StoreError) -> Desk {
        let journal = Box::new(Contested { journal: MemoryJournal::new(), lost, says });
        let rulebook =
            Rulebook::from_toml("name = \"Northwind\"\n[[lines]]\nid = \"L1\"", "r.toml");
        let (rulebook, time) = (rulebook.unwrap(), Box::new(SystemTime));
        let desk = Desk::start(journal, Beside::in_memory(), rulebook, time, Memory::new(None));
        desk.unwrap()
    }

    fn bob() -> Command {
        let bob = Party::Agent(firstline_core::Agent::new("Bob"));
        Command::save(Actor::System, PartyId::Agent(AgentId(1)), bob)
    }

    fn save_an_agent(lost: u32) -> (Desk, Result<Receipt, Error>) {
        let desk = a_desk(lost, CONFLICT);
        let saved = desk.execute(bob());
        (desk, saved)
    }

    #[test]
    fn who_was_too_slow_decides_anew_and_is_told_in_the_end() {
        let (desk, saved) = save_an_agent(ATTEMPTS - 1);
        assert_eq!(saved.unwrap().events, 1);
        assert_eq!(desk.records(0, 10).unwrap().len(), 2);

        let (desk, refused) = save_an_agent(ATTEMPTS);
        let refused = refused.unwrap_err();
        assert!(matches!(refused, Error::Store(StoreError::Conflict { .. })), "{refused:?}");
        assert_eq!(desk.records(0, 10).unwrap(), []);
    }

    /// A caller who was rung as the next leader may wake late, find the outcome and go, before the
    /// leader of the group looks who is left.
    #[test]
    fn what_was_carried_out_and_heard_of_is_not_carried_out_again() {
        let desk = a_desk(0, CONFLICT);
        let jobs = vec![Job::new(vec![bob()]), Job::new(vec![bob()]), Job::new(vec![bob()])];
        jobs[1].finish(Ok(Vec::new()));
        jobs[1].take().unwrap().unwrap();
        let left = Arc::clone(&jobs[2]);
        drop(Group { desk: &desk, jobs });
        let waiting = &desk.queue().waiting;
        assert!(waiting.len() == 1 && Arc::ptr_eq(&waiting[0], &left), "{}", waiting.len());
    }

    #[test]
    fn what_is_the_matter_for_all_of_a_group_is_found_out_once() {
        let told = |lost, says| {
            let desk = a_desk(lost, says);
            let job = || Job::new(vec![bob()]);
            let group = [job(), job(), job()];
            desk.carry_out_group(&mut **desk.journal(), &group);
            let outcomes = group.iter().map(|job| job.take().unwrap());
            let told = outcomes.map(|outcome| match outcome {
                Ok(_) => "done".to_owned(),
                Err(error) => error.to_string(),
            });
            (told.collect::<Vec<_>>(), desk.records(0, 10).unwrap().len())
        };
        let busy: fn() -> StoreError = || StoreError::Busy;
        let gone: fn() -> StoreError = || StoreError::FileReplaced { path: "desk".into() };
        for says in [busy, gone] {
            assert_eq!(told(1, says), (vec![says().to_string(); 3], 0));
            assert_eq!(told(0, says), (vec!["done".to_owned(); 3], 2));
        }
    }
}
