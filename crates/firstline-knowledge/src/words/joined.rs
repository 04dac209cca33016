//! English words that are written in one or in two: `login` and `log in`.

use std::ops::Range;

/// Shows what is written in two words and often in one, with where it stands. Whatever white space is
/// between the two, it is one gap: lines are broken anywhere, but a new paragraph begins with another word.
pub(crate) fn joined(text: &str, mut show: impl FnMut(Range<usize>, &str)) {
    let bytes = text.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    // One look at a letter and at what is before it is enough for nearly all words.
    let is_start = |pair: &[u8]| {
        matches!(pair[1], b'i' | b'o' | b'u' | b'I' | b'O' | b'U')
            && (pair[0].is_ascii_whitespace() || pair[0] == END_OF_WIDE_SPACE)
    };
    for (at, _) in (1..).zip(bytes.windows(2)).filter(|(_, pair)| is_start(pair)) {
        let before = text[..at].trim_end();
        let gap = &text[before.len()..at];
        if gap.is_empty() || gap.matches('\n').count() > 1 {
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !is_letter(byte));
        let end = end.map_or(bytes.len(), |length| at + length);
        let start = before.bytes().rposition(|byte| !is_letter(&byte)).map_or(0, |at| at + 1);
        let is_same = |(first, second): &(&str, &str)| {
            first.as_bytes().eq_ignore_ascii_case(&bytes[start..before.len()])
                && second.as_bytes().eq_ignore_ascii_case(&bytes[at..end])
        };
        if let Some((first, second)) = PAIRS.iter().find(|pair| is_same(pair)) {
            show(start..end, &format!("{first}-{second}"));
        }
    }
}

/// The last byte of a space at which no line ends.
const END_OF_WIDE_SPACE: u8 = 0xa0;

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
