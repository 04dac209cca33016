//! The log of who came with which question, and what became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use firstline_core::{ArticleId, ContactId, TicketId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::deflection::{Visit, Visitor};
use crate::error::KnowledgeError;

/// What happened in a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Step {
    /// A question was asked: the first step of a visit, or another one in the same visit.
    Asked {
        /// By whom.
        visitor: Visitor,
        /// In these words. The first [`MAX_LOGGED_BYTES`] are kept.
        question: String,
        /// How many articles were found.
        found: u32,
        /// Whether they were shown.
        shown: bool,
        /// Whether it was being typed. What comes next in the visit takes its place then.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        typing: bool,
    },
    /// An article was opened that the last question had found.
    Viewed(ArticleId),
    /// The visitor said whether it helped with the last question.
    Helped(bool),
    /// The visitor wrote this ticket. Tickets of visitors whom the desk knows are found without it.
    Wrote(TicketId),
}

/// A line of the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    visit: u64,
    at: Timestamp,
    step: Step,
}

/// A question as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The visit in which it was asked, by the number that the host has given that.
    pub number: u64,
    /// The question and what became of it, so far without the time of a ticket.
    pub visit: Visit,
    /// The tickets that its visitor is known to have written in the rest of the visit.
    pub tickets: Vec<TicketId>,
    /// Whether that is as far as it was typed.
    pub(crate) is_typing: bool,
}

/// A file of visits, one step in each line: readable, and no part of the journal. Nothing depends on
/// it but figures, so a step is not synced to the disk: a power cut may take the last ones.
///
/// Several processes may write the same file. Whoever takes down a step waits for none of them: while
/// another one has the file, the step waits in memory, and goes into the file with the next one or
/// when the log is dropped, for which that waits two seconds at most. So do the first 10,000; what comes
/// on top is not taken down.
#[derive(Debug)]
pub struct VisitLog(Place);

#[derive(Debug)]
enum Place {
    File(LogFile),
    Memory(Mutex<Vec<Line>>),
}

#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    turn: Mutex<()>,
    /// Steps that found the file in use, for whoever writes next.
    waiting: Mutex<Vec<Line>>,
}

impl VisitLog {
    /// The log in this file, which is made with the first step.
    #[must_use]
    pub fn in_file(path: PathBuf) -> Self {
        let (turn, waiting) = (Mutex::default(), Mutex::default());
        Self(Place::File(LogFile { path, turn, waiting }))
    }

