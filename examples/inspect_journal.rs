//! Looks into the journal of a desk: is it sound, what is in it, what happened to a ticket.
//!
//! ```text
//! cargo run --release --example inspect_journal -- FOLDER
//! cargo run --release --example inspect_journal -- FOLDER timeline NUMBER
//! cargo run --release --example inspect_journal -- FOLDER export FILE
//! cargo run --release --example inspect_journal -- FOLDER checkpoint KEY
//! ```
//!
//! Without a further word it verifies everything and counts. `timeline` shows all that happened to
//! one ticket. `export` writes the whole journal as lines of JSON, which `verify_export` checks
//! without a desk. `checkpoint` signs where the journal ends: KEY is a file with the host's secret
//! key, 32 bytes in hexadecimal digits; it prints the checkpoint and, beside it, the public key.
//!
//! The desk may be at work meanwhile. Nothing is written to it, unless an earlier version made it: then it
//! is brought to this one, as by any program that opens it, and a copy of it stays beside it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use examples::show;
use firstline::{
    Event, Record, SignedCheckpoint, Status, Stream, TicketFilter, TicketId, public_key,
};
use firstline_store::{Journal, Reader, SqliteJournal, Standing, export};

const USAGE: &str =
    "usage: inspect_journal FOLDER [timeline NUMBER | export FILE | checkpoint KEY]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = std::io::stdout().lock();
    let done = match arguments[..] {
        [folder] => open(folder).and_then(|reader| account(&*reader, Path::new(folder), &mut out)),
        [folder, "timeline", number] => {
            open(folder).and_then(|reader| timeline(&*reader, number, &mut out))
        }
        [folder, "export", file] => open(folder).and_then(|reader| write_export(&*reader, file)),
        [folder, "checkpoint", key] => {
            open(folder).and_then(|reader| checkpoint(&*reader, key, &mut out))
        }
        _ => Err(USAGE.into()),
    };
    show::end(done)
}

/// A desk that is there. Opening would make one where there is none.
fn open(folder: &str) -> Result<Box<dyn Reader>, Box<dyn Error>> {
    let file = Path::new(folder).join("desk.sqlite");
    if !file.exists() {
        return Err(format!("there is no desk in {folder}").into());
    }
    Ok(SqliteJournal::open(file)?.reader()?)
}

fn account(reader: &dyn Reader, folder: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let verified = reader.verify()?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "Sound: {} records, verified in {seconds:.1} s", verified.records)?;
    writeln!(out, "  last hash  {}", verified.hash)?;
    if let (Some(first), Some(head)) = (reader.records(0, 1)?.first(), reader.head()?) {
        writeln!(out, "  from       {}\n  to         {}", first.at, head.at)?;
    }
    for file in ["desk.sqlite", "desk.sqlite-wal"] {
        if let Ok(data) = std::fs::metadata(folder.join(file)) {
            writeln!(out, "  {file:<16} {:>12} bytes", data.len())?;
        }
    }
    let (streams, events) = count_records(reader)?;
    print_counts("Streams", &streams, out)?;
    print_counts("Events", &events, out)?;
    print_counts("Tickets", &count_tickets(reader)?, out)?;
    print_counts("Errands of the host", &count_errands(reader)?, out)?;
    match reader.next_wake()? {
        Some(at) => writeln!(out, "Something is due next at {at}")?,
        None => writeln!(out, "Nothing is due")?,
    }
    Ok(())
}

type Counts = BTreeMap<String, u64>;

/// How many streams and how many events of each kind there are.
fn count_records(reader: &dyn Reader) -> Result<(Counts, Counts), Box<dyn Error>> {
    let (mut streams, mut events) = (Counts::new(), Counts::new());
    let mut after = 0;
    loop {
        let slice = reader.records(after, usize::MAX)?;
        let Some(last) = slice.last() else {
            return Ok((streams, events));
        };
        after = last.seq;
        for record in &slice {
            if record.version == 1 {
                *streams.entry(kind_of_stream(record.stream).to_owned()).or_default() += 1;
            }
            *events.entry(kind_of_event(&record.event)).or_default() += 1;
        }
    }
}

