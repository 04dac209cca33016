//! Which journal an index was made from. Somebody may put another one beside it: a backup of another
//! desk, in a folder where only the journal was cleared away.

use std::fs;
use std::path::Path;

use firstline_knowledge::KnowledgeError;
use firstline_store::{Head, Reader};

use crate::error::Error;

/// Lies in the folder of each index, with the number and the hash of a record of its journal.
const NOTE: &str = "firstline-journal.txt";

/// Opens an index that follows a journal. One that has followed another journal, or this one beyond
/// where it ends since a backup was restored, begins anew.
pub(super) fn open_index<T>(
    folder: &Path,
    journal: &dyn Reader,
    open: impl Fn(&Path) -> Result<T, KnowledgeError>,
    position: fn(&T) -> u64,
) -> Result<T, Error> {
    let index = open(folder)?;
    let position = position(&index);
    if position == 0 || is_made_from(folder, position, journal)? {
        return Ok(index);
    }
    drop(index);
    fs::remove_dir_all(folder)
        .map_err(|source| Error::Folder { folder: folder.to_owned(), source })?;
    Ok(open(folder)?)
}

/// Whether the journal has the record that is noted in the folder of an index. Without a note nobody
/// knows, and the index is not believed.
fn is_made_from(folder: &Path, position: u64, journal: &dyn Reader) -> Result<bool, Error> {
    let head = journal.head()?.map_or(0, |head| head.seq);
    let note = fs::read_to_string(folder.join(NOTE)).unwrap_or_default();
    let noted = note.trim_end().split_once(' ');
    let noted =
        noted.and_then(|(seq, hash)| Some((seq.parse::<u64>().ok()?.checked_sub(1)?, hash)));
    let Some((before, hash)) = noted.filter(|_| position <= head) else { return Ok(false) };
    let records = journal.export(before, 1)?;
    Ok(records.first().is_some_and(|it| it.seq == before + 1 && it.hash.to_string() == hash))
}

/// Notes where the journal ends that an index is about to follow. Should that fail, the index begins
/// anew when it is next opened, and nothing else is lost.
pub(super) fn note_journal(folder: &Path, end: &Head) {
    let begun = folder.join(format!("{NOTE}.{}", std::process::id()));
    let written = fs::write(&begun, format!("{} {}\n", end.seq, end.hash))
        .and_then(|()| fs::rename(&begun, folder.join(NOTE)));
    if written.is_err() {
        let _ = fs::remove_file(&begun);
    }
}
