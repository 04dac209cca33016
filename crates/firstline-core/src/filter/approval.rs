//! What became of that somebody was asked to sign.

use crate::ticket::{Approval, Ticket};

/// The answer to what somebody was asked to put a name under, over all that was asked on a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApprovalState {
    /// One is still waited for.
    Asked,
    /// None is waited for, and all that counts was a yes.
    Approved,
    /// None is waited for, and something was refused and not asked for anew.
    Refused,
}

impl ApprovalState {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Asked, Self::Approved, Self::Refused];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// That of a ticket; `None` where nobody is asked for anything, or was asked and told that it is
    /// not needed.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Option<Self> {
        let any = |is: fn(&Approval) -> bool| ticket.approvals.iter().any(is);
        if any(Approval::is_waited_for) {
            Some(Self::Asked)
        } else if any(Approval::bars) {
            Some(Self::Refused)
        } else {
            any(|approval| approval.signature.is_some()).then_some(Self::Approved)
        }
    }
}
