//! What a text and a time must be before they may enter a journal that keeps them for ever.

use firstline_sla::Timestamp;

use crate::refusal::Refusal;

/// The longest line (subject, name, reason) in bytes: it is shown in lists, and mail allows 998.
pub const MAX_LINE_BYTES: usize = 998;

/// The longest text (message, article) in bytes: a long mail thread fits, a log file belongs into
/// an attachment. Each is rewritten by every backup and read by every replay.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;

/// The most tags on one ticket or article: they are part of the state that each command rewrites.
pub const MAX_TAGS: usize = 64;

/// What stands in the place of words and names that were erased.
pub const ERASED: &str = "[erased]";

/// The most times that one ticket may wait or be resolved: each is part of the state that every
/// command rewrites. Nobody waits so often for one matter.
pub const MAX_WAITS: usize = 10_000;

/// The most times that rules may fire on one ticket without anybody's doing: more is two rules that
/// play a ticket back and forth, each of them dated and recorded.
pub const MAX_FIRED_BY_ITSELF: u32 = 1_000;

/// The first millisecond of the year 10000, where a desk ends.
const YEAR_10000_MS: i64 = 253_402_300_800_000;

/// The last moment of a desk.
pub(crate) const LATEST: Timestamp =
    Timestamp::from_millis(YEAR_10000_MS - 1).expect("a desk ends within time");

/// Checks that a moment lies in the years 1970 to 9999. Micro- and nanoseconds passed by mistake
/// lie far beyond, and one of them in a journal would be the last time for ever.
///
/// # Errors
///
/// It lies elsewhere.
pub fn check_time(now: Timestamp) -> Result<(), Refusal> {
    if (0..YEAR_10000_MS).contains(&now.as_millis()) {
        Ok(())
    } else {
        Err(Refusal::TimeOutOfRange { now })
    }
}

/// How far ahead of a desk a command may say that it was given, in milliseconds: 366 days. A clock that
/// is wrong by more would be the time of the desk from then on.
const MAX_AHEAD_MS: i64 = 366 * 24 * 3_600_000;

/// Checks a moment that a caller gives, at a desk for which it is `present`: the later one of its last
/// record and its own clock. A desk that slept for years has a clock that says so, and records that are
/// moved keep the times that they had.
///
/// # Errors
///
/// It lies more than 366 days ahead.
pub fn check_not_far_ahead(at: Timestamp, present: Timestamp) -> Result<(), Refusal> {
    let latest = present.checked_add_millis(MAX_AHEAD_MS).unwrap_or(LATEST);
    if at <= latest { Ok(()) } else { Err(Refusal::TimeFarAhead { at, latest }) }
}

/// Checks a text of one line. It stands in lists beside others, so what turns the direction of writing
/// in it ends in it as well. (Marks that turn nothing, which Arabic and Hebrew need, are as good as any.)
pub(crate) fn check_line(field: &'static str, text: &str) -> Result<(), Refusal> {
    check(field, text, MAX_LINE_BYTES, |c| c.is_control())?;
    left_open(text).map_or(Ok(()), |at| Err(Refusal::DirectionLeftOpen { field, at }))
}

/// Where a line begins to be written in another direction, if it never ends to be.
fn left_open(text: &str) -> Option<usize> {
    let (mut embedded, mut isolated) = (Vec::new(), Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => embedded.push(at),
            '\u{202c}' => drop(embedded.pop()),
            '\u{2066}' | '\u{2067}' | '\u{2068}' => isolated.push(at),
            '\u{2069}' => drop(isolated.pop()),
            _ => {}
        }
    }
    embedded.into_iter().chain(isolated).min()
}

/// Checks a text of several lines.
pub(crate) fn check_text(field: &'static str, text: &str) -> Result<(), Refusal> {
    check(field, text, MAX_TEXT_BYTES, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Checks how many of something there are.
pub(crate) fn check_count(field: &'static str, count: usize, most: usize) -> Result<(), Refusal> {
    if count > most { Err(Refusal::TooMany { field, count, most }) } else { Ok(()) }
}

/// Checks names that are kept in a set.
pub(crate) fn check_tags<'a>(tags: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Refusal> {
    if tags.len() > MAX_TAGS {
        return Err(Refusal::TooManyTags { count: tags.len(), most: MAX_TAGS });
    }
    for tag in tags {
        check_line("tag", tag)?;
    }
    Ok(())
}

fn check(
    field: &'static str,
    text: &str,
    most: usize,
    is_forbidden: impl Fn(char) -> bool,
) -> Result<(), Refusal> {
    if text.len() > most {
        return Err(Refusal::TextTooLong { field, bytes: text.len(), most });
    }
    if text.trim().is_empty() {
        return Err(Refusal::TextEmpty { field });
    }
    match text.char_indices().find(|(_, c)| is_forbidden(*c)) {
        Some((at, c)) => Err(Refusal::ControlCharacter { field, at, code: u32::from(c) }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_does_not_turn_the_words_beside_it_around() {
        assert_eq!(check_line("subject", "שלום \u{200f}(דחוף)\u{200e}"), Ok(()));
        assert_eq!(check_line("subject", "see \u{2067}דחוף\u{2069} and \u{202b}ב\u{202c}"), Ok(()));
        let refused = check_line("subject", "invoice\u{202e}fdp.exe").unwrap_err();
        assert_eq!(refused, Refusal::DirectionLeftOpen { field: "subject", at: 7 });
        assert_eq!(
            refused.to_string(),
            "subject turns the direction of writing at byte 7 and never back; close it, or leave it out"
        );
        let other = check_line("subject", "a\u{2067}b\u{202c}").unwrap_err();
        assert_eq!(other, Refusal::DirectionLeftOpen { field: "subject", at: 1 });
    }

    #[test]
    fn a_text_is_neither_empty_nor_endless_nor_full_of_controls() {
        assert_eq!(check_line("subject", " \t "), Err(Refusal::TextEmpty { field: "subject" }));
        assert_eq!(
            check_line("subject", "a\0b"),
            Err(Refusal::ControlCharacter { field: "subject", at: 1, code: 0 })
        );
        assert_eq!(
            check_line("subject", "two\nlines"),
            Err(Refusal::ControlCharacter { field: "subject", at: 3, code: 10 })
        );
        assert_eq!(check_text("text", "two\r\n\tlines, ёж, 🦔"), Ok(()));
        let huge = "x".repeat(10_000_000);
        assert_eq!(
            check_line("subject", &huge),
            Err(Refusal::TextTooLong { field: "subject", bytes: 10_000_000, most: MAX_LINE_BYTES })
        );
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        assert_eq!(
            check_text("text", &long),
            Err(Refusal::TextTooLong {
                field: "text",
                bytes: MAX_TEXT_BYTES + 1,
                most: MAX_TEXT_BYTES
            })
        );
    }
}
