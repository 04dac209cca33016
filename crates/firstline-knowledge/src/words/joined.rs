//! English words that are written in one or in two: `login` and `log in`.

use std::ops::Range;

/// Shows what is written in two words and often in one, with where it stands.
pub(crate) fn joined(text: &str, mut show: impl FnMut(Range<usize>, &str)) {
    let bytes = text.as_bytes();
    for at in bytes.iter().zip(0..).filter(|(byte, _)| **byte == b' ').map(|(_, at)| at) {
        // One look at a letter is enough for nearly all words.
        if !bytes.get(at + 1).is_some_and(|letter| b"iouIOU".contains(letter)) {
            continue;
        }
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let end = bytes[at + 1..].iter().position(|byte| !is_letter(byte));
        let end = end.map_or(bytes.len(), |length| at + 1 + length);
        let start = bytes[..at].iter().rposition(|byte| !is_letter(byte)).map_or(0, |at| at + 1);
        let is_same = |(first, second): &(&str, &str)| {
            first.as_bytes().eq_ignore_ascii_case(&bytes[start..at])
                && second.as_bytes().eq_ignore_ascii_case(&bytes[at + 1..end])
        };
        if let Some((first, second)) = PAIRS.iter().find(|pair| is_same(pair)) {
            show(start..end, &format!("{first}-{second}"));
        }
    }
}

/// What support is asked for with.
const PAIRS: [(&str, &str); 12] = [
    ("log", "in"),
    ("log", "on"),
    ("log", "out"),
    ("log", "off"),
    ("sign", "in"),
    ("sign", "up"),
    ("sign", "out"),
    ("set", "up"),
    ("back", "up"),
    ("start", "up"),
    ("plug", "in"),
    ("time", "out"),
];