    /// A log that is gone with its last handle.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Place::Memory(Mutex::default()))
    }

    /// Takes down a step of a visit, by the number that the host has given the visit.
    ///
    /// # Errors
    ///
    /// [`Disk`](KnowledgeError::Disk) if the file cannot be written.
    pub fn note(&self, visit: u64, mut step: Step, at: Timestamp) -> Result<(), KnowledgeError> {
        if let Step::Asked { question, .. } = &mut step {
            let end = (0..=question.len().min(MAX_LOGGED_BYTES)).rev();
            let end = end.into_iter().find(|end| question.is_char_boundary(*end));
            question.truncate(end.unwrap_or(0));
        }
        let line = Line { visit, at, step };
        match &self.0 {
            Place::Memory(lines) => lock(lines).push(line),
            Place::File(file) => file.note(line)?,
        }
        Ok(())
    }

    /// The questions that were asked within a stretch of time, in the order in which they were.
    ///
    /// Lines that cannot be read are passed over: one that a crash has cut off, or one of a newer
    /// version.
    ///
    /// # Errors
    ///
    /// [`Disk`](KnowledgeError::Disk) if the file cannot be read.
    pub fn visits(&self, within: Range<Timestamp>) -> Result<Vec<Logged>, KnowledgeError> {
        let mut visits: BTreeMap<u64, Vec<Logged>> = BTreeMap::new();
        self.read(|line| tell(visits.entry(line.visit).or_default(), line))?;
        let mut questions: Vec<Logged> = visits.into_values().flatten().collect();
        questions.retain(|logged| within.contains(&logged.visit.at));
        questions.sort_by_key(|logged| (logged.visit.at, logged.visit.visitor));
        Ok(questions)
    }

    /// Takes the visits in which a person has asked out of the log, for good and with all that others
    /// asked in them, and says how many steps that were.
    ///
    /// # Errors
    ///
    /// [`Disk`](KnowledgeError::Disk) if the file cannot be written,
    /// [`InUse`](KnowledgeError::InUse) if another process keeps it for ten seconds. It is as it
    /// was then.
    pub fn erase(&self, contact: ContactId) -> Result<u64, KnowledgeError> {
        self.remove(|_, visitors| visitors.contains(&Visitor::Contact(contact)))
    }

    /// Takes out what is older than it is to be kept, and says how many steps that were.
    ///
    /// # Errors
    ///
    /// [`Disk`](KnowledgeError::Disk) if the file cannot be written,
    /// [`InUse`](KnowledgeError::InUse) if another process keeps it for ten seconds. It is as it
    /// was then.
    pub fn forget(&self, before: Timestamp) -> Result<u64, KnowledgeError> {
        self.remove(|line, _| line.at < before)
    }

    /// Writes a copy of the log to a file.
    ///
    /// # Errors
    ///
    /// [`Disk`](KnowledgeError::Disk) if one of the files cannot be read or written,
    /// [`InUse`](KnowledgeError::InUse) if another process keeps the log for ten seconds. There is
    /// no half copy then.
    pub fn copy(&self, to: &Path) -> Result<(), KnowledgeError> {
        if let Place::File(file) = &self.0
            && (file.path.exists() || !lock(&file.waiting).is_empty())
        {
            let _turn = file.turn(PATIENCE)?;
            file.write_waiting()?;
            let unfinished = to.with_extension("unfinished");
            let copied =
                fs::copy(&file.path, &unfinished).and_then(|_| fs::rename(&unfinished, to));
            copied.map_err(|error| {
                // What is to be told is why there is no copy.
                let _ = fs::remove_file(&unfinished);
                failed(error)
            })?;
        }
        Ok(())
    }

    fn read(&self, mut show: impl FnMut(Line)) -> Result<(), KnowledgeError> {
        match &self.0 {
            Place::Memory(lines) => lock(lines).iter().cloned().for_each(show),
            Place::File(LogFile { path, waiting, .. }) => {
                let waiting = lock(waiting).clone();
                let file = match File::open(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        waiting.into_iter().for_each(show);
                        return Ok(());
                    }
                    opened => opened.map_err(failed)?,
                };
                let mut reader = BufReader::new(file);
                let mut bytes = Vec::new();
                while reader.read_until(b'\n', &mut bytes).map_err(failed)? > 0 {
                    if let Ok(line) = serde_json::from_slice(&bytes) {
                        show(line);
                    }
                    bytes.clear();
                }
                waiting.into_iter().for_each(show);
            }
        }
        Ok(())
    }

    /// Takes lines out, told with all who asked in their visit.
    fn remove(
        &self,
        is_to_go: impl Fn(&Line, &BTreeSet<Visitor>) -> bool,
    ) -> Result<u64, KnowledgeError> {
        let _turn = match &self.0 {
            Place::File(file) => {
                let turn = file.turn(PATIENCE)?;
                file.write_waiting()?;
                Some(turn)
            }
            Place::Memory(_) => None,
        };
        let mut lines = Vec::new();
        let mut visitors: BTreeMap<u64, BTreeSet<Visitor>> = BTreeMap::new();
        self.read(|line| {
            let of_visit = visitors.entry(line.visit).or_default();
            if let Step::Asked { visitor, .. } = line.step {
                of_visit.insert(visitor);
            }
            lines.push(line);
        })?;
        let before = lines.len();
        lines.retain(|line| !is_to_go(line, &visitors[&line.visit]));
        let gone = (before - lines.len()) as u64;
        match &self.0 {
            Place::Memory(kept) => *lock(kept) = lines,
            Place::File(file) if gone > 0 => replace(&file.path, &lines).map_err(failed)?,
            Place::File(_) => {}
        }
        Ok(gone)
    }
}

