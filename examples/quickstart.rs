//! A support desk with real work on it, in one folder and a few seconds.
//!
//! Opens a desk, teaches it a rulebook and 48 articles, and replays 1,500 real incidents through
//! it: each logged step becomes the commands that a host would have given, at its own time, while
//! warnings, broken promises and hand-overs happen by themselves. Then it prints what somebody who
//! leads a desk wants to see.
//!
//! Run it with
//!
//! ```text
//! cargo run --release --example quickstart [-- FOLDER]
//! ```
//!
//! FOLDER is where the desk is kept; `firstline-quickstart` among the system's temporary files if
//! it is not given. Stop it whenever you like, by force too: the next run goes on from there, and
//! one that has nothing left to do repeats nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use examples::incidents::{DeskCount, LogCount, Outcome, Verdicts, replay};
use examples::sample;
use examples::show::{self, Style, number};
use firstline::{
    Account, Asking, Audience, BreachCause, ClockKey, Desk, FixedTime, Language, Metric, Priority,
    Question, TicketFilter, TicketId, Timestamp, Verified,
};

/// What two customers ask, before they open a ticket.
const QUESTIONS: [(&str, &str); 2] = [
    ("en", "vpn wont connect from my hotel, it says error 809"),
    ("ru", "документ завис и принтер ничего не печатает"),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let done = match (arguments.next(), arguments.next()) {
        (Some(flag), _) if flag.to_string_lossy().starts_with('-') => {
            Err("usage: quickstart [FOLDER]".into())
        }
        (folder, None) => {
            let usual = || std::env::temp_dir().join("firstline-quickstart");
            run(&folder.map_or_else(usual, PathBuf::from))
        }
        (_, Some(_)) => Err("usage: quickstart [FOLDER]".into()),
    };
    show::end(done)
}

fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (log, articles) = (sample::log()?, sample::articles()?);
    let first = log.incidents.iter().map(|incident| incident.opened_at).min();
    let first = first.ok_or("the sample is empty")?;
    let mut page = Page { style: Style::of_stdout(), text: String::new() };

    // The desk's own clock stands at the beginning of the sample, or its rules would come into
    // force today, and no time of a desk lies before its last record.
    let desk = Desk::open_with_time(folder, sample::rulebook()?, FixedTime(first))?;
    page.title(folder, log.incidents.len(), articles.len());
    page.rules(desk.rulebook().version());
    page.flush()?;
    sample::publish(&desk, &articles, first)?;
    let (bar, told) = show::progress_bar(log.steps.len());
    let outcome = replay(&desk, &log, told)?;
    bar.finish_and_clear();

    let count = DeskCount::read(&desk, &log, &outcome)?;
    let in_log = LogCount::of(&log, &desk.rulebook());
    page.work(log.steps.len(), &outcome, &count);
    page.lines(&desk, &count)?;
    page.promises(&count);
    page.missed(&desk, &count)?;
    page.answers(&desk)?;
    page.their_own(&in_log, log.incidents.len());
    let verified = desk.verify()?;
    // The last handle tidies up when it goes.
    drop(desk);
    page.disk(&verified, folder);
    page.flush()?;
    Ok(())
}

/// What is printed.
struct Page {
    style: Style,
    text: String,
}

impl Page {
    fn title(&mut self, folder: &Path, incidents: usize, articles: usize) {
        let title = self.style.bold("firstline, the help desk without the server");
        self.say(format_args!("\n{title}\n"));
        self.say(format_args!(
            "  {} real incidents and {articles} articles, on a desk in {}",
            number(incidents),
            folder.display()
        ));
        let attribution = self.style.dim(sample::ATTRIBUTION);
        self.say(format_args!("  {attribution}"));
    }

    /// Says so if somebody has edited the rulebook since an earlier run.
    fn rules(&mut self, version: u32) {
        if version > 1 {
            self.say(format_args!(
                "  The rulebook is another one than at first. What was promised stays as it was \
                 promised;\n  for the sample under the new rules, give a new folder."
            ));
        }
    }

    fn work(&mut self, steps: usize, outcome: &Outcome, count: &DeskCount) {
        self.head("What was done");
        self.say(format_args!(
            "  {} logged steps became {} commands and {} records",
            number(steps),
            number(outcome.commands),
            number(count.records)
        ));
        if outcome.known == 0 {
            let seconds = outcome.elapsed.as_secs_f64();
            let speed = number(show::per_second(outcome.commands, outcome.elapsed));
            self.say(format_args!(
                "  {seconds:.1} s, {speed} commands a second, each of them on disk"
            ));
        } else {
            self.say(format_args!(
                "  {} of them were known from an earlier run: the desk gave its first receipts \
                 again, and did nothing",
                number(outcome.known)
            ));
        }
        let promises = &count.promises;
        self.say(format_args!(
            "  By themselves: {} warnings, {} broken promises, {} hand-overs to the next line",
            number(promises.warnings),
            number(promises.breaches),
            number(count.climbed)
        ));
        for (reason, count) in &outcome.refused {
            self.say(format_args!("  Refused {count} times: {reason}"));
        }
    }

    fn lines(&mut self, desk: &Desk, count: &DeskCount) -> Result<(), firstline::Error> {
        self.head("Where the work went");
        self.dim_row("line", &["tickets seen", "opened here", "handed here", "between teams"]);
        for line in desk.rulebook().lines() {
            let arrivals = count.arrivals.get(&line.id).copied().unwrap_or_default();
            let seen = count.travel.reached.get(&line.id).copied().unwrap_or_default();
            let counts = [seen, arrivals.opened, arrivals.from_other_lines, arrivals.within];
            self.row(&format!("{}  {}", line.id, line.name), &counts.map(number));
        }
        let alone = count.travel.only_first_line * 100 / count.incidents.max(1);
        self.say(format_args!(
            "  {alone} % never left the first line; {} came straight back to a team that had \
             handed them over",
            number(count.travel.ping_pong_incidents)
        ));
        let now = desk.head()?.map_or(Timestamp::MIN, |head| head.at);
        let waiting = TicketFilter::read("status:unsolved", &Asking::at(now))?;
        let open = desk.count(&waiting.filter)?;
        self.say(format_args!("  {} reopened, {open} still open", number(count.reopened)));
        Ok(())
    }

