//! Questions typed with the wrong keyboard switched on.

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

/// The letter keys of the two keyboards, row by row.
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";