/// Adds a step to the questions of its visit. Steps of a visit that never asked anything say nothing.
fn tell(questions: &mut Vec<Logged>, line: Line) {
    let Line { visit: number, at, step } = line;
    if let Step::Asked { visitor, question, found, shown, typing } = step {
        questions.pop_if(|last| is_being_typed(last));
        // A guest who logs in is the same person.
        questions.iter_mut().for_each(|earlier| earlier.visit.visitor = visitor);
        let visit = Visit {
            visitor,
            at,
            question,
            found,
            shown,
            viewed: Default::default(),
            helped: None,
            ticket_at: None,
        };
        return questions.push(Logged { number, visit, tickets: Vec::new(), is_typing: typing });
    }
    let Some(last) = questions.last_mut() else { return };
    match step {
        Step::Viewed(article) => {
            last.visit.viewed.insert(article);
        }
        Step::Helped(helped) => last.visit.helped = Some(helped),
        Step::Wrote(ticket) => questions.iter_mut().for_each(|it| it.tickets.push(ticket)),
        Step::Asked { .. } => {}
    }
}

/// Whether the next question is this one, typed further.
fn is_being_typed(Logged { visit, tickets, is_typing, .. }: &Logged) -> bool {
    *is_typing && visit.viewed.is_empty() && visit.helped.is_none() && tickets.is_empty()
}

impl LogFile {
    /// Writes a step, or keeps it in memory while somebody else has the file.
    fn note(&self, line: Line) -> Result<(), KnowledgeError> {
        let Some(_turn) = self.try_turn()? else {
            let mut waiting = lock(&self.waiting);
            if waiting.len() < MOST_WAITING {
                waiting.push(line);
            }
            return Ok(());
        };
        self.write_waiting()?;
        append(&self.path, &[line]).map_err(failed)
    }

    /// Writes the steps that waited for the file. It takes the right to write it.
    fn write_waiting(&self) -> Result<(), KnowledgeError> {
        let mut waiting = lock(&self.waiting);
        if !waiting.is_empty() {
            append(&self.path, &waiting).map_err(failed)?;
            waiting.clear();
        }
        Ok(())
    }

    /// The right to write the file, if nobody has it.
    fn try_turn(&self) -> Result<Option<Turn<'_>>, KnowledgeError> {
        let thread = match self.turn.try_lock() {
            Ok(thread) => thread,
            Err(TryLockError::Poisoned(thread)) => thread.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(None),
        };
        // Beside the log: that one may be replaced.
        let process = File::create(self.path.with_extension("lock")).map_err(failed)?;
        match process.try_lock() {
            Ok(()) => Ok(Some(Turn { _thread: thread, _process: process })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The right to write the file, for those who cannot do without it.
    fn turn(&self, patience: Duration) -> Result<Turn<'_>, KnowledgeError> {
        let begin = Instant::now();
        loop {
            if let Some(turn) = self.try_turn()? {
                return Ok(turn);
            }
            if begin.elapsed() > patience {
                return Err(KnowledgeError::InUse { path: self.path.clone() });
            }
            std::thread::sleep(BETWEEN_TRIES);
        }
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        if lock(&self.waiting).is_empty() {
            return;
        }
        if let Ok(_turn) = self.turn(PATIENCE_AT_LAST) {
            // Nobody is left to be told, and nothing depends on it but figures.
            let _ = self.write_waiting();
        }
    }
}

/// Writes lines behind the last one. If a crash has cut that off, the new ones begin on their own.
fn append(path: &Path, lines: &[Line]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    let mut text = Vec::new();
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    for line in lines {
        serde_json::to_writer(&mut text, line)?;
        text.push(b'\n');
    }
    file.write_all(&text)
}

/// Puts these lines in place of the file: all of them or none.
fn replace(path: &Path, lines: &[Line]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = io::BufWriter::new(File::create(&new)?);
    for line in lines {
        serde_json::to_writer(&mut file, line)?;
        file.write_all(b"\n")?;
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(new, path)
}

/// The right to write the file, among all threads and processes.
struct Turn<'a> {
    _thread: MutexGuard<'a, ()>,
    _process: File,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: io::Error) -> KnowledgeError {
    KnowledgeError::Disk(Arc::new(error))
}

/// How much of a question is kept in the log, in bytes: enough to see what it was about.
pub const MAX_LOGGED_BYTES: usize = 1_000;

/// How many steps wait in memory for the file.
const MOST_WAITING: usize = 10_000;

/// For how long an erasure or a copy waits for another process, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// For how long whoever closes a log waits, if there are steps that still wait for the file.
const PATIENCE_AT_LAST: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(n: i64) -> Timestamp {
        Timestamp::from_millis(n * 60_000).unwrap()
    }

