//! Approvals: somebody puts a name under something, at a moment, and says what that means.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::brought::CameFrom;
use super::decide::Work;
use super::fact::TicketFact;
use super::lifecycle::{HoldReason, Status};
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
    /// Whose name is wanted; `None` for that of whoever signs first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Actor>,
    /// What came of it; `None` while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// Whether it was taken back before anybody signed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub withdrawn: bool,
    /// The approval that was asked for in its place, from 1, after a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_anew: Option<u32>,
    /// Where it was asked for, if that was on a ticket that was merged into this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CameFrom>,
}

/// A name under something. It is written as the signer wrote it and stays whatever the person is
/// called later. What the signer wrote is empty where the signature came along with a ticket that was
/// merged: it stays where it was signed.
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
    /// Asks for one. After a no it is asked for in the place of that: of the last one for which none was
    /// yet. Agents only.
    Ask {
        /// What it is about.
        what: String,
        /// Whose name is wanted: that of an agent or a contact, and nobody else may sign then. `None` for
        /// that of whoever signs first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Actor>,
    },
    /// Takes one back that nobody has signed. Agents only.
    Withdraw {
        /// Which, from 1.
        approval: u32,
        /// Why.
        reason: String,
    },
    /// Signs. A person does, an agent or a contact, and each approval is signed once. What was asked for
    /// in the place of somebody's no is not signed by who asked, unless the no was theirs.
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
        /// Whose name is wanted; `None` for that of whoever signs first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Actor>,
        /// The one that was refused and in whose place it is, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<u32>,
    },
    /// One was taken back.
    Withdrawn {
        /// Which, from 1.
        approval: u32,
        /// Who took it back.
        by: Actor,
        /// Why.
        reason: String,
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
            ApprovalAction::Ask { what, of } => {
                self.need(Role::Agent, "ask for approvals")?;
                check_line("what", what)?;
                if *of == Some(Actor::System) {
                    return Err(Refusal::NobodySigns);
                }
                check_count("approvals", self.ticket.approvals.len() + 1, MAX_APPROVALS)?;
                let refused = self.ticket.approvals.iter().rposition(Approval::bars);
                let instead_of = refused.and_then(|index| u32::try_from(index + 1).ok());
                ApprovalFact::Asked { what: what.clone(), by, of: *of, instead_of }
            }
            ApprovalAction::Withdraw { approval, reason } => {
                self.need(Role::Agent, "withdraw approvals")?;
                check_line("reason", reason)?;
                self.waited_for(*approval)?;
                let (approval, reason) = (*approval, reason.clone());
                ApprovalFact::Withdrawn { approval, by, reason }
            }
            ApprovalAction::Sign { approval, name, meaning, approved } => {
                if by == Actor::System {
                    return Err(Refusal::NobodySigns);
                }
                check_line("name", name)?;
                check_line("meaning", meaning)?;
                let Approval { of, asked_by, .. } = *self.waited_for(*approval)?;
                let (approval, approved) = (*approval, *approved);
                // Whoever got a no of somebody else does not put a yes of their own in its place.
                if asked_by == by && self.ticket.replaces_a_no(approval, by) {
                    return Err(Refusal::OwnApproval { approval });
                }
                // Who may act for somebody is theirs to say, and they are not asked here.
                if let Some(of) = of.filter(|of| *of != by) {
                    return Err(Refusal::SignatureOfAnother { approval, of });
                }
                let (name, meaning) = (name.clone(), meaning.clone());
                ApprovalFact::Signed { approval, by, name, meaning, approved }
            }
        };
        self.happen(TicketFact::Approval(fact));
        match action {
            ApprovalAction::Ask { .. } => Ok(()),
            ApprovalAction::Withdraw { .. } | ApprovalAction::Sign { .. } => self.after_answer(),
        }
    }

    /// What was signed or taken back on the ticket that this one had been merged into.
    pub(super) fn answer_here_too(&mut self, fact: &ApprovalFact) -> Result<(), Refusal> {
        self.happen(TicketFact::Approval(fact.clone()));
        let by = core::mem::replace(&mut self.by, fact.by());
        let moved = self.after_answer();
        self.by = by;
        moved
    }

    /// When nobody's name is wanted any more, a ticket that waited for one is the desk's again, by
    /// whatever way its lifecycle has: who signs need not say so, and may not have the right to.
    pub(super) fn after_answer(&mut self) -> Result<(), Refusal> {
        if self.ticket.approvals.iter().any(Approval::is_waited_for) {
            return Ok(());
        }
        let is_customer = self.by.role() == Role::Contact;
        if is_customer {
            self.wake_up();
        }
        let waited = match (self.ticket.status, self.ticket.hold) {
            (Status::OnHold, Some(HoldReason::Approval)) => true,
            // A customer who signs has answered. Whoever else does has not answered in their place.
            (Status::Pending, _) => is_customer,
            _ => false,
        };
        if !waited {
            return Ok(());
        }
        let by = core::mem::replace(&mut self.by, Actor::System);
        let open = self.find_way(Status::Open.as_str(), |it| it.category == Status::Open);
        self.by = by;
        let (life, _) = self.whereabouts();
        // A way that is barred leaves it where it is: no signature is refused for it.
        open.map_or(Ok(()), |status| self.enter(life, status, None))
    }

    /// Whether the ticket waited for nothing but the names that came with one that was merged into it and is
    /// gone: since then, or because it has those of its own that it waited for.
    pub(super) fn waited_for_what_came(&self, merged_at: Option<Timestamp>) -> bool {
        let since = self.ticket.status_since;
        let signed = |asked: &Approval| asked.signature.as_ref().is_some_and(|it| it.at >= since);
        merged_at.is_some_and(|at| at <= since) || self.ticket.approvals.iter().any(signed)
    }

    /// An approval that somebody waits for still.
    fn waited_for(&self, approval: u32) -> Result<&Approval, Refusal> {
        let known = &self.ticket.approvals;
        let index = (approval as usize).checked_sub(1);
        match index.and_then(|index| known.get(index)) {
            None => {
                let (number, known) = (approval, known.len());
                Err(Refusal::NoSuchNumber { what: "approval", number, known })
            }
            Some(asked) if asked.signature.is_some() => Err(Refusal::SignedAlready { approval }),
            Some(asked) if asked.withdrawn => Err(Refusal::ApprovalWithdrawn { approval }),
            Some(asked) => Ok(asked),
        }
    }
}

