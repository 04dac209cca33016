//! How things look on a terminal: calm, and readable in a file as well.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use firstline::{Snippet, Timestamp};
use indicatif::{ProgressBar, ProgressStyle};

use crate::incidents::Progress;

/// Whether to use weights of type.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    is_plain: bool,
}

impl Style {
    /// With weights on a terminal, unless `NO_COLOR` is set; plain elsewhere.
    #[must_use]
    pub fn of_stdout() -> Self {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_plain: is_unwanted || !std::io::stdout().is_terminal() }
    }

    /// A heading, or a word that matters.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    /// What may be read over.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.is_plain { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
    }
}

/// A number with a comma every three digits.
#[must_use]
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many per second.
#[must_use]
pub fn per_second(count: usize, elapsed: Duration) -> usize {
    (count as f64 / elapsed.as_secs_f64().max(1e-9)) as usize
}

/// The moment as the wall clock of the sample's people showed it, three hours behind UTC.
#[must_use]
pub fn local(moment: Timestamp) -> String {
    const THREE_HOURS_MS: i64 = 3 * 60 * 60 * 1_000;
    let shifted = moment.checked_add_millis(-THREE_HOURS_MS).unwrap_or(moment);
    shifted.to_chrono().format("%a %Y-%m-%d %H:%M").to_string()
}

/// A snippet in lines of at most so many characters, with the words that were found in bold.
#[must_use]
pub fn wrapped(snippet: &Snippet, width: usize, style: Style) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    let mut at = 0;
    for word in snippet.text.split_whitespace() {
        at += snippet.text[at..].find(word).unwrap_or_default();
        let place = at..at + word.len();
        at = place.end;
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is a line from the beginning");
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        let is_found =
            |mark: &std::ops::Range<usize>| mark.start < place.end && place.start < mark.end;
        let is_found = snippet.marks.iter().any(is_found);
        line.push_str(&if is_found { style.bold(word) } else { word.to_owned() });
        used += length;
    }
    lines
}

/// How much room a folder takes on disk, with all that is in it.
#[must_use]
pub fn size_on_disk(folder: &Path) -> String {
    format!("{:.1} MB", size_of(folder) as f64 / 1e6)
}

fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size_of(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// Shows how far a replay is, on a terminal and nowhere else.
pub fn progress_bar(steps: usize) -> (ProgressBar, impl FnMut(Progress)) {
    let bar = ProgressBar::new(steps as u64);
    let style = ProgressStyle::with_template("  {msg}  {bar:32}  {pos}/{len} steps, {eta} left");
    bar.set_style(style.expect("the template is well formed"));
    let shown = bar.clone();
    let told = move |progress: Progress| {
        shown.set_position(progress.steps as u64);
        shown.set_message(progress.at.to_chrono().format("%Y-%m-%d").to_string());
    };
    (bar, told)
}

/// Prints a text. Whoever reads may stop reading: `| head` is no failure.
///
/// # Errors
///
/// Standard output cannot be written.
pub fn print(text: &str) -> std::io::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Ends a program: quietly, or with what went wrong and exit code 1.
#[must_use]
pub fn end(result: Result<(), Box<dyn std::error::Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key of 32 bytes from its 64 hexadecimal digits.
///
/// # Errors
///
/// It has others, or not so many.
pub fn key(digits: &str) -> Result<[u8; 32], String> {
    let digits = digits.trim();
    let bad = || format!("a key is 64 hexadecimal digits, not {} characters", digits.len());
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(bad());
    }
    let mut key = [0; 32];
    for (byte, place) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&digits[place..place + 2], 16).map_err(|_| bad())?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_wrapped_and_what_was_found_stands_out() {
        let text = "press the\nred button twice".to_owned();
        let marks = vec![10..13, 14..20];
        let snippet = Snippet { marks, text };
        assert_eq!(
            wrapped(&snippet, 12, Style { is_plain: true }),
            ["press the", "red button", "twice"]
        );
        let styled = wrapped(&snippet, 80, Style { is_plain: false }).join("");
        assert_eq!(styled, "press the \x1b[1mred\x1b[0m \x1b[1mbutton\x1b[0m twice");
    }

    #[test]
    fn a_number_has_a_comma_every_three_digits() {
        let numbers = [0, 12, 123, 1_234, 12_345, 123_456, 1_234_567].map(number);
        assert_eq!(numbers.join(" "), "0 12 123 1,234 12,345 123,456 1,234,567");
    }
}