    fn asked(contact: u64, question: &str, found: u32) -> Step {
        let visitor = Visitor::Contact(ContactId(contact));
        Step::Asked { visitor, question: question.into(), found, shown: true, typing: false }
    }

    /// The visits as a story.
    fn told(log: &VisitLog) -> Vec<String> {
        let visits = log.visits(minute(0)..minute(1_000)).unwrap();
        let tell = |Logged { visit, tickets, .. }: Logged| {
            let Visit { at, question, found, viewed, helped, .. } = visit;
            let at = at.as_millis() / 60_000;
            format!("{at} {question}: {found}, {viewed:?} {helped:?} {tickets:?}")
        };
        visits.into_iter().map(tell).collect()
    }

    #[test]
    fn a_visit_is_what_happened_in_it_on_disk_and_in_memory() {
        let dir = tempfile::tempdir().unwrap();
        for log in [VisitLog::in_memory(), VisitLog::in_file(dir.path().join("visits.jsonl"))] {
            let steps = [
                (5, 1, asked(1, "printer", 0)),
                (6, 2, asked(2, "scanner", 4)),
                (7, 1, asked(1, "my printer is jammed", 3)),
                (8, 1, Step::Viewed(ArticleId(7))),
                (9, 3, Step::Viewed(ArticleId(8))),
                (9, 1, Step::Helped(false)),
                (10, 1, Step::Wrote(TicketId(12))),
            ];
            for (at, visit, step) in steps {
                log.note(visit, step, minute(at)).unwrap();
            }
            let printer = "5 printer: 0, {} None [TicketId(12)]";
            let jammed = "7 my printer is jammed: 3, {ArticleId(7)} Some(false) [TicketId(12)]";
            assert_eq!(told(&log), [printer, "6 scanner: 4, {} None []", jammed]);
            assert_eq!(log.visits(minute(6)..minute(7)).unwrap().len(), 1);
            assert_eq!(log.erase(ContactId(1)).unwrap(), 5);
            assert_eq!(told(&log), ["6 scanner: 4, {} None []"]);
            assert_eq!(log.forget(minute(6)).unwrap(), 0);
            assert_eq!(log.forget(minute(100)).unwrap(), 2);
            assert!(told(&log).is_empty());
        }
    }

    #[test]
    fn what_is_typed_letter_by_letter_is_one_question_until_something_comes_of_it() {
        let log = VisitLog::in_memory();
        let typed = |question: &str, found| match asked(1, question, found) {
            Step::Asked { visitor, question, found, shown, .. } => {
                Step::Asked { visitor, question, found, shown, typing: true }
            }
            other => other,
        };
        for (at, step) in [
            (1, typed("x", 0)),
            (2, typed("xe", 0)),
            (3, typed("pri", 2)),
            (4, Step::Viewed(ArticleId(7))),
            (5, typed("f", 9)),
            (6, typed("fax", 1)),
            (7, asked(1, "fax machine", 0)),
            (8, asked(1, "fax", 1)),
        ] {
            log.note(1, step, minute(at)).unwrap();
        }
        let expected = [
            "3 pri: 2, {ArticleId(7)} None []",
            "7 fax machine: 0, {} None []",
            "8 fax: 1, {} None []",
        ];
        assert_eq!(told(&log), expected);
    }

