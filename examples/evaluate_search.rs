//! How good the search is on a collection of questions with known answers: yours, or a public one.
//!
//! ```text
//! cargo run --release --example evaluate_search -- \
//!     --corpus articles.jsonl.gz [--corpus more.jsonl] --queries queries.jsonl --qrels qrels.tsv \
//!     [--before created] [--without-titles]
//! ```
//!
//! The corpus has a document in each line: `_id` or `id`, `title`, `text` or `body`, and `lang` if
//! it is known. Queries have `_id` and `text`. The qrels are a table with a header: query, document
//! and how relevant it is, 0 for not at all. Files may be compressed with gzip.
//!
//! `--before FIELD` is for tickets among earlier tickets: the index grows as time goes by, and each
//! query finds only what has an earlier value of that field than itself. `--without-titles` indexes
//! the texts alone, for collections where the titles are the queries.
//!
//! Documents that the qrels name and the corpus has not count as not found, and are warned of: a part of
//! the corpus may be missing. Documents of a time that has not come yet are none of them.
//!
//! nDCG takes 2^relevance - 1 as the gain. MAP looks at the first hundred. The queries per second
//! are those of a page of ten hits with their snippets, one thread asking.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use examples::show;
use firstline_core::{Article, ArticleId, Audience, Edition, Timestamp};
use firstline_knowledge::{Index, MAX_HITS, Question, Reception, Revision};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    if std::env::args().skip(1).any(|argument| argument == "--help" || argument == "-h") {
        return match show::print(&format!("{ABOUT}\n\n{USAGE}\n\n{OPTIONS}")) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    match Task::read(std::env::args().skip(1)).and_then(|task| task.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evaluate_search: {error}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "usage: evaluate_search --corpus FILE... --queries FILE --qrels FILE \
    [--before FIELD] [--without-titles]";

const ABOUT: &str = "How good the search is on a collection of questions with known answers.";

const OPTIONS: &str = "  --corpus FILE      documents, one JSON object in each line: _id or id, title, text or body, lang;
                     may be given several times
  --queries FILE     questions, one JSON object in each line: _id, text
  --qrels FILE       a table with tabs and a header: query, document, how relevant it is (0: not at all)
  --before FIELD     each question finds only documents with an earlier value of this field than its own
  --without-titles   index the texts alone, for collections where the titles are the questions

Files may be compressed with gzip (.gz). It prints nDCG@10, MRR@10, MAP, R@10, R@100, S@1 and queries/s.
";

#[derive(Default)]
struct Task {
    corpus: Vec<PathBuf>,
    queries: PathBuf,
    qrels: PathBuf,
    before: Option<String>,
    without_titles: bool,
}

struct Document {
    id: String,
    title: String,
    text: String,
    language: String,
    /// The field of `--before`, or nothing.
    time: String,
}

struct Query {
    text: String,
    time: String,
    /// How relevant each document is.
    grades: BTreeMap<String, i32>,
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut task = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--corpus" => task.corpus.push(value()?.into()),
                "--queries" => task.queries = value()?.into(),
                "--qrels" => task.qrels = value()?.into(),
                "--before" => task.before = Some(value()?),
                "--without-titles" => task.without_titles = true,
                _ => return Err(format!("{argument} is unknown\n{USAGE}").into()),
            }
        }
        let is_complete =
            !task.corpus.is_empty() && task.queries != Path::new("") && task.qrels != Path::new("");
        if is_complete { Ok(task) } else { Err(USAGE.into()) }
    }

    fn run(&self) -> Fallible<()> {
        let mut documents = self.documents()?;
        let mut queries = self.queries()?;
        if let Some(warning) = missing(&documents, &queries) {
            eprintln!("evaluate_search: {warning}");
        }
        // Equally good documents come by their numbers, which are their places in the corpus.
        let mut revisions: Vec<Revision> = (1..).zip(&mut documents).map(revision).collect();
        let order = |revision: &Revision| documents[revision.article.0 as usize - 1].time.clone();
        if self.before.is_some() {
            revisions.sort_by_cached_key(order);
            (1..).zip(&mut revisions).for_each(|(seq, revision)| revision.seq = seq);
            queries.sort_by(|a, b| a.time.cmp(&b.time));
        }
        let (index, now) = (Index::in_memory(), Timestamp::MAX);
        let (mut measures, mut took) = (Measures::default(), Duration::ZERO);
        for query in &queries {
            let known = match self.before {
                None => revisions.len(),
                Some(_) => revisions.partition_point(|revision| order(revision) < query.time),
            };
            let read = usize::try_from(index.position())?;
            index.absorb(&revisions[read..known])?;
            let question = |limit| Question {
                limit,
                audience: Audience::Internal,
                ..Question::new(&query.text)
            };
            let start = Instant::now();
            black_box(index.search(&question(10), now)?);
            took += start.elapsed();
            let hits = index.search(&question(MAX_HITS), now)?;
            let found = hits.iter().map(|hit| {
                let document = &documents[hit.article.0 as usize - 1];
                query.grades.get(&document.id).copied().unwrap_or(0)
            });
            measures.add(&found.collect::<Vec<_>>(), &query.grades);
        }
        let speed = queries.len() as f64 / took.as_secs_f64();
        show::print(&format!("{measures}queries/s {speed:.0}\n"))?;
        Ok(())
    }

    fn documents(&self) -> Fallible<Vec<Document>> {
        let mut documents: Vec<Document> = Vec::new();
        let mut ids = BTreeSet::new();
        for file in &self.corpus {
            for line in lines(file)? {
                let text = |names: &[&str]| field(&line, names).unwrap_or_default();
                let id = field(&line, &["_id", "id"]).ok_or("a document has no id")?;
                if !ids.insert(id.clone()) {
                    return Err(format!("two documents have the id {id:?}").into());
                }
                documents.push(Document {
                    title: if self.without_titles { String::new() } else { text(&["title"]) },
                    text: text(&["text", "body"]),
                    language: text(&["lang"]),
                    time: self.time(&line, &id)?,
                    id,
                });
            }
        }
        Ok(documents)
    }

    fn time(&self, line: &Value, id: &str) -> Fallible<String> {
        let Some(name) = &self.before else { return Ok(String::new()) };
        Ok(field(line, &[name]).ok_or_else(|| format!("{id:?} has no field {name:?}"))?)
    }

    /// The queries for which something is relevant.
    fn queries(&self) -> Fallible<Vec<Query>> {
        let mut relevant: BTreeMap<String, BTreeMap<String, i32>> = BTreeMap::new();
        for (number, line) in read(&self.qrels)?.lines().enumerate() {
            let line = line?;
            let [query, document, grade] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(format!("{line:?} in the qrels has not three columns").into());
            };
            let grade: Result<i32, _> = grade.trim().parse();
            if number == 0 {
                // A table whose first row counts would lose it without a word.
                if grade.is_ok() {
                    return Err(format!("{line:?} is the first of the qrels, and no header").into());
                }
                continue;
            }
            relevant.entry(query.to_owned()).or_default().insert(document.to_owned(), grade?);
        }
        let mut queries = Vec::new();
        for line in lines(&self.queries)? {
            let id = field(&line, &["_id", "id"]).ok_or("a query has no id")?;
            let Some(grades) = relevant.remove(&id).filter(|g| g.values().any(|g| *g > 0)) else {
                continue;
            };
            let text = field(&line, &["text"]).ok_or_else(|| format!("{id:?} has no text"))?;
            queries.push(Query { text, time: self.time(&line, &id)?, grades });
        }
        if queries.is_empty() {
            Err("no query has a relevant document".into())
        } else {
            Ok(queries)
        }
    }
}

