//! A log in the words of a help desk, and how it gets out of a file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use csv::StringRecord;
use firstline::{
    Actor, AgentId, ContactId, HoldReason, Impact, LineId, PartyId, Priority, Status, TeamId,
    Timestamp, Urgency,
};

use super::{servicenow, volvo};

/// Everything that a log says, in the order in which it happened.
#[derive(Debug)]
pub struct Log {
    /// Whose log it is.
    pub kind: Kind,
    /// The incidents, in the order in which the file first names them.
    pub incidents: Vec<Incident>,
    /// All steps of all incidents, in order of time.
    pub steps: Vec<Step>,
}

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The audit log of a ServiceNow instance (UCI 498), whole or as in `data/incidents.csv`.
    ServiceNow,
    /// The incidents of Volvo IT (BPI Challenge 2013).
    Volvo,
}

/// What a log says about an incident as a whole.
#[derive(Debug)]
pub struct Incident {
    /// Its number there.
    pub number: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who asked.
    pub caller: ContactId,
    /// Whether its own desk kept its own promise, as of the last step.
    pub made_sla: Option<bool>,
    /// How often it was reopened, as of the last step, if the log counts that.
    pub reopened: Option<u32>,
    /// How often it changed its group, as of the last step, if the log counts that.
    pub reassigned: Option<u32>,
}

/// One row of a log: what an incident was after somebody had done something to it.
#[derive(Debug)]
pub struct Step {
    /// Which incident, as an index.
    pub incident: usize,
    /// Its place among the steps of its incident, from 1.
    pub nth: usize,
    /// When.
    pub at: Timestamp,
    /// What the incident was then.
    pub stage: Stage,
    /// The log's own word for that.
    pub word: String,
    /// The team that had it; `None` if the row does not say.
    pub team: Option<TeamId>,
    /// The line of the team; `None` if the log knows no lines.
    pub line: Option<LineId>,
    /// The agent who had it; `None` if the row does not say.
    pub agent: Option<AgentId>,
    /// Who did it.
    pub by: Actor,
    /// How much of the business was affected.
    pub impact: Impact,
    /// How soon that hurt.
    pub urgency: Urgency,
    /// What went first, where the log says so besides.
    pub priority: Option<Priority>,
}

/// Where an incident is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It waits for somebody to take it up, whoever may be meant to.
    Queued,
    /// Somebody works on it.
    Active,
    /// The customer has the word.
    Pending,
    /// A third party has it.
    OnHold(HoldReason),
    /// It is solved.
    Resolved,
    /// It is over.
    Closed,
    /// The log has a word for it that no desk has.
    Unclear,
}

impl Step {
    /// Whether the row is the opening itself: nobody has done anything else yet.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.nth == 1 && self.stage == Stage::Queued
    }
}

impl Stage {
    /// Whether a ticket of this status is at this stage.
    #[must_use]
    pub fn is(self, status: Status, hold: Option<HoldReason>) -> bool {
        match self {
            // What was taken up and went back into a queue is not new any more.
            Self::Queued => matches!(status, Status::New | Status::Open),
            Self::Active => status == Status::Open,
            Self::Pending => status == Status::Pending,
            Self::OnHold(reason) => status == Status::OnHold && hold == Some(reason),
            Self::Resolved => status == Status::Resolved,
            Self::Closed => status == Status::Closed,
            Self::Unclear => true,
        }
    }
}

/// Why a file is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The header is that of neither log.
    #[error(
        "{file}:1: this is neither log: a ServiceNow log has a column `incident_state`, \
         a Volvo log has a column `support_team`"
    )]
    NeitherLog {
        /// The file.
        file: String,
    },
    /// A line does not say what it should.
    #[error("{file}:{line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
}

impl Kind {
    /// What a desk calls somebody of whom the log has only a number.
    #[must_use]
    pub fn name_of(self, party: PartyId) -> String {
        match self {
            Self::ServiceNow => servicenow::name_of(party),
            Self::Volvo => volvo::name_of(party),
        }
    }
}

impl Log {
    /// Reads a log from a file, packed with gzip or plain.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is neither log, or has a line that makes no sense.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let file = path.display().to_string();
        let unreadable = |source| LogError::Unreadable { file: file.clone(), source };
        let mut packed = BufReader::new(File::open(path).map_err(unreadable)?);
        let mut bytes = Vec::new();
        packed.read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            let mut unpacked = flate2::read::MultiGzDecoder::new(bytes.as_slice());
            unpacked.read_to_end(&mut plain).map_err(unreadable)?;
            bytes = plain;
        }
        Self::read(&bytes, &file)
    }

    /// Reads a log. `file` is the name that errors are reported under.
    ///
    /// # Errors
    ///
    /// It is neither log, or has a line that makes no sense.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, LogError> {
        let mut reader = csv::Reader::from_reader(bytes);
        let neither = || LogError::NeitherLog { file: file.to_owned() };
        let header = reader.headers().map_err(|_| neither())?.clone();
        let kind = match () {
            () if header.iter().any(|name| name == "incident_state") => Kind::ServiceNow,
            () if header.iter().any(|name| name == "support_team") => Kind::Volvo,
            () => return Err(neither()),
        };
        let mut log = Self { kind, incidents: Vec::new(), steps: Vec::new() };
        let mut last = BTreeMap::new();
        let mut record = StringRecord::new();
        loop {
            let line = reader.position().line();
            let problem = |problem| LogError::Line { file: file.to_owned(), line, problem };
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(problem(what_is_wrong(&error))),
            }
            let row = Row { header: &header, record: &record };
            let (incident, step) = match kind {
                Kind::ServiceNow => servicenow::parse(row),
                Kind::Volvo => volvo::parse(row),
            }
            .map_err(problem)?;
            log.add(&mut last, incident, step);
        }
        // Rows of one moment stay in the order of the file.
        log.steps.sort_by_key(|step| step.at);
        Ok(log)
    }

    /// Takes in a row. What it says of the incident as a whole replaces what earlier rows said,
    /// except for when it was opened.
    fn add(&mut self, last: &mut BTreeMap<String, Last>, incident: Incident, mut step: Step) {
        if let Some(last) = last.get_mut(&incident.number) {
            let opened_at = self.incidents[last.incident].opened_at;
            self.incidents[last.incident] = Incident { opened_at, ..incident };
            // Steps of an incident stand in their order; a clock that was set back is no reason
            // to tell its story in another one.
            step.at = step.at.max(last.at);
            step.incident = last.incident;
            step.nth = last.nth + 1;
            (last.at, last.nth) = (step.at, step.nth);
        } else {
            step.incident = self.incidents.len();
            step.nth = 1;
            let first = Last { incident: step.incident, at: step.at, nth: 1 };
            last.insert(incident.number.clone(), first);
            // A ticket cannot be worked on before it is there.
            let opened_at = incident.opened_at.min(step.at);
            self.incidents.push(Incident { opened_at, ..incident });
        }
        self.steps.push(step);
    }

    /// The steps of each incident, in order.
    #[must_use]
    pub fn by_incident(&self) -> Vec<Vec<&Step>> {
        let mut steps = vec![Vec::new(); self.incidents.len()];
        for step in &self.steps {
            steps[step.incident].push(step);
        }
        steps
    }
}

