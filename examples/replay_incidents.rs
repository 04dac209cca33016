//! A whole incident log, replayed through a desk, and counted twice.
//!
//! Reads the log of Volvo IT (BPI Challenge 2013) or of a ServiceNow instance (UCI 498), packed or
//! plain; the header says which it is. Each row becomes the commands that a host would have given
//! (`incidents/host.rs` says which and why), at its own time, in durable batches, while alarms ring
//! in between. Then the log is counted, and the desk's records are, and both stand side by side.
//!
//! Run it with
//!
//! ```text
//! cargo run --release --example replay_incidents -- FILE [FOLDER]
//! ```
//!
//! FOLDER is where the desk is kept; a temporary one if it is not given. A run that is given the
//! same folder again goes on where an earlier one was stopped, and repeats nothing.
//!
//! The rulebook is made for the log, from its teams. Volvo's teams carry their line in their name;
//! `V13 2nd 3rd`, a team of both, stands on a line of its own between the two. ServiceNow's groups
//! carry none: a group stands on line 1 if at least 60 % of what reaches it begins there, on line 3
//! if less than 25 % does, and on line 2 in between.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use examples::incidents::{DeskCount, Log, LogCount, replay, report, rulebook};
use examples::show;
use firstline::{Desk, FixedTime, Rulebook, Timestamp};

const USAGE: &str = "usage: replay_incidents FILE [FOLDER]";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let done = match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(file), folder, None) => run(Path::new(&file), folder.map(PathBuf::from)),
        _ => Err(USAGE.into()),
    };
    show::end(done)
}

fn run(file: &Path, folder: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let log = Log::open(file)?;
    let rulebook = Rulebook::from_toml(&rulebook(&log), "the rulebook made for the log")?;
    let first = log.incidents.iter().map(|incident| incident.opened_at).min();
    let first = first.ok_or_else(|| format!("{} has a header and no rows", file.display()))?;
    match folder {
        Some(folder) => replay_into(&folder, &log, rulebook, first),
        None => {
            let folder = tempfile::tempdir()?;
            replay_into(folder.path(), &log, rulebook, first)
        }
    }
}

fn replay_into(
    folder: &Path,
    log: &Log,
    rulebook: Rulebook,
    first: Timestamp,
) -> Result<(), Box<dyn Error>> {
    // The desk's own clock stands at the beginning of the log, or its rules would come into force
    // today, and no time of a desk lies before its last record.
    let desk = Desk::open_with_time(folder, rulebook, FixedTime(first))?;
    if desk.rulebook().version() > 1 {
        let folder = folder.display();
        return Err(format!("{folder} holds the desk of another log; give a new folder").into());
    }
    let (bar, told) = show::progress_bar(log.steps.len());
    let outcome = replay(&desk, log, told)?;
    bar.finish_and_clear();
    let in_log = LogCount::of(log, &desk.rulebook());
    let in_desk = DeskCount::read(&desk, log, &outcome)?;
    let verified = desk.verify()?;
    show::print(&report(log, &in_log, &in_desk, &outcome, &verified))?;
    Ok(())
}
