//! What rules wrote after somebody: letters on the tickets of others that call them by name, or quote
//! what they said there.

use firstline_core::{Actor, ContactId, ERASED, Event, Party, TicketFact};

use crate::error::StoreError;
use crate::record::Raw;

/// So much of what somebody said is looked for, in bytes. A letter quotes a message from its beginning.
const LOOKED_FOR: usize = 200;

/// What somebody is called and has said, as a letter or a body of JSON would repeat it.
pub(super) struct Echo {
    contact: ContactId,
    words: Vec<String>,
}

impl Echo {
    /// What a contact was ever called, by the history of who they are.
    pub(super) fn of(contact: ContactId, history: &[Raw]) -> Result<Self, StoreError> {
        let mut echo = Self { contact, words: Vec::new() };
        for raw in history {
            if let Event::Party(Party::Contact(known)) = raw.event()? {
                echo.add(&known.name);
            }
        }
        Ok(echo)
    }

    fn add(&mut self, words: &str) {
        let mut end = words.len().min(LOOKED_FOR);
        while !words.is_char_boundary(end) {
            end -= 1;
        }
        let words = words[..end].trim();
        let quoted = serde_json::Value::from(words).to_string();
        let in_json = &quoted[1..quoted.len() - 1];
        for words in [words, in_json] {
            let is_nothing = words.is_empty() || words == ERASED;
            if !is_nothing && !self.words.iter().any(|known| known == words) {
                self.words.push(words.to_owned());
            }
        }
    }

    /// Whether a rule wrote, by this record of a ticket, what the contact is called or has said in the
    /// records before it, which it was shown.
    pub(super) fn is_in(&mut self, raw: &Raw) -> Result<bool, StoreError> {
        let Event::Ticket(event) = raw.event()? else { return Ok(false) };
        if raw.actor == Actor::Contact(self.contact) {
            let subject = match &event.fact {
                TicketFact::Opened { subject, .. } => Some(&**subject),
                _ => None,
            };
            let text = event.fact.said().map(|(_, text)| text);
            subject.into_iter().chain(text).for_each(|said| self.add(said));
        }
        let written = event.fact.written_by_rules();
        Ok(written.is_some_and(|text| self.words.iter().any(|words| has(text, words))))
    }
}

/// Whether a text has these words, and not only as a part of others.
fn has(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_between_others_and_in_json_and_not_within_a_word() {
        let mut echo = Echo { contact: ContactId(1), words: Vec::new() };
        echo.add("Ed");
        echo.add(" My \"printer\"\nburns. ");
        let found = |text: &str| echo.words.iter().any(|words| has(text, words));
        assert!(found("Dear Ed, we see to it."));
        assert!(found("They wrote: My \"printer\"\nburns.…"));
        assert!(found(r#"{"said": "My \"printer\"\nburns."}"#));
        assert!(!found("It was mended by Edna."));
        echo.add(&"ё".repeat(LOOKED_FOR));
        assert!(echo.words.iter().all(|words| words.len() <= LOOKED_FOR));
    }
}
