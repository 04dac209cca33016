//! A journal as lines of JSON, to be kept, moved, and checked by others.

mod check;
mod import;
mod keys;

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use firstline_core::{Actor, CommandId, Event, Stream, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use check::check_export;
pub use import::import;

use self::check::Trail;
use self::keys::Keys;
use crate::copy::{failure, file_of_its_own};
use crate::error::StoreError;
use crate::journal::{Head, Journal, Reader, Receipt, Verified};
use crate::record::{Hash, Raw};
use crate::sqlite::SqliteJournal;

/// The version of the format. It rises when a reader would have to know.
const FORMAT: u32 = 1;

/// How many records are read, or imported in one commit. Another process waits no longer than that
/// for its turn, and an import that ends early has lost no more.
const SLICE: usize = 1_000;

/// The longest line of an import in bytes: several times what the longest event takes.
const MAX_LINE: u64 = 16 * 1024 * 1024;

/// A record as an export has it: the event is the text that was hashed, byte for byte.
///
/// Its fields are those of a [`Record`](crate::Record).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedRecord {
    /// Its place in the journal.
    pub seq: u64,
    /// Whose history it belongs to.
    pub stream: Stream,
    /// Its place in that history.
    pub version: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who gave the command that it came of.
    pub actor: Actor,
    /// The caller's key of that command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// The version of the rulebook by which it was decided.
    pub rulebook: u32,
    /// What happened, as the text that was stored.
    pub event: Box<RawValue>,
    /// Ties it to all records before it.
    pub hash: Hash,
    /// The hash of what the text was before its words were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Hash>,
}

/// A line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first line: the version of the format.
    FirstlineExport(u32),
    /// Commands before this moment may have been forgotten: their records come without receipts.
    Forgotten(Timestamp),
    Record(ExportedRecord),
    /// What came of a command, after its last record.
    Receipt {
        command: CommandId,
        receipt: Receipt,
    },
    /// The last line. Without it, the export was cut off.
    End {
        records: u64,
        hash: Hash,
        /// Commands before this moment were forgotten, also while it was written.
        forgotten: Timestamp,
    },
}

impl Line {
    /// Whether it is one more record of this command, or its receipt.
    fn is_of(&self, command: Option<CommandId>) -> bool {
        let own = match self {
            Self::Record(record) => record.command,
            Self::Receipt { command, .. } => Some(*command),
            _ => None,
        };
        own.is_some() && own == command
    }
}

/// How far an export or import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many records are done.
    pub records: u64,
    /// How many there are, where that is known: an export knows, an import does not.
    pub of: Option<u64>,
}

