//! Questions typed with the wrong keyboard switched on.

use std::ops::Range;

/// What the same keys write on the other keyboard, English or Russian; `None` if the text has
/// letters of both, or of neither.
pub(super) fn switched(text: &str) -> Option<String> {
    let has = |keys: &str| text.chars().flat_map(char::to_lowercase).any(|c| keys.contains(c));
    let from_latin = text.contains(|c: char| c.is_ascii_alphabetic());
    let from_cyrillic = has(CYRILLIC);
    let (from, to) = match (from_latin, from_cyrillic) {
        (true, false) => (LATIN, CYRILLIC),
        (false, true) => (CYRILLIC, LATIN),
        _ => return None,
    };
    let key = |from: &str, to: &str, c: char| {
        let place = from.chars().position(|key| key == c);
        place.and_then(|place| to.chars().nth(place))
    };
    let switch = |c: char| {
        let shifted = if from_latin { key(SHIFTED, SHIFTED_CYRILLIC, c) } else { None };
        shifted.or_else(|| key(from, to, c)).unwrap_or(c)
    };
    Some(text.chars().flat_map(char::to_lowercase).map(switch).collect())
}

/// What the same keys write on the other keyboard, word by word: the signs around one are left as they
/// are, since somebody may have meant them as such, unless they and it are a word together. Words that
/// are to stay are told by where they stand.
pub(super) fn switched_words<E>(
    text: &str,
    is_typing: bool,
    mut stays: impl FnMut(Range<usize>) -> Result<bool, E>,
    mut is_word: impl FnMut(&str) -> Result<bool, E>,
) -> Result<Option<String>, E> {
    if switched(text).is_none() {
        return Ok(None);
    }
    let mut switched_text = String::with_capacity(2 * text.len());
    let mut at = 0;
    for run in text.split_inclusive(char::is_whitespace) {
        let place = at..at + run.len();
        at = place.end;
        if stays(place)? {
            switched_text.push_str(run);
            continue;
        }
        let bare = run.trim_matches(|c: char| !c.is_alphanumeric());
        let is_quoted = run.starts_with(QUOTING) || run.ends_with(QUOTING);
        let is_going_on = is_typing && !run.ends_with(char::is_whitespace) && !is_quoted;
        let mut word = if is_going_on { run } else { bare };
        if !is_going_on && !bare.is_empty() && run.contains(is_sign) {
            for reading in readings(run) {
                if is_word(&switched(reading).unwrap_or_default())? {
                    word = reading;
                    break;
                }
            }
        }
        let start = run.find(word).unwrap_or_default();
        switched_text.push_str(&run[..start]);
        switched_text.push_str(&switched(word).unwrap_or_else(|| word.to_owned()));
        switched_text.push_str(&run[start + word.len()..]);
    }
    Ok(Some(switched_text))
}

/// What may be the word in what stands between two spaces: with the signs around it, which may be its
/// letters on the other keyboard, without those that are seldom letters, such as quotation marks, or
/// without any, before it and behind it.
pub(super) fn readings(run: &str) -> impl Iterator<Item = &str> {
    let is_any = |c: char| !c.is_alphanumeric();
    let is_mark = move |c: char| is_any(c) && !LATIN.contains(c);
    let run = run.trim_end();
    let behind = [run, run.trim_end_matches(is_mark), run.trim_end_matches(is_any)];
    behind.into_iter().flat_map(move |word| {
        [word, word.trim_start_matches(is_mark), word.trim_start_matches(is_any)]
    })
}

/// Whether a sign that is a letter on the other keyboard stands within a word, where hardly any does.
pub(super) fn has_sign_within(run: &str) -> bool {
    run.trim_matches(|c: char| !c.is_alphanumeric()).contains(is_sign)
}

/// The words of a switched text that are words from end to end. Some letters of one keyboard are
/// signs on the other: what they take apart is no heap of small words, but none at all. At the end
/// they may be signs that somebody meant, and those that take a shift are such at the beginning too.
pub(super) fn wholes(switched: &str) -> Vec<Range<usize>> {
    let mut wholes = Vec::new();
    let mut at = 0;
    for run in switched.split_inclusive(char::is_whitespace) {
        let word = run.trim_start_matches(|c| SHIFTED.contains(c));
        let start = at + run.len() - word.len();
        let whole = word.trim_end().trim_end_matches(is_sign);
        if !whole.contains(is_sign) {
            wholes.push(start..start + whole.len());
        }
        at += run.len();
    }
    wholes
}

/// The signs of one keyboard that are letters on the other.
fn is_sign(c: char) -> bool {
    !c.is_alphabetic() && (LATIN.contains(c) || SHIFTED.contains(c))
}

/// The letter keys of the two keyboards, row by row.
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/// What the keys of capital letters write where those of small ones write signs.
const SHIFTED: &str = "~{}:\"<>";
const SHIFTED_CYRILLIC: &str = "ёхъжэбю";

/// Signs of these that often stand around a word: while it is typed, they are no letters of it.
const QUOTING: [char; 2] = ['"', ':'];
