//! The search index against bare tantivy on the same articles and the same questions.
//!
//! Bare tantivy gets what its manual shows: two stemmed fields, an OR query of all words with the
//! title boosted, the top ten by score. "Shown" adds what any host needs next and ours always
//! does: the stored documents and a snippet of each.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use firstline_core::{Article, ArticleId, Audience, Edition, Timestamp};
use firstline_knowledge::{Index, Question, Revision};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::TokenStream;
use tantivy::{Searcher, TantivyDocument, Term};

const ARTICLES: u64 = 100_000;
/// The articles beside which one is edited.
const SHELF: u64 = 10_000;
const HITS: usize = 10;

/// Texts whose words are as unevenly frequent as those of a language: the n-th most frequent one
/// comes about once in n.
struct Author {
    state: u64,
}

impl Author {
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.state >> 33) % end
    }

    fn word(&mut self) -> String {
        let rank = (9.9 * self.below(1 << 20) as f64 / f64::from(1 << 20)).exp() as u64;
        let syllables = ["ka", "lo", "mi", "tu", "re", "so", "ba", "ne"];
        let mut word = String::from("w");
        let mut rest = rank;
        while rest > 0 {
            word += syllables[(rest % 8) as usize];
            rest /= 8;
        }
        word
    }

    fn text(&mut self, words: u64) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn edition(&mut self) -> Edition {
        let (title, body) = (3 + self.below(6), 40 + self.below(300));
        Edition { title: self.text(title), body: self.text(body) }
    }
}

fn articles(count: u64) -> Vec<Revision> {
    let mut author = Author { state: 1 };
    (1..=count)
        .map(|seq| {
            let editions = BTreeMap::from([("en".into(), author.edition())]);
            let state = Article { editions, ..Article::default() };
            Revision { seq, article: ArticleId(seq), state: Some(state) }
        })
        .collect()
}

fn questions() -> Vec<String> {
    let mut author = Author { state: 2 };
    (0..64).map(|n| author.text(3 + n % 10)).collect()
}

fn ours(index: &Index, text: &str) -> usize {
    let question = Question { audience: Audience::Internal, limit: HITS, ..Question::new(text) };
    index.search(&question, Timestamp::MAX).expect("the index is sound").len()
}

/// tantivy as its manual shows it.
struct Bare {
    searcher: Searcher,
    title: Field,
    body: Field,
}

impl Bare {
    fn new(revisions: &[Revision]) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = TextOptions::default().set_stored().set_indexing_options(words);
        let title = schema.add_text_field("title", text.clone());
        let body = schema.add_text_field("body", text);
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
        let editions = revisions.iter().filter_map(|revision| revision.state.as_ref());
        for edition in editions.flat_map(|article| article.editions.values()) {
            let mut document = TantivyDocument::new();
            document.add_text(title, &edition.title);
            document.add_text(body, &edition.body);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(Self { searcher: index.reader()?.searcher(), title, body })
    }

    fn query(&self, text: &str) -> tantivy::Result<BooleanQuery> {
        let mut analyser = self.searcher.index().tokenizer_for_field(self.body)?;
        let mut stream = analyser.token_stream(text);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        while stream.advance() {
            let word = |field| {
                let term = Term::from_field_text(field, &stream.token().text);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            };
            clauses.push((Occur::Should, Box::new(BoostQuery::new(word(self.title), 2.0))));
            clauses.push((Occur::Should, word(self.body)));
        }
        Ok(BooleanQuery::new(clauses))
    }

    fn ranked(&self, text: &str) -> tantivy::Result<usize> {
        let top = TopDocs::with_limit(HITS).order_by_score();
        Ok(self.searcher.search(&self.query(text)?, &top)?.len())
    }

    fn shown(&self, text: &str) -> tantivy::Result<usize> {
        let query = self.query(text)?;
        let top = self.searcher.search(&query, &TopDocs::with_limit(HITS).order_by_score())?;
        let mut snippets = SnippetGenerator::create(&self.searcher, &query, self.body)?;
        snippets.set_max_num_chars(320);
        for (_, address) in &top {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            black_box(snippets.snippet_from_doc(&document));
        }
        Ok(top.len())
    }
}

/// The median over all questions of the time that one takes.
fn median(questions: &[String], mut search: impl FnMut(&str) -> usize) -> Duration {
    let mut times: Vec<Duration> = questions
        .iter()
        .map(|text| {
            let start = Instant::now();
            for _ in 0..20 {
                black_box(search(text));
            }
            start.elapsed() / 20
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn search(criterion: &mut Criterion) {
    let revisions = articles(ARTICLES);
    let questions = questions();
    let index = Index::in_memory();
    index.absorb(&revisions).expect("memory does not fail");
    let bare = Bare::new(&revisions).expect("memory does not fail");
    let ranked = |text: &str| bare.ranked(text).expect("the index is sound");
    let shown = |text: &str| bare.shown(text).expect("the index is sound");

    let [ours_took, ranked_took, shown_took] = [
        median(&questions, |text| ours(&index, text)),
        median(&questions, ranked),
        median(&questions, shown),
    ];
    println!(
        "{ARTICLES} articles, median question: ours {ours_took:?}; bare tantivy {ranked_took:?}, \
         with documents and snippets {shown_took:?}: ratio {:.2}",
        ours_took.as_secs_f64() / shown_took.as_secs_f64(),
    );

    let mut group = criterion.benchmark_group("search 100,000 articles");
    let mut next = questions.iter().cycle();
    let mut text = move || next.next().expect("a cycle has no end").as_str();
    group.bench_function("ours", |b| b.iter(|| ours(&index, text())));
    group.bench_function("bare tantivy", |b| b.iter(|| ranked(text())));
    group.bench_function("bare tantivy, shown", |b| b.iter(|| shown(text())));
    group.finish();
}

fn absorb(criterion: &mut Criterion) {
    let revisions = articles(1_000);
    let mut group = criterion.benchmark_group("absorb");
    group.sample_size(10);
    let on_disk = |revisions: &[Revision]| {
        let dir = tempfile::tempdir().expect("a place for files");
        let index = Index::open(dir.path()).expect("an empty folder");
        index.absorb(revisions).expect("room on the disk");
        dir
    };
    group.bench_function("1,000 articles in memory", |b| {
        b.iter_batched(Index::in_memory, |index| index.absorb(&revisions), BatchSize::PerIteration);
    });
    group.bench_function("1,000 articles on disk", |b| b.iter(|| on_disk(&revisions)));

    let dir = tempfile::tempdir().expect("a place for files");
    let index = Index::open(dir.path()).expect("an empty folder");
    index.absorb(&articles(SHELF)).expect("room on the disk");
    let edits = revisions.iter().cycle().zip(SHELF + 1..);
    let mut edits = edits.map(|(edit, seq)| [Revision { seq, ..edit.clone() }]);
    group.bench_function("1 edited article beside 10,000 on disk", |b| {
        b.iter(|| index.absorb(&edits.next().expect("a cycle has no end")));
    });
    group.finish();
}

criterion_group!(benches, search, absorb);
criterion_main!(benches);