    #[test]
    fn whoever_asked_in_a_visit_is_erased_with_it_though_somebody_else_spoke_last() {
        let log = VisitLog::in_memory();
        let visitor = Visitor::Guest(99);
        let guest = |question: &str| Step::Asked {
            visitor,
            question: question.into(),
            found: 1,
            shown: true,
            typing: false,
        };
        for (visit, step) in [
            (7, asked(1, "my name is Ada", 1)),
            (7, guest("printer again")),
            (8, guest("I am Ada")),
            (8, asked(1, "printer", 1)),
            (9, guest("fax")),
        ] {
            log.note(visit, step, minute(1)).unwrap();
        }
        assert_eq!(log.erase(ContactId(1)).unwrap(), 4);
        assert_eq!(told(&log), ["1 fax: 1, {} None []"]);
    }

    #[test]
    fn a_line_that_was_cut_off_costs_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("visits.jsonl");
        let log = VisitLog::in_file(path.clone());
        log.note(1, asked(1, "printer", 3), minute(1)).unwrap();
        log.note(2, asked(2, "scanner", 3), minute(2)).unwrap();
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
        log.note(3, asked(3, "ё".repeat(2_000).as_str(), 3), minute(3)).unwrap();
        let visits = log.visits(minute(0)..minute(9)).unwrap();
        assert_eq!(visits.len(), 2);
        assert_eq!(visits[1].visit.question.len(), MAX_LOGGED_BYTES);
    }

    #[test]
    fn two_processes_write_one_log() {
        let dir = tempfile::tempdir().unwrap();
        let open = || VisitLog::in_file(dir.path().join("visits.jsonl"));
        std::thread::scope(|scope| {
            for process in 0..4 {
                scope.spawn(move || {
                    let log = open();
                    for n in 0..50 {
                        let visit = process * 100 + n;
                        log.note(visit, asked(visit, "printer", 1), minute(1)).unwrap();
                        log.erase(ContactId(visit)).unwrap();
                        log.note(visit, asked(visit, "printer", 1), minute(1)).unwrap();
                    }
                });
            }
        });
        assert_eq!(open().visits(minute(0)..minute(9)).unwrap().len(), 200);
    }

    #[test]
    fn a_step_waits_for_no_other_process_and_is_not_lost() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("visits.jsonl");
        let log = VisitLog::in_file(path.clone());
        let other = File::create(path.with_extension("lock")).unwrap();
        other.lock().unwrap();
        log.note(1, asked(1, "printer", 3), minute(1)).unwrap();
        log.note(1, Step::Helped(true), minute(2)).unwrap();
        assert_eq!(told(&log), ["1 printer: 3, {} Some(true) []"]);
        assert!(!path.exists());
        other.unlock().unwrap();
        log.note(2, asked(2, "scanner", 3), minute(3)).unwrap();
        let all = ["1 printer: 3, {} Some(true) []", "3 scanner: 3, {} None []"];
        assert_eq!(
            (told(&log), told(&VisitLog::in_file(path.clone()))),
            (all.map(String::from).into(), all.map(String::from).into())
        );
        // What still waits at the end is written then, as soon as the other one is done.
        other.lock().unwrap();
        log.note(3, asked(3, "fax", 0), minute(4)).unwrap();
        std::thread::scope(|scope| {
            let closed = scope.spawn(|| drop(log));
            while !closed.is_finished() {
                other.unlock().unwrap();
            }
        });
        assert_eq!(told(&VisitLog::in_file(path)).len(), 3);
    }

    #[test]
    fn a_log_that_cannot_be_written_says_so() {
        let log = VisitLog::in_file(Path::new("/nowhere/at/all/visits.jsonl").to_owned());
        let error = log.note(1, asked(1, "printer", 3), minute(1)).unwrap_err();
        assert!(matches!(error, KnowledgeError::Disk(_)), "{error}");
        assert!(log.visits(minute(0)..minute(9)).unwrap().is_empty());
    }
}
