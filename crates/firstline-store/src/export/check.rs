//! Checking an export offline, without a desk.

use std::collections::BTreeMap;
use std::io::BufRead;

use firstline_core::Stream;

use super::{ExportedRecord, Line, Lines};
use crate::erase::Account;
use crate::error::StoreError;
use crate::journal::{Head, Verified};
use crate::record::Hash;
use crate::signature::SignedCheckpoint;
use crate::verify::check_link;

/// Reads an export and checks that its records follow one another, that nothing was taken out or
/// altered, that each command was carried out once and its receipt says what its records say, and that a
/// checkpoint which was signed at some point of it still holds. Takes no desk and no key but the public
/// one that the checkpoint is to be signed with.
///
/// # Errors
///
/// [`StoreError::DamagedRecord`] with the first record that is missing, altered or out of order;
/// [`StoreError::BadExport`]; [`StoreError::BadSignature`] if the checkpoint was signed by somebody
/// else, or says something else of these records.
pub fn check_export(
    input: &mut dyn BufRead,
    checkpoint: Option<(&SignedCheckpoint, &[u8; 32])>,
) -> Result<Verified, StoreError> {
    if let Some((checkpoint, public_key)) = checkpoint {
        checkpoint.check(public_key)?;
    }
    let mut lines = Lines::new(input)?;
    let mut trail = Trail::default();
    loop {
        match lines.next()? {
            Line::Record(record) => {
                let head = trail.follow(record)?;
                if let Some((checkpoint, _)) = checkpoint
                    && checkpoint.records == head.seq
                    && (checkpoint.hash, checkpoint.at) != (head.hash, head.at)
                {
                    let what = format!("it says something else of record {}", head.seq);
                    return Err(StoreError::BadSignature { what });
                }
            }
            Line::Receipt { .. } | Line::Forgotten(_) | Line::FirstlineExport(_) => {}
            Line::End { records, hash, .. } => {
                let found = trail.close()?;
                if (found.records, found.hash) != (records, hash) {
                    return Err(StoreError::damaged(found.records + 1, "it is missing"));
                }
                if let Some((checkpoint, _)) = checkpoint
                    && checkpoint.records > records
                {
                    return Err(StoreError::damaged(records + 1, "it is missing"));
                }
                return Ok(found);
            }
        }
    }
}

/// What the records of an export add up to so far. Each has to follow the one before.
#[derive(Default)]
pub(super) struct Trail {
    head: Option<Head>,
    erasures: Account,
    versions: BTreeMap<Stream, u64>,
}

impl Trail {
    /// Takes in the next record, and gives where that leads.
    pub(super) fn follow(&mut self, record: ExportedRecord) -> Result<Head, StoreError> {
        let raw = record.into_raw(None);
        check_link(&raw, self.head)?;
        self.erasures.take(&raw)?;
        let version = self.versions.entry(raw.stream).or_insert(0);
        *version += 1;
        if raw.version != *version {
            let what = format!("it is not number {version} of {:?}", raw.stream);
            return Err(StoreError::damaged(raw.seq, what));
        }
        Ok(*self.head.insert(raw.head()))
    }

    /// After the last record.
    pub(super) fn close(self) -> Result<Verified, StoreError> {
        self.erasures.close()?;
        let (records, hash) = self.head.map_or((0, Hash::ORIGIN), |head| (head.seq, head.hash));
        Ok(Verified { records, streams: self.versions.len() as u64, hash })
    }
}
