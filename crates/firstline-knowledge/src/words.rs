//! From text to words: what counts as a word, and when two of them are the same.

mod exact;
mod manner;
mod split;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use tantivy::tokenizer::{
    AsciiFoldingFilter, BoxTokenStream, Language, StopWordFilter, TextAnalyzer, Token, TokenFilter,
    TokenStream, Tokenizer,
};

use exact::Exact;
pub(crate) use manner::Manner;
use manner::{Stems, of_script};
use split::Words;

/// The analysers of all manners. As a tokenizer it takes texts that begin with the
/// [mark](Manner::mark) of theirs, so that one field holds all languages, and one set of
/// statistics serves them.
#[derive(Clone)]
pub(crate) struct Analysers(Vec<TextAnalyzer>);

impl Analysers {
    /// Those that take all words.
    pub(crate) fn of_words() -> Self {
        Self(Manner::all().map(|manner| analyser(manner, Words::default())).collect())
    }

    /// Those that take what [`Exact`] does.
    pub(crate) fn of_exact() -> Self {
        Self(Manner::all().map(|manner| analyser(manner, Exact::new(true))).collect())
    }

    /// A copy of the analyser of a manner. Making one anew would cost more than most questions.
    pub(crate) fn of(&self, manner: Manner) -> TextAnalyzer {
        self.0[manner.number()].clone()
    }
}

impl Tokenizer for Analysers {
    type TokenStream<'a> = BoxTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BoxTokenStream<'a> {
        let (manner, text) = Manner::unmark(text);
        self.0[manner.number()].token_stream(text)
    }
}

/// The analyser of a manner: its words without the empty ones, each cut back to its stem.
fn analyser(manner: Manner, words: impl Tokenizer) -> TextAnalyzer {
    let words = TextAnalyzer::builder(words).filter(AsciiFoldingFilter);
    let stems = StemFilter(manner);
    if manner == Manner::COMMON {
        let english = ENGLISH_STOP_WORDS.split_whitespace().map(str::to_owned);
        let russian = StopWordFilter::new(Language::Russian).expect("Russian has stop words");
        return words.filter(StopWordFilter::remove(english)).filter(russian).filter(stems).build();
    }
    let own = STOP_WORDS.into_iter().find(|(primary, _)| manner == Manner::of(primary));
    match own.and_then(|(_, language)| StopWordFilter::new(language)) {
        Some(stop_words) => words.filter(stop_words).filter(stems).build(),
        None => words.filter(stems).build(),
    }
}

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

/// The words of which English questions are made. tantivy's list leaves in most of them.
const ENGLISH_STOP_WORDS: &str = "a about also am an and any are as at be been being but by can \
    could did do does for from had has have he her his how i if in into is it its just may me my \
    no not of on or our she should so some such than that the their then there these they this to \
    too very was we what when where which who why will with would you your";

/// Shows the words of a text as they are written down before they are cut to their stems, the
/// empty ones too. The stem of one word alone can be asked for: that is what takes the time.
pub(crate) fn read(
    text: &str,
    manner: Manner,
    mut show: impl FnMut(&Token, &dyn Fn() -> String) -> bool,
) {
    let mut words = AsciiFoldingFilter.transform(Words::default());
    let mut stream = words.token_stream(text);
    while stream.advance() {
        let token = stream.token();
        let stem = || {
            let mut word = token.text.clone();
            stem(&mut word, manner.latin(), manner.cyrillic());
            word
        };
        if !show(token, &stem) {
            break;
        }
    }
}

/// The different words of a text, without the empty ones, in the manner that all scripts share.
pub(crate) fn stems(text: &str, most: usize) -> BTreeSet<String> {
    let mut analyser = analyser(Manner::COMMON, Words::default());
    let mut stream = analyser.token_stream(text);
    let mut stems = BTreeSet::new();
    while stems.len() < most && stream.advance() {
        stems.insert(stream.token().text.clone());
    }
    stems
}

/// Shows the codes, paths and addresses of a question as they are written down whole, and where
/// they stand.
pub(crate) fn wholes(text: &str, mut show: impl FnMut(&str, Range<usize>) -> bool) {
    let mut exact = AsciiFoldingFilter.transform(Exact::new(false));
    let mut stream = exact.token_stream(text);
    while stream.advance() {
        let token = stream.token_mut();
        stem(&mut token.text, Manner::COMMON.latin(), Manner::COMMON.cyrillic());
        if !show(&token.text, token.offset_from..token.offset_to) {
            break;
        }
    }
}

/// Takes a word to its stem, by its script and the manner of the text.
fn stem(word: &mut String, latin: Stems, cyrillic: Stems) {
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

/// The stem of a word as it is written down; the word itself where a stem would be a guess.
pub(crate) fn sure_stem(word: &str, manner: Manner) -> String {
    let mut word = word.to_owned();
    stem(&mut word, manner.latin().if_sure(), manner.cyrillic().if_sure());
    word
}

/// Takes each word to its stem.
#[derive(Clone)]
struct StemFilter(Manner);

impl TokenFilter for StemFilter {
    type Tokenizer<T: Tokenizer> = Stemming<T>;

    fn transform<T: Tokenizer>(self, words: T) -> Stemming<T> {
        Stemming { manner: self.0, words, known: Known::default() }
    }
}

#[derive(Clone)]
struct Stemming<T> {
    manner: Manner,
    words: T,
    known: Known,
}

/// Stems that were found before. Texts say the same words again and again, and to look one up takes
/// a fraction of what it takes to find it. A copy begins with none: questions are short.
#[derive(Default)]
struct Known(HashMap<String, String>);

impl Clone for Known {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T: Tokenizer> Tokenizer for Stemming<T> {
    type TokenStream<'a> = StemStream<'a, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StemStream {
            latin: self.manner.latin(),
            cyrillic: self.manner.cyrillic(),
            words: self.words.token_stream(text),
            known: &mut self.known.0,
        }
    }
}

struct StemStream<'a, T> {
    latin: Stems,
    cyrillic: Stems,
    words: T,
    known: &'a mut HashMap<String, String>,
}

