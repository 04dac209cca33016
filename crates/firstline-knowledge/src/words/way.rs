//! What the index keeps of a word: its stem, or nothing.

use std::hash::Hasher;

use firstline_core::ENGLISH_STOP_WORDS;
use rustc_hash::FxHasher;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, RawTokenizer, StopWordFilter, TextAnalyzer, TokenFilter,
    TokenStream, Tokenizer,
};

use super::manner::{Manner, Stems, of_script};
use super::split::fold;

/// The way from a word to its term: without accents, without the empty words, cut to the stem.
#[derive(Clone)]
pub(super) struct Way {
    /// Takes accents off, and drops empty words.
    plain: TextAnalyzer,
    latin: Stems,
    cyrillic: Stems,
    folded: String,
}

impl Way {
    pub(super) fn of(manner: Manner) -> Self {
        let (latin, cyrillic, folded) = (manner.latin(), manner.cyrillic(), String::new());
        Self { plain: plain(manner), latin, cyrillic, folded }
    }

    /// Writes down the term of a word as it stands in a text. Says no to an empty word.
    pub(super) fn term(&mut self, word: &str, into: &mut String) -> bool {
        let mut folded = std::mem::take(&mut self.folded);
        fold(word, &mut folded);
        let is_kept = self.term_of_folded(&folded, into);
        self.folded = folded;
        is_kept
    }

    /// The same of a word whose letters are small already.
    pub(super) fn term_of_folded(&mut self, folded: &str, into: &mut String) -> bool {
        let mut stream = self.plain.token_stream(folded);
        if !stream.advance() {
            return false;
        }
        into.clone_from(&stream.token().text);
        stem(into, self.latin, self.cyrillic);
        true
    }
}

fn plain(manner: Manner) -> TextAnalyzer {
    let words = TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter);
    if manner == Manner::COMMON {
        // tantivy's English list leaves in most of them.
        let english = ENGLISH_STOP_WORDS.split_whitespace().map(str::to_owned);
        let russian = StopWordFilter::new(Language::Russian).expect("Russian has stop words");
        return words.filter(StopWordFilter::remove(english)).filter(russian).build();
    }
    let own = STOP_WORDS.into_iter().find(|(primary, _)| manner == Manner::of(primary));
    match own.and_then(|(_, language)| StopWordFilter::new(language)) {
        Some(stop_words) => words.filter(stop_words).build(),
        None => words.build(),
    }
}

/// Takes the accents off a word.
pub(super) fn without_accents(word: &mut String) {
    // Cyrillic letters have none that count, and nearly all other words are plain Latin.
    if word.bytes().all(|byte| byte.is_ascii() || matches!(byte, 0xd0 | 0xd1 | 0x80..=0xbf)) {
        return;
    }
    let mut words = AsciiFoldingFilter.transform(RawTokenizer::default());
    let mut stream = words.token_stream(word);
    let plain = stream.advance().then(|| std::mem::take(&mut stream.token_mut().text));
    if let Some(plain) = plain {
        *word = plain;
    }
}

/// Takes a word to its stem, by its script and the manner of the text.
pub(super) fn stem(word: &mut String, latin: Stems, cyrillic: Stems) {
    match word.chars().next() {
        Some('0'..='9') | None => {}
        // Of a path or an address every sign counts.
        Some(_) if word.contains(['/', '.', '@']) => {}
        Some('\u{0}'..='\u{24f}') => latin.apply(word),
        Some('\u{400}'..='\u{52f}') => cyrillic.apply(word),
        Some(first) => {
            if let Some(algorithm) = of_script(first) {
                Stems::By(algorithm).apply(word);
            }
        }
    }
}

/// Words that were met before, with their terms, each in the place that its letters give it. Texts
/// say the same words again and again, and to look one up takes a fraction of what the way takes.
///
/// A word takes over the place of another one that was there. So nothing grows, what is common now
/// is at hand, and a text of made-up words gains nothing and loses nothing.
#[derive(Default)]
pub(super) struct Met(Vec<Place>);

#[derive(Clone, Default)]
struct Place {
    /// The word as it was written, and behind it its term.
    letters: String,
    written: usize,
    is_kept: bool,
}

impl Met {
    /// [`Way::term`] by way of memory.
    pub(super) fn term(&mut self, word: &str, way: &mut Way, into: &mut String) -> bool {
        if self.0.is_empty() {
            self.0.resize(PLACES, Place::default());
        }
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        let place = &mut self.0[hasher.finish() as usize % PLACES];
        let (written, term) = place.letters.split_at(place.written);
        if written == word {
            into.clear();
            into.push_str(term);
            return place.is_kept;
        }
        place.is_kept = way.term(word, into);
        place.written = word.len();
        place.letters.clear();
        place.letters.push_str(word);
        if place.is_kept {
            place.letters.push_str(into);
        }
        place.is_kept
    }
}

/// How many words are remembered: some megabytes of them, while articles come in.
const PLACES: usize = 1 << 15;

/// The other languages whose most common words are left out.
const STOP_WORDS: [(&str, Language); 11] = [
    ("da", Language::Danish),
    ("nl", Language::Dutch),
    ("fi", Language::Finnish),
    ("fr", Language::French),
    ("de", Language::German),
    ("hu", Language::Hungarian),
    ("it", Language::Italian),
    ("no", Language::Norwegian),
    ("pt", Language::Portuguese),
    ("es", Language::Spanish),
    ("sv", Language::Swedish),
];
