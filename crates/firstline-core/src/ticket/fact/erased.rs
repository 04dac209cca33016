//! What is left of a fact when a person is erased.

use super::TicketFact;
use crate::custom::FieldValue;
use crate::limits::ERASED;
use crate::ticket::approval::ApprovalFact;
use crate::ticket::attachment::Attachment;
use crate::ticket::checklist::ChecklistFact;
use crate::ticket::queue::OfferEnd;
use crate::ticket::time::LoggedWork;

impl TicketFact {
    /// The same fact without what people wrote. Whoever adds a fact says here which part of it that
    /// is.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let mut wordless = self.clone();
        match &mut wordless {
            Self::Opened { subject, text, fields, .. } => {
                ERASED.clone_into(subject);
                ERASED.clone_into(text);
                erase_words(fields.values_mut());
            }
            Self::MessageAdded { text, .. }
            | Self::Classified { reason: Some(text), .. }
            | Self::Promised { what: text, .. }
            | Self::Approval(
                ApprovalFact::Asked { what: text, .. }
                | ApprovalFact::Withdrawn { reason: text, .. },
            )
            | Self::WorkLogged(LoggedWork { note: Some(text), .. })
            | Self::Rated { comment: Some(text), .. }
            | Self::RuleFired { because: text, .. }
            | Self::RuleSkipped { why: text, .. } => ERASED.clone_into(text),
            Self::Checklist(ChecklistFact::Added { items }) => {
                items.iter_mut().for_each(|item| ERASED.clone_into(item));
            }
            Self::Approval(ApprovalFact::Signed { name, meaning, .. }) => {
                ERASED.clone_into(name);
                ERASED.clone_into(meaning);
            }
            Self::ErrorKnown { cause, workaround, .. } => {
                ERASED.clone_into(cause);
                workaround.iter_mut().for_each(|text| ERASED.clone_into(text));
            }
            Self::Corrected(correction) => {
                correction.subject.iter_mut().for_each(|text| ERASED.clone_into(text));
            }
            Self::FieldsSet { fields } => erase_words(fields.values_mut().flatten()),
            Self::Attached { files, .. } => files.iter_mut().for_each(Attachment::without_words),
            Self::WorkTakenBack { reason, work, .. } => {
                ERASED.clone_into(reason);
                work.note.iter_mut().for_each(|text| ERASED.clone_into(text));
            }
            Self::TookIn { brought, .. } => brought.erase_words(),
            Self::HostAsked { errand, .. } => errand.erase_words(),
            Self::OfferEnded { how: OfferEnd::Declined { reason: Some(text) }, .. } => {
                ERASED.clone_into(text);
            }
            Self::StatusChanged { .. }
            | Self::Snoozed { .. }
            | Self::Assigned { .. }
            | Self::HandedOver { .. }
            | Self::Classified { reason: None, .. }
            | Self::Tagged { .. }
            | Self::Described { .. }
            | Self::Covered { .. }
            | Self::Checklist(ChecklistFact::Ticked { .. } | ChecklistFact::Unticked { .. })
            | Self::Followed { .. }
            | Self::Rated { comment: None, .. }
            | Self::WorkLogged(LoggedWork { note: None, .. })
            | Self::MarkedSpam
            | Self::UnmarkedSpam
            | Self::SolvedBy { .. }
            | Self::Clock { .. }
            | Self::Notified { .. }
            | Self::Escalated { .. }
            | Self::Paged { .. }
            | Self::Page { .. }
            | Self::RulesStopped { .. }
            | Self::TimerSet { .. }
            | Self::TimerDropped { .. }
            | Self::MacroApplied { .. }
            | Self::Routed { .. }
            | Self::Queued
            | Self::Held { .. }
            | Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::Reapplied { .. }
            | Self::MergedInto { .. }
            | Self::Separated { .. }
            | Self::GaveBack { .. }
            | Self::Related { .. }
            | Self::Unrelated { .. }
            | Self::RelativeMoved { .. }
            | Self::RelativeMerged { .. }
            | Self::RelativeSeparated { .. }
            | Self::CountedWith { .. }
            | Self::SplitOff { .. } => {}
        }
        wordless
    }
}

/// Erases what people wrote into fields. What they chose among is the desk's own words.
fn erase_words<'f>(fields: impl Iterator<Item = &'f mut FieldValue>) {
    for value in fields {
        if let FieldValue::Text(text) = value {
            ERASED.clone_into(text);
        }
    }
}
