//! A hundred thousand articles and the questions that people ask of them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use firstline_core::{Article, ArticleId, Edition};
use firstline_knowledge::{Reception, Revision};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The articles and what is asked of them.
pub(crate) struct Library {
    pub(crate) revisions: Vec<Revision>,
    pub(crate) questions: Vec<String>,
    /// Requests of several lines, as tickets have them: a subject and a text.
    pub(crate) requests: Vec<(String, String)>,
    /// Where the words come from.
    pub(crate) origin: &'static str,
}

/// The public collections: their folder, their texts, and whether their queries are requests.
const COLLECTIONS: [(&str, &[&str], bool); 7] = [
    ("stackfaq_en", &["corpus.jsonl"], false),
    ("kb_vkcloud", &["articles_ru.jsonl.gz", "articles_en.jsonl.gz"], false),
    ("kb_ms365_ru", &["articles.jsonl.gz"], false),
    ("kb_magento_en", &["articles.jsonl.gz"], false),
    ("npl_vaswani", &["corpus.jsonl.gz"], false),
    ("gitbugs_hadoop_dups", &["corpus.jsonl.gz"], true),
    ("gitbugs_seamonkey_dups", &["corpus.jsonl"], true),
];

impl Library {
    /// So many articles, from the public collections if they lie beside the project.
    pub(crate) fn new(count: usize) -> Self {
        let (questions, requests) = asked();
        let (texts, origin) = match collections() {
            Some(folder) => (collected(&folder, count), "made from public collections"),
            None => (invented(count), "of made-up words"),
        };
        Self { revisions: revisions(texts), questions, requests, origin }
    }
}

fn collections() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    folder.is_dir().then_some(folder)
}

/// The questions, and the requests of several lines.
pub(crate) fn asked() -> (Vec<String>, Vec<(String, String)>) {
    let (mut questions, mut requests) = (Vec::new(), Vec::new());
    let Some(folder) = collections() else {
        let mut lots = Lots { state: 2 };
        questions.extend((0..500).map(|n| lots.text(3 + n % 10)));
        requests.extend((0..60).map(|n| (lots.text(6), lots.text(50 + n))));
        return (questions, requests);
    };
    for (name, _, are_requests) in COLLECTIONS {
        for query in lines(&folder.join(name).join("queries.jsonl")) {
            let (title, text) = (field(&query, &["title"]), field(&query, &["text"]));
            if are_requests {
                requests.push((title, text));
            } else {
                questions.push(text);
            }
        }
    }
    (questions, requests)
}

/// As many texts as are wanted from those that are there: first each as it is, then others of the
/// beginning of one and the end of another of its collection. So words stay as frequent as they
/// are, and stand together as they do.
fn collected(folder: &Path, count: usize) -> Vec<(String, Edition)> {
    let mut lots = Lots { state: 1 };
    let shelves = COLLECTIONS.map(|(name, files, _)| -> Vec<Text> {
        let lines_of = |file: &&str| lines(&folder.join(name).join(file));
        files.iter().flat_map(lines_of).map(|line| Text::of(&line)).collect()
    });
    let all: usize = shelves.iter().map(Vec::len).sum();
    let mut texts = Vec::with_capacity(count);
    for round in 0..count.div_ceil(all) {
        for shelf in &shelves {
            texts.extend(shelf.iter().map(|text| match round {
                0 => (text.language.clone(), text.edition()),
                _ => (text.language.clone(), text.joined(&shelf[lots.below(shelf.len())])),
            }));
        }
    }
    // Articles come as they were written, not collection by collection.
    for last in (1..texts.len()).rev() {
        texts.swap(last, lots.below(last + 1));
    }
    texts.truncate(count);
    texts
}

/// Texts whose words are as unevenly frequent as those of a language: the n-th most frequent one
/// comes about once in n.
fn invented(count: usize) -> Vec<(String, Edition)> {
    let mut lots = Lots { state: 1 };
    let mut edition = || {
        let (title, body) = (3 + lots.below(6), 40 + lots.below(300));
        Edition { title: lots.text(title), body: lots.text(body) }
    };
    (0..count).map(|_| ("en".to_owned(), edition())).collect()
}

fn revisions(texts: Vec<(String, Edition)>) -> Vec<Revision> {
    let revision = |(seq, (language, edition)): (u64, (String, Edition))| {
        let editions = BTreeMap::from([(language.as_str().into(), edition)]);
        let state = Article { editions, ..Article::default() };
        Revision {
            seq,
            article: ArticleId(seq),
            state: Some(state),
            reception: Reception::default(),
        }
    };
    (1..).zip(texts).map(revision).collect()
}

struct Text {
    language: String,
    title: String,
    body: String,
}

impl Text {
    fn of(line: &Value) -> Self {
        let language = field(line, &["lang"]);
        Self {
            language: if language.is_empty() { "en".to_owned() } else { language },
            title: field(line, &["title"]),
            body: field(line, &["text", "body"]),
        }
    }

    fn edition(&self) -> Edition {
        Edition { title: self.title.clone(), body: self.body.clone() }
    }

    fn joined(&self, other: &Self) -> Edition {
        let half = |text: &str| {
            let middle = text.len() / 2;
            let space = (middle..text.len()).find(|at| text.as_bytes()[*at] == b' ');
            space.unwrap_or(text.len())
        };
        let (begin, end) = (&self.body[..half(&self.body)], &other.body[half(&other.body)..]);
        Edition { title: self.title.clone(), body: format!("{begin}{end}") }
    }
}

/// Numbers that fall anywhere, the same in every run.
struct Lots {
    state: u64,
}

impl Lots {
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.state >> 33) % end as u64) as usize
    }

    fn word(&mut self) -> String {
        let rank = (9.9 * self.below(1 << 20) as f64 / f64::from(1 << 20)).exp() as usize;
        let syllables = ["ka", "lo", "mi", "tu", "re", "so", "ba", "ne"];
        let mut word = String::from("w");
        let mut rest = rank;
        while rest > 0 {
            word += syllables[rest % 8];
            rest /= 8;
        }
        word
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

fn lines(file: &PathBuf) -> Vec<Value> {
    let bytes = std::fs::read(file).expect("the collection has its files");
    let mut text = String::new();
    let mut reader: Box<dyn Read> = match file.extension() {
        Some(ending) if ending == "gz" => Box::new(MultiGzDecoder::new(&*bytes)),
        _ => Box::new(&*bytes),
    };
    reader.read_to_string(&mut text).expect("the collection is text");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn field(line: &Value, names: &[&str]) -> String {
    let found = names.iter().find_map(|name| line[*name].as_str());
    found.unwrap_or_default().to_owned()
}
