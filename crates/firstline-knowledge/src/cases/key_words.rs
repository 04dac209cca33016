//! Which words of a matter say what it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use firstline_core::ArticleId;

use super::Matter;
use crate::error::KnowledgeError;
use crate::index::Index;
use crate::question::{Hit, MAX_QUESTION_BYTES, MAX_QUESTION_WORDS};
use crate::words::{Manner, read, wholes};

/// A word of a matter, where it says it first.
struct Said {
    place: Range<usize>,
    stem: String,
    times: f32,
    /// Whether it is the code of an error or of a device.
    is_code: bool,
    /// How many words of a question it makes: each part of `ERR-1042` is one too.
    words: usize,
}

/// A code in a matter that some text has, such as that of an error: the surest sign of what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The code, as the matter says it.
    pub text: String,
    /// How telling it is: 1 if a single text has it, and less the more have.
    pub weight: f32,
}

impl Code {
    /// Whether a text has it that was found for it.
    #[must_use]
    pub fn is_in(&self, hit: &Hit) -> bool {
        hit.matches.iter().any(|found| found.word == self.text && !found.is_guess)
    }
}

impl Index {
    /// The words of a matter by which to search: all of them, or of a long text those that weigh
    /// most. Codes come before words that are as rare, and the subject before the text.
    ///
    /// However long it is, no more than its first [`MAX_QUESTION_BYTES`] and of these no more than
    /// 2,000 different words are looked at. How rare they are is counted over all articles, whoever
    /// may see them: what comes out is for agents.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn key_words(&self, matter: Matter<'_>) -> Result<String, KnowledgeError> {
        Ok(self.key_words_beside(matter, None)?.0)
    }

    /// The codes of a matter that texts have, the most telling ones first, four at most: `ERR-1042`,
    /// `0x80070005`, `error 651`. They are looked for where [`key_words`](Self::key_words) are.
    ///
    /// # Errors
    ///
    /// Those of [`key_words`](Self::key_words).
    pub fn codes(&self, matter: Matter<'_>) -> Result<Vec<Code>, KnowledgeError> {
        self.codes_beside(matter, None)
    }

    /// [`key_words`](Self::key_words) by the texts beside one, as if that were not there, and whether
    /// the matter has more words than these.
    pub(super) fn key_words_beside(
        &self,
        matter: Matter<'_>,
        itself: Option<ArticleId>,
    ) -> Result<(String, bool), KnowledgeError> {
        let snapshot = self.snapshot();
        let sight = snapshot.look_past(snapshot.sight_of_all(), itself, self.fields())?;
        let (text, said) = read_matter(matter);
        if said.values().filter(|said| said.words == 1).count() <= MAX_QUESTION_WORDS {
            return Ok((text, false));
        }
        let mut weighed = Vec::with_capacity(said.len());
        for Said { place, stem, times, is_code, words } in said.into_values() {
            let (_, with) = snapshot.locate(&stem, &sight, self.fields())?;
            // A word that no text has finds nothing.
            let rarity = if with == 0 { 0.0 } else { sight.rarity(with) };
            let weight = if is_code { CODE_WEIGHT } else { 1.0 };
            weighed.push((place, words, rarity * (1.0 + times.ln()) * weight));
        }
        weighed.sort_by(|(a, _, left), (b, _, right)| {
            right.total_cmp(left).then_with(|| a.start.cmp(&b.start))
        });
        let mut left = MAX_QUESTION_WORDS;
        let mut places: Vec<Range<usize>> = Vec::new();
        for (place, words, weight) in weighed {
            let is_within = |it: &Range<usize>| it.start <= place.start && place.end <= it.end;
            // What joins several words is worth its room only where some text has it so.
            if words > left || words > 1 && weight <= 0.0 || places.iter().any(is_within) {
                continue;
            }
            left -= words;
            places.push(place);
        }
        // A part may have been taken before the whole.
        let all = places.clone();
        places.retain(|place| !all.iter().any(|whole| is_part(place, whole)));
        places.sort_by_key(|place| place.start);
        let words = places.into_iter().map(|place| &text[place]);
        Ok((words.collect::<Vec<_>>().join(" "), true))
    }

    /// [`codes`](Self::codes) by the texts beside one, as if that were not there.
    pub(super) fn codes_beside(
        &self,
        matter: Matter<'_>,
        itself: Option<ArticleId>,
    ) -> Result<Vec<Code>, KnowledgeError> {
        let snapshot = self.snapshot();
        let sight = snapshot.look_past(snapshot.sight_of_all(), itself, self.fields())?;
        let (text, said) = read_matter(matter);
        let mut codes: Vec<(Range<usize>, Code)> = Vec::new();
        for Said { place, stem, .. } in said.into_values().filter(|said| said.is_code) {
            let (_, with) = snapshot.locate(&stem, &sight, self.fields())?;
            if with > 0 {
                let share = sight.rarity(with) / sight.rarity(1);
                let text = text[place.clone()].to_owned();
                codes.push((place, Code { text, weight: share * share }));
            }
        }
        codes.sort_by(|(a, left), (b, right)| {
            right.weight.total_cmp(&left.weight).then(a.start.cmp(&b.start))
        });
        // The number of an error says no more than the code that it is a part of.
        let all: Vec<Range<usize>> = codes.iter().map(|(place, _)| place.clone()).collect();
        codes.retain(|(place, _)| !all.iter().any(|whole| is_part(place, whole)));
        Ok(codes.into_iter().map(|(_, code)| code).take(MAX_CODES).collect())
    }
}

