//! The specification by example, run line by line.

use std::path::Path;

use serde_json::Value;

use crate::{Calendar, CalendarSpec, ExceptionSpec, HolidaySpec, Timestamp, WorkTime};

/// The calendar of a case in the authored form. Cases name some fields differently and write
/// windows as pairs.
fn spec_of(cal: &Value) -> CalendarSpec {
    let windows = |list: &Value| -> Vec<String> {
        let pair =
            |pair: &Value| format!("{}-{}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        list.as_array().unwrap().iter().map(pair).collect()
    };
    let entries = |key: &str| cal[key].as_object().cloned().unwrap_or_default();
    let holidays = cal["holidays"].as_array().cloned().unwrap_or_default();
    CalendarSpec {
        time_zone: cal["tz"].as_str().unwrap().to_owned(),
        weekly: entries("weekly").iter().map(|(day, list)| (day.clone(), windows(list))).collect(),
        holidays: holidays.iter().map(|date| HolidaySpec::from(date.as_str().unwrap())).collect(),
        exceptions: entries("overrides")
            .iter()
            .map(|(date, list)| (date.clone(), ExceptionSpec { hours: windows(list), name: None }))
            .collect(),
        ..CalendarSpec::default()
    }
}

fn answer(case: &Value) -> Value {
    let built = Calendar::build(&spec_of(&case["cal"]));
    if case["op"] == "validate" {
        return if built.is_ok() { "accept".into() } else { "reject".into() };
    }
    let calendar = built.unwrap();
    let moment = |key: &str| case[key].as_str().unwrap().parse::<Timestamp>().unwrap();
    let budget = || WorkTime::from_seconds(case["seconds"].as_i64().unwrap());
    let text = |t: Option<Timestamp>| t.map_or(Value::Null, |t| t.to_string().into());
    match case["op"].as_str().unwrap() {
        "add" => text(calendar.add(moment("at"), budget())),
        "sub" => text(calendar.sub(moment("at"), budget())),
        "between" => (calendar.between(moment("from"), moment("to")).as_millis() / 1_000).into(),
        "is_open" => calendar.is_open(moment("at")).into(),
        "next_open" => text(calendar.next_open(moment("at"))),
        "next_close" => text(calendar.next_close(moment("at"))),
        op => panic!("no operation is called {op}"),
    }
}

/// Runs the lines of a file beside the checkout. Without the file it says so and passes: the
/// stories beside the rules check the crate by themselves.
fn check(file: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let Ok(lines) = std::fs::read_to_string(folder.join(file)) else {
        eprintln!("SKIPPED: {file} is not in {}", folder.display());
        return;
    };
    let wrong: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|case| {
            let got = answer(&case);
            (got != case["expected"]).then(|| format!("{case}\n  got {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_designed_case_agrees() {
    check("business_time_cases.jsonl");
}

#[test]
fn every_random_case_agrees() {
    check("business_time_random.jsonl");
}