    fn promises(&mut self, count: &DeskCount) {
        self.head("What was promised");
        let mut metrics: BTreeMap<&ClockKey, Vec<(Priority, Verdicts)>> = BTreeMap::new();
        for ((metric, priority), verdicts) in &count.promises.verdicts {
            metrics.entry(metric).or_default().push((*priority, *verdicts));
        }
        self.dim_row("", &["met", "missed", "cancelled", "running", "kept"]);
        for (metric, by_priority) in metrics {
            self.say(format_args!("  {metric}"));
            for (priority, verdicts) in by_priority.iter().rev() {
                let Verdicts { met, missed, cancelled, live } = *verdicts;
                let mut counts = [met, missed, cancelled, live].map(number).to_vec();
                counts.push(percent(met, met + missed));
                self.row(&format!("  {priority}"), &counts);
            }
        }
    }

    fn missed(&mut self, desk: &Desk, count: &DeskCount) -> Result<(), firstline::Error> {
        let Some((ticket, account)) = telling_miss(desk, count)? else {
            return Ok(());
        };
        self.head("Why one of them was missed");
        let subject = desk.ticket(ticket)?.map(|stored| stored.state.subject);
        self.say(format_args!("  {ticket} {}", subject.unwrap_or_default()));
        for line in account.to_string().lines() {
            self.say(format_args!("  {line}"));
        }
        Ok(())
    }

    fn answers(&mut self, desk: &Desk) -> Result<(), firstline::Error> {
        self.head("Answers before there is a ticket");
        for (language, text) in QUESTIONS {
            let language = Language::from(language);
            let question = Question {
                audience: Audience::Customer,
                language: Some(&language),
                limit: 1,
                ..Question::new(text)
            };
            self.say(format_args!("  {} {text}", self.style.dim("asked")));
            for hit in desk.search(&question)? {
                self.say(format_args!(
                    "  {} {}",
                    self.style.dim("found"),
                    self.style.bold(&hit.title)
                ));
                for line in show::wrapped(&hit.snippet, 76, self.style) {
                    self.say(format_args!("        {line}"));
                }
                self.say(format_args!(""));
            }
        }
        Ok(())
    }

    fn their_own(&mut self, in_log: &LogCount, incidents: usize) {
        if let Some(missed) = in_log.made_sla_false {
            let kept = percent(incidents - missed, incidents);
            let note = format!(
                "  For comparison: the company's own promise, whose terms are not in the log, \
                 was kept in {kept} of them."
            );
            self.say(format_args!("{}", self.style.dim(&note)));
        }
    }

    fn disk(&mut self, verified: &Verified, folder: &Path) {
        self.head("What is on disk");
        self.say(format_args!(
            "  {} in {}: journal, tables and search index",
            show::size_on_disk(folder),
            folder.display()
        ));
        let (records, hash) = (number(verified.records as usize), verified.hash.to_string());
        self.say(format_args!("  verified: {records} records, chained up to {}\n", &hash[..16]));
    }

    fn head(&mut self, text: &str) {
        let head = self.style.bold(text);
        self.say(format_args!("\n{head}"));
    }

    fn row(&mut self, name: &str, cells: &[String]) {
        let cells: String = cells.iter().map(|cell| format!("{cell:>14}")).collect();
        self.say(format_args!("  {name:<24}{cells}"));
    }

    fn dim_row(&mut self, name: &str, cells: &[&str]) {
        let cells: String = cells.iter().map(|cell| format!("{cell:>14}")).collect();
        let line = self.style.dim(&format!("  {name:<24}{cells}"));
        self.say(format_args!("{line}"));
    }

    fn say(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("a string takes everything");
    }

    fn flush(&mut self) -> std::io::Result<()> {
        show::print(&std::mem::take(&mut self.text))
    }
}

/// A missed promise that is worth telling: as many reasons for the time that went by as possible,
/// in as few lines.
fn telling_miss(
    desk: &Desk,
    count: &DeskCount,
) -> Result<Option<(TicketId, Account)>, firstline::Error> {
    const MOST_ENTRIES: usize = 14;
    let mut best: Option<((usize, Reverse<usize>), TicketId, Account)> = None;
    for (ticket, clock, cycle) in &count.promises.missed {
        if *clock != Metric::Resolution.into() {
            continue;
        }
        let account = desk.explain(*ticket, clock.clone(), Some(*cycle))?;
        let ledger = &account.ledger;
        // One that was missed because somebody raised the priority is a story of its own.
        let ran_out = ledger.clock.breach.is_some_and(|it| it.cause == BreachCause::Elapsed);
        if !ran_out || ledger.entries.len() > MOST_ENTRIES {
            continue;
        }
        let kinds: BTreeSet<String> = ledger.entries.iter().map(|it| it.kind.to_string()).collect();
        let worth = (kinds.len(), Reverse(ledger.entries.len()));
        if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
            best = Some((worth, *ticket, account));
        }
    }
    Ok(best.map(|(_, ticket, account)| (ticket, account)))
}

fn percent(part: usize, whole: usize) -> String {
    (part * 100).checked_div(whole).map_or_else(|| "-".to_owned(), |share| format!("{share} %"))
}
