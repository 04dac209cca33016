//! From text to words: what counts as a word, and when two of them are the same.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language as Stems, Stemmer, StopWordFilter, TextAnalyzer,
    TextAnalyzerBuilder, Token, TokenStream, Tokenizer,
};

use crate::schema::Family;

/// The analyser of a family: its words without the empty ones, each cut back to its stem.
pub(crate) fn analyser(family: Family) -> TextAnalyzer {
    let words = TextAnalyzer::builder(Words::default()).filter(AsciiFoldingFilter);
    match family {
        Family::English => stemmed(words, Stems::English),
        Family::Russian => stemmed(words, Stems::Russian),
        Family::Other => words.build(),
    }
}

fn stemmed<T: Tokenizer>(words: TextAnalyzerBuilder<T>, language: Stems) -> TextAnalyzer {
    let stop_words = StopWordFilter::new(language).expect("both languages have stop words");
    words.filter(stop_words).filter(Stemmer::new(language)).build()
}

/// Splits text into words: runs of letters and digits in lower case.
///
/// A dot between two digits joins, so that `2.4.1` and `10.0.0.7` are words of their own and not
/// heaps of small numbers.
#[derive(Clone, Default)]
struct Words {
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, token: &mut self.token }
    }
}

struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: &'a mut Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(gap) = self.text[self.at..].find(char::is_alphanumeric) {
            let from = self.at + gap;
            self.at = from + run_length(&self.text[from..]);
            self.token.position = self.token.position.wrapping_add(1);
            if self.at - from > MAX_WORD_BYTES {
                continue;
            }
            self.token.offset_from = from;
            self.token.offset_to = self.at;
            fold(&self.text[from..self.at], &mut self.token.text);
            return true;
        }
        self.at = self.text.len();
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The length in bytes of the word that the text begins with.
fn run_length(text: &str) -> usize {
    let mut after_digit = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins =
            c == '.' && after_digit && chars.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        if !(c.is_alphanumeric() || is_invisible(c) || joins) {
            return at;
        }
        after_digit = c.is_ascii_digit();
    }
    text.len()
}

/// Marks that sit on or between letters without ending the word: accents written apart, soft
/// hyphens, joiners. Texts that were pasted from other programs are full of them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

/// Writes a word the way in which all its spellings are the same: small letters, `е` for `ё`,
/// `й` in one piece, a version without its `v`.
fn fold(word: &str, into: &mut String) {
    into.clear();
    if word.is_ascii() {
        into.push_str(word);
        into.make_ascii_lowercase();
    } else {
        fold_letters(word, into);
    }
    if into.contains('.')
        && into.starts_with('v')
        && into[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        into.remove(0);
    }
}

fn fold_letters(word: &str, into: &mut String) {
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ё' => into.push('е'),
            '\u{306}' if into.ends_with('и') => {
                into.pop();
                into.push('й');
            }
            c if is_invisible(c) => {}
            c => into.push(c),
        }
    }
}

/// The longest word that is kept, in bytes. Nobody types more, except by pasting a SHA-512 sum,
/// which just fits; everything beyond is an encoded file.
const MAX_WORD_BYTES: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(family: Family, text: &str, expected: &str) {
        let mut analyser = analyser(family);
        let mut stream = analyser.token_stream(text);
        let mut words = Vec::new();
        while stream.advance() {
            let token = stream.token();
            assert!(
                text.is_char_boundary(token.offset_from) && text.is_char_boundary(token.offset_to)
            );
            words.push(token.text.clone());
        }
        assert_eq!(words.join(" "), expected, "{text:?}");
    }

    #[test]
    fn inflected_words_meet_in_their_stem() {
        check(Family::English, "The printers are printing", "printer print");
        check(Family::Russian, "Принтеры не печатают, принтера нет", "принтер печата принтер");
        check(Family::Other, "Die Drucker drucken nicht", "die drucker drucken nicht");
    }

    #[test]
    fn spellings_of_one_word_are_one_word() {
        check(Family::Russian, "СЧЁТ счет", "счет счет");
        check(Family::Russian, "мой мои\u{306} сче\u{308}т", "счет");
        check(Family::Other, "Café cafe\u{301} ca\u{ad}fe", "cafe cafe cafe");
    }

    #[test]
    fn codes_and_versions_stay_whole() {
        check(Family::English, "E1042 at 0x80070005.", "e1042 0x80070005");
        check(Family::Russian, "после 2.4.1, v2.4.1 и 10.0.0.7: 3.", "2.4.1 2.4.1 10.0.0.7 3");
        check(Family::English, "ERR-1042/KB5034441", "err 1042 kb5034441");
    }

    #[test]
    fn a_pasted_file_is_not_a_word() {
        check(Family::English, &format!("see {} below", "x".repeat(5_000)), "see below");
    }

    #[test]
    fn no_words_in_signs() {
        check(Family::English, "\"' :: (AND) +-!{}[]^~*?\\ 😀 \u{0}\u{7}\u{1b}[31m", "31m");
        check(Family::Other, "", "");
    }
}
