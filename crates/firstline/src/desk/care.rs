//! What a host does for its desk once in a while: copies, proofs, erasures, tidying.

use std::io::{self, BufRead, ErrorKind, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use firstline_core::{Actor, ContactId, Refusal, Role, Timestamp, check_time};
use firstline_knowledge::VisitLog;
use firstline_store::{Progress, Receipt, SignedCheckpoint, SqliteJournal, StoreError, Verified};

use super::folder::make_folder;
use super::{Desk, JOURNAL, VISITS};
use crate::error::Error;

impl Desk {
    /// Writes a copy of the desk as it is now to a folder, which is made if it is not there. Others
    /// work on meanwhile. The copy is a desk like any other, without its index, which comes back by
    /// itself.
    ///
    /// # Errors
    ///
    /// There is a desk in the folder already; the disk. There is no half copy then.
    pub fn backup(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        make_folder(folder)?;
        self.read(|journal| Ok(journal.backup(&folder.join(JOURNAL))?))?;
        complete(folder, &self.inner.visits)
    }

    /// Verifies a [backup](Self::backup), or the folder of any desk, also of one whose process was
    /// killed, and puts a copy of it into a folder that has no desk.
    ///
    /// # Errors
    ///
    /// There is a desk in the folder already, or what is left of one; the backup is damaged; the disk.
    /// There is no half copy then.
    pub fn restore(backup: impl AsRef<Path>, folder: impl AsRef<Path>) -> Result<Verified, Error> {
        let folder = folder.as_ref();
        make_folder(folder)?;
        if folder.join(VISITS).exists() {
            let source =
                io::Error::new(ErrorKind::AlreadyExists, "visits of another desk lie there");
            return Err(Error::Folder { folder: folder.to_owned(), source });
        }
        let (from, to) = (backup.as_ref().join(JOURNAL), folder.join(JOURNAL));
        let verified = SqliteJournal::restore(from, to)?;
        let visits = VisitLog::in_file(backup.as_ref().join(VISITS));
        complete(folder, &visits).map(|()| verified)
    }

    /// Writes everything that happened as lines of JSON, which [`import`](Self::import) reads and
    /// [`check_export`](crate::check_export) checks without a desk.
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or has a record that is missing or altered; words were erased
    /// meanwhile, which is [`Busy`](firstline_store::StoreError::Busy); the output cannot be written.
    pub fn export(
        &self,
        output: &mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Verified, Error> {
        self.read(|journal| Ok(firstline_store::export(journal, output, progress)?))
    }

    /// [`export`](Self::export) to a new file, which is there whole or not at all.
    ///
    /// # Errors
    ///
    /// Those of [`export`](Self::export); there is such a file already.
    pub fn export_to_file(
        &self,
        file: impl AsRef<Path>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Verified, Error> {
        let file = file.as_ref();
        self.read(|journal| Ok(firstline_store::export_to_file(journal, file, progress)?))
    }

    /// Reads an [export](Self::export) into this desk, which is empty, or has the beginning of the
    /// same: then the import goes on from there. Everything keeps its number, time and hash, and
    /// nothing is sent or settled by it. Other commands wait.
    ///
    /// # Errors
    ///
    /// The export cannot be read, was altered, or is of another desk; the disk. What was read before
    /// is kept.
    pub fn import(
        &self,
        input: &mut dyn BufRead,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Verified, Error> {
        Ok(firstline_store::import(&mut **self.journal(), input, progress)?)
    }

    /// Signs where the journal ends now with the host's Ed25519 key, 32 secret bytes; `None` while
    /// it is empty. Kept elsewhere, it proves later that nothing up to here was changed.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn checkpoint(&self, secret: &[u8; 32]) -> Result<Option<SignedCheckpoint>, Error> {
        Ok(self.head()?.map(|head| SignedCheckpoint::sign(head, secret)))
    }

    /// Erases a person: the name, every word on the person's own tickets, the person's words on
    /// those of others, what the person's maintenance plans say, what the person's things are called and
    /// where they stand, and the person's visits. Those plans rest from then on, and their progress says
    /// why: no ticket is opened any more for somebody who is gone. The numbers of a thing stay: they are
    /// its maker's and its owner's. Who did what when stays, and so does every figure; the journal still
    /// verifies, and says that it was done and by whom. The words are gone from what the desk searches
    /// as well, and from its files, also from their unused parts. Only what an earlier version of this
    /// library left in those takes [`compact`](Self::compact).
    ///
    /// Backups, exports and what hosts copied are theirs to erase.
    ///
    /// # Errors
    ///
    /// It takes an agent; there is no such contact; the journal cannot be read or written. After
    /// [`NotWiped`](StoreError::NotWiped) everything is erased, but somebody reads what was there before,
    /// and so keeps bytes of it in the log: to erase the person again wipes them. After an
    /// error of the indexes or of the log of visits, such as that another process kept them to itself
    /// for ten seconds, the journal has no word of the person any more, and to erase the person again
    /// takes care of the rest.
    pub fn erase(&self, by: Actor, contact: ContactId) -> Result<Receipt, Error> {
        if by.role() < Role::Agent {
            let (action, needed) = ("erase people", Role::Agent);
            return Err(Refusal::NotPermitted { actor: by, action, needed }.into());
        }
        let now = self.now();
        check_time(now)?;
        let erased = match self.journal().erase(contact, by, now) {
            Ok(receipt) => Ok(receipt),
            // Everything else goes all the same.
            Err(StoreError::NotWiped) => Err(StoreError::NotWiped),
            Err(other) => return Err(other.into()),
        };
        self.inner.visits.erase(contact)?;
        let erased = erased.map(|receipt| receipt.ok_or(Refusal::UnknownContact(contact)));
        if !matches!(erased, Ok(Err(_))) {
            self.purge_indexes()?;
        }
        Ok(erased??)
    }

    /// Gives back the room that nothing takes any more. The desk waits meanwhile, and the disk needs
    /// room for a second copy.
    ///
    /// # Errors
    ///
    /// The disk.
    pub fn compact(&self) -> Result<(), Error> {
        Ok(self.journal().compact()?)
    }

    /// Makes everything that is derived from the records again: for when [`verify`](Self::verify)
    /// says that it differs.
    ///
    /// # Errors
    ///
    /// A record that cannot be read or cannot have happened; the disk. Nothing was changed then.
    pub fn rebuild(&self) -> Result<(), Error> {
        Ok(self.journal().rebuild()?)
    }

    /// Forgets commands that are older than they are to be remembered.
    pub(super) fn forget_old_commands(&self, now: Timestamp) -> Result<(), Error> {
        if let Some(before) = self.inner.memory.due(now) {
            self.journal().forget_commands(before)?;
        }
        Ok(())
    }
}

/// Puts the visits beside the copy of a journal. Without them that is none.
fn complete(folder: &Path, visits: &VisitLog) -> Result<(), Error> {
    visits.copy(&folder.join(VISITS)).map_err(|error| {
        // What is to be told is why there is no copy.
        let _ = std::fs::remove_file(folder.join(JOURNAL));
        error.into()
    })
}

/// For how long commands are remembered, and when it was last seen to.
pub(super) struct Memory {
    window_ms: Option<i64>,
    seen_to: Mutex<Option<Timestamp>>,
}

/// Old commands are forgotten a few times in each window, so that no wake-up pays for all of them.
const TIMES_A_WINDOW: i64 = 8;

impl Memory {
    pub(super) fn new(window: Option<Duration>) -> Self {
        let window_ms = window.map(|w| i64::try_from(w.as_millis()).unwrap_or(i64::MAX));
        Self { window_ms, seen_to: Mutex::new(None) }
    }

    /// Before which moment commands are to be forgotten, if it is time to do so.
    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let window_ms = self.window_ms?;
        let mut seen_to = self.seen_to.lock().unwrap_or_else(PoisonError::into_inner);
        let next = seen_to.and_then(|last| last.checked_add_millis(window_ms / TIMES_A_WINDOW));
        if next.is_some_and(|next| now < next) {
            return None;
        }
        *seen_to = Some(now);
        now.checked_add_millis(-window_ms)
    }
}
