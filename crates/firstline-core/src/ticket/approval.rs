//! Approvals: somebody puts a name under something, at a moment, and says what that means.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::decide::Work;
use super::fact::TicketFact;
use crate::limits::{check_count, check_line};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;

/// The most approvals on one ticket: they are part of the state that each command rewrites.
pub const MAX_APPROVALS: usize = 100;

/// Something that somebody is to put a name under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Approval {
    /// What it is about.
    pub what: String,
    /// Who asked for it.
    pub asked_by: Actor,
    /// What came of it; `None` while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// A name under something. It is written as the signer wrote it and stays whatever the person is
/// called later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signature {
    /// Who signed.
    pub by: Actor,
    /// The name in print.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// What the signature means, such as `approved the price`.
    pub meaning: String,
    /// Whether it is a yes.
    pub approved: bool,
}

/// What somebody wants of an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ApprovalAction {
    /// Asks for one. Agents only.
    Ask {
        /// What it is about.
        what: String,
    },
    /// Signs. A person does, an agent or a contact, and each approval is signed once.
    Sign {
        /// Which, from 1.
        approval: u32,
        /// The signer's name in print.
        name: String,
        /// What the signature means.
        meaning: String,
        /// Whether it is a yes.
        approved: bool,
    },
}

/// What happened to an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ApprovalFact {
    /// One was asked for.
    Asked {
        /// What it is about.
        what: String,
        /// Who asked.
        by: Actor,
    },
    /// Somebody signed.
    Signed {
        /// Which, from 1.
        approval: u32,
        /// Who.
        by: Actor,
        /// The name in print.
        name: String,
        /// What the signature means.
        meaning: String,
        /// Whether it is a yes.
        approved: bool,
    },
}

impl Work<'_> {
    pub(super) fn approval(&mut self, action: &ApprovalAction) -> Result<(), Refusal> {
        let by = self.by;
        let fact = match action {
            ApprovalAction::Ask { what } => {
                self.need(Role::Agent, "ask for approvals")?;
                check_line("what", what)?;
                check_count("approvals", self.ticket.approvals.len() + 1, MAX_APPROVALS)?;
                ApprovalFact::Asked { what: what.clone(), by }
            }
            ApprovalAction::Sign { approval, name, meaning, approved } => {
                if by == Actor::System {
                    return Err(Refusal::NobodySigns);
                }
                check_line("name", name)?;
                check_line("meaning", meaning)?;
                let (number, known) = (*approval, &self.ticket.approvals);
                let asked = (number as usize).checked_sub(1).and_then(|index| known.get(index));
                let missing =
                    Refusal::NoSuchNumber { what: "approval", number, known: known.len() };
                if asked.ok_or(missing)?.signature.is_some() {
                    return Err(Refusal::SignedAlready { approval: number });
                }
                let (name, meaning, approved) = (name.clone(), meaning.clone(), *approved);
                ApprovalFact::Signed { approval: number, by, name, meaning, approved }
            }
        };
        self.happen(TicketFact::Approval(fact));
        Ok(())
    }
}

impl Ticket {
    pub(super) fn change_approval(&mut self, fact: &ApprovalFact, at: Timestamp) {
        match fact {
            ApprovalFact::Asked { what, by } => {
                let (what, asked_by) = (what.clone(), *by);
                self.approvals.push(Approval { what, asked_by, signature: None });
            }
            ApprovalFact::Signed { approval, by, name, meaning, approved } => {
                let index = (*approval as usize).checked_sub(1);
                if let Some(asked) = index.and_then(|index| self.approvals.get_mut(index)) {
                    let (by, approved) = (*by, *approved);
                    let (name, meaning) = (name.clone(), meaning.clone());
                    asked.signature = Some(Signature { by, name, at, meaning, approved });
                }
            }
        }
    }

    /// Whether every approval that was asked for was given.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let yes = |it: &Approval| it.signature.as_ref().is_some_and(|signature| signature.approved);
        self.approvals.iter().all(yes)
    }
}
