//! Checks a rulebook before it goes to work: for your own continuous integration.
//!
//! ```text
//! cargo run --release --example check_rulebook -- FILE.toml|FILE.json [FOLDER [RECORDS]]
//! ```
//!
//! It reads the rulebook, checks it as a whole and plays the examples in it. Each finding has a line
//! of its own in the form that editors jump to: file, line, key path, what is wrong, the mend.
//! Remarks come after them: what is accepted and may still be a slip.
//!
//! With the FOLDER of a desk it also plays the tickets of the journal's last RECORDS records (10,000,
//! if nothing is said) again under these rules, and lists what would be different. That is told and
//! is no reason to refuse the rules.
//!
//! | status | when |
//! |---|---|
//! | 0 | it can go to work |
//! | 1 | it was refused |
//! | 2 | the file or the folder cannot be read, or the command line |

use std::error::Error;
use std::process::ExitCode;

use firstline::{Desk, Difference, Rulebook, RulebookError, SystemTime, TimeSource};

const USAGE: &str = "usage: check_rulebook FILE.toml|FILE.json [FOLDER [RECORDS]]";

/// How many records back a dry run goes, if nothing is said.
const RECORDS: u64 = 10_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("check_rulebook: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode, Box<dyn Error>> {
    let (file, against) = match *arguments {
        [file] => (file, None),
        [file, folder] => (file, Some((folder, RECORDS))),
        [file, folder, records] => (file, Some((folder, records.parse()?))),
        _ => return Err(USAGE.into()),
    };
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let rulebook = match read(&text, file) {
        Ok(rulebook) => rulebook,
        Err(error) => {
            println!("{error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    for remark in rulebook.remarks(SystemTime.now()) {
        println!("{file}: {}: {}", remark.path, remark.remark);
    }
    if let Some((folder, records)) = against {
        dry_run(&rulebook, folder, records)?;
    }
    println!("{file}: `{}` can go to work", rulebook.name());
    Ok(ExitCode::SUCCESS)
}

fn read(text: &str, file: &str) -> Result<Rulebook, RulebookError> {
    if file.ends_with(".json") {
        Rulebook::from_json(text, file)
    } else {
        Rulebook::from_toml(text, file)
    }
}

fn dry_run(rulebook: &Rulebook, folder: &str, records: u64) -> Result<(), Box<dyn Error>> {
    // Opening writes nothing: rules come into force with the first record made under them.
    let desk = Desk::open(folder, rulebook.clone())?;
    let run = desk.dry_run(rulebook, records)?;
    for Difference { ticket, rehearsal } in &run.differences {
        match rehearsal {
            Ok(rehearsal) => {
                for (clock, (was, would_be)) in &rehearsal.verdicts {
                    println!("{ticket}: {clock}: {was} -> {would_be}");
                }
                rehearsal.no_longer.iter().for_each(|deed| println!("{ticket}: no longer {deed}"));
                rehearsal.newly.iter().for_each(|deed| println!("{ticket}: newly {deed}"));
            }
            Err(refusal) => println!("{ticket}: would not have been opened: {refusal}"),
        }
    }
    println!(
        "{} tickets played again: {} the same, {} different, {} merged or split",
        run.tickets,
        run.same,
        run.differences.len(),
        run.cut
    );
    Ok(())
}
