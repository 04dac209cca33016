//! Checks an exported journal without a desk: for whoever was given one and is to believe it.
//!
//! ```text
//! cargo run --release --example verify_export -- EXPORT [CHECKPOINT PUBLIC-KEY]
//! ```
//!
//! EXPORT is what `inspect_journal FOLDER export` or `Desk::export` wrote. It says whether the
//! records follow one another and nothing was taken out or altered. With a CHECKPOINT, a file that
//! the desk's host signed at some time, and the host's PUBLIC-KEY in hexadecimal digits, it says also
//! that these are the records which the host had then. It ends with status 1 if anything is wrong.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;

use examples::show;
use firstline::{SignedCheckpoint, check_export};

const USAGE: &str = "usage: verify_export EXPORT [CHECKPOINT PUBLIC-KEY]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    show::end(match arguments[..] {
        [export] => check(export, None),
        [export, checkpoint, key] => check(export, Some((checkpoint, key))),
        _ => Err(USAGE.into()),
    })
}

fn check(export: &str, signed: Option<(&str, &str)>) -> Result<(), Box<dyn Error>> {
    let signed = match signed {
        Some((file, key)) => {
            let text = std::fs::read_to_string(file)?;
            let checkpoint: SignedCheckpoint = serde_json::from_str(text.trim())?;
            Some((checkpoint, show::key(key)?))
        }
        None => None,
    };
    let by = signed.as_ref().map(|(checkpoint, key)| (checkpoint, key));
    let verified = check_export(&mut BufReader::new(File::open(export)?), by)?;
    println!("Sound: {} records of {} histories", verified.records, verified.streams);
    println!("  last hash  {}", verified.hash);
    if let Some((checkpoint, _)) = &signed {
        println!("  signed     the first {}, at {}", checkpoint.records, checkpoint.at);
    }
    Ok(())
}
