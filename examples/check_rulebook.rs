//! Checks a rulebook before it goes to work: for your own continuous integration.
//!
//! ```text
//! cargo run --release --example check_rulebook -- PATH... [--against DESK [--records N] [--fail-on-differences]]
//! ```
//!
//! A PATH is a file in TOML or JSON, or a folder with such files: all of them are one rulebook. It is
//! read, checked as a whole, and the examples in it are played. Each finding has a line of its own in
//! the form that editors jump to: file, line, how much it matters, key path, what is wrong, the mend.
//!
//! With the folder of a DESK it also plays the tickets of the journal's last N records (10,000, if
//! nothing is said) again under these rules, and lists what would be different. That is told and is no
//! reason to refuse the rules, unless `--fail-on-differences` says that nothing may be: for a change
//! that is to change nothing, such as another order of the files.
//!
//! | status | when |
//! |---|---|
//! | 0 | it can go to work |
//! | 1 | it was refused |
//! | 2 | a file or the desk cannot be read, or the command line |
//! | 3 | something would be different, and `--fail-on-differences` was said |

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use firstline::{Desk, Difference, Rulebook, SystemTime, TimeSource};

const USAGE: &str =
    "usage: check_rulebook PATH... [--against DESK [--records N] [--fail-on-differences]]";

/// The status of a rulebook that can go to work, and under which something would be different.
const DIFFERENT: u8 = 3;

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
    let options = arguments.iter().position(|it| it.starts_with("--"));
    let (paths, options) = arguments.split_at(options.unwrap_or(arguments.len()));
    let (fails, options) = match options {
        [options @ .., "--fail-on-differences"] => (true, options),
        options => (false, options),
    };
    let against = match *options {
        [] if !fails => None,
        ["--against", desk] => Some((desk, RECORDS)),
        ["--against", desk, "--records", count] => Some((desk, count.parse()?)),
        _ => return Err(USAGE.into()),
    };
    let mut differences = 0;
    let documents = read(paths)?;
    let documents: Vec<(&str, &str)> =
        documents.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let rulebook = match Rulebook::from_documents(&documents) {
        Ok(rulebook) => rulebook,
        Err(error) => {
            println!("{error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    match against {
        Some((folder, records)) => {
            // A desk that is not there would be begun.
            if !Desk::is_in(folder) {
                return Err(format!("{folder}: there is no desk in this folder").into());
            }
            // Opening writes nothing: rules come into force with the first record made under them.
            let desk = Desk::open(folder, rulebook.clone())?;
            desk.remarks(&rulebook)?.iter().for_each(|finding| println!("{finding}"));
            differences = dry_run(&desk, &rulebook, records)?;
        }
        None => {
            rulebook.remarks(SystemTime.now()).iter().for_each(|finding| println!("{finding}"));
        }
    }
    println!("{}: `{}` can go to work", paths.join(" "), rulebook.name());
    let is_told = fails && differences > 0;
    Ok(if is_told { ExitCode::from(DIFFERENT) } else { ExitCode::SUCCESS })
}

/// The files that are named, and those in the folders that are, each with its name.
fn read(paths: &[&str]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for path in paths.iter().map(PathBuf::from) {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        let entries = path.read_dir()?.map(|entry| Ok(entry?.path()));
        let mut entries = entries.collect::<Result<Vec<PathBuf>, std::io::Error>>()?;
        entries.retain(|it| it.extension().is_some_and(|it| it == "toml" || it == "json"));
        // In whatever order the disk has them, the same files are the same rulebook.
        entries.sort();
        files.extend(entries);
    }
    if files.is_empty() {
        return Err(USAGE.into());
    }
    let read = files.into_iter().map(|file| {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
        Ok((name, text))
    });
    read.collect()
}

/// Tells what would be different, and gives of how many tickets.
fn dry_run(desk: &Desk, rulebook: &Rulebook, records: u64) -> Result<usize, Box<dyn Error>> {
    let run = desk.dry_run(rulebook, records)?;
    for Difference { ticket, rehearsal } in &run.differences {
        match rehearsal {
            Ok(rehearsal) => {
                for (clock, (was, would_be)) in &rehearsal.verdicts {
                    println!("{ticket}: {clock}: {was} -> {would_be}");
                }
                for (what, (was, would_be)) in &rehearsal.ends {
                    println!("{ticket}: {what}: {was} -> {would_be}");
                }
                let times = |count: u32| match count {
                    1 => String::new(),
                    count => format!(", {count} times"),
                };
                for (deed, count) in &rehearsal.no_longer {
                    println!("{ticket}: no longer {deed}{}", times(*count));
                }
                for (deed, count) in &rehearsal.newly {
                    println!("{ticket}: newly {deed}{}", times(*count));
                }
                for refusal in &rehearsal.refused {
                    println!("{ticket}: would be refused: {refusal}");
                }
            }
            Err(refusal) => println!("{ticket}: would not have been opened: {refusal}"),
        }
    }
    println!(
        "{} tickets played again: {} the same, {} different, {} merged, split, answered along with \
         another or erased in part",
        run.tickets,
        run.same,
        run.differences.len(),
        run.cut
    );
    Ok(run.differences.len())
}
