//! Checks a rulebook before it goes to work: for your own continuous integration.
//!
//! ```text
//! cargo run --release --example check_rulebook -- FILE.toml|FILE.json
//! ```
//!
//! It reads the rulebook, checks it as a whole and plays the examples in it. Each finding has a line
//! of its own in the form that editors jump to: file, line, key path, what is wrong, the mend.
//! Remarks come after them: what is accepted and may still be a slip.
//!
//! | status | when |
//! |---|---|
//! | 0 | it can go to work |
//! | 1 | it was refused |
//! | 2 | the file cannot be read, or the command line |

use std::process::ExitCode;

use firstline::{Rulebook, SystemTime, TimeSource};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = &arguments[..] else {
        eprintln!("usage: check_rulebook FILE.toml|FILE.json");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("check_rulebook: {file}: {error}");
            return ExitCode::from(2);
        }
    };
    let is_json = file.ends_with(".json");
    let read = if is_json { Rulebook::from_json } else { Rulebook::from_toml };
    match read(&text, file) {
        Ok(rulebook) => {
            for remark in rulebook.remarks(SystemTime.now()) {
                println!("{file}: {}: {}", remark.path, remark.remark);
            }
            println!("{file}: `{}` can go to work", rulebook.name());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
