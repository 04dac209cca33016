//! From text to words: what counts as a word, and when two of them are the same.

mod empty;
mod exact;
mod joined;
mod manner;
mod split;
mod way;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::tokenizer::{BoxTokenStream, Token, TokenStream, Tokenizer};

pub(crate) use empty::{as_if_telling, says_nothing, telling_title};
use exact::Exact;
pub(crate) use exact::suspects;
pub(crate) use joined::joined;
pub(crate) use manner::Manner;
use split::{Words, fold};
use way::{Met, Way, stem, without_accents};

/// The analysers of all manners. As a tokenizer it takes texts that begin with the
/// [mark](Manner::mark) of theirs, so that one field holds all languages, and one set of
/// statistics serves them.
#[derive(Clone)]
pub(crate) struct Analysers(Vec<Analyser>);

impl Analysers {
    /// Those that take all words.
    pub(crate) fn of_words() -> Self {
        Self(Manner::all().map(Analyser::of).collect())
    }

    /// Those that take what [`Exact`] does, and share the memory of these.
    pub(crate) fn of_exact(&self) -> Self {
        let exact = |analyser: &Analyser| Analyser { is_exact: true, ..analyser.clone() };
        Self(self.0.iter().map(exact).collect())
    }

    /// The same with a memory that all copies share, for many texts.
    pub(crate) fn remembering(&self) -> Self {
        let with_memory =
            |analyser: &Analyser| Analyser { met: Some(Arc::default()), ..analyser.clone() };
        Self(self.0.iter().map(with_memory).collect())
    }

    /// Empties the memory, where there is one.
    pub(crate) fn forget(&self) {
        for met in self.0.iter().filter_map(|analyser| analyser.met.as_ref()) {
            *met.lock().unwrap_or_else(PoisonError::into_inner) = Met::default();
        }
    }

    /// A copy of the analyser of a manner. Making one anew would cost more than most questions.
    pub(crate) fn of(&self, manner: Manner) -> Analyser {
        self.0[manner.number()].clone()
    }

    /// The same without the memory that all copies share, for a word or two: nobody waits for it.
    pub(crate) fn apart(&self, manner: Manner) -> Analyser {
        Analyser { met: None, ..self.of(manner) }
    }
}

impl Tokenizer for Analysers {
    type TokenStream<'a> = BoxTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BoxTokenStream<'a> {
        let (manner, text) = Manner::unmark(text);
        self.0[manner.number()].token_stream(text)
    }
}

/// Takes texts apart in one manner: their words without the empty ones, each cut back to its stem.
#[derive(Clone)]
pub(crate) struct Analyser {
    way: Way,
    met: Option<Arc<Mutex<Met>>>,
    /// Whether it takes what [`Exact`] does in place of all words.
    is_exact: bool,
}

impl Analyser {
    fn of(manner: Manner) -> Self {
        Self { way: Way::of(manner), met: None, is_exact: false }
    }
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = BoxTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BoxTokenStream<'a> {
        let met = self.met.as_ref();
        let met = met.map(|met| met.lock().unwrap_or_else(PoisonError::into_inner));
        let (way, token) = (&mut self.way, Token::default());
        if self.is_exact {
            let words = Exact::of(text, true);
            BoxTokenStream::new(Terms { text, words, way, met, token })
        } else {
            let words = Words::of(text).map(|place| (place, None::<String>));
            BoxTokenStream::new(Terms { text, words, way, met, token })
        }
    }
}

/// The terms of a text, one by one. Words come as the places where they stand, some with what they
/// are as a whole.
struct Terms<'a, W> {
    text: &'a str,
    words: W,
    way: &'a mut Way,
    met: Option<MutexGuard<'a, Met>>,
    token: Token,
}