fn count_tickets(reader: &dyn Reader) -> Result<Counts, Box<dyn Error>> {
    let mut counts = Counts::new();
    for status in Status::ALL {
        let filter = TicketFilter { statuses: [status].into(), ..TicketFilter::default() };
        counts.insert(status.as_str().to_owned(), reader.count(&filter)?);
    }
    Ok(counts)
}

/// What the host has not acknowledged yet: whether it is its turn, whether anybody still tries.
fn count_errands(reader: &dyn Reader) -> Result<Counts, Box<dyn Error>> {
    let mut counts = Counts::new();
    let mut after = 0;
    loop {
        let slice = reader.open_effects(after, usize::MAX)?;
        let Some(last) = slice.last() else {
            return Ok(counts);
        };
        after = last.record;
        for open in &slice {
            let standing = match open.standing {
                Standing::Due(_) => "due",
                Standing::Waiting => "waiting for another",
                Standing::Dead => "dead letters",
            };
            *counts.entry(standing.to_owned()).or_default() += 1;
        }
    }
}

fn print_counts(title: &str, counts: &Counts, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{title}")?;
    for (name, count) in counts {
        writeln!(out, "  {name:<28} {count:>10}")?;
    }
    Ok(())
}

const fn kind_of_stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Desk => "desk",
        Stream::Ticket(_) => "tickets",
        Stream::Article(_) => "articles",
        Stream::Party(_) => "people and organizations",
    }
}

/// The name of an event, as it stands in JSON: the first one or two words.
fn kind_of_event(event: &Event) -> String {
    let json = serde_json::to_value(event).expect("the keys of its maps are texts");
    let name = |value: &serde_json::Value| match value {
        serde_json::Value::Object(map) => map.keys().next().cloned(),
        serde_json::Value::String(word) => Some(word.clone()),
        _ => None,
    };
    let outer = name(&json).unwrap_or_default();
    let fact = json.get(&outer).and_then(|inner| inner.get("fact"));
    match fact.and_then(name) {
        Some(inner) => format!("{outer}: {inner}"),
        None => outer,
    }
}

fn timeline(reader: &dyn Reader, number: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let number = number.trim_start_matches('#').parse().map_err(|_| "a ticket has a number")?;
    let id = TicketId(number);
    let Some(stored) = reader.ticket(id)? else {
        return Err(format!("there is no ticket {id}").into());
    };
    let ticket = stored.state;
    writeln!(out, "{id} {}, {}, line {}", ticket.subject, ticket.status.as_str(), ticket.line)?;
    for Record { seq, at, actor, event, .. } in reader.history(Stream::Ticket(id))? {
        let Event::Ticket(event) = event else {
            continue;
        };
        let fact = serde_json::to_string(&event.fact)?;
        let late = if event.at == at { String::new() } else { format!(" (noticed {at})") };
        writeln!(out, "{seq:>8}  {}{late}  {actor}: {fact}", event.at)?;
    }
    Ok(())
}

fn write_export(reader: &dyn Reader, file: &str) -> Result<(), Box<dyn Error>> {
    let mut output = BufWriter::new(File::create_new(file)?);
    let mut tell = |progress: firstline::Progress| {
        let of = progress.of.unwrap_or(progress.records);
        eprint!("\r{} of {of} records", progress.records);
    };
    let verified = export(reader, &mut output, &mut tell)?;
    output.into_inner()?.sync_all()?;
    eprintln!("\r{} records in {file}, up to {}", verified.records, verified.hash);
    Ok(())
}

fn checkpoint(reader: &dyn Reader, key: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let secret = show::key(&std::fs::read_to_string(key)?)?;
    let head = reader.head()?.ok_or("the journal is empty")?;
    let signed = SignedCheckpoint::sign(head, &secret);
    writeln!(out, "{}", serde_json::to_string(&signed)?)?;
    eprintln!("public key {}", show::digits(&public_key(&secret)));
    Ok(())
}
