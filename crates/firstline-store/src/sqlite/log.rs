//! Whether a write-ahead log belongs to the file that it lies beside.
//!
//! SQLite takes any log of that name for the file's own. Beside an older copy of the file, such as a
//! backup that somebody put in its place after a crash, that makes a mixture of both: some of it would be
//! read for a long time before anybody came upon what is missing, and by then both would be spoilt.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use super::columns::stream;
use super::failure::{Failure, Outcome};
use super::file::{APPLICATION_ID, SCHEMA_VERSION};
use super::read::{head, in_snapshot, slice};
use super::state::position;
use crate::copy::{beside, failure};
use crate::error::StoreError;
use crate::journal::Head;
use crate::record::{Hash, Raw};

/// Refuses a log whose file is gone, or is no desk's. SQLite would throw it away if the file is empty, and
/// else put its pages in the place of those of the file.
pub(super) fn refuse_without_file(path: &Path) -> Result<(), StoreError> {
    let (real, log) = really(path);
    // The log first: what another process begins at this moment has its file before its log.
    if !has_bytes(&log) || has_bytes(&real) && may_be_ours(&real) {
        return Ok(());
    }
    let path = path.to_owned();
    if has_bytes(&real) && has_all_pages(&real, &log)? {
        // It is the log of that file: of somebody else's, who is at work or was killed.
        return Err(StoreError::NotADesk { path });
    }
    Err(StoreError::OrphanedLog { path, log })
}

/// Refuses a log of another file of the same kind. What it looks for is there in every sound desk: each
/// page is in the file or in the log, and the records in the log go on where those in the file end. An
/// older copy that misses but a few commands may have all of that; then [`verify`](crate::Reader::verify)
/// finds what is missing.
pub(super) fn refuse_of_another_file(connection: &Connection, path: &Path) -> Outcome<()> {
    let (real, log) = really(path);
    if !has_bytes(&log) {
        return Ok(());
    }
    let belongs = has_bytes(&real) && belongs(connection, &real, &log)?;
    if belongs {
        Ok(())
    } else {
        Err(StoreError::OrphanedLog { path: path.to_owned(), log }.into())
    }
}

fn belongs(connection: &Connection, real: &Path, log: &Path) -> Outcome<bool> {
    let alone = end_without_log(real);
    let told = in_snapshot(connection, |connection| {
        // The first question begins the snapshot: what the log has until then stays in it or in the file.
        let version = version(connection)?;
        // Who migrates a file may give all records other hashes, which are in the log first.
        let alone = alone.filter(|(known, _)| *known == version).map(|(_, last)| last);
        let is_known = version == SCHEMA_VERSION;
        Ok(has_all_pages(real, log)? && (!is_known || goes_on(connection, alone)?))
    });
    match told {
        // Together they make no sense, and the file does without the log.
        Err(failure) if is_nonsense(&failure) && is_sound_without_log(real) => Ok(false),
        told => told,
    }
}

/// Whether pages that do not belong together may be the reason.
fn is_nonsense(failure: &Failure) -> bool {
    match failure {
        Failure::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) | None
        ),
        Failure::Store(error) => {
            matches!(error, StoreError::DamagedFile { .. } | StoreError::DamagedRecord { .. })
        }
    }
}

/// The log of a file.
pub(super) fn log_of(path: &Path) -> PathBuf {
    really(path).1
}

/// The file and its log, which SQLite keeps where the file really is, or where a link says that it is.
fn really(path: &Path) -> (PathBuf, PathBuf) {
    let mut real = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&real) else { break };
        real = real.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    let real = fs::canonicalize(path).unwrap_or(real);
    let log = beside(&real, "-wal");
    (real, log)
}

/// As many links behind each other as systems follow.
const MOST_LINKS: usize = 40;

fn has_bytes(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| file.len() > 0)
}

/// Opens a file as if it had no log. Nothing if its name cannot be said so.
///
/// SQLite has to do it. Were the file opened and closed past it, every lock that this process has on it
/// would be gone, and another one would take the log away while we write to it.
fn without_log(file: &Path) -> Option<rusqlite::Result<Connection>> {
    let name = file.to_str().filter(|_| cfg!(unix))?;
    let escaped = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Some(Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags))
}

/// Whether a file, without its log, may be one of ours. One that was begun and never checkpointed has
/// everything in its log, and says nothing of itself.
fn may_be_ours(file: &Path) -> bool {
    let Some(alone) = without_log(file) else { return true };
    let look = |connection: Connection| -> rusqlite::Result<bool> {
        let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables = "SELECT count(*) FROM sqlite_schema";
        Ok(id == APPLICATION_ID
            || id == 0 && 0 == connection.query_row(tables, [], |row| row.get::<_, i64>(0))?)
    };
    // What else is wrong with it will be said by whoever opens it.
    alone
        .and_then(look)
        .unwrap_or_else(|error| error.sqlite_error_code() != Some(ErrorCode::NotADatabase))
}

/// Whether nothing is wrong with the pages of a file, as long as it has no log. Reads all of it.
fn is_sound_without_log(file: &Path) -> bool {
    let check = |connection: Connection| {
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    };
    without_log(file).is_some_and(|alone| alone.and_then(check).is_ok_and(|told| told == "ok"))
}

