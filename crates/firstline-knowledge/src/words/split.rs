//! Where a word begins and ends, and how it is written down.

use std::ops::Range;

/// The words of a text, each as the place where it stands: runs of letters and digits.
///
/// A dot between two digits joins, so that `2.4.1` and `10.0.0.7` are words of their own and not
/// heaps of small numbers. Scripts that put no spaces between words are taken as overlapping pairs
/// of characters.
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
    /// How many there were so far, with those that are too long to be any.
    pub(super) count: usize,
}

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, count: 0 }
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while let Some(from) = next_letter(self.text, self.at) {
            let rest = &self.text[from..];
            let (length, step) = pair(rest).unwrap_or_else(|| {
                let length = run_length(rest);
                (length, length)
            });
            self.at = from + step;
            self.count += 1;
            if length <= MAX_WORD_BYTES {
                return Some(from..from + length);
            }
        }
        self.at = self.text.len();
        None
    }
}

/// Where the next letter or digit stands.
fn next_letter(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    // Between words of plain text there are plain signs.
    while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii()) {
        if byte.is_ascii_alphanumeric() {
            return Some(at);
        }
        at += 1;
    }
    text[at..].find(is_letter).map(|gap| at + gap)
}

/// The pair of unspaced characters that the text begins with: its length in bytes, and how far it
/// is to the next pair. A character alone stands for a pair.
fn pair(text: &str) -> Option<(usize, usize)> {
    if text.as_bytes().first().is_none_or(|lead| *lead < UNSPACED_LEAD) {
        return None;
    }
    let mut unspaced = text.char_indices().take_while(|(_, c)| is_unspaced(*c));
    let (_, first) = unspaced.next()?;
    let Some((second_at, second)) = unspaced.next() else {
        return Some((first.len_utf8(), first.len_utf8()));
    };
    let length = second_at + second.len_utf8();
    Some((length, if unspaced.next().is_some() { second_at } else { length }))
}

/// Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Chinese and
/// Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3134f}'
    )
}

/// The first byte that any of them begins with.
const UNSPACED_LEAD: u8 = 0xe0;

/// The length in bytes of the word that the text begins with.
pub(super) fn run_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    // Nearly all words are plain Latin or Cyrillic from end to end, and end before a plain sign.
    let mut plain = 0;
    loop {
        match (bytes.get(plain), bytes.get(plain + 1)) {
            (Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'), _) => plain += 1,
            // U+0400 to U+047F.
            (Some(0xd0 | 0xd1), Some(0x80..=0xbf)) => plain += 2,
            (None | Some(..0x80), _)
                if bytes.get(plain) != Some(&b'.')
                    || !plain.checked_sub(1).is_some_and(|last| bytes[last].is_ascii_digit()) =>
            {
                return plain;
            }
            _ => break,
        }
    }
    let mut after_digit = plain.checked_sub(1).is_some_and(|last| bytes[last].is_ascii_digit());
    let mut chars = text[plain..].char_indices().map(|(at, c)| (plain + at, c)).peekable();
    while let Some((at, c)) = chars.next() {
        let joins =
            c == '.' && after_digit && chars.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        if !(is_letter(c) && !is_unspaced(c) || is_invisible(c) || joins) {
            return at;
        }
        after_digit = c.is_ascii_digit();
    }
    text.len()
}

/// Whether a character is part of words. The tables of Unicode are slow to ask, and nearly all text
/// is Latin or Cyrillic.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{400}'..='\u{481}' => true,
        c => c.is_alphanumeric(),
    }
}

/// Marks that sit on or between letters without ending the word: accents written apart, soft
/// hyphens, joiners, spaces without width. Texts that were pasted from other programs are full of them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

/// Writes a word the way in which all its spellings are the same: small letters, `е` for `ё`,
/// `й` in one piece, a version without its `v`.
pub(super) fn fold(word: &str, into: &mut String) {
    into.clear();
    if word.is_ascii() {
        into.push_str(word);
        into.make_ascii_lowercase();
    } else {
        fold_letters(word, into);
        in_latin(into);
    }
    if into.contains('.')
        && into.starts_with('v')
        && into[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        into.remove(0);
    }
}

/// Writes a code in Latin letters if it can be one: on a Russian keyboard `Е1042` looks the same with
/// either `Е`, and nobody can tell which was typed.
pub(super) fn in_latin(code: &mut String) {
    if code.is_ascii() || !code.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    let latin = |c: char| match LOOK_ALIKES.chars().position(|it| it == c) {
        Some(place) => LATIN_ALIKES.chars().nth(place),
        None if matches!(c, '\u{400}'..='\u{52f}') => None,
        None => Some(c),
    };
    if let Some(latin) = code.chars().map(latin).collect() {
        *code = latin;
    }
}

/// The small forms of the capitals that look alike in both alphabets.
const LOOK_ALIKES: &str = "авекмнорстух";
const LATIN_ALIKES: &str = "abekmhopctyx";

fn fold_letters(word: &str, into: &mut String) {
    for c in word.chars() {
        match c {
            'а'..='я' | 'a'..='z' | '0'..='9' => into.push(c),
            'А'..='Я' => into.push(char::from_u32(u32::from(c) + 32).unwrap_or(c)),
            c => c.to_lowercase().for_each(|c| fold_letter(c, into)),
        }
    }
}

fn fold_letter(c: char, into: &mut String) {
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

/// The longest word that is kept, in bytes. Nobody types more, except by pasting a SHA-512 sum,
/// which just fits; everything beyond is an encoded file.
pub(super) const MAX_WORD_BYTES: usize = 128;