impl<W: Iterator<Item = (Range<usize>, Option<String>)>> TokenStream for Terms<'_, W> {
    fn advance(&mut self) -> bool {
        let Token { offset_from, offset_to, position, text: into, .. } = &mut self.token;
        for (place, whole) in self.words.by_ref() {
            *position = position.wrapping_add(1);
            let word = &self.text[place.clone()];
            let is_kept = match (whole, &mut self.met) {
                (Some(whole), _) => self.way.term_of_folded(&whole, into),
                (None, Some(met)) => met.term(word, self.way, into),
                (None, None) => self.way.term(word, into),
            };
            if is_kept {
                (*offset_from, *offset_to) = (place.start, place.end);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Shows the words of a text as they are written down before they are cut to their stems, the
/// empty ones too. The stem of one word alone can be asked for: that is what takes the time.
pub(crate) fn read(
    text: &str,
    manner: Manner,
    mut show: impl FnMut(&Token, &dyn Fn() -> String) -> bool,
) {
    let mut token = Token::default();
    let mut words = Words::of(text);
    while let Some(place) = words.next() {
        token.position = words.count - 1;
        fold(&text[place.clone()], &mut token.text);
        without_accents(&mut token.text);
        (token.offset_from, token.offset_to) = (place.start, place.end);
        if !show(&token, &|| term_of(&token.text, manner)) {
            break;
        }
    }
}

/// The stem of a word as it is written down, as an index in this manner has it.
pub(crate) fn term_of(word: &str, manner: Manner) -> String {
    let mut word = word.to_owned();
    stem(&mut word, manner.latin(), manner.cyrillic());
    word
}

/// The stem of a word as it is written down; the word itself where a stem would be a guess.
pub(crate) fn sure_stem(word: &str, manner: Manner) -> String {
    let mut word = word.to_owned();
    stem(&mut word, manner.latin().if_sure(), manner.cyrillic().if_sure());
    word
}

/// The different words of a text, without the empty ones, in the manner that all scripts share.
pub(crate) fn stems(text: &str, most: usize) -> BTreeSet<String> {
    let mut analyser = Analyser::of(Manner::COMMON);
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
    for (place, whole) in Exact::of(text, false) {
        let Some(mut whole) = whole else { continue };
        without_accents(&mut whole);
        stem(&mut whole, Manner::COMMON.latin(), Manner::COMMON.cyrillic());
        if !show(&whole, place) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        let mut analyser = Analyser::of(Manner::of(language));
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
    fn what_a_rulebook_is_told_to_be_left_out_is_left_out() {
        check("en", firstline_core::ENGLISH_STOP_WORDS, "");
        check("ru", firstline_core::RUSSIAN_STOP_WORDS, "");
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

    #[test]
    fn a_code_is_one_code_in_either_alphabet() {
        check("ru", "Ошибка Е1042, E1042, В2В, 1С и ЗД7", "ошибк e1042 e1042 b2b 1c зд7");
        exact("НТТР-404", "http404");
    }

    #[test]
    fn marks_without_width_end_no_word() {
        check("en", "print\u{200b}er prin\u{200d}ter", "printer printer");
    }

    #[track_caller]
    fn exact(text: &str, expected: &str) {
        let mut analysers = Analysers::of_words().of_exact();
        let mut terms = |text: &str| {
            let mut words = Vec::new();
            analysers.token_stream(text).process(&mut |token| {
                assert!(text.get(token.offset_from..token.offset_to).is_some());
                words.push(token.text.clone());
            });
            words
        };
        let words = terms(text);
        let mut kept = String::new();
        suspects(text, &mut kept);
        assert_eq!(words, terms(&kept), "nothing is lost with what can be no code: {kept:?}");
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
    fn a_word_with_a_hyphen_is_the_same_without() {
        exact("Wi-Fi Wi\u{2011}Fi wi\u{2010}fi", "wifi wifi wifi");
        exact("e-mails by sign-in, по-русски", "email signin порусск");
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
        exact("and/or, 24/7, state-of-the-art", "");
        exact("2024-01-15: печать/скан 2.4.1 印刷", "");
    }

    #[test]
    fn a_pasted_file_is_not_a_word() {
        check("en", &format!("see {} below", "x".repeat(5_000)), "see below");
        exact(&format!("see {} below", "x-1/".repeat(5_000)), "");
        exact(&format!("see {} below", "aB".repeat(5_000)), "");
    }

    #[test]
    fn a_memory_changes_no_word() {
        let terms = |analysers: &mut Analysers, text: &str| {
            let mut words = Vec::new();
            analysers.token_stream(text).process(&mut |token| words.push(token.clone()));
            words
        };
        // More words than there are places, and some that come back.
        let text: String = (0..20_000).map(|n| format!("Row{n} the ROW{n}s, принтеры ")).collect();
        let (mut plain, exact) = (Analysers::of_words(), Analysers::of_words().of_exact());
        let mut remembering = plain.remembering();
        for mut plain in [plain.clone(), exact] {
            let expected = terms(&mut plain, &text);
            assert_eq!(terms(&mut remembering, &text), expected);
            assert_eq!(terms(&mut remembering, &text), expected);
            remembering = remembering.of_exact();
        }
        assert_eq!(terms(&mut plain, &text).len(), 60_000);
    }

    #[test]
    fn no_words_in_signs() {
        check("en", "\"' :: (AND) +-!{}[]^~*?\\ 😀 \u{0}\u{7}\u{1b}[31m", "31m");
        exact("\"' :: (AND) +-!{}[]^~*?\\ 😀 \u{0}\u{7}\u{1b}[31m __ // @", "");
        check("xx", "", "");
    }
}
