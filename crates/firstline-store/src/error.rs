//! What can go wrong with a journal, by who must act.

use std::error::Error;
use std::path::{Path, PathBuf};

use firstline_core::{CommandId, Stream};

use crate::journal::Receipt;

/// Why a journal did not do what it was asked. Nothing of the transaction was stored then, and what
/// was stored before stays stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The stream went on since the caller looked. Load it again and decide anew.
    #[error("{stream:?} was expected at version {expected} and is at {actual}")]
    Conflict {
        /// Whose history.
        stream: Stream,
        /// The version that the caller saw.
        expected: u64,
        /// The version that it has.
        actual: u64,
    },
    /// Another writer has not finished within the busy timeout. Try again.
    #[error("another writer has not finished in time; try again")]
    Busy,
    /// The command was given before. Its receipt says what came of it; look for it before deciding.
    #[error("command {command} was given before")]
    Repeated {
        /// The caller's key.
        command: CommandId,
        /// What came of it the first time.
        receipt: Receipt,
    },
    /// An entry whose events or state belong to another stream. The caller is to be mended.
    #[error("the events or the state of an entry do not belong to {stream:?}")]
    EntryMismatch {
        /// The stream that the entry names.
        stream: Stream,
    },
    /// A number beyond what journals can keep. Whoever numbers things must number lower.
    #[error("{number} is beyond 2^63 - 1, the highest number that a journal can keep")]
    NumberTooLarge {
        /// What was given.
        number: u64,
    },
    /// A cursor that was made by nobody, or for another order. Start the list from its beginning.
    #[error("`{text}` is not a place in a list of this order")]
    BadCursor {
        /// What was given.
        text: String,
    },
    /// The file is something else than a desk. It was left as it is.
    #[error("{} is not the journal of a desk", path.display())]
    NotADesk {
        /// Where it is.
        path: PathBuf,
    },
    /// A later version of this library wrote the file. Use that version; the file was left as it is.
    #[error("{} has schema version {found}; this library knows versions up to {known}", path.display())]
    NewerSchema {
        /// Where it is.
        path: PathBuf,
        /// The version that it has.
        found: i64,
        /// The latest version that this library knows.
        known: i64,
    },
    /// The file or its folder cannot be written. Whoever owns the folder must allow it.
    #[error("{} or its folder cannot be written", path.display())]
    ReadOnly {
        /// Where it is.
        path: PathBuf,
    },
    /// The file cannot be opened, most likely because there is no such folder.
    #[error("{} cannot be opened: {source}", path.display())]
    CannotOpen {
        /// Where it would be.
        path: PathBuf,
        /// What the system says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file of an open journal, or its log, was moved away, deleted or replaced by another one.
    /// Nothing more is written to it and nothing is read from it. Whoever did it puts the file back, and
    /// the journal goes on; or it is opened anew, with what is there now.
    #[error("{} was moved away or replaced while it was open; put it back, or open it anew", path.display())]
    FileReplaced {
        /// Where it was.
        path: PathBuf,
    },
    /// A log of what was committed, without the file that it belongs to: that was deleted, emptied or
    /// replaced by another one, such as an older copy. Nothing was opened or made, since what is only in
    /// the log would be lost, and the copy spoilt. Whoever moved the file puts it back, or moves the log
    /// away to do without what is in it.
    #[error(
        "{} holds commits, and {} is not the file that it belongs to; put that back, or move the log away",
        log.display(), path.display()
    )]
    OrphanedLog {
        /// Where the file would be.
        path: PathBuf,
        /// The log.
        log: PathBuf,
    },
    /// What was to be gone is gone from the journal, and its bytes are still in the log: somebody goes on
    /// reading what was there before. Once that is over, the same call wipes them.
    #[error(
        "a reader holds on to what was there before, so its bytes are not wiped yet; call again once it is gone"
    )]
    NotWiped,
    /// The disk is full. Make room and give the command again, under the same key.
    #[error("the disk is full; make room and give the command again")]
    DiskFull,
    /// The disk or the system failed. Give the command again under the same key, once it works.
    #[error("the disk failed: {source}")]
    Disk {
        /// What the system says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A record is not what was written, or is gone. Restore a backup.
    #[error("the journal is damaged at record {seq}: {what}")]
    DamagedRecord {
        /// The first record that is wrong or missing.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The file is damaged beyond single records. Restore a backup.
    #[error("the file of the journal is damaged: {what}")]
    DamagedFile {
        /// What is wrong with it.
        what: String,
    },
    /// An export that cannot be read, was cut off or was altered. Whoever made it is to make it again;
    /// what stands before that line is sound.
    #[error("line {line} of the export: {what}")]
    BadExport {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A journal that is to take in an export has other records. Import into an empty one.
    #[error("record {seq} of the export is not that of the journal; import into an empty one")]
    OtherJournal {
        /// The first record that differs.
        seq: u64,
    },
    /// A checkpoint that was not signed with the key in question, or was changed since.
    #[error("the signature of the checkpoint does not hold: {what}")]
    BadSignature {
        /// What is wrong with it.
        what: String,
    },
    /// A name for the source of events that the standard for events does not allow. Give another.
    #[error("`{text}` is no URI reference")]
    BadSource {
        /// What was given.
        text: String,
    },
    /// There is a file already where a new one was to be made. It was left as it is.
    #[error("{} is there already", path.display())]
    FileExists {
        /// Where.
        path: PathBuf,
    },
    /// A derived table differs from what the records say. [`rebuild`](crate::Journal::rebuild) it.
    #[error("the tables differ from the records: {what}; rebuild them")]
    Stale {
        /// Where they differ.
        what: String,
    },
}

impl StoreError {
    /// A record that says what cannot be.
    pub(crate) fn damaged(seq: u64, what: impl Into<String>) -> Self {
        Self::DamagedRecord { seq, what: what.into() }
    }

    /// The same about the file that the caller knows, if it is about one that only we know.
    pub(crate) fn about(mut self, ours: &Path, theirs: &Path) -> Self {
        if let Self::NotADesk { path }
        | Self::NewerSchema { path, .. }
        | Self::ReadOnly { path }
        | Self::CannotOpen { path, .. } = &mut self
            && path == ours
        {
            *path = theirs.to_owned();
        }
        self
    }
}
