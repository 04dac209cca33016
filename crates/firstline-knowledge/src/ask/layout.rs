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
    let switch = |c: char| {
        let place = from.chars().position(|key| key == c);
        place.and_then(|place| to.chars().nth(place)).unwrap_or(c)
    };
    Some(text.chars().flat_map(char::to_lowercase).map(switch).collect())
}

/// What the same keys write on the other keyboard, word by word: the signs around one are left as they
/// are, since somebody may have meant them as such, unless they and it are a word together.
pub(super) fn switched_words<E>(
    text: &str,
    is_typing: bool,
    mut is_word: impl FnMut(&str) -> Result<bool, E>,
) -> Result<Option<String>, E> {
    let Some(all) = switched(text) else { return Ok(None) };
    let mut switched_text = String::with_capacity(all.len());
    let runs = text.split_inclusive(char::is_whitespace);
    for (run, other) in runs.zip(all.split_inclusive(char::is_whitespace)) {
        let is_going_on = is_typing && !run.ends_with(char::is_whitespace);
        let word = run.trim_matches(|c: char| !c.is_alphanumeric());
        let has_signs = run.trim_end().contains(is_sign) && !word.is_empty();
        if is_going_on || has_signs && is_word(other.trim_end())? || word == run.trim_end() {
            switched_text.push_str(other);
        } else {
            let start = run.find(char::is_alphanumeric).unwrap_or(run.len());
            switched_text.push_str(&run[..start]);
            switched_text.push_str(&switched(word).unwrap_or_else(|| word.to_owned()));
            switched_text.push_str(&run[start + word.len()..]);
        }
    }
    Ok(Some(switched_text))
}

/// The words of a switched text that are words from end to end. Some letters of one keyboard are
/// signs on the other: what they take apart is no heap of small words, but none at all. At the end
/// they may be signs that somebody meant.
pub(super) fn wholes(switched: &str) -> Vec<Range<usize>> {
    let mut wholes = Vec::new();
    let mut at = 0;
    for run in switched.split_inclusive(char::is_whitespace) {
        let whole = run.trim_end().trim_end_matches(is_sign);
        if !whole.contains(is_sign) {
            wholes.push(at..at + whole.len());
        }
        at += run.len();
    }
    wholes
}

/// The signs of one keyboard that are letters on the other.
fn is_sign(c: char) -> bool {
    !c.is_alphabetic() && LATIN.contains(c)
}

/// The letter keys of the two keyboards, row by row.
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";