/// Why a line is no row.
fn what_is_wrong(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields; the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// The last step of an incident so far.
struct Last {
    incident: usize,
    at: Timestamp,
    nth: usize,
}

/// A row, with its fields by name.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// A field that must be there, though it may be empty.
    pub(super) fn field(self, name: &str) -> Result<&'a str, String> {
        let at = self.header.iter().position(|column| column == name);
        let field = at.and_then(|at| self.record.get(at));
        field.ok_or_else(|| format!("there is no column `{name}`"))
    }

    /// A field that must say something.
    pub(super) fn some(self, name: &str) -> Result<&'a str, String> {
        match self.field(name)? {
            "" => Err(format!("`{name}` is empty")),
            field => Ok(field),
        }
    }

    /// The number at the end of a field such as `Caller 2403` or `P0017`; `None` if it is empty.
    pub(super) fn number(self, name: &str) -> Result<Option<u64>, String> {
        let field = self.field(name)?;
        if field.is_empty() {
            return Ok(None);
        }
        let digits = field.trim_start_matches(|c: char| !c.is_ascii_digit());
        let number = digits.parse().map_err(|_| format!("`{name}` is `{field}`, without a number"));
        number.map(Some)
    }

    /// A count.
    pub(super) fn count(self, name: &str) -> Result<u32, String> {
        let field = self.some(name)?;
        field.parse().map_err(|_| format!("`{name}` is `{field}`, not a count"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "case_id,ts,status,sub_status,support_team,support_line,impact,owner_id\n";

    fn read(text: &str) -> Result<Log, String> {
        Log::read(text.as_bytes(), "log.csv").map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_that_is_no_log_is_told_apart() {
        let problem = read("date,temperature\n2026-03-01,7\n").unwrap_err();
        assert!(problem.starts_with("log.csv:1: this is neither log"), "{problem}");
        assert!(read("").unwrap_err().starts_with("log.csv:1: this is neither log"));
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        let good = "1-1,2012-03-01T10:00:00+01:00,Accepted,In Progress,V30,1,Low,P0001\n";
        let broken = [
            (
                good.replace("2012-03-01T10", "1 March 2012"),
                "`ts` is `1 March 2012:00:00+01:00`, not a time",
            ),
            (
                good.replace("Progress", "Regress"),
                "`status` is `Accepted`, `In Regress`, which no incident can be",
            ),
            (good.replace(",1,", ",one,"), "`support_line` is `one`, not one of 1, 2, 3, 2-3"),
            (good.replace("V30", ""), "`support_team` is empty"),
            (
                good.replace("Low", "Tiny"),
                "`impact` is `Tiny`, not one of Low, Medium, High, Major",
            ),
            (good.replace("P0001", "Bob"), "`owner_id` is `Bob`, without a number"),
        ];
        for (line, expected) in broken {
            let problem = read(&format!("{HEADER}{good}{line}")).unwrap_err();
            assert_eq!(problem, format!("log.csv:3: {expected}"));
        }
        let short = read(&format!("{HEADER}{good}1-1,2012\n")).unwrap_err();
        assert_eq!(short, "log.csv:3: it has 2 fields; the header has 8");
        let headless = read("support_team\nV30\n").unwrap_err();
        assert!(headless.starts_with("log.csv:2: there is no column"), "{headless}");
    }

    #[test]
    fn steps_stand_in_order_of_time_and_an_incident_keeps_its_own_order() {
        let log = read(&format!(
            "{HEADER}\
             1-2,2012-03-01T10:05:00+01:00,Accepted,In Progress,V30,1,Low,P0001\n\
             1-1,2012-03-01T10:02:00+01:00,Accepted,In Progress,V30,1,Low,P0001\n\
             1-2,2012-03-01T10:01:00+01:00,Completed,Resolved,V30,1,Low,P0001\n"
        ))
        .unwrap();
        let told: Vec<_> = log
            .steps
            .iter()
            .map(|step| (log.incidents[step.incident].number.as_str(), step.nth))
            .collect();
        assert_eq!(told, [("1-1", 1), ("1-2", 1), ("1-2", 2)]);
        assert_eq!(log.steps[1].at, log.steps[2].at, "a clock that was set back stands still");
    }
}