/// Says which of the relevant documents the corpus has not, if there are any.
fn missing(documents: &[Document], queries: &[Query]) -> Option<String> {
    let known: BTreeSet<&str> = documents.iter().map(|document| &*document.id).collect();
    let judged = queries.iter().flat_map(|query| &query.grades);
    let relevant: BTreeSet<&str> =
        judged.filter(|(_, grade)| **grade > 0).map(|(id, _)| &**id).collect();
    let missing: Vec<&&str> = relevant.iter().filter(|id| !known.contains(**id)).collect();
    let first = missing.first()?;
    Some(format!(
        "warning: {} of {} relevant documents are not in the corpus, such as {first:?}; is a part of it \
         missing?",
        missing.len(),
        relevant.len(),
    ))
}

fn revision((number, document): (u64, &mut Document)) -> Revision {
    let (title, body) = (std::mem::take(&mut document.title), std::mem::take(&mut document.text));
    let language = document.language.as_str().into();
    let editions = BTreeMap::from([(language, Edition { title, body })]);
    let article = Article { editions, ..Article::default() };
    Revision {
        seq: number,
        article: ArticleId(number),
        state: Some(article),
        reception: Reception::default(),
    }
}

/// Sums over all queries.
#[derive(Default)]
struct Measures {
    queries: f64,
    ndcg: f64,
    reciprocal_rank: f64,
    average_precision: f64,
    recall_10: f64,
    recall_100: f64,
    first: f64,
}

