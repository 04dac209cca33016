//! What is looked for: as a query of the index, and in a conversation that the index has not read yet.

use firstline_core::{FilterWord, Visibility};
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::{Conversation, Utterance, as_written, by_stem};
use crate::error::KnowledgeError;
use crate::words::{self, Manner};

/// Words that are to be in a conversation, or not, for somebody who may read some of it.
#[derive(Clone, Debug)]
pub struct Sought {
    words: Vec<Word>,
    /// What may be read.
    readable: &'static [Visibility],
}

#[derive(Clone, Debug)]
struct Word {
    /// What is to stand side by side, with the place of each. Nothing if there is no word to find: what
    /// was typed is one that no text is searched for, such as an encoded file.
    parts: Vec<(usize, String)>,
    is_exact: bool,
    is_excluded: bool,
}

impl Sought {
    /// Looks for these words: all of them, in one place or another of what may be read. Whoever reads
    /// what is internal reads what is public too.
    #[must_use]
    pub fn new(words: &[FilterWord], readable: Visibility) -> Self {
        let readable: &[Visibility] = match readable {
            Visibility::Public => &[Visibility::Public],
            Visibility::Internal => &[Visibility::Public, Visibility::Internal],
        };
        Self { words: words.iter().map(Word::new).collect(), readable }
    }

    /// Whether a conversation is one that it finds.
    #[must_use]
    pub fn finds(&self, conversation: &Conversation) -> bool {
        let read = |said: &&Utterance| self.readable.contains(&said.visibility);
        let texts: Vec<Places> = conversation.said.iter().filter(read).map(Places::of).collect();
        let is_there = |word: &Word| texts.iter().any(|text| text.have(word));
        self.words.iter().all(|word| is_there(word) != word.is_excluded)
    }

    /// The same by an index, where what somebody can read is in a field: `all` of what a query finds,
    /// in order, is asked for once for each word. (tantivy's own way to leave out what a phrase finds
    /// loses its place.)
    pub(super) fn find(
        &self,
        field: impl Fn(Visibility) -> Field,
        all: impl Fn(&dyn Query) -> Result<Vec<u64>, KnowledgeError>,
    ) -> Result<Vec<u64>, KnowledgeError> {
        let fields: Vec<Field> = self.readable.iter().map(|it| field(*it)).collect();
        let mut words: Vec<&Word> = self.words.iter().collect();
        words.sort_by_key(|word| word.is_excluded);
        let mut found = match words.first() {
            Some(word) if !word.is_excluded => all(&*words.remove(0).query(&fields))?,
            _ => all(&AllQuery)?,
        };
        for word in words {
            if found.is_empty() {
                break;
            }
            let there = all(&*word.query(&fields))?;
            found.retain(|id| there.binary_search(id).is_ok() != word.is_excluded);
        }
        Ok(found)
    }
}

impl Word {
    fn new(FilterWord { text, is_exact, is_excluded }: &FilterWord) -> Self {
        let mut parts = Vec::new();
        words::read(text, Manner::COMMON, |word, _| {
            parts.push((word.position, word.text.clone()));
            true
        });
        Self { parts, is_exact: *is_exact, is_excluded: *is_excluded }
    }

    fn query(&self, fields: &[Field]) -> Box<dyn Query> {
        let mut ways = Vec::new();
        for field in fields {
            if self.is_exact {
                ways.push(self.side_by_side(*field, as_written));
            } else {
                // Each text is in a manner of its own, and a word has a stem in each of them.
                let manners = Manner::all();
                ways.extend(manners.map(|it| self.side_by_side(*field, |word| by_stem(word, it))));
            }
        }
        Box::new(BooleanQuery::union(ways))
    }

    /// All parts in a field, one behind the other, in the form in which it has them.
    fn side_by_side(&self, field: Field, form: impl Fn(&str) -> String) -> Box<dyn Query> {
        let terms = self.parts.iter();
        let terms = terms.map(|(at, word)| (*at, Term::from_field_text(field, &form(word))));
        let mut terms: Vec<(usize, Term)> = terms.collect();
        match terms.len() {
            0 => Box::new(EmptyQuery),
            1 => Box::new(TermQuery::new(terms.remove(0).1, IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new_with_offset(terms)),
        }
    }
}

/// The words of a text by their places. Places are empty where something was too long for a word.
struct Places {
    manner: Manner,
    words: Vec<String>,
}

impl Places {
    fn of(said: &Utterance) -> Self {
        let manner = Manner::of(&said.language.primary());
        let mut words = Vec::new();
        words::read(&said.text, manner, |word, _| {
            words.resize(word.position, String::new());
            words.push(word.text.clone());
            true
        });
        Self { manner, words }
    }

    fn have(&self, word: &Word) -> bool {
        let Some((first, _)) = word.parts.first() else { return false };
        let form = |it: &str| match word.is_exact {
            true => as_written(it),
            false => by_stem(it, self.manner),
        };
        let wanted: Vec<(usize, String)> =
            word.parts.iter().map(|(at, part)| (at - first, form(part))).collect();
        let is_at = |start: usize| {
            wanted.iter().all(|(at, part)| {
                self.words.get(start + at).is_some_and(|it| !it.is_empty() && form(it) == *part)
            })
        };
        (0..self.words.len()).any(is_at)
    }
}
