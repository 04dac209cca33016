//! Where a word begins and ends, and how it is written down.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Splits text into words: runs of letters and digits in lower case.
///
/// A dot between two digits joins, so that `2.4.1` and `10.0.0.7` are words of their own and not
/// heaps of small numbers. Scripts that put no spaces between words are taken as overlapping pairs
/// of characters.
#[derive(Clone, Default)]
pub(super) struct Words {
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, token: &mut self.token }
    }
}

pub(super) struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: &'a mut Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(gap) = self.text[self.at..].find(is_letter) {
            let from = self.at + gap;
            let rest = &self.text[from..];
            let (length, step) = pair(rest).unwrap_or_else(|| {
                let length = run_length(rest);
                (length, length)
            });
            let to = from + length;
            self.at = from + step;
            self.token.position = self.token.position.wrapping_add(1);
            if to - from > MAX_WORD_BYTES {
                continue;
            }
            self.token.offset_from = from;
            self.token.offset_to = to;
            fold(&self.text[from..to], &mut self.token.text);
            return true;
        }
        self.at = self.text.len();
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The pair of unspaced characters that the text begins with: its length in bytes, and how far it
/// is to the next pair. A character alone stands for a pair.
fn pair(text: &str) -> Option<(usize, usize)> {
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
/// hyphens, joiners. Texts that were pasted from other programs are full of them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}'
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
    }
    if into.contains('.')
        && into.starts_with('v')
        && into[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        into.remove(0);
    }
}

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
