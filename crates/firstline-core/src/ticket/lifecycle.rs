//! The categories of a ticket's life, and the default lifecycle: which status may follow which, and by
//! whose hand.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::people::Role;

/// Where a ticket is in its life: the categories that every help desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked at it.
    New,
    /// It is the desk's turn.
    Open,
    /// It is the customer's turn.
    Pending,
    /// It is a third party's turn.
    OnHold,
    /// It is done, as the desk sees it.
    Resolved,
    /// It is done, and does not change any more.
    Closed,
}

impl Status {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Open, Self::Pending, Self::OnHold, Self::Resolved, Self::Closed];

    /// Whether work is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::OnHold => "on_hold",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// What somebody's taking the work up makes of a ticket.
    #[must_use]
    pub const fn after_pick_up(self) -> Self {
        match self {
            Self::New => Self::Open,
            Self::Open | Self::Pending | Self::OnHold | Self::Resolved | Self::Closed => self,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a ticket on hold waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HoldReason {
    /// A vendor.
    Vendor,
    /// A change that has to be carried out.
    Change,
    /// A problem whose cause is sought.
    Problem,
    /// Evidence, measurements, logs.
    Evidence,
    /// Another party.
    ThirdParty,
    /// Somebody's name under something. It goes on by itself when nobody's is wanted any more.
    Approval,
}

impl HoldReason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Vendor,
        Self::Change,
        Self::Problem,
        Self::Evidence,
        Self::ThirdParty,
        Self::Approval,
    ];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Change => "change",
            Self::Problem => "problem",
            Self::Evidence => "evidence",
            Self::ThirdParty => "third_party",
            Self::Approval => "approval",
        }
    }
}

/// One way of the default lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// From which status.
    pub from: Status,
    /// To which.
    pub to: Status,
    /// Who may take it at least.
    pub role: Role,
}

/// The default lifecycle. What is not in this table is refused.
///
/// A contact may call the matter done, and may reopen what the desk called done; the rest is for
/// agents. Closed is the end: what comes after it is a new ticket.
pub const TRANSITIONS: &[Transition] = &[
    way(Status::New, Status::Open, Role::Agent),
    way(Status::New, Status::Pending, Role::Agent),
    way(Status::New, Status::OnHold, Role::Agent),
    way(Status::New, Status::Resolved, Role::Contact),
    way(Status::Open, Status::Pending, Role::Agent),
    way(Status::Open, Status::OnHold, Role::Agent),
    way(Status::Open, Status::Resolved, Role::Contact),
    way(Status::Pending, Status::Open, Role::Contact),
    way(Status::Pending, Status::OnHold, Role::Agent),
    way(Status::Pending, Status::Resolved, Role::Contact),
    way(Status::OnHold, Status::Open, Role::Agent),
    way(Status::OnHold, Status::Pending, Role::Agent),
    way(Status::OnHold, Status::Resolved, Role::Contact),
    way(Status::Resolved, Status::Open, Role::Contact),
    way(Status::Resolved, Status::Pending, Role::Agent),
    way(Status::Resolved, Status::OnHold, Role::Agent),
    way(Status::Resolved, Status::Closed, Role::Contact),
];

const fn way(from: Status, to: Status, role: Role) -> Transition {
    Transition { from, to, role }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_but_closed_leads_on_and_every_one_can_be_reached() {
        for status in Status::ALL {
            let leads_on = TRANSITIONS.iter().any(|way| way.from == status);
            assert_eq!(leads_on, status != Status::Closed, "{status}");
            let is_reached = TRANSITIONS.iter().any(|way| way.to == status);
            assert_eq!(is_reached, status != Status::New, "{status}");
        }
    }
}
