//! Handles that read, beside whoever writes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use firstline_store::{Reader, Readers};

use crate::error::Error;

/// How many reading handles are kept open for the next question. More threads may read at once;
/// their handles are closed afterwards.
const MAX_IDLE: usize = 8;

/// Handles that read, and what opens more of them. None of it asks for the lock of whoever writes, so
/// no question waits for a commit, also not the first one of a thread.
pub(super) struct ReadingHandles {
    source: Box<dyn Readers>,
    idle: Mutex<Vec<Box<dyn Reader>>>,
}

impl ReadingHandles {
    pub(super) fn new(source: Box<dyn Readers>) -> Self {
        Self { source, idle: Mutex::default() }
    }

    /// Asks something by a handle that nobody else uses meanwhile.
    pub(super) fn ask<T>(
        &self,
        ask: impl FnOnce(&dyn Reader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let idle = self.idle().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.source.open()?,
        };
        let answer = ask(reader.as_ref());
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE {
            idle.push(reader);
        }
        answer
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Box<dyn Reader>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use firstline_core::{Actor, Agent, AgentId, Command, Party, PartyId, Rulebook};

    use super::super::Desk;

    #[test]
    fn who_asks_waits_for_nobody_who_writes_not_even_the_first_time() {
        const THREADS: usize = super::MAX_IDLE + 2;
        let folder = tempfile::tempdir().unwrap();
        let rules = || {
            let text = "name = \"Northwind\"\n[[lines]]\nid = \"L1\"";
            Rulebook::from_toml(text, "rules.toml").unwrap()
        };
        let stored = Desk::open(folder.path(), rules()).unwrap();
        for desk in [stored, Desk::in_memory(rules()).unwrap()] {
            let bob = Party::Agent(Agent::new("Bob"));
            desk.execute(Command::save(Actor::System, PartyId::Agent(AgentId(1)), bob)).unwrap();
            let head = desk.head().unwrap();
            let (told, heard) = mpsc::channel();
            let mut writer = desk.journal();
            let transaction = writer.begin().unwrap();
            for _ in 0..THREADS {
                let (desk, told) = (desk.clone(), told.clone());
                thread::spawn(move || told.send(desk.head().unwrap()));
            }
            for _ in 0..THREADS {
                let answer = heard.recv_timeout(Duration::from_secs(20));
                assert_eq!(answer.expect("it waits for the writer"), head);
            }
            drop(transaction);
        }
    }
}
