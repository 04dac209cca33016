//! What an export says of the keys of commands: each was carried out once, and answered by what came
//! of it, unless it was forgotten.

use std::collections::BTreeSet;

use firstline_core::{CommandId, Timestamp};

use super::{ExportedRecord, Line};
use crate::journal::Receipt;

/// What the lines of an export say of keys so far. An error says what is wrong with the next one.
#[derive(Default)]
pub(super) struct Keys {
    /// Commands before this moment had been forgotten when the export began.
    forgotten: Option<Timestamp>,
    /// The last record.
    last: Option<(u64, Timestamp)>,
    /// The records of the command that is being read.
    run: Option<Run>,
    /// The keys of the commands that left records.
    carried_out: BTreeSet<CommandId>,
    /// The last command without records.
    unchanged: Option<CommandId>,
    /// The last record of the last command that no receipt answers.
    unanswered: Option<(u64, Timestamp)>,
}

/// The records of one command, as far as they were read.
struct Run {
    command: CommandId,
    /// Their receipt, if these are all of them.
    receipt: Receipt,
    is_answered: bool,
}

impl Keys {
    /// Takes note of the next line.
    pub(super) fn take(&mut self, line: &Line) -> Result<(), String> {
        match line {
            Line::Record(record) => self.take_record(record),
            Line::Receipt { command, receipt } if receipt.events == 0 => {
                self.take_unchanged(*command, receipt)
            }
            Line::Receipt { command, receipt } => self.take_receipt(*command, receipt),
            Line::Forgotten(before) if self.last.is_none() && self.forgotten.is_none() => {
                self.forgotten = Some(*before);
                Ok(())
            }
            Line::FirstlineExport(_) | Line::Forgotten(_) => {
                Err("an export within an export".to_owned())
            }
            Line::End { forgotten, .. } => self.take_end(*forgotten),
        }
    }

    fn take_record(&mut self, record: &ExportedRecord) -> Result<(), String> {
        let &ExportedRecord { seq, stream, version, at, command, .. } = record;
        self.last = Some((seq, at));
        if let Some(run) = &mut self.run
            && Some(run.command) == command
        {
            let Receipt { events, .. } = run.receipt;
            run.receipt = Receipt { stream, version, events: events + 1, seq, at };
            return Ok(());
        }
        self.end_run();
        let Some(command) = command else { return Ok(()) };
        if !self.carried_out.insert(command) {
            return Err(format!("record {seq}: command {command} was carried out before"));
        }
        let receipt = Receipt { stream, version, events: 1, seq, at };
        self.run = Some(Run { command, receipt, is_answered: false });
        Ok(())
    }

    /// The receipt of a command that left records stands behind them, and says what they are.
    fn take_receipt(&mut self, command: CommandId, receipt: &Receipt) -> Result<(), String> {
        match &mut self.run {
            Some(run) if run.command == command && run.receipt == *receipt && !run.is_answered => {
                run.is_answered = true;
                Ok(())
            }
            _ => Err(format!(
                "the receipt of command {command} is not that of the records before it"
            )),
        }
    }

    /// The receipts of commands that changed nothing come last, in the order of their keys.
    fn take_unchanged(&mut self, command: CommandId, receipt: &Receipt) -> Result<(), String> {
        if receipt.seq > self.last.map_or(0, |(seq, _)| seq) {
            return Err(format!("the receipt of command {command} names no record"));
        }
        if self.carried_out.contains(&command) {
            return Err(format!("command {command} changed something, and its receipt says no"));
        }
        if self.unchanged.is_some_and(|last| command <= last) {
            return Err(format!("the receipt of command {command} is out of order"));
        }
        self.unchanged = Some(command);
        Ok(())
    }

    fn take_end(&mut self, forgotten: Timestamp) -> Result<(), String> {
        self.end_run();
        if self.forgotten.is_some_and(|before| before > forgotten) {
            return Err("more was forgotten at its beginning than at its end".to_owned());
        }
        match self.unanswered {
            Some((seq, at)) if at >= forgotten => {
                Err(format!("record {seq}: the receipt of its command is missing"))
            }
            _ => Ok(()),
        }
    }

    fn end_run(&mut self) {
        if let Some(run) = self.run.take().filter(|run| !run.is_answered) {
            self.unanswered = Some((run.receipt.seq, run.receipt.at));
        }
    }
}

