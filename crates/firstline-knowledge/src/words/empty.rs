//! Words that say nothing, where there are no others.

use std::collections::BTreeSet;

use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::{Analyser, Manner, read};

/// Adds the words of a title that has none that say anything, such as `IT` or `The Who`, in a form that
/// [`Exact`](super::exact::Exact) takes whole.
pub(crate) fn telling_title(title: &str, analyser: &mut Analyser, into: &mut String) {
    if title.len() > MAX_TITLE_BYTES || analyser.token_stream(title).advance() {
        return;
    }
    let mut words = BTreeSet::new();
    read(title, Manner::COMMON, |token, _| {
        words.insert(token.text.clone());
        true
    });
    for word in words {
        into.push(MARK);
        into.push('_');
        into.push_str(&word);
        into.push(' ');
    }
}

/// The term of such a word.
pub(crate) fn as_if_telling(word: &str) -> String {
    format!("{MARK}{word}")
}

/// Whether a term is one of a word that says nothing elsewhere.
pub(crate) fn says_nothing(term: &str) -> bool {
    term.starts_with(MARK)
}

/// A letter that nobody writes, so that these terms are no words.
const MARK: char = '\u{a66e}';

/// A title that is longer says something.
const MAX_TITLE_BYTES: usize = 64;
