//! The conversations of tickets, to be found by the words that are in them.

mod sought;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::{Language, TicketId, Visibility};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, RAW_TOKENIZER_NAME, Token, TokenizerManager};
use tantivy::{IndexWriter, Searcher, TantivyDocument, Term};

use crate::error::{KnowledgeError, or_damaged};
use crate::shelf::{Layout, Shelf};
use crate::words::{self, Manner};
pub use sought::Sought;

/// An index of what was said on tickets, which answers exactly: what has the words is found, all of it,
/// and nothing is ranked.
///
/// It is derived and follows the journal as [`Index`](crate::Index) does. How far it has read is
/// part of each answer, so that whoever asks can look at the rest.
pub struct Conversations {
    fields: Fields,
    shelf: Shelf,
    current: RwLock<Arc<Current>>,
}

/// All that was said on a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// What was said, in any order. Words side by side are in one of them.
    pub said: Vec<Utterance>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Who can read it.
    pub visibility: Visibility,
    /// Its language, by which inflections are known; empty if nobody said.
    pub language: Language,
    /// The words.
    pub text: String,
}

/// What was committed last.
struct Current {
    searcher: Searcher,
    position: u64,
}

/// What is kept of a conversation: its words, twice at each place. As they are written, behind `=`,
/// and by their stems, behind the mark of the manner in which those were taken.
struct Fields {
    schema: Schema,
    ticket: Field,
    public: Field,
    internal: Field,
}

/// The column of the ticket's number.
const TICKET: &str = "ticket";