/// The part of a matter that is looked at, and its words, by how they are written down.
fn read_matter(matter: Matter<'_>) -> (String, BTreeMap<String, Said>) {
    let subject = matter.subject;
    let text = beginning(matter);
    let weight =
        |place: &Range<usize>| if place.start < subject.len() { SUBJECT_WEIGHT } else { 1.0 };
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    let mut before = Before::default();
    read(&text, Manner::COMMON, |token, stem| {
        let place = token.offset_from..token.offset_to;
        let is_code = is_code(&token.text) || before.announces(&token.text);
        let new = || Said { place: place.clone(), stem: stem(), times: 0.0, is_code, words: 1 };
        let word = said.entry(token.text.clone()).or_insert_with(new);
        word.times += weight(&place);
        word.is_code |= is_code;
        before.pass(&token.text);
        said.len() < MAX_WEIGHED_WORDS
    });
    wholes(&text, |stem, place| {
        let (is_code, mut words) = (is_code(stem) || is_constant(&text[place.clone()]), 1);
        read(&text[place.clone()], Manner::COMMON, |_, _| {
            words += 1;
            words <= MAX_QUESTION_WORDS
        });
        let new =
            || Said { place: place.clone(), stem: stem.to_owned(), times: 0.0, is_code, words };
        said.entry(format!("{stem} as a whole")).or_insert_with(new).times += weight(&place);
        said.len() < 2 * MAX_WEIGHED_WORDS
    });
    (text, said)
}

/// The part of a matter that is looked at.
fn beginning(Matter { subject, text }: Matter<'_>) -> String {
    let mut text = format!("{subject}\n{text}");
    let end = (0..=text.len().min(MAX_QUESTION_BYTES)).rev();
    text.truncate(end.into_iter().find(|end| text.is_char_boundary(*end)).unwrap_or(0));
    text
}

/// The codes that a matter names, whether or not any text has them.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Those that are surely of what went wrong: announced as such, or beginning with `0x`.
    errors: BTreeSet<String>,
    /// These, and all that the subject names. In a text, a code may be a room or a number of the sender's.
    sure: BTreeSet<String>,
    all: BTreeSet<String>,
}

impl Named {
    pub(super) fn of(matter: Matter<'_>) -> Self {
        let mut named = Self::default();
        let text = beginning(matter);
        // Most matters name none, and that is seen at a glance.
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return named;
        }
        let (mut before, mut count) = (Before::default(), 0);
        read(&text, Manner::COMMON, |token, _| {
            let is_announced = before.announces(&token.text);
            if is_announced || is_code(&token.text) {
                let is_error = is_announced || token.text.starts_with("0x");
                let is_sure = is_error || token.offset_from < matter.subject.len();
                named.add(&token.text, is_error, is_sure);
            }
            before.pass(&token.text);
            count += 1;
            count < MAX_WEIGHED_WORDS
        });
        wholes(&text, |whole, place| {
            if is_code(whole) {
                named.add(whole, false, place.start < matter.subject.len());
            }
            named.all.len() < MAX_WEIGHED_WORDS
        });
        named
    }

    fn add(&mut self, code: &str, is_error: bool, is_sure: bool) {
        if is_error {
            self.errors.insert(code.to_owned());
        }
        if is_sure {
            self.sure.insert(code.to_owned());
        }
        self.all.insert(code.to_owned());
    }

    /// Whether two matters name codes, and other ones: they are not the same, however alike they are.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        let differ = |ours: &BTreeSet<String>, theirs: &BTreeSet<String>| {
            !ours.is_empty()
                && !theirs.is_empty()
                && ours.is_disjoint(&other.all)
                && theirs.is_disjoint(&self.all)
        };
        differ(&self.errors, &other.errors) || differ(&self.sure, &other.sure)
    }
}

