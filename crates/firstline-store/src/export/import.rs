//! Reading an export into a journal.

use std::io::BufRead;

use super::{ExportedRecord, Line, Lines, Progress, SLICE};
use crate::error::StoreError;
use crate::journal::{Journal, Transaction, Verified};
use crate::record::Hash;

/// Reads an export into a journal, which then is the same: records with their times and hashes, what
/// they add up to, and what is remembered of commands. It tells `progress` after each commit.
///
/// The journal is empty, or has the beginning of the same records: so an import that was interrupted
/// is continued by giving it again. What is there until then is a journal of its own: each of its
/// commands is there whole, and remembered. (It verifies, unless words were erased from its records and
/// the record that says so is still to come.) Every record is checked before it is stored. Nothing follows from
/// an import but what is in it: no timer is settled, nothing enters the outbox, and a host that
/// follows the records starts from the [`Head`](crate::Head) that it finds. Who moves a desk rather
/// than copies it takes the [open effects](crate::Reader::open_effects) along with
/// [`Transaction::put_effect`].
///
/// A large import is faster under [`Durability::Batch`](crate::Durability::Batch); it
/// [syncs](Journal::sync) at its end.
///
/// # Errors
///
/// [`StoreError::BadExport`] with the line that cannot be read or does not follow the one before;
/// what stands before it is imported. [`StoreError::OtherJournal`] if the journal has other records;
/// the disk.
pub fn import(
    journal: &mut dyn Journal,
    input: &mut dyn BufRead,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, StoreError> {
    import_in_slices(SLICE, journal, input, progress)
}

/// [`import`] with so many lines in one commit, or a few more.
fn import_in_slices(
    slice: usize,
    journal: &mut dyn Journal,
    input: &mut dyn BufRead,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, StoreError> {
    let mut lines = Lines::new(input)?;
    let mut line = lines.next()?;
    if let Line::Forgotten(before) = line {
        // A journal that has a beginning of the same has taken note of it.
        if journal.reader()?.head()?.is_none() {
            journal.forget_commands(before)?;
        }
        line = lines.next()?;
    }
    let end = loop {
        let mut transaction = journal.begin()?;
        let (mut taken, mut last) = (0, None);
        // No commit comes between the records of a command and what is remembered of it.
        while taken < slice || line.is_of(last) {
            match line {
                Line::Record(record) => {
                    last = record.command;
                    take_record(&mut *transaction, record).map_err(|error| lines.blame(error))?
                }
                Line::Receipt { command, receipt } => match transaction.receipt(command)? {
                    None => transaction.restore_receipt(command, receipt)?,
                    Some(known) if known == receipt => {}
                    Some(_) => return Err(StoreError::OtherJournal { seq: receipt.seq }),
                },
                Line::End { .. } | Line::FirstlineExport(_) | Line::Forgotten(_) => break,
            }
            line = lines.next()?;
            taken += 1;
        }
        let records = transaction.head()?.map_or(0, |head| head.seq);
        transaction.commit()?;
        progress(Progress { records, of: None });
        if let Line::End { records: expected, hash, forgotten } = line {
            break (records, expected, hash, forgotten);
        }
    };
    let (records, expected, hash, forgotten) = end;
    let reader = journal.reader()?;
    if reader.head()?.map_or(Hash::ORIGIN, |head| head.hash) != hash || records != expected {
        return Err(StoreError::OtherJournal { seq: records.min(expected) + 1 });
    }
    journal.forget_commands(forgotten)?;
    journal.sync()?;
    reader.verify()
}

/// Stores a record, or sees that it is there already.
fn take_record(
    transaction: &mut dyn Transaction,
    record: ExportedRecord,
) -> Result<(), StoreError> {
    let head = transaction.head()?.map_or(0, |head| head.seq);
    if record.seq > head {
        return transaction.restore_record(record);
    }
    let known = transaction.export(record.seq.saturating_sub(1), 1)?;
    let is_same = known.first().is_some_and(|known| known.hash == record.hash);
    if is_same { Ok(()) } else { Err(StoreError::OtherJournal { seq: record.seq }) }
}

#[cfg(test)]
mod tests {
    use firstline_core::{CommandId, TicketId};

    use super::*;
    use crate::conformance::{AGENT, Clerk, everything, reply, request};
    use crate::export::export;
    use crate::journal::Entry;
    use crate::memory::MemoryJournal;

    /// A desk where commands have keys, and some of them were forgotten.
    fn a_desk() -> MemoryJournal {
        let (mut journal, mut clerk) = (MemoryJournal::new(), Clerk::new());
        clerk.open(&mut journal, request("Printer")).unwrap();
        for key in 1..=6 {
            clerk.wait_minutes(5);
            Clerk::write(&mut journal, |reader| {
                let entry = clerk.on_ticket(reader, TicketId(1), AGENT, &reply("Again?"))?;
                Ok(Entry { command: Some(CommandId(key)), ..entry })
            })
            .unwrap();
        }
        let half = clerk.now.checked_add_millis(-600_000).unwrap();
        assert_eq!(journal.forget_commands(half).unwrap(), 3);
        journal
    }

    #[test]
    fn an_import_that_ends_early_leaves_whole_commands_that_are_remembered() {
        let original = a_desk();
        let mut text = Vec::new();
        export(&*original.reader().unwrap(), &mut text, &mut |_| ()).unwrap();
        let ends =
            text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut beginnings = std::collections::BTreeSet::new();
        for slice in 1..5 {
            let mut copy = MemoryJournal::new();
            for end in ends.clone().filter(|end| *end < text.len()) {
                let ended =
                    import_in_slices(slice, &mut copy, &mut &text[..end], &mut |_| ()).unwrap_err();
                assert!(matches!(ended, StoreError::BadExport { .. }), "{ended:?}");
                beginnings.insert(copy.reader().unwrap().verify().unwrap().records);
            }
            import_in_slices(slice, &mut copy, &mut &text[..], &mut |_| ()).unwrap();
            let told = |journal: &MemoryJournal| everything(&*journal.reader().unwrap()).unwrap();
            assert_eq!(told(&copy), told(&original));
        }
        assert!(beginnings.len() > 3, "they ended at {beginnings:?}");
    }
}
