//! The search index against bare tantivy and SQLite's FTS5, on the same articles and for the same
//! questions.
//!
//! A table first: how long questions take, the median and the slowest in a hundred, in a run in
//! which all take turns; how fast articles come in; how large an index is on disk and in memory.
//! Each question counts by the median of its rounds. "Shown" is a page of ten with its documents and
//! snippets, which is what ours gives; "ids" is the ranking alone.

#[path = "search/library.rs"]
mod library;
#[path = "search/peers.rs"]
mod peers;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use criterion::{Criterion, criterion_group};
use firstline_core::{Audience, Timestamp};
use firstline_knowledge::{Index, Matter, Question, Revision};
use library::Library;
use peers::{Asked, Bare, Fts5, HITS};

const ARTICLES: usize = 100_000;
/// The articles of a run that only checks that everything runs.
const FEW: usize = 1_000;
/// The articles beside which one is edited.
const SHELF: usize = 10_000;
/// How many articles a desk gives its index at once.
const BATCH: usize = 1_000;
/// How often each question is asked.
const ROUNDS: usize = 5;
/// Of how many questions one is typed, letter by letter.
const TYPED: usize = 8;
/// Where the index lies whose memory a process is to measure.
const MEASURED: &str = "FIRSTLINE_MEASURED_INDEX";

fn is_check() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

fn question(text: &str) -> Question<'_> {
    Question { audience: Audience::Internal, limit: HITS, ..Question::new(text) }
}

fn ours(index: &Index, question: &Question<'_>) -> usize {
    index.search(question, Timestamp::MAX).expect("the index is sound").len()
}

/// How long something takes on each of some things, in rounds in which all that are compared take
/// turns.
struct Race<'a, T> {
    things: &'a [T],
    runners: Vec<(&'static str, Runner<'a, T>)>,
}

type Runner<'a, T> = Box<dyn FnMut(&T) -> usize + 'a>;

impl<T> Race<'_, T> {
    /// The median time of each thing, for each runner, in ascending order.
    fn run(mut self, rounds: usize) -> Vec<(&'static str, Vec<Duration>)> {
        let mut times: Vec<(&str, Vec<Duration>)> =
            self.runners.iter().map(|(name, _)| (*name, Vec::new())).collect();
        for thing in self.things {
            let mut rounds: Vec<Vec<Duration>> = (0..rounds)
                .map(|_| {
                    let run = |(_, runner): &mut (&str, Runner<'_, T>)| {
                        let start = Instant::now();
                        black_box(runner(thing));
                        start.elapsed()
                    };
                    self.runners.iter_mut().map(run).collect()
                })
                .collect();
            for (place, (_, times)) in times.iter_mut().enumerate() {
                rounds.sort_unstable_by_key(|round| round[place]);
                times.push(rounds[rounds.len() / 2][place]);
            }
        }
        times.iter_mut().for_each(|(_, times)| times.sort_unstable());
        times
    }
}

fn told(results: Vec<(&str, Vec<Duration>)>) {
    for (name, times) in results {
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!("  {name:<34} p50 {:>9.2?}   p99 {:>9.2?}   of {}", at(50), at(99), times.len());
    }
}

/// How many articles come in in a second of the processor's time, all threads together. What else
/// the machine does makes no difference to that.
fn rate<T>(count: usize, work: impl FnOnce() -> T) -> (T, f64) {
    let start = ProcessTime::now();
    let made = work();
    (made, count as f64 / start.elapsed().as_secs_f64())
}

fn megabytes(folder: &Path) -> f64 {
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let sizes = files.map(|file| file.and_then(|file| file.metadata()).map_or(0, |it| it.len()));
    sizes.sum::<u64>() as f64 / 1e6
}

/// Has a process of its own open the index and ask all questions, and say what memory it takes.
fn tell_memory(folder: &Path) {
    let program = std::env::current_exe().expect("this program has a name");
    let mut child = std::process::Command::new(program);
    child.env(MEASURED, folder).status().expect("this program can be run");
}

/// What such a process does.
fn measure_memory(folder: &Path) {
    let (questions, _) = library::asked();
    let (Some(before), index) = (memory(), Index::open(folder).expect("the index is there")) else {
        return;
    };
    let opened = memory().unwrap_or(before);
    questions.iter().for_each(|text| {
        ours(&index, &question(text));
    });
    let asked = memory().unwrap_or(before);
    println!(
        "in memory: {:.1} MB more when it is opened, {:.1} MB after all questions",
        opened - before,
        asked - before
    );
}

/// The memory that this process owns, in megabytes, where the system says so. Files that are mapped
/// into it are not counted.
fn memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1e3)
}