impl ApprovalFact {
    const fn by(&self) -> Actor {
        match self {
            Self::Asked { by, .. } | Self::Withdrawn { by, .. } | Self::Signed { by, .. } => *by,
        }
    }

    /// The same of the approval that has this number elsewhere; `None` if it is about none that there is.
    pub(super) fn renumbered(&self, number: impl Fn(u32) -> Option<u32>) -> Option<Self> {
        let mut fact = self.clone();
        match &mut fact {
            Self::Asked { .. } => return None,
            Self::Withdrawn { approval, .. } | Self::Signed { approval, .. } => {
                *approval = number(*approval)?;
            }
        }
        Some(fact)
    }
}

impl Signature {
    /// The same without what the signer wrote.
    pub(super) fn without_words(&self) -> Self {
        let (name, meaning) = (String::new(), String::new());
        Self { by: self.by, name, at: self.at, meaning, approved: self.approved }
    }
}

impl Approval {
    /// Whether somebody's name is still wanted under it.
    #[must_use]
    pub const fn is_waited_for(&self) -> bool {
        self.signature.is_none() && !self.withdrawn
    }

    /// Whether it is an agent whose name is wanted: that is the desk's own affair.
    #[must_use]
    pub const fn is_of_agent(&self) -> bool {
        matches!(self.of, Some(Actor::Agent(_)))
    }

    /// Whether it was refused, and nothing was asked for in its place.
    #[must_use]
    pub fn bars(&self) -> bool {
        let is_no = self.signature.as_ref().is_some_and(|signature| !signature.approved);
        is_no && self.asked_anew.is_none()
    }
}

impl Ticket {
    pub(super) fn change_approval(&mut self, fact: &ApprovalFact, at: Timestamp) {
        let numbered = |number: u32| (number as usize).checked_sub(1);
        match fact {
            ApprovalFact::Asked { what, by, of, instead_of } => {
                let number = u32::try_from(self.approvals.len() + 1).ok();
                let refused = instead_of.and_then(numbered);
                if let Some(refused) = refused.and_then(|index| self.approvals.get_mut(index)) {
                    refused.asked_anew = number;
                }
                let (what, asked_by, of) = (what.clone(), *by, *of);
                let (signature, withdrawn) = (None, false);
                let (asked_anew, from) = (None, None);
                let asked = Approval { what, asked_by, of, signature, withdrawn, asked_anew, from };
                self.approvals.push(asked);
            }
            ApprovalFact::Withdrawn { approval, .. } => {
                let index = numbered(*approval);
                if let Some(asked) = index.and_then(|index| self.approvals.get_mut(index)) {
                    asked.withdrawn = true;
                }
                // The no in whose place it was asked for stands again.
                let stood_for = |known: &&mut Approval| known.asked_anew == Some(*approval);
                if let Some(refused) = self.approvals.iter_mut().find(stood_for) {
                    refused.asked_anew = None;
                }
            }
            ApprovalFact::Signed { approval, by, name, meaning, approved } => {
                let index = numbered(*approval);
                if let Some(asked) = index.and_then(|index| self.approvals.get_mut(index)) {
                    let (by, approved) = (*by, *approved);
                    let (name, meaning) = (name.clone(), meaning.clone());
                    asked.signature = Some(Signature { by, name, at, meaning, approved });
                }
            }
        }
    }

    /// Whether an approval was asked for in the place of one that somebody else than this one refused,
    /// however often it was asked for in between.
    fn replaces_a_no(&self, approval: u32, by: Actor) -> bool {
        let before = |it: u32| (1..).zip(&self.approvals).find(|(_, at)| at.asked_anew == Some(it));
        let refused = core::iter::successors(before(approval), |(number, _)| before(*number));
        // One that is asked for anew stands behind the one that it replaces.
        let mut refused = refused.take(self.approvals.len());
        refused.any(|(_, known)| known.signature.as_ref().is_some_and(|no| no.by != by))
    }

    /// Whether something was asked for and all of it was given. What was withdrawn was not asked for,
    /// and for what was refused counts what was asked for in its place.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let counts = |it: &&Approval| !it.withdrawn && it.asked_anew.is_none();
        let mut counted = self.approvals.iter().filter(counts).peekable();
        let yes = |it: &Approval| it.signature.as_ref().is_some_and(|signature| signature.approved);
        counted.peek().is_some() && counted.all(yes)
    }
}
