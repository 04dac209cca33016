//! What a rule asks the host to do: things that no state of a ticket shows.

use serde::{Deserialize, Serialize};

use crate::id::RoleId;
use crate::limits::ERASED;

/// Something that a rule or a macro asks the host to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Errand {
    /// Tell whoever holds this role.
    Notify {
        /// The role.
        role: RoleId,
        /// What to tell, if the rule says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Call a program over the network.
    Webhook {
        /// Where.
        url: String,
        /// What to send, if the rule says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// Start a guide with the customer.
    StartGuide {
        /// Which.
        guide: String,
    },
    /// Look for the ticket that this one is a duplicate of, and merge this one into it if there is
    /// one. A rule sees one ticket, so it cannot say itself which other one is meant.
    SeekDuplicate,
}

impl Errand {
    /// Puts something else in the place of what people wrote.
    pub(super) fn erase_words(&mut self) {
        match self {
            Self::Notify { text: Some(text), .. } | Self::Webhook { body: Some(text), .. } => {
                ERASED.clone_into(text);
            }
            Self::Notify { text: None, .. }
            | Self::Webhook { body: None, .. }
            | Self::StartGuide { .. }
            | Self::SeekDuplicate => {}
        }
    }

    /// The text that is to be sent, if there is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Notify { text, .. } | Self::Webhook { body: text, .. } => text.as_deref(),
            Self::StartGuide { .. } | Self::SeekDuplicate => None,
        }
    }

    /// What it is, in a word or two: the end of its key.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Notify { role, .. } => format!("notify.{role}"),
            Self::Webhook { .. } => "webhook".to_owned(),
            Self::StartGuide { guide } => format!("guide.{guide}"),
            Self::SeekDuplicate => "seek_duplicate".to_owned(),
        }
    }
}