fn compare(_: &mut Criterion) {
    let (count, rounds) = if is_check() { (FEW, 1) } else { (ARTICLES, ROUNDS) };
    let Library { revisions, questions, requests, origin } = Library::new(count);
    let letters: usize = revisions
        .iter()
        .filter_map(|revision| revision.state.as_ref())
        .flat_map(|article| article.editions.values())
        .map(|edition| edition.title.len() + edition.body.len())
        .sum();
    println!("{count} articles {origin}, {:.0} MB of text", letters as f64 / 1e6);

    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().expect("a place for files")).collect();
    let [own, bare_folder, fts_folder] = [0, 1, 2].map(|n| folders[n].path());
    let (index, in_batches) = rate(count, || {
        let index = Index::open(own).expect("an empty folder");
        revisions.chunks(BATCH).for_each(|some| index.absorb(some).expect("room on the disk"));
        index
    });
    let at_once_folder = tempfile::tempdir().expect("a place for files");
    let (_, at_once) = rate(count, || {
        let index = Index::open(at_once_folder.path()).expect("an empty folder");
        index.absorb(&revisions).expect("room on the disk");
    });
    let (bare, bare_rate) =
        rate(count, || Bare::new(bare_folder, &revisions).expect("an empty folder"));
    let file = fts_folder.join("articles.sqlite");
    let (fts, fts_rate) = rate(count, || Fts5::new(&file, &revisions).expect("an empty folder"));
    println!(
        "articles in a second of CPU time: ours {at_once:.0} at once, {in_batches:.0} in commits of {BATCH}; bare tantivy \
         {bare_rate:.0} at once; FTS5 {fts_rate:.0} at once"
    );
    println!(
        "on disk: ours {:.0} MB, bare tantivy {:.0} MB, FTS5 {:.0} MB",
        megabytes(own),
        megabytes(bare_folder),
        megabytes(fts_folder)
    );
    drop((index, revisions));

    let index = Index::open(own).expect("the index is there");
    let all: Vec<(&str, Asked)> =
        questions.iter().map(|text| (text.as_str(), Asked::new(text))).collect();
    let ask = |(text, _): &(&str, Asked)| ours(&index, &question(text));
    println!("the first time that a question is asked");
    told(Race { things: &all, runners: vec![("ours, shown", Box::new(ask))] }.run(1));
    tell_memory(own);

    let sound = "the index is sound";
    println!("questions");
    let runners: Vec<(&str, Runner<'_, (&str, Asked)>)> = vec![
        ("ours, shown", Box::new(ask)),
        ("bare tantivy, ids", Box::new(|(_, asked)| bare.ranked(asked).expect(sound))),
        ("bare tantivy, shown", Box::new(|(_, asked)| bare.shown(asked).expect(sound))),
        ("FTS5, ids", Box::new(|(_, asked)| fts.ranked(asked).expect(sound))),
        ("FTS5, shown", Box::new(|(_, asked)| fts.shown(asked).expect(sound))),
    ];
    told(Race { things: &all, runners }.run(rounds));

    println!("other ways to ask");
    let some = questions.iter().step_by(TYPED);
    let typed: Vec<&str> = some.flat_map(|text| beginnings(text)).collect();
    let type_on = |text: &&str| ours(&index, &Question { is_typing: true, ..question(text) });
    let typing = Race { things: &typed, runners: vec![("as you type", Box::new(type_on))] };
    told(typing.run(1));
    let browse = |(text, _): &(&str, Asked)| {
        index.browse(&question(text), Timestamp::MAX).expect(sound).hits.len()
    };
    told(
        Race { things: &all, runners: vec![("a page with counts", Box::new(browse))] }.run(rounds),
    );
    let suggest = |(subject, text): &(String, String)| {
        let words = index.key_words(Matter { subject, text }).expect(sound);
        ours(&index, &question(&words))
    };
    let suggesting = Race { things: &requests, runners: vec![("suggest", Box::new(suggest))] };
    told(suggesting.run(rounds));
}

/// What stands in the field after each letter of a question.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()])
}

fn absorb(criterion: &mut Criterion) {
    let Library { revisions, .. } = Library::new(if is_check() { FEW } else { SHELF });
    let mut group = criterion.benchmark_group("absorb");
    group.sample_size(10);
    let dir = tempfile::tempdir().expect("a place for files");
    let index = Index::open(dir.path()).expect("an empty folder");
    index.absorb(&revisions).expect("room on the disk");
    let edits = revisions.iter().cycle().zip(revisions.len() as u64 + 1..);
    let mut edits = edits.map(|(edit, seq)| [Revision { seq, ..edit.clone() }]);
    group.bench_function("1 edited article beside 10,000 on disk", |b| {
        b.iter(|| index.absorb(&edits.next().expect("a cycle has no end")));
    });
    group.finish();
}

criterion_group!(benches, compare, absorb);

fn main() {
    match std::env::var_os(MEASURED) {
        Some(folder) => measure_memory(Path::new(&folder)),
        None => {
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}