/// Whether a place lies within another one.
fn is_part(place: &Range<usize>, of: &Range<usize>) -> bool {
    place != of && of.start <= place.start && place.end <= of.end
}

/// Whether a word is the code of an error or of a device: letters, and some digits among them. `mp3` and
/// `ipv4` are words like others, `100mb` and `1080p` are quantities, and an address is where something is.
fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_quantity = word.starts_with(|c: char| c.is_ascii_digit())
        && !word.starts_with("0x")
        && digits < LONG_NUMBER;
    digits >= CODE_DIGITS
        && !is_quantity
        && word.contains(char::is_alphabetic)
        && !word.contains(['/', '.', '@'])
}

/// Whether what machines write as one is the name of an error, or of something else that has one, such as
/// `ERR_CONNECTION_REFUSED`: capitals with underscores between them.
fn is_constant(whole: &str) -> bool {
    whole.len() >= CONSTANT_LETTERS
        && whole.trim_matches('_').contains('_')
        && whole.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Whether a word may be the code of an error that is shorter than others, or nothing but a number: it is,
/// where it is announced as such. `E17`, `0x7B`, `42P01`, `4713`, and not `10am`, `mp3`, `2nd`.
fn is_short_code(word: &str) -> bool {
    if !(2..=10).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let (behind, core) = (word.trim_start_matches(is_digit), word.trim_end_matches(is_digit));
    let digits = word.len() - core.len();
    match core.len() {
        0 => true,
        _ if word.starts_with("0x") => true,
        // Letters, and digits behind them.
        letters if behind == word && core.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            letters == 1 || letters <= 3 && digits > 1
        }
        // Letters between digits.
        _ => behind != word && digits > 0,
    }
}

/// The last two words before one, which may say that it is a code.
#[derive(Default)]
struct Before {
    last: String,
    earlier: String,
}

impl Before {
    /// Whether a word is a code by what stands before it: `error 4713`, `error no. 4713`, `event ID 7031`.
    fn announces(&self, word: &str) -> bool {
        let is_one_of = |words: &str, word: &str| words.split(' ').any(|it| it == word);
        let is_announced = || {
            is_one_of(ANNOUNCING, &self.last)
                || is_one_of(NUMBERING, &self.last)
                    && (is_one_of(ANNOUNCING, &self.earlier) || is_one_of(NUMBERED, &self.earlier))
        };
        is_short_code(word) && is_announced()
    }

    fn pass(&mut self, word: &str) {
        std::mem::swap(&mut self.last, &mut self.earlier);
        word.clone_into(&mut self.last);
    }
}

/// What stands before the number of an error.
const ANNOUNCING: &str = "error errors err errno code codes status statuscode http sqlstate fehler \
    fehlercode fehlernummer erreur codigo ошибка ошибку ошибки ошибкой код кода кодом статус";

/// What stands between these words and the number.
const NUMBERING: &str = "no nr number nummer id код номер";

/// What has a number that says what went wrong, where it is called so.
const NUMBERED: &str = "event exit stop return ereignis события событие";

/// How many letters a name in capitals has at least that is a code.
const CONSTANT_LETTERS: usize = 8;

/// How many digits a word has at least that is a code.
const CODE_DIGITS: usize = 3;

/// From how many digits on a number is no quantity.
const LONG_NUMBER: usize = 6;

/// How many codes of a matter are looked for. Each is a question of its own.
const MAX_CODES: usize = 4;

/// How much more a word says in the subject than in the text.
pub(super) const SUBJECT_WEIGHT: f32 = 3.0;

/// How much more a code says than another word that is as rare.
const CODE_WEIGHT: f32 = 3.0;

/// How many different words of a matter are weighed against each other, its first ones. A mail of some
/// pages has about a thousand, and each is looked up.
const MAX_WEIGHED_WORDS: usize = 2_000;