impl fmt::Debug for Conversations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversations").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl Conversations {
    /// Opens the index in a folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`](crate::Index::open).
    pub fn open(folder: &Path) -> Result<Self, KnowledgeError> {
        let fields = Fields::new();
        Self::of(Shelf::open(folder, fields.layout())?, fields)
    }

    /// An empty index in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        let fields = Fields::new();
        Self::of(Shelf::in_memory(fields.layout()), fields)
            .expect("memory has no rights to lack and no bytes to lose")
    }

    fn of(shelf: Shelf, fields: Fields) -> Result<Self, KnowledgeError> {
        let mut current = None;
        shelf.reload(|searcher, position| {
            current = Some(Arc::new(Current { searcher, position }));
            Ok(())
        })?;
        let current = RwLock::new(current.expect("a reload that succeeds has shown it"));
        Ok(Self { fields, shelf, current })
    }

    /// The number of the last record in the journal that was taken in.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.current().position
    }

    /// Takes in what is on disk now, as another process may have left it.
    ///
    /// # Errors
    ///
    /// Those of [`Index::reload`](crate::Index::reload).
    pub fn reload(&self) -> Result<(), KnowledgeError> {
        self.shelf.reload(|searcher, position| {
            let current = Arc::new(Current { searcher, position });
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
            Ok(())
        })
    }

    /// Takes in what the conversations of some tickets have become by the record of this number. What
    /// was read up to there before is left as it is.
    ///
    /// # Errors
    ///
    /// Those of [`Index::absorb`](crate::Index::absorb).
    pub fn absorb(
        &self,
        position: u64,
        conversations: &[(TicketId, Conversation)],
    ) -> Result<(), KnowledgeError> {
        if position <= self.position() {
            return Ok(());
        }
        let said = conversations.iter().flat_map(|(_, conversation)| &conversation.said);
        let letters = said.map(|utterance| utterance.text.len()).sum();
        let seen = self.position();
        let written = self.shelf.write(seen, position, letters, |_, writer, present| {
            conversations.iter().try_for_each(|(ticket, conversation)| {
                self.fields.replace(writer, present, *ticket, conversation)
            })
        });
        if let Ok(()) | Err(KnowledgeError::Restarted { .. }) = written {
            self.reload()?;
        }
        written
    }

    /// Starts the index anew if its files were deleted or damaged since it was opened, and turns to
    /// what is there then; see [`position`](Self::position). All files are read for that.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`](crate::Index::open).
    pub fn mend(&self) -> Result<(), KnowledgeError> {
        self.shelf.mend()?;
        self.reload()
    }

    /// Takes what was replaced or deleted out of the files too, so that nothing of it is left on the
    /// disk. It writes anew what lies beside it.
    ///
    /// # Errors
    ///
    /// [`Busy`](KnowledgeError::Busy) while another process writes,
    /// [`Disk`](KnowledgeError::Disk) if it is full or fails.
    pub fn purge(&self) -> Result<(), KnowledgeError> {
        self.shelf.purge()?;
        self.reload()
    }

    /// The tickets in whose conversations everything is as it is sought, and the number of the last
    /// record that this takes account of.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn find(&self, sought: &Sought) -> Result<(BTreeSet<TicketId>, u64), KnowledgeError> {
        let current = self.current();
        let field = |visibility| self.fields.of(visibility);
        let found = or_damaged(|| sought.find(field, |query| collect(&current.searcher, query)))?;
        Ok((found.into_iter().map(TicketId).collect(), current.position))
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fields {
    fn new() -> Self {
        let mut schema = Schema::builder();
        let ticket = schema.add_u64_field(TICKET, INDEXED | FAST);
        // They come taken apart, so this tokenizer has nothing to do.
        let words = TextFieldIndexing::default()
            .set_tokenizer(RAW_TOKENIZER_NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(false);
        let words = TextOptions::default().set_indexing_options(words);
        // The number is the version of the index: raise it whenever the same words would be indexed
        // differently.
        let public = schema.add_text_field("public 1", words.clone());
        let internal = schema.add_text_field("internal 1", words);
        Self { schema: schema.build(), ticket, public, internal }
    }

    fn layout(&self) -> Layout {
        Layout { schema: self.schema.clone(), tokenizers: TokenizerManager::default() }
    }

    fn of(&self, visibility: Visibility) -> Field {
        match visibility {
            Visibility::Public => self.public,
            Visibility::Internal => self.internal,
        }
    }

    fn replace(
        &self,
        writer: &IndexWriter,
        present: &Searcher,
        ticket: TicketId,
        conversation: &Conversation,
    ) -> Result<(), KnowledgeError> {
        let old = Term::from_field_u64(self.ticket, ticket.0);
        // tantivy looks for what is to be deleted in everything that comes in.
        if present.doc_freq(&old)? > 0 {
            writer.delete_term(old);
        }
        let mut document = TantivyDocument::new();
        document.add_u64(self.ticket, ticket.0);
        for Utterance { visibility, language, text } in &conversation.said {
            let tokens = tokens(text, Manner::of(&language.primary()));
            let words = PreTokenizedString { text: String::new(), tokens };
            document.add_pre_tokenized_text(self.of(*visibility), words);
        }
        writer.add_document(document)?;
        Ok(())
    }
}

/// The words of a text, each as it is written and by its stem.
fn tokens(text: &str, manner: Manner) -> Vec<Token> {
    let mut tokens = Vec::new();
    words::read(text, manner, |word, _| {
        let at = |text| Token { position: word.position, text, ..Token::default() };
        tokens.push(at(as_written(&word.text)));
        tokens.push(at(by_stem(&word.text, manner)));
        true
    });
    tokens
}

fn as_written(word: &str) -> String {
    format!("={word}")
}

fn by_stem(word: &str, manner: Manner) -> String {
    format!("{}{}", manner.mark(), words::sure_stem(word, manner))
}

/// The numbers of the tickets that a query finds, in order.
fn collect(searcher: &Searcher, query: &dyn Query) -> Result<Vec<u64>, KnowledgeError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let numbers = segment.fast_fields().u64(TICKET)?.first_or_default_col(0);
        let alive = segment.alive_bitset();
        weight.for_each_no_score(segment, &mut |docs| {
            let there = docs.iter().filter(|doc| alive.is_none_or(|alive| alive.is_alive(**doc)));
            found.extend(there.map(|doc| numbers.get_val(*doc)));
        })?;
    }
    found.sort_unstable();
    Ok(found)
}
