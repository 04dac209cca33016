//! What was said wrongly when a ticket was opened, and is put right: its subject, who asks and for
//! whom, in which language and by which channel, the thing and the contract.
//!
//! It is as if it had been said so from then on and not as if it had always been: what was promised
//! goes on under the terms that now apply, what was said and done stays, and so do those who follow.

use serde::{Deserialize, Serialize};

use super::Ticket;
use super::action::given;
use super::decide::Work;
use super::fact::TicketFact;
use super::kind::Channel;
use crate::id::{ContactId, ContractId, EquipmentId, Language, OrganizationId};
use crate::limits::check_line;
use crate::people::{PartyId, Role};
use crate::refusal::Refusal;

/// What a ticket is to say in place of what it says. What is left out stays, and what is given as
/// `null` goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Correction {
    /// What it is about, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Who asks. They bring their organization and language, if no others are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<ContactId>,
    /// For which company or department.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub organization: Option<Option<OrganizationId>>,
    /// The language of the request.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub language: Option<Option<Language>>,
    /// How it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The thing that it is about.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub equipment: Option<Option<EquipmentId>>,
    /// The contract that work on it is done under.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub contract: Option<Option<ContractId>>,
    /// How well the customer is served. `Some(None)` is what the contract says, or else the
    /// organization, and so is `None` where one of them is corrected.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub tier: Option<Option<String>>,
}

impl Correction {
    /// What of it is other than the ticket says.
    fn other_than(&self, ticket: &Ticket) -> Self {
        let mut other = self.clone();
        other.subject.take_if(|it| *it == ticket.subject);
        other.requester.take_if(|it| *it == ticket.requester);
        other.organization.take_if(|it| *it == ticket.organization);
        if let Some(Some(language)) = &mut other.language {
            *language = language.canonical();
        }
        other.language.take_if(|it| *it == ticket.language);
        other.channel.take_if(|it| *it == ticket.channel);
        other.equipment.take_if(|it| *it == ticket.equipment);
        other.contract.take_if(|it| *it == ticket.contract);
        other.tier.take_if(|it| *it == ticket.tier);
        other
    }

    /// Whom and what it names.
    pub(super) fn parties(&self) -> impl Iterator<Item = PartyId> {
        let named = [
            self.requester.map(PartyId::Contact),
            self.organization.flatten().map(PartyId::Organization),
            self.equipment.flatten().map(PartyId::Equipment),
            self.contract.flatten().map(PartyId::Contract),
        ];
        named.into_iter().flatten()
    }

    /// What of it customers see: not what work is done under, nor for whom else the request was
    /// mistaken.
    pub(super) fn shown_to_contacts(&self) -> Option<Self> {
        let Self { subject, language, channel, .. } = self.clone();
        let shown = Self { subject, language, channel, ..Self::default() };
        (shown != Self::default()).then_some(shown)
    }
}

impl Work<'_> {
    /// Somebody puts right what was said wrongly. Policies go by most of it.
    pub(super) fn correct(&mut self, correction: &Correction) -> Result<(), Refusal> {
        self.need(Role::Agent, "correct tickets")?;
        if let Some(subject) = &correction.subject {
            check_line("subject", subject)?;
        }
        if let Some(Some(language)) = &correction.language {
            language.check()?;
        }
        if let Some(Some(tier)) = &correction.tier {
            check_line("tier", tier)?;
        }
        let correction = correction.other_than(&self.ticket);
        if correction == Correction::default() {
            return Err(Refusal::NothingCorrected);
        }
        let is_anothers = correction.requester.is_some() || correction.organization.is_some();
        if is_anothers && !self.ticket.took_in.is_empty() {
            let merged = self.ticket.took_in.iter().copied().collect();
            return Err(Refusal::CustomerHeld { merged });
        }
        self.happen(TicketFact::Corrected(Box::new(correction)));
        self.attributes_changed()
    }
}

impl Ticket {
    pub(super) fn change_corrected(&mut self, correction: &Correction) {
        let Correction {
            subject,
            requester,
            organization,
            language,
            channel,
            equipment,
            contract,
            tier,
        } = correction.clone();
        self.subject = subject.unwrap_or_else(|| std::mem::take(&mut self.subject));
        self.requester = requester.unwrap_or(self.requester);
        self.organization = organization.unwrap_or(self.organization);
        self.language = language.unwrap_or_else(|| self.language.take());
        self.channel = channel.unwrap_or(self.channel);
        self.equipment = equipment.unwrap_or(self.equipment);
        self.contract = contract.unwrap_or(self.contract);
        self.tier = tier.unwrap_or_else(|| self.tier.take());
    }
}
