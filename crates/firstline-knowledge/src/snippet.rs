//! The part of a text that has most to do with a question.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::ask::Word;
use crate::words::{Manner, read};

/// A piece of an article's body with the words that the question asked for.
///
/// It is the text as the author wrote it, with whatever markup it has: what is shown on a page must
/// be escaped first. [`pieces`](Self::pieces) is made for that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece of text, at most [`MAX_SNIPPET_BYTES`] long.
    pub text: String,
    /// Where the words stand in it: byte ranges in ascending order that do not overlap.
    pub marks: Vec<Range<usize>>,
}

impl Snippet {
    /// The piece that has the most and the rarest of the words; the beginning of the body if it has
    /// none, as when only the title fits.
    pub(crate) fn of(body: &str, words: &[Word], manner: Manner) -> Self {
        let found = find(body, words, manner);
        let window = best_window(&found, words);
        let span = match (found.get(window.start), window.len()) {
            (Some(first), 1..) => {
                let ends = found[window.clone()].iter().map(|found| found.range.end);
                first.range.start..ends.max().unwrap_or(first.range.end)
            }
            _ => 0..0,
        };
        let range = widen(body, span);
        let mut marks: Vec<Range<usize>> = Vec::new();
        for Found { range: Range { start, end }, .. } in &found {
            if range.start <= *start && *end <= range.end {
                let (start, end) = (start - range.start, end - range.start);
                match marks.last_mut() {
                    // Words overlap: pairs of characters in scripts without spaces, codes and their
                    // parts. Pairs touch around a sign that is no letter, as Thai tone marks are.
                    Some(mark) if start <= mark.end => mark.end = mark.end.max(end),
                    _ => marks.push(start..end),
                }
            }
        }
        Self { text: body[range].to_owned(), marks }
    }

    /// The text with every marked word between `open` and `close`. Nothing is escaped: for HTML,
    /// build the string from [`pieces`](Self::pieces) instead.
    #[must_use]
    pub fn marked(&self, open: &str, close: &str) -> String {
        self.pieces().fold(String::new(), |text, (piece, is_marked)| {
            if is_marked { text + open + piece + close } else { text + piece }
        })
    }

    /// The text cut into what is marked (`true`) and what is not, in order. Marks that somebody
    /// moved out of the text are left out.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let ends = self.marks.iter().flat_map(|mark| [(mark.start, false), (mark.end, true)]);
        let mut from = 0;
        ends.chain([(self.text.len(), false)])
            .map(move |(end, is_marked)| {
                let piece = self.text.get(std::mem::replace(&mut from, end)..end);
                (piece.unwrap_or_default(), is_marked)
            })
            .filter(|(piece, _)| !piece.is_empty())
    }
}

/// A word of the question in the text.
struct Found {
    range: Range<usize>,
    /// Which word of the question it is.
    word: usize,
}

fn find(body: &str, words: &[Word], manner: Manner) -> Vec<Found> {
    // Rare words come first, so a form that stands for two of them counts for the rarer one.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for (word, number) in words.iter().zip(0..) {
        for form in word.forms.iter().chain(&word.relatives) {
            // A phrase stands for a word by all of its own.
            for part in form.text.split(' ') {
                numbers.entry(part).or_insert(number);
            }
        }
    }
    // A stem begins like its word. Most words of a text need not be cut back to know that they are
    // none of these.
    let starts: BTreeSet<_> = numbers.keys().map(|form| start(form)).collect();
    let mut found = Vec::new();
    read(body, manner, |token, stem| {
        if starts.contains(&start(&token.text))
            && let Some(&word) = numbers.get(stem().as_str())
        {
            found.push(Found { range: token.offset_from..token.offset_to, word });
        }
        found.len() < MAX_FOUND && token.offset_from <= MAX_SEARCHED_BYTES
    });
    found
}

/// The first two letters of a word.
fn start(word: &str) -> (Option<char>, Option<char>) {
    let mut letters = word.chars();
    (letters.next(), letters.next())
}

/// The first stretch of found words that fits into a snippet and weighs most. Each word counts
/// once.
fn best_window(found: &[Found], words: &[Word]) -> Range<usize> {
    let mut best = (0.0, 0..0);
    for start in 0..found.len() {
        let mut seen = vec![false; words.len()];
        let mut weight = 0.0;
        let room = found[start].range.start + MAX_SNIPPET_BYTES / 2;
        for (end, next) in found.iter().enumerate().skip(start) {
            if next.range.end > room {
                break;
            }
            if !std::mem::replace(&mut seen[next.word], true) {
                weight += words[next.word].rarity;
                if weight > best.0 {
                    best = (weight, start..end + 1);
                }
            }
        }
    }
    best.1
}

/// Adds text on both sides, as much as there is room for, and whole words where there are spaces.
fn widen(text: &str, span: Range<usize>) -> Range<usize> {
    let room = MAX_SNIPPET_BYTES.saturating_sub(span.len());
    let start = span.start.saturating_sub(room / 4);
    let start = if start == 0 { 0 } else { after_space(text, start, span.start) };
    let end = (start + MAX_SNIPPET_BYTES).min(text.len());
    let end = if end == text.len() { end } else { before_space(text, span.end, end) };
    start..end
}

/// The beginning of the first word after `from`, or what comes closest.
fn after_space(text: &str, from: usize, to: usize) -> usize {
    let from = (from..=to).find(|at| text.is_char_boundary(*at)).unwrap_or(to);
    let space = text[from..to].find(char::is_whitespace);
    let word = space.map_or(from, |at| to - text[from + at..to].trim_start().len());
    if word - from > MAX_LEFT_OUT { from } else { word }
}

/// The end of the last word before `to`, or what comes closest.
fn before_space(text: &str, from: usize, to: usize) -> usize {
    let to = (from..=to).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(from);
    let space = text[from..to].rfind(char::is_whitespace);
    let word = space.map_or(to, |at| from + text[from..from + at].trim_end().len());
    if to - word > MAX_LEFT_OUT { to } else { word }
}

/// The length of a snippet in bytes: two lines on a page, somewhat less in Cyrillic.
pub const MAX_SNIPPET_BYTES: usize = 320;

/// How long a piece of a word may be that is left out for the sake of whole words, in bytes. Longer
/// ones are no words, and without them nothing might be left.
const MAX_LEFT_OUT: usize = 64;

/// How much of a body is searched for a snippet, in bytes. Handbooks have longer ones; the rest of
/// them counts for ranking and is not shown.
const MAX_SEARCHED_BYTES: usize = 65_536;

/// How many occurrences are weighed against each other. They come in the order of the text, so a
/// text that repeats itself shows an early one.
const MAX_FOUND: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_piece_without_spaces_leaves_context() {
        let blob = "x".repeat(5_000);
        let text = format!("{blob} error {blob}");
        let range = widen(&text, 5_001..5_006);
        assert!(range.start < 4_990 && range.end > 5_100, "{range:?}");
        let sentence = "Some short words stand here. ".repeat(30);
        let range = widen(&sentence, 300..305);
        assert!(sentence[..range.start].ends_with(' ') && sentence[range.end..].starts_with(' '));
    }
}
