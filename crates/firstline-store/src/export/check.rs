//! Checking an export offline, without a desk.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::{Line, Lines};
use crate::erase::Account;
use crate::error::StoreError;
use crate::journal::{Head, Verified};
use crate::record::Hash;
use crate::signature::SignedCheckpoint;
use crate::verify::check_link;

/// Reads an export and checks that its records follow one another, that nothing was taken out or
/// altered, and that a checkpoint which was signed at some point of it still holds. Takes no desk and
/// no key but the public one that the checkpoint is to be signed with.
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
    let mut head: Option<Head> = None;
    let mut erasures = Account::default();
    let mut versions = BTreeMap::new();
    loop {
        match lines.next()? {
            Line::Record(record) => {
                let raw = record.into_raw(None);
                check_link(&raw, head)?;
                erasures.take(&raw)?;
                let version = versions.entry(raw.stream).or_insert(0);
                *version += 1;
                if raw.version != *version {
                    let what = format!("it is not number {version} of {:?}", raw.stream);
                    return Err(StoreError::damaged(raw.seq, what));
                }
                head = Some(raw.head());
                if let Some((checkpoint, _)) = checkpoint
                    && checkpoint.records == raw.seq
                    && (checkpoint.hash, checkpoint.at) != (raw.hash, raw.at)
                {
                    let what = format!("it says something else of record {}", raw.seq);
                    return Err(StoreError::BadSignature { what });
                }
            }
            Line::Receipt { .. } | Line::Forgotten(_) => {}
            Line::FirstlineExport(_) => return Err(lines.bad("an export within an export")),
            Line::End { records, hash, .. } => {
                erasures.close()?;
                let found = head.map_or((0, Hash::ORIGIN), |head| (head.seq, head.hash));
                if found != (records, hash) {
                    return Err(StoreError::damaged(found.0 + 1, "it is missing"));
                }
                if let Some((checkpoint, _)) = checkpoint
                    && checkpoint.records > records
                {
                    return Err(StoreError::damaged(records + 1, "it is missing"));
                }
                let streams = versions.len() as u64;
                return Ok(Verified { records, streams, hash });
            }
        }
    }
}
