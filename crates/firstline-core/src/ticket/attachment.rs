//! Attachments: the host keeps the files, the desk knows what they are and where.

use serde::{Deserialize, Serialize};

use super::decide::Work;
use super::fact::TicketFact;
use crate::limits::{ERASED, check_count, check_line};
use crate::refusal::Refusal;

/// The most files on one ticket: who looks at it loads the list.
pub const MAX_ATTACHMENTS: usize = 1_000;

/// A file by reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// What it is called, without a folder.
    pub name: String,
    /// What it holds, such as `image/png`.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// Vouches for what is in it, in the host's form, such as `sha256:…`.
    pub hash: String,
    /// Where the host finds it.
    pub locator: String,
}

impl Attachment {
    /// The same file as far as it tells nothing of what is in it.
    pub(super) fn without_words(&mut self) {
        for word in [&mut self.name, &mut self.hash, &mut self.locator] {
            ERASED.clone_into(word);
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        check_line("name", &self.name)?;
        check_line("hash", &self.hash)?;
        check_line("locator", &self.locator)?;
        let is_token = |part: &str| {
            let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
            (1..=127).contains(&part.len()) && part.bytes().all(is_letter)
        };
        match self.media_type.split_once('/') {
            Some((sort, of)) if is_token(sort) && is_token(of) => Ok(()),
            _ => {
                let found = self.media_type.chars().take(40).collect();
                Err(Refusal::NotAMediaType { found })
            }
        }
    }
}

impl Work<'_> {
    /// Files come with a message that was said already: the last one, if nothing is said.
    pub(super) fn attach(
        &mut self,
        message: Option<u32>,
        files: &[Attachment],
    ) -> Result<(), Refusal> {
        let (count, known) = (self.ticket.messages, self.ticket.attachments as usize);
        let message = message.unwrap_or(count);
        if !(1..=count).contains(&message) {
            return Err(Refusal::UnknownMessage { message, count });
        }
        check_count("attachments", known + files.len(), MAX_ATTACHMENTS)?;
        files.iter().try_for_each(Attachment::check)?;
        if !files.is_empty() {
            let (by, files) = (self.by, files.to_vec());
            self.happen(TicketFact::Attached { message, by, files });
        }
        Ok(())
    }
}