/// The last record that a file has without its log, and the version of its tables. Nothing if it cannot be
/// told: where the log was being worked into the file when the power failed, the file alone says little.
fn end_without_log(file: &Path) -> Option<(i64, Raw)> {
    let connection = without_log(file)?.ok()?;
    let last = head(&connection).ok()??.seq;
    let mut ends = slice(&connection, last.saturating_sub(2), 2).ok()?;
    let (last, before) = (ends.pop()?, ends.pop());
    // It is one, and no bytes of something else that lie where one was.
    let before = before.map_or(Hash::ORIGIN, |before| before.hash);
    (last.hash_after(before) == last.hash).then_some(())?;
    Some((version(&connection).ok()?, last))
}

fn version(connection: &Connection) -> Outcome<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// How many records are looked at. An older copy that misses more than so many lacks pages, too.
const LOOK: u64 = 500;

/// Whether the records have no gap from the one on with which the file alone ends, and each of them is
/// known where its stream stands. If the file does not tell, the last of all are looked at.
fn goes_on(connection: &Connection, alone: Option<Raw>) -> Outcome<bool> {
    let Some(Head { seq: end, .. }) = head(connection)? else { return Ok(alone.is_none()) };
    let from = alone.as_ref().map_or_else(|| end.saturating_sub(LOOK), |last| last.seq);
    if let Some(last) = alone {
        let sql = "SELECT 1 FROM record WHERE seq = ?1 AND hash = ?2";
        if !connection.prepare(sql)?.exists(params![from, last.hash.0])? {
            return Ok(false);
        }
    }
    let end = end.min(from + LOOK);
    let sql = "SELECT stream, number, max(seq), count(*) FROM record \
               WHERE seq > ?1 AND seq <= ?2 GROUP BY stream, number";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([from, end])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        let stream = stream(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?);
        let stands = stream.map(|stream| position(connection, stream)).transpose()?.flatten();
        let (last, count): (u64, u64) = (row.get(2)?, row.get(3)?);
        if stands.is_none_or(|position| position.seq < last) {
            return Ok(false);
        }
        seen += count;
    }
    Ok(from + seen == end)
}

/// Whether each page that the file has not is in the log.
fn has_all_pages(file: &Path, log: &Path) -> Outcome<bool> {
    let Pages { size, count, held } = pages_in(log).map_err(|error| failure(error, log))?;
    let length = fs::metadata(file).map_err(|error| failure(error, file))?.len();
    // The page with the byte that SQLite locks is never written.
    let locked = LOCK_BYTE / size + 1;
    Ok((length / size + 1..=count).all(|page| page == locked || held.contains(&page)))
}

/// <https://www.sqlite.org/fileformat2.html#the_lock_byte_page>
const LOCK_BYTE: u64 = 1 << 30;

/// What a log has up to its last commit.
struct Pages {
    /// The size of a page in bytes.
    size: u64,
    /// How many of them the file has with the log.
    count: u64,
    /// Those of them that are in the log.
    held: BTreeSet<u64>,
}

/// Reads a log.
///
/// <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>: a header of 32 bytes, and before each
/// page one of 24 with its number, the size of the file if it ends a commit, the salt of the log, and a
/// checksum over all pages so far. What comes after the first that does not fit is of an earlier log.
fn pages_in(log: &Path) -> io::Result<Pages> {
    let mut log = BufReader::with_capacity(1 << 16, File::open(log)?);
    let mut header = [0; 32];
    let is_whole = filled(&mut log, &mut header)?;
    let size = number(&header, 8).clamp(512, 65_536);
    let mut pages = Pages { size: size.into(), count: 0, held: BTreeSet::new() };
    let mut sum = Checksum { is_big: number(&header, 0) & 1 == 1, ..Checksum::default() };
    sum.take(&header[..24]);
    if !is_whole || number(&header, 0) & !1 != 0x377f_0682 || !sum.is_at(&header, 24) {
        return Ok(pages);
    }
    let (mut frame, mut page) = ([0; 24], vec![0; size as usize]);
    let mut uncommitted: Vec<u64> = Vec::new();
    while filled(&mut log, &mut frame)? && filled(&mut log, &mut page)? {
        sum.take(&frame[..8]);
        sum.take(&page);
        if frame[8..16] != header[16..24] || !sum.is_at(&frame, 16) {
            break;
        }
        uncommitted.push(number(&frame, 0).into());
        let count = number(&frame, 4);
        if count != 0 {
            pages.count = count.into();
            pages.held.extend(uncommitted.drain(..));
        }
    }
    Ok(pages)
}

fn filled(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    word(&bytes[at..], u32::from_be_bytes)
}

fn word(bytes: &[u8], read: impl Fn([u8; 4]) -> u32) -> u32 {
    read([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// The checksum of a log, over pairs of words in the order of bytes that its header says.
#[derive(Default)]
struct Checksum {
    is_big: bool,
    sums: (u32, u32),
}

impl Checksum {
    fn take(&mut self, bytes: &[u8]) {
        match self.is_big {
            true => self.take_words(bytes, u32::from_be_bytes),
            false => self.take_words(bytes, u32::from_le_bytes),
        }
    }

    fn take_words(&mut self, bytes: &[u8], read: impl Fn([u8; 4]) -> u32) {
        let (mut first, mut second) = self.sums;
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(word(pair, &read)).wrapping_add(second);
            second = second.wrapping_add(word(&pair[4..], &read)).wrapping_add(first);
        }
        self.sums = (first, second);
    }

    /// Whether it is what stands there.
    fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        self.sums == (number(bytes, at), number(bytes, at + 4))
    }
}
