//! Working time, asked from the command line.
//!
//! ```text
//! cargo run --release --example working_time                      a week over Christmas, explained
//! cargo run --release --example working_time -- conform < CASES   one answer per case line
//! cargo run --release --example working_time -- bench SPEC.json   CPU time per question
//! ```
//!
//! A case is a line of JSON: `id`, `cal` (`tz`, `weekly`, `holidays`, `overrides`, with windows as
//! pairs), `op`, and `at` and `seconds` or `from` and `to`. Its answer is `{"id":..,"got":..}`, or
//! `{"id":..,"error":".."}` for a line that cannot be answered.

use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::time::Duration;

use cpu_time::ProcessTime;
use firstline_calendar::{Calendar, CalendarSpec, ExceptionSpec, HolidaySpec, Timestamp, WorkTime};
use serde_json::{Map, Value, json};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match *arguments.as_slice() {
        [] => explain(),
        ["conform"] => conform(),
        ["bench", file] => bench(file),
        _ => Err("usage: working_time [conform | bench SPEC.json]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("working_time: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Shows what a promise of twelve working hours means over Christmas.
fn explain() -> Fallible<()> {
    let office: CalendarSpec = serde_json::from_value(json!({
        "time_zone": "Europe/Berlin",
        "weekly": { "mon-thu": ["09:00-12:30", "13:30-18:00"], "fri": ["09:00-15:00"] },
        "holidays": [
            { "date": "12-25", "name": "Christmas Day" },
            { "date": "12-26", "name": "St Stephen's Day" },
        ],
        "exceptions": { "2026-12-24": { "hours": ["09:00-12:00"], "name": "Christmas Eve" } },
    }))?;
    let office = Calendar::build(&office)?;
    let (asked, promised) = ("2026-12-23T10:00:00Z".parse()?, "12h".parse()?);
    let due = office.add(asked, promised).ok_or("the office never opens again")?;
    println!("{promised} of working time from {asked} end at {due}:");
    for span in office.spans(asked, due) {
        let counted = office.between(span.from, span.to);
        println!("  {} to {}  {:>6}  {}", span.from, span.to, counted.to_string(), span.state);
    }
    Ok(())
}

/// Answers case lines on standard input. No line stops the run.
fn conform() -> Fallible<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().split(b'\n') {
        let line = line?;
        // Some editors begin a file with a mark of its encoding.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let case: Result<Value, _> = serde_json::from_slice(line);
        let (id, key, value): (_, _, Value) = match case {
            Err(error) => (Value::Null, "error", error.to_string().into()),
            Ok(case) => match answer(&case) {
                Ok(got) => (case["id"].clone(), "got", got),
                Err(error) => (case["id"].clone(), "error", error.to_string().into()),
            },
        };
        writeln!(out, r#"{{"id":{id},"{key}":{value}}}"#)?;
    }
    Ok(out.flush()?)
}

fn answer(case: &Value) -> Fallible<Value> {
    let op = text(case, "op")?;
    let cal = case.get("cal").ok_or("`cal` is missing")?;
    let calendar = || -> Fallible<Calendar> { Ok(Calendar::build(&spec_of(cal)?)?) };
    let at = || moment(case, "at");
    let budget = || -> Fallible<WorkTime> {
        let seconds = case.get("seconds").and_then(Value::as_i64);
        let seconds = seconds.ok_or("`seconds` is not a whole number of 64 bits")?;
        Ok(WorkTime::from_seconds(seconds))
    };
    Ok(match op {
        "validate" => json!(if calendar().is_ok() { "accept" } else { "reject" }),
        "add" => instant(calendar()?.add(at()?, budget()?)),
        "sub" => instant(calendar()?.sub(at()?, budget()?)),
        "between" => {
            let worked = calendar()?.between(moment(case, "from")?, moment(case, "to")?);
            json!(worked.as_millis() / 1_000)
        }
        "is_open" => json!(calendar()?.is_open(at()?)),
        "next_open" => instant(calendar()?.next_open(at()?)),
        "next_close" => instant(calendar()?.next_close(at()?)),
        other => return Err(format!("`op` is `{other}`, which is no operation").into()),
    })
}

/// An instant as cases write it; never is null.
fn instant(t: Option<Timestamp>) -> Value {
    t.map_or(Value::Null, |t| t.to_string().into())
}

fn moment(case: &Value, key: &str) -> Fallible<Timestamp> {
    Ok(text(case, key)?.parse()?)
}

fn text<'a>(value: &'a Value, key: &str) -> Fallible<&'a str> {
    let found = value.get(key).and_then(Value::as_str);
    found.ok_or_else(|| format!("`{key}` is missing or no text").into())
}

