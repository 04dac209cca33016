//! What machines write and people paste: codes, identifiers, paths, addresses.

use std::ops::Range;

use super::split::{MAX_WORD_BYTES, fold, in_latin, is_letter, run_length};

/// The words of a text that [`Words`](super::split::Words) takes apart or leaves whole: codes such
/// as `ERR-1042`, paths, addresses, `snake_case` and `Wi-Fi` as one word, `camelCase` in its parts. Each is
/// the place where it stands, with how it is written down if it is not a part.
///
/// They are kept beside the other words and not among them, so that a text with many addresses does
/// not count as a long one.
pub(super) struct Exact<'a> {
    text: &'a str,
    at: usize,
    /// Up to where wholes have been looked for.
    seen: usize,
    /// The rest of a word in camel case.
    humps: Range<usize>,
    /// Whether the parts of words in camel case are among them. A question has them as one word.
    with_parts: bool,
}

impl<'a> Exact<'a> {
    pub(super) fn of(text: &'a str, with_parts: bool) -> Self {
        Self { text, at: 0, seen: 0, humps: 0..0, with_parts }
    }
}

impl Iterator for Exact<'_> {
    type Item = (Range<usize>, Option<String>);

    fn next(&mut self) -> Option<(Range<usize>, Option<String>)> {
        if let Some(hump) = next_hump(self.text, &mut self.humps) {
            return Some((hump, None));
        }
        while let Some(gap) = self.text[self.at..].find(is_letter) {
            let from = self.at + gap;
            let to = from + run_length(&self.text[from..]).max(1);
            let to = (to..).find(|to| self.text.is_char_boundary(*to)).unwrap_or(to);
            if from >= self.seen {
                let end = end(self.text, to);
                self.seen = end.unwrap_or(to);
                if self.seen - from <= MAX_WORD_BYTES
                    && let Some(whole) = end.and_then(|end| whole(self.text, from..end))
                {
                    self.at = from;
                    return Some((from..self.seen, Some(whole)));
                }
            }
            self.at = to;
            if self.with_parts && to - from <= MAX_WORD_BYTES && is_camel(&self.text[from..to]) {
                self.humps = from..to;
                return self.next();
            }
        }
        self.at = self.text.len();
        None
    }
}

/// Adds what stands between spaces and may have something for [`Exact`] in it. That is little of
/// most texts, and seen at a glance.
pub(crate) fn suspects(text: &str, into: &mut String) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..].windows(2).position(is_suspect) {
        let found = from + found;
        let is_space = |byte: &u8| byte.is_ascii_whitespace();
        let start = bytes[from..found].iter().rposition(is_space).map_or(from, |at| from + at + 1);
        let end = bytes[found..].iter().position(is_space).map_or(bytes.len(), |at| found + at);
        into.push_str(&text[start..end]);
        into.push(' ');
        from = end;
    }
}

/// Whether two bytes are a sign between words and the beginning of a word, or a small letter and a
/// capital.
fn is_suspect(pair: &[u8]) -> bool {
    match pair[0] {
        b'a'..=b'z' => pair[1].is_ascii_uppercase(),
        b'-' | b'_' | b'.' | b'/' | b'\\' | b':' | b'@' => {
            pair[1].is_ascii_alphanumeric() || !pair[1].is_ascii()
        }
        // The end of the longer hyphens, and of few other signs.
        0x80 => matches!(pair[1], 0x90 | 0x91),
        _ => false,
    }
}

/// The end of what hangs together with the word that ends at `to` by signs that machines put between
/// words; `None` if nothing does.
fn end(text: &str, to: usize) -> Option<usize> {
    let mut end = to;
    while let Some(gap) = gap(&text[end..]) {
        let next = end + gap;
        end = next + run_length(&text[next..]);
    }
    (end > to).then_some(end)
}

/// The length of the signs between two words that belong together; `None` if they do not.
fn gap(text: &str) -> Option<usize> {
    let is_sign = |c: char| "_./\\:@".contains(c) || HYPHENS.contains(&c);
    let behind = text.trim_start_matches(is_sign);
    let signs = &text[..text.len() - behind.len()];
    let is_gap = (1..=MAX_SIGNS).contains(&signs.chars().count()) && behind.starts_with(is_letter);
    is_gap.then_some(signs.len())
}

/// Writes down a code, an identifier, a path or an address as one word, so that all its spellings
/// are the same: `ERR-1042` is `err1042`, `user_name` is `username`, `e-mail` is `email`, and a path has
/// slashes of one kind. `None` for what only looks like one: `24/7`, `and/or`.
fn whole(text: &str, range: Range<usize>) -> Option<String> {
    let word = &text[range.clone()];
    if !is_exact(word, &text[..range.start]) {
        return None;
    }
    let mut into = String::with_capacity(word.len());
    let mut part = String::new();
    let mut at = 0;
    while at < word.len() {
        let end = at + run_length(&word[at..]);
        fold(&word[at..end], &mut part);
        into.push_str(&part);
        let signs = gap(&word[end..]).unwrap_or(word.len() - end);
        match &word[end..end + signs] {
            // How a page is fetched says nothing of which page it is.
            "://" => into.clear(),
            signs if signs.contains(['/', '\\']) => into.push('/'),
            signs if signs.contains(['.', ':']) => into.push('.'),
            signs if signs.contains('@') => into.push('@'),
            _ => {}
        }
        at = end + signs;
        if signs == 0 && at < word.len() {
            return None;
        }
    }
    in_latin(&mut into);
    Some(into)
}

fn is_exact(word: &str, before: &str) -> bool {
    let has_letter = word.contains(char::is_alphabetic);
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    let slashes = word.matches(['/', '\\']).count();
    let is_path = slashes > 1 || slashes == 1 && before.ends_with(['/', '\\', '~', '.']);
    has_letter
        && (is_path
            || word.contains(['_', '\\', '@'])
            || word.contains("::")
            || slashes == 0 && (has_digit || word.contains('.') || before.ends_with("--"))
            || is_compound(word))
}

/// Whether a word is two words of letters with a hyphen between them, which many write as one.
fn is_compound(word: &str) -> bool {
    let mut parts = word.split(HYPHENS);
    let is_word = |part: Option<&str>| part.is_some_and(|it| it.chars().all(char::is_alphabetic));
    is_word(parts.next()) && is_word(parts.next()) && parts.next().is_none()
}

/// Whether a word has a capital behind a small letter.
fn is_camel(word: &str) -> bool {
    let is_hump = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    word.as_bytes().windows(2).any(is_hump)
}

/// Takes the next part off a word in camel case. Letters that stand alone are left out: the `i` of
/// `iPhone` says nothing.
fn next_hump(text: &str, rest: &mut Range<usize>) -> Option<Range<usize>> {
    while rest.start < rest.end {
        let bytes = &text.as_bytes()[rest.clone()];
        let is_start = |at: &usize| {
            let (before, here) = (bytes[at - 1], bytes[*at]);
            let is_last_capital = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            here.is_ascii_uppercase() && (before.is_ascii_lowercase() || is_last_capital)
        };
        let length = (1..bytes.len()).find(is_start).unwrap_or(bytes.len());
        let hump = rest.start..rest.start + length;
        rest.start = hump.end;
        if length > 1 {
            return Some(hump);
        }
    }
    None
}

/// The longest run of signs within an address: `://`.
const MAX_SIGNS: usize = 3;

/// The usual one, that of typographers, and the one at which no line ends.
const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];
