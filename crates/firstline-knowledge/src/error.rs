//! What can go wrong with the index, by who must act.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// Why the index could not do what it was asked.
///
/// Nothing here loses knowledge: the journal has all of it, and an index that is deleted is built
/// again from position 0.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KnowledgeError {
    /// The folder is not there and cannot be made, or must not be written. Whoever runs the host
    /// has to give it rights, or name another folder.
    #[error("the search index in {path:?} cannot be written: {source}")]
    Unwritable {
        /// The folder of the index.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The folder holds files that are not an index of ours. They were left alone; the host has to
    /// name another folder.
    #[error("{path:?} holds {found:?} and is no search index of this kind: choose an empty folder")]
    Foreign {
        /// The folder that was to be opened.
        path: PathBuf,
        /// One of the files that do not belong there.
        found: PathBuf,
    },
    /// Another process, or another [`Index`](crate::Index) on the same folder, is taking in
    /// articles. Try again later.
    #[error("the search index is being written by another process")]
    Busy,
    /// Another process keeps the log of visits to itself. Try again later; if it goes on, that
    /// process hangs.
    #[error("another process keeps the log of visits {path:?} to itself: try again later")]
    InUse {
        /// The log.
        path: PathBuf,
    },
    /// The index is now further back than it was: it was started anew by another process. Offer
    /// the revisions after `position` again.
    #[error("the search index was started anew and has read up to {position} only")]
    Restarted {
        /// How far the index on disk has read.
        position: u64,
    },
    /// Another version of this library has taken over the folder. Restart the process that uses
    /// the older one.
    #[error("another version of this library has taken over the search index")]
    OtherVersion,
    /// Revisions were offered out of order. The caller has to sort them; nothing was taken in.
    #[error("revision {seq} was offered after revision {after}")]
    Disorder {
        /// The revision that came too late.
        seq: u64,
        /// The one before it.
        after: u64,
    },
    /// A page of hits was asked for that lies behind the last one. Nobody reads so far; the asker
    /// is helped by another question, or by filters.
    #[error("hits from number {offset} on were asked for, and no question finds more than {most}")]
    TooDeep {
        /// Where the page was to begin.
        offset: usize,
        /// How many hits there are at most.
        most: usize,
    },
    /// The disk failed, or is full. What was stored stays stored; nothing new was.
    #[error("the disk failed under the search index: {0}")]
    Disk(#[source] Arc<io::Error>),
    /// The files of the index do not fit together. [Mend](crate::Index::mend) it, or open it again:
    /// either finds the damage and starts anew.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
}

/// Asks the files of an index. tantivy trusts them, and panics where they do not fit together: whoever
/// asks is to hear of the damage all the same.
pub(crate) fn or_damaged<T>(
    ask: impl FnOnce() -> Result<T, KnowledgeError>,
) -> Result<T, KnowledgeError> {
    // What is asked is a snapshot that nothing changes, so nothing is left half done.
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(KnowledgeError::Damaged(text.unwrap_or("its files do not fit together").to_owned()))
    })
}

impl KnowledgeError {
    /// Whether the files of an index may be gone or damaged, so that it is worth the time to look.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            // Of what fails under its own threads tantivy tells the words only.
            Self::Disk(source) => {
                matches!(source.kind(), io::ErrorKind::Other | io::ErrorKind::NotFound)
            }
            _ => false,
        }
    }

    /// An error of the system while the folder was opened.
    pub(crate) fn folder(path: &Path, source: io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), source: Arc::new(source) }
    }

    /// tantivy writes in threads of its own, and when the disk fails under one of them it says so
    /// in words only. What was sound when writing began is not damaged, so it was the disk.
    pub(crate) fn while_writing(self) -> Self {
        match self {
            Self::Damaged(reason) => Self::Disk(Arc::new(io::Error::other(reason))),
            other => other,
        }
    }

    /// Names the folder when an error is about the right to write there.
    pub(crate) fn in_folder(self, path: &Path) -> Self {
        match self {
            Self::Disk(source) if is_refusal(source.kind()) => {
                Self::Unwritable { path: path.to_owned(), source }
            }
            other => other,
        }
    }
}

impl From<TantivyError> for KnowledgeError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            TantivyError::LockFailure(LockError::IoError(source), _)
            | TantivyError::IoError(source)
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError {
                io_error: source,
                ..
            })
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: source, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: source, .. }) => {
                source.into()
            }
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<Arc<io::Error>> for KnowledgeError {
    fn from(source: Arc<io::Error>) -> Self {
        match source.kind() {
            // So does tantivy report files that are cut short or say what they cannot mean.
            io::ErrorKind::NotFound
            | io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other => Self::Damaged(source.to_string()),
            _ => Self::Disk(source),
        }
    }
}

impl From<io::Error> for KnowledgeError {
    fn from(source: io::Error) -> Self {
        Arc::new(source).into()
    }
}

fn is_refusal(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
    )
}