/// The authored form of a case's calendar. The form of the cases is the narrower one: single days,
/// plain dates, and no exception that passes midnight.
fn spec_of(cal: &Value) -> Fallible<CalendarSpec> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let exception = |(date, hours): (&String, &Value)| -> Fallible<_> {
        let hours = windows(hours)?;
        let passes_midnight =
            |window: &String| window.split_once('-').is_some_and(|(open, close)| close < open);
        if hours.iter().any(passes_midnight) {
            return Err(format!("the hours of {date} pass midnight").into());
        }
        Ok((date.clone(), ExceptionSpec { hours, name: None }))
    };
    let weekly = |(day, hours): (&String, &Value)| -> Fallible<_> {
        if !DAYS.contains(&day.as_str()) {
            return Err(format!("`{day}` is no day of the week").into());
        }
        Ok((day.clone(), windows(hours)?))
    };
    let holidays = match cal.get("holidays") {
        None | Some(Value::Null) => &[],
        Some(list) => list.as_array().ok_or("`holidays` is no list")?.as_slice(),
    };
    let is_date = |text: &&str| text.len() == 10 && text.as_bytes()[4] == b'-';
    let holiday = |date: &Value| date.as_str().filter(is_date).map(HolidaySpec::from);
    Ok(CalendarSpec {
        time_zone: text(cal, "tz")?.to_owned(),
        weekly: table(cal, "weekly")?.iter().map(weekly).collect::<Fallible<_>>()?,
        holidays: holidays
            .iter()
            .map(holiday)
            .collect::<Option<_>>()
            .ok_or("a holiday is no date such as 2026-12-25")?,
        exceptions: table(cal, "overrides")?.iter().map(exception).collect::<Fallible<_>>()?,
        ..CalendarSpec::default()
    })
}

fn table<'a>(cal: &'a Value, key: &str) -> Fallible<&'a Map<String, Value>> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    match cal.get(key) {
        None | Some(Value::Null) => Ok(&EMPTY),
        Some(table) => table.as_object().ok_or_else(|| format!("`{key}` is no table").into()),
    }
}

/// Pairs of start and end as the windows of the authored form.
fn windows(list: &Value) -> Fallible<Vec<String>> {
    let window = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
        Some([Value::String(open), Value::String(close)]) => Some(format!("{open}-{close}")),
        _ => None,
    };
    let windows = list.as_array().and_then(|list| list.iter().map(window).collect());
    windows.ok_or_else(|| "hours are no list of pairs of texts".into())
}

/// Measures the questions of a bench file and checks the sums of their answers.
fn bench(file: &str) -> Fallible<()> {
    let plan: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let number = |value: &Value| value.as_i64().ok_or("a number is missing");
    let spec = spec_of(&plan["cal"])?;
    let calendar = Calendar::build(&spec)?;
    let starts = plan["starts"].as_array().ok_or("`starts` is no list")?;
    let starts: Vec<Timestamp> = starts
        .iter()
        .map(|start| Ok(start.as_str().ok_or("a start is no text")?.parse()?))
        .collect::<Fallible<_>>()?;
    let budget = WorkTime::from_seconds(number(&plan["add_seconds"])?);
    let span = number(&plan["between_span_seconds"])? * 1_000;
    let far = WorkTime::from_hours(100_000);
    let seconds = |t: Option<Timestamp>| t.map_or(0, |t| t.as_millis() / 1_000);

    let (time, sum) = measure(&starts, |t| seconds(calendar.add(t, budget)));
    report("add", time, sum == number(&plan["checksum"]["add"])?);
    let (time, sum) = measure(&starts, |t| {
        let end = t.checked_add_millis(span).unwrap_or(Timestamp::MAX);
        calendar.between(t, end).as_millis() / 1_000
    });
    report("between", time, sum == number(&plan["checksum"]["between"])?);

    let (time, _) = measure(&starts, |t| seconds(calendar.add(t, far)));
    let exact =
        |&t: &Timestamp| calendar.add(t, far).is_some_and(|end| calendar.between(t, end) == far);
    report("add 100000 h", time, starts.iter().all(exact));
    let (time, _) = measure(&starts, |t| seconds(calendar.next_open(t)));
    let opens = |&t: &Timestamp| calendar.next_open(t).is_some_and(|open| calendar.is_open(open));
    report("next_open", time, starts.iter().all(opens));
    let (time, built) = measure(&starts, |_| i64::from(Calendar::build(&spec).is_ok()));
    report("build", time, built == starts.len() as i64);
    Ok(())
}

/// CPU time of one question in nanoseconds, the best of several rounds, and the sum of the answers
/// over all starts.
fn measure(starts: &[Timestamp], question: impl Fn(Timestamp) -> i64) -> (f64, i64) {
    const ROUNDS: u32 = 9;
    const ROUND: Duration = Duration::from_millis(40);
    let pass = || starts.iter().map(|&t| question(black_box(t))).sum::<i64>();
    let sum = pass();
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begun = ProcessTime::now();
        let mut passes = 0_u32;
        while begun.elapsed() < ROUND {
            for _ in 0..8 {
                black_box(pass());
            }
            passes += 8;
        }
        let questions = f64::from(passes) * starts.len() as f64;
        best = best.min(begun.elapsed().as_secs_f64() * 1e9 / questions);
    }
    (best, sum)
}

fn report(op: &str, nanoseconds: f64, ok: bool) {
    println!(r#"{{"peer":"firstline","op":"{op}","ns_per_op":{nanoseconds:.1},"ok":{ok}}}"#);
}