/// Writes a journal as lines of JSON: a line that says so, the records, each command's receipt behind
/// its records, the receipts of commands that changed nothing, and a line that ends it. It tells
/// `progress` now and then.
///
/// The journal may be written to meanwhile. What is recorded after the beginning is not in it. The
/// records are checked on their way, as [`check_export`] does it; what is derived from them is not in
/// an export.
///
/// # Errors
///
/// [`StoreError::DamagedRecord`] with the first record that is missing, altered or out of order;
/// [`StoreError::Busy`] if words were erased meanwhile, so that some of them are in it and some are not;
/// the output cannot be written. What was written is not an export then.
pub fn export(
    reader: &dyn Reader,
    output: &mut dyn Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, StoreError> {
    let head = reader.head()?;
    let records = head.map_or(0, |head| head.seq);
    put(output, &Line::FirstlineExport(FORMAT))?;
    let forgotten = reader.forgotten()?;
    if forgotten > Timestamp::MIN {
        put(output, &Line::Forgotten(forgotten))?;
    }
    let mut done = 0;
    let mut trail = Trail::default();
    while done < records {
        let left = usize::try_from(records - done).unwrap_or(SLICE);
        let slice = reader.export(done, left.min(SLICE))?;
        let Some(last) = slice.last() else {
            return Err(StoreError::damaged(done + 1, "it is missing"));
        };
        done = last.seq;
        let mut slice = slice.into_iter().peekable();
        while let Some(record) = slice.next() {
            trail.follow(record.clone()).map_err(|error| unless_erased(reader, head, error))?;
            let ExportedRecord { seq, command, .. } = record;
            put(output, &Line::Record(record))?;
            if let Some(command) = command
                && slice.peek().is_none_or(|next| next.command != Some(command))
                && let Some(receipt) = reader.receipt(command)?
                && receipt.seq == seq
            {
                put(output, &Line::Receipt { command, receipt })?;
            }
        }
        progress(Progress { records: done, of: Some(records) });
    }
    let verified = trail.close().map_err(|error| unless_erased(reader, head, error))?;
    let mut after = None;
    loop {
        let receipts = reader.receipts(after, SLICE)?;
        let Some((last, _)) = receipts.last() else {
            break;
        };
        after = Some(*last);
        for (command, receipt) in receipts {
            // The others stand behind their records, or come after the end of this export.
            if receipt.events == 0 && receipt.seq <= records {
                put(output, &Line::Receipt { command, receipt })?;
            }
        }
    }
    put(output, &Line::End { records, hash: verified.hash, forgotten: reader.forgotten()? })?;
    output.flush().map_err(disk)?;
    Ok(verified)
}

/// [`export`] to a new file, which is there whole or not at all.
///
/// # Errors
///
/// Those of [`export`]; [`StoreError::FileExists`] if there is a file already; the disk.
pub fn export_to_file(
    reader: &dyn Reader,
    to: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, StoreError> {
    let mut verified = None;
    file_of_its_own(to, |path| {
        let file = File::create(path).map_err(|error| failure(error, path))?;
        verified = Some(export(reader, &mut BufWriter::new(file), progress)?);
        Ok(())
    })?;
    Ok(verified.expect("it was written before it got its name"))
}

/// What is wrong with the records, unless an erasure while they were read explains it.
fn unless_erased(reader: &dyn Reader, begun: Option<Head>, error: StoreError) -> StoreError {
    let begun = begun.map_or(0, |head| head.seq);
    match was_erased_after(reader, begun) {
        Ok(true) => StoreError::Busy,
        Ok(false) => error,
        Err(unreadable) => unreadable,
    }
}

fn was_erased_after(reader: &dyn Reader, mut seq: u64) -> Result<bool, StoreError> {
    loop {
        let slice = reader.records(seq, SLICE)?;
        let Some(last) = slice.last() else { return Ok(false) };
        if slice.iter().any(|record| matches!(record.event, Event::Erased(_))) {
            return Ok(true);
        }
        seq = last.seq;
    }
}

/// Writes a copy of any journal to a new file, which is the file of a desk.
pub(crate) fn backup(reader: &dyn Reader, to: &Path) -> Result<(), StoreError> {
    file_of_its_own(to, |path| {
        let mut lines = Vec::new();
        export(reader, &mut lines, &mut |_| ())?;
        let mut copy = SqliteJournal::open(path)?;
        let verified = import(&mut copy, &mut &lines[..], &mut |_| ())?;
        copy_outbox(reader, &mut copy, verified.records)
    })
}

/// Takes over the open effects of the records up to this one: a copy goes on where the original was.
fn copy_outbox(from: &dyn Reader, to: &mut dyn Journal, until: u64) -> Result<(), StoreError> {
    let mut transaction = to.begin()?;
    let mut after = 0;
    loop {
        let slice = from.open_effects(after, SLICE)?;
        for open in slice.iter().filter(|open| open.record <= until) {
            transaction.put_effect(open)?;
        }
        match slice.last() {
            Some(last) => after = last.record,
            None => return transaction.commit(),
        }
    }
}

/// The lines of an export, one after the other, each checked for what it says of keys of commands.
struct Lines<'i> {
    input: &'i mut dyn BufRead,
    number: u64,
    text: String,
    keys: Keys,
}

impl<'i> Lines<'i> {
    /// Begins to read: the first line says what this is.
    fn new(input: &'i mut dyn BufRead) -> Result<Self, StoreError> {
        let mut lines = Self { input, number: 0, text: String::new(), keys: Keys::default() };
        match lines.read()? {
            Line::FirstlineExport(FORMAT) => Ok(lines),
            Line::FirstlineExport(other) => {
                Err(lines.bad(format!("format {other}; this library reads format {FORMAT}")))
            }
            _ => Err(lines.bad("it does not begin with `firstline_export`")),
        }
    }

    fn next(&mut self) -> Result<Line, StoreError> {
        let line = self.read()?;
        self.keys.take(&line).map_err(|what| self.bad(what))?;
        if let Line::End { .. } = line {
            self.number += 1;
            if !self.input.fill_buf().map_err(disk)?.is_empty() {
                return Err(self.bad("it goes on behind its last line"));
            }
        }
        Ok(line)
    }

    fn read(&mut self) -> Result<Line, StoreError> {
        self.number += 1;
        self.text.clear();
        let mut bounded = std::io::Read::take(&mut *self.input, MAX_LINE);
        match bounded.read_line(&mut self.text) {
            Ok(0) => return Err(self.bad("it ends here, before its last line")),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(self.bad("it is not UTF-8"));
            }
            Err(error) => return Err(disk(error)),
        }
        serde_json::from_str(&self.text).map_err(|error| self.bad(error.to_string()))
    }

    fn bad(&self, what: impl Into<String>) -> StoreError {
        StoreError::BadExport { line: self.number, what: what.into() }
    }

    /// What is wrong with a record of an export is wrong with the export.
    fn blame(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::DamagedRecord { seq, what } => self.bad(format!("record {seq}: {what}")),
            other => other,
        }
    }
}

fn put(output: &mut dyn Write, line: &Line) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec(line).expect("the keys of its maps are texts");
    text.push(b'\n');
    output.write_all(&text).map_err(disk)
}

fn disk(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::DiskFull,
        _ => StoreError::Disk { source: Box::new(error) },
    }
}

impl ExportedRecord {
    /// A record as it lies on disk, for an export.
    pub(crate) fn of(raw: Raw) -> Result<Self, StoreError> {
        let Raw { seq, stream, version, at, actor, command, rulebook, hash, erased, .. } = raw;
        let event = RawValue::from_string(raw.event)
            .map_err(|error| StoreError::damaged(seq, format!("its event: {error}")))?;
        Ok(Self { seq, stream, version, at, actor, command, rulebook, event, hash, erased })
    }

    /// The record as it lies on disk after `previous` in its stream.
    pub(crate) fn into_raw(self, previous: Option<u64>) -> Raw {
        let Self { seq, stream, version, at, actor, command, rulebook, hash, erased, .. } = self;
        let event = String::from(Box::<str>::from(self.event));
        Raw { seq, stream, version, previous, at, actor, command, rulebook, event, hash, erased }
    }
}