impl Measures {
    fn add(&mut self, found: &[i32], grades: &BTreeMap<String, i32>) {
        let relevant = grades.values().filter(|grade| **grade > 0).count() as f64;
        let mut ideal: Vec<i32> = grades.values().copied().collect();
        ideal.sort_unstable_by_key(|grade| -grade);
        let places =
            |end: usize| (1..).zip(found.iter().take(end)).filter(|(_, grade)| **grade > 0);
        self.queries += 1.0;
        self.ndcg += discounted_gain(found) / discounted_gain(&ideal);
        self.reciprocal_rank += places(10).next().map_or(0.0, |(place, _)| 1.0 / f64::from(place));
        let precisions =
            (1..).zip(places(100)).map(|(n, (place, _))| f64::from(n) / f64::from(place));
        self.average_precision += precisions.sum::<f64>() / relevant;
        self.recall_10 += places(10).count() as f64 / relevant;
        self.recall_100 += places(100).count() as f64 / relevant;
        self.first += places(1).count() as f64;
    }
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, sum) in [
            ("nDCG@10", self.ndcg),
            ("MRR@10", self.reciprocal_rank),
            ("MAP", self.average_precision),
            ("R@10", self.recall_10),
            ("R@100", self.recall_100),
            ("S@1", self.first),
        ] {
            writeln!(f, "{name} {:.4}", sum / self.queries)?;
        }
        Ok(())
    }
}

/// What the first ten are worth, the lower the less.
fn discounted_gain(grades: &[i32]) -> f64 {
    let gains = (2..).zip(grades).take(10);
    gains.map(|(place, grade)| (2f64.powi(*grade) - 1.0) / f64::from(place).log2()).sum()
}

fn field(line: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match &line[*name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn read(file: &Path) -> Fallible<BufReader<Box<dyn Read>>> {
    let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let is_compressed = file.extension().is_some_and(|ending| ending == "gz");
    Ok(BufReader::new(if is_compressed {
        Box::new(MultiGzDecoder::new(opened))
    } else {
        Box::new(opened)
    }))
}

fn lines(file: &Path) -> Fallible<Vec<Value>> {
    let mut values = Vec::new();
    for (number, line) in (1..).zip(read(file)?.lines()) {
        let line = line.map_err(|error| format!("{}: {error}", file.display()))?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line)
                .map_err(|error| format!("{}, line {number}: {error}", file.display()))?;
            values.push(value);
        }
    }
    Ok(values)
}
