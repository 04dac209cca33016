//! What can go wrong, sorted by who must act.

use firstline_core::{
    AccountError, CorruptJournal, FilterError, Refusal, RulebookError, TicketId, WhyNotError,
};
use firstline_knowledge::KnowledgeError;
use firstline_store::StoreError;

/// What went wrong. [`Error::responsible`] says who must act.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule is against the command. Nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What somebody typed to find tickets cannot be read.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The rulebook has mistakes.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The journal cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search index cannot be read or written. No article is lost by that: they are in the
    /// journal, and the index can be deleted.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// A promise cannot be accounted for.
    #[error("ticket {ticket}: {source}")]
    Account {
        /// The ticket.
        ticket: TicketId,
        /// Why not.
        source: AccountError,
    },
    /// Nothing can be said about a rule.
    #[error(transparent)]
    WhyNot(#[from] WhyNotError),
    /// The folder cannot be made or written.
    #[error("the folder {} cannot be made or written: {source}", folder.display())]
    Folder {
        /// Which.
        folder: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The journal says what cannot have happened.
    #[error("the journal is damaged: {0}")]
    Damaged(#[from] CorruptJournal),
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Responsible {
    /// Whoever gave the command or asked the question.
    Caller,
    /// Whoever wrote the rulebook.
    Author,
    /// Whoever looks after the disk and its files.
    Operator,
}

impl Error {
    /// Who must act.
    #[must_use]
    pub const fn responsible(&self) -> Responsible {
        match self {
            Self::Refused(_)
            | Self::Filter(_)
            | Self::WhyNot(WhyNotError::UnknownRule { .. })
            | Self::Account {
                source:
                    AccountError::NoSuchClock { .. }
                    | AccountError::TooFarAhead { .. }
                    | AccountError::Refused(Refusal::TimeOutOfRange { .. }),
                ..
            }
            | Self::Knowledge(KnowledgeError::TooDeep { .. })
            | Self::Store(
                StoreError::BadCursor { .. }
                | StoreError::BadExport { .. }
                | StoreError::BadSignature { .. }
                | StoreError::BadSource { .. }
                | StoreError::FileExists { .. }
                | StoreError::NumberTooLarge { .. }
                | StoreError::OtherJournal { .. },
            ) => Responsible::Caller,
            Self::Rulebook(_) => Responsible::Author,
            Self::Store(_)
            | Self::Knowledge(_)
            | Self::Account { .. }
            | Self::WhyNot(_)
            | Self::Folder { .. }
            | Self::Damaged(_) => Responsible::Operator,
        }
    }
}
