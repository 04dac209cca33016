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

/// Checks a text of one line.
pub(crate) fn check_line(field: &'static str, text: &str) -> Result<(), Refusal> {
    check(field, text, MAX_LINE_BYTES, |c| c.is_control())
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