impl<T: TokenStream> TokenStream for StemStream<'_, T> {
    fn advance(&mut self) -> bool {
        if !self.words.advance() {
            return false;
        }
        let word = &mut self.words.token_mut().text;
        if let Some(stem) = self.known.get(word.as_str()) {
            word.clone_from(stem);
            return true;
        }
        if self.known.len() >= MAX_KNOWN {
            stem(word, self.latin, self.cyrillic);
            return true;
        }
        let written = word.clone();
        stem(word, self.latin, self.cyrillic);
        self.known.insert(written, word.clone());
        true
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}

/// How many stems are remembered, the first ones: about a megabyte of them. Common words come early.
const MAX_KNOWN: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        let mut analyser = analyser(Manner::of(language), Words::default());
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
        check("en", "The printers are printing", "printer print");
        check("ru", "Принтеры не печатают, принтера нет", "принтер печата принтер");
        check("de", "Die Drucker drucken nicht", "druck druck");
        check("xx", "Die Drucker drucken nicht", "die druck druck nicht");
        check("uk", "Принтери не друкують", "принт не друку");
    }

    #[test]
    fn spellings_of_one_word_are_one_word() {
        check("ru", "СЧЁТ счет", "счет счет");
        check("ru", "мой мои\u{306} сче\u{308}т", "счет");
        check("xx", "Café cafe\u{301} ca\u{ad}fe", "cafe cafe cafe");
    }

    #[test]
    fn a_word_of_another_script_keeps_its_own_stem() {
        check("ru", "Outlook не видит printers", "outlook вид printer");
        check("en", "The word принтеры and εκτυπωτές", "word принтер εκτυπωτ");
        check("de", "Drucker und принтеры", "druck принтер");
    }

    #[test]
    fn scripts_without_spaces_are_read_in_pairs() {
        check("ja", "PDFを印刷", "pdf を印 印刷");
        check("zh", "打 印机", "打 印机");
    }

    #[test]
    fn codes_and_versions_stay_whole() {
        check("en", "E1042 at 0x80070005.", "e1042 0x80070005");
        check("ru", "после 2.4.1, v2.4.1 и 10.0.0.7: 3.", "2.4.1 2.4.1 10.0.0.7 3");
    }

    #[track_caller]
    fn exact(text: &str, expected: &str) {
        let mut analyser = analyser(Manner::COMMON, Exact::new(true));
        let mut stream = analyser.token_stream(text);
        let mut words = Vec::new();
        stream.process(&mut |token| {
            assert!(text.get(token.offset_from..token.offset_to).is_some());
            words.push(token.text.clone());
        });
        assert_eq!(words.join(" "), expected, "{text:?}");
    }

    #[test]
    fn what_machines_write_is_a_word_as_a_whole() {
        exact("ERR-1042, ERR_1042 or ERR1042", "err1042 err1042");
        exact("set user_name", "usernam");
        exact("/etc/hosts.allow", "etc/hosts.allow");
        exact("C:\\Windows\\System32", "c/windows/system32");
        exact("https://www.example.com/a/b?c=d", "www.example.com/a/b");
        exact("(java.lang.Object)", "java.lang.object");
        exact("mail ada@example.com", "ada@example.com");
        exact("1.0-beta2 --dry-run", "1.0beta2 dryrun");
    }

    #[test]
    fn camel_case_is_read_in_parts() {
        exact("getUserNames() of XMLHttpRequest", "get user name xml http request");
        exact("iPhone WhatsApp ABC", "phone what app");
        exact(
            "java.lang.NullPointerException",
            "java.lang.nullpointerexception null pointer except",
        );
    }

    #[test]
    fn what_only_looks_like_a_code_is_none() {
        exact("e-mail and/or sign-in, 24/7, по-русски", "");
        exact("2024-01-15: печать/скан 2.4.1 印刷", "");
    }

    #[test]
    fn a_pasted_file_is_not_a_word() {
        check("en", &format!("see {} below", "x".repeat(5_000)), "see below");
        exact(&format!("see {} below", "x-1/".repeat(5_000)), "");
        exact(&format!("see {} below", "aB".repeat(5_000)), "");
    }

    #[test]
    fn no_words_in_signs() {
        check("en", "\"' :: (AND) +-!{}[]^~*?\\ 😀 \u{0}\u{7}\u{1b}[31m", "31m");
        exact("\"' :: (AND) +-!{}[]^~*?\\ 😀 \u{0}\u{7}\u{1b}[31m __ // @", "");
        check("xx", "", "");
    }
}