#[cfg(test)]
mod tests {
    use firstline_core::{CommandId, TicketId};

    use super::super::{check_export, export, import};
    use crate::conformance::{AGENT, Clerk, reply, request};
    use crate::error::StoreError;
    use crate::journal::{Entry, Journal};
    use crate::memory::MemoryJournal;

    /// A desk where commands have keys, and one of them changed nothing, as lines.
    fn lines() -> Vec<String> {
        let (mut journal, mut clerk) = (MemoryJournal::new(), Clerk::new());
        clerk.open(&mut journal, request("Printer")).unwrap();
        for key in 1..=3 {
            clerk.wait_minutes(5);
            Clerk::write(&mut journal, |reader| {
                let entry = clerk.on_ticket(reader, TicketId(1), AGENT, &reply("Again?"))?;
                Ok(Entry { command: Some(CommandId(key)), ..entry })
            })
            .unwrap();
        }
        for key in [4, 5] {
            Clerk::write(&mut journal, |reader| {
                let entry = clerk.on_ticket(reader, TicketId(1), AGENT, &reply("Again?"))?;
                Ok(Entry { command: Some(CommandId(key)), events: Vec::new(), ..entry })
            })
            .unwrap();
        }
        let mut text = Vec::new();
        export(&*journal.reader().unwrap(), &mut text, &mut |_| ()).unwrap();
        String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
    }

    /// What is said of an export, by whoever checks it and by whoever imports it.
    fn told(lines: &[String]) -> String {
        let text = lines.join("\n") + "\n";
        let told = |told: Result<_, StoreError>| match told {
            Ok(_) => "sound".to_owned(),
            Err(error) => error.to_string(),
        };
        let checked = told(check_export(&mut text.as_bytes(), None));
        let mut journal = MemoryJournal::new();
        let imported = told(import(&mut journal, &mut text.as_bytes(), &mut |_| ()));
        assert_eq!(checked, imported);
        checked
    }

    /// What was done to the lines, how, and what is said of it.
    type Deed = (&'static str, fn(&mut Vec<String>), &'static str);

    const DEEDS: [Deed; 9] = [
        ("nothing", |_| (), "sound"),
        (
            "a receipt was taken out",
            |lines| drop(lines.remove(receipt_of(lines, 2))),
            "the receipt of its command is missing",
        ),
        (
            "a receipt was altered",
            |lines| {
                let line = receipt_of(lines, 2);
                lines[line] = lines[line].replace("\"events\":", "\"events\":1");
            },
            "is not that of the records before it",
        ),
        (
            "a receipt was moved behind other records",
            |lines| {
                let line = lines.remove(receipt_of(lines, 2));
                lines.insert(receipt_of(lines, 3), line);
            },
            "is not that of the records before it",
        ),
        (
            "a receipt came twice",
            |lines| {
                let line = receipt_of(lines, 2);
                lines.insert(line, lines[line].clone());
            },
            "is not that of the records before it",
        ),
        (
            "a receipt without records names one that there is not",
            |lines| {
                let line = receipt_of(lines, 5);
                lines[line] = lines[line].replace("\"seq\":", "\"seq\":9");
            },
            "names no record",
        ),
        (
            "a command that changed something is said to have changed nothing",
            |lines| {
                let line = receipt_of(lines, 4);
                lines[line] = lines[line].replace(&key(4), &key(2));
            },
            "changed something, and its receipt says no",
        ),
        (
            "receipts were swapped",
            |lines| {
                let (one, other) = (receipt_of(lines, 4), receipt_of(lines, 5));
                lines.swap(one, other);
            },
            "is out of order",
        ),
        (
            "something was written behind the end",
            |lines| lines.push(lines[1].clone()),
            "it goes on behind its last line",
        ),
    ];

    fn key(command: u128) -> String {
        serde_json::to_string(&CommandId(command)).unwrap()
    }

    fn receipt_of(lines: &[String], command: u128) -> usize {
        let begins = format!("{{\"receipt\":{{\"command\":{}", key(command));
        lines.iter().position(|line| line.starts_with(&begins)).unwrap()
    }

    #[test]
    fn an_export_whose_receipts_lie_is_refused_by_who_checks_it_and_by_who_imports_it() {
        for (deed, is_done, says) in DEEDS {
            let mut lines = lines();
            is_done(&mut lines);
            let told = told(&lines);
            assert!(told.contains(says), "{deed}: {told}");
        }
    }
}
