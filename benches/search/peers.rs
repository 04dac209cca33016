//! What a host would use otherwise: tantivy as its manual shows it, SQLite's full-text index.

use std::hint::black_box;
use std::path::Path;

use firstline_core::{Article, Edition};
use firstline_knowledge::{MAX_SNIPPET_BYTES, Revision};
use rusqlite::Connection;
use tantivy::collector::TopDocs;
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
    TokenStream,
};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

/// The page that everybody fills.
pub(crate) const HITS: usize = 10;

const LANGUAGES: [(&str, Language); 2] = [("en", Language::English), ("ru", Language::Russian)];

/// The words of a question, without the empty ones: what both peers are asked for. They are of one
/// language, that of the script.
pub(crate) struct Asked {
    is_russian: bool,
    words: Vec<String>,
}

impl Asked {
    pub(crate) fn new(text: &str) -> Self {
        let is_russian = text.chars().any(|c| ('а'..='я').contains(&c));
        let mut analyser = analyser(LANGUAGES[usize::from(is_russian)].1, false);
        let mut words: Vec<String> = Vec::new();
        analyser.token_stream(text).process(&mut |token| {
            if words.len() < firstline_knowledge::MAX_QUESTION_WORDS && !words.contains(&token.text)
            {
                words.push(token.text.clone());
            }
        });
        Self { is_russian, words }
    }
}

fn analyser(language: Language, with_stems: bool) -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(StopWordFilter::new(language).expect("both have stop words"));
    if with_stems { words.filter(Stemmer::new(language)).build() } else { words.build() }
}

fn editions(revisions: &[Revision]) -> impl Iterator<Item = (usize, &Edition)> {
    let articles = revisions.iter().filter_map(|revision| revision.state.as_ref());
    articles
        .flat_map(|Article { editions, .. }| editions)
        .map(|(language, edition)| (usize::from(language.as_str() == "ru"), edition))
}

/// tantivy: a stemmed title and body for each language, an OR query of all words with the title
/// boosted, the top ten by score.
pub(crate) struct Bare {
    searcher: Searcher,
    /// Title and body of each language.
    fields: [[Field; 2]; 2],
}

impl Bare {
    pub(crate) fn new(folder: &Path, revisions: &[Revision]) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let fields = LANGUAGES.map(|(name, _)| {
            let words = TextFieldIndexing::default()
                .set_tokenizer(name)
                .set_index_option(IndexRecordOption::WithFreqs);
            let text = TextOptions::default().set_stored().set_indexing_options(words);
            let title = schema.add_text_field(&format!("title_{name}"), text.clone());
            [title, schema.add_text_field(&format!("body_{name}"), text)]
        });
        let index = Index::create_in_dir(folder, schema.build())?;
        for (name, language) in LANGUAGES {
            index.tokenizers().register(name, analyser(language, true));
        }
        // As much memory and as many threads as ours takes for a whole library at once.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(60_000_000)
            .build();
        let mut writer: IndexWriter = index.writer_with_options(options)?;
        for (language, edition) in editions(revisions) {
            let [title, body] = fields[language];
            let mut document = TantivyDocument::new();
            document.add_text(title, &edition.title);
            document.add_text(body, &edition.body);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(Self { searcher: index.reader()?.searcher(), fields })
    }

    fn query(&self, asked: &Asked) -> BooleanQuery {
        let language = usize::from(asked.is_russian);
        let [title, body] = self.fields[language];
        let mut stems = TextAnalyzer::builder(tantivy::tokenizer::RawTokenizer::default())
            .filter(Stemmer::new(LANGUAGES[language].1))
            .build();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for word in &asked.words {
            let mut stream = stems.token_stream(word);
            stream.advance();
            let term = |field| {
                let term = Term::from_field_text(field, &stream.token().text);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            };
            clauses.push((Occur::Should, Box::new(BoostQuery::new(term(title), 2.0))));
            clauses.push((Occur::Should, term(body)));
        }
        BooleanQuery::new(clauses)
    }

    /// Which ten, and no more.
    pub(crate) fn ranked(&self, asked: &Asked) -> tantivy::Result<usize> {
        let top = TopDocs::with_limit(HITS).order_by_score();
        Ok(self.searcher.search(&self.query(asked), &top)?.len())
    }

    /// With what any host needs next and ours always does: the documents, and a snippet of each.
    pub(crate) fn shown(&self, asked: &Asked) -> tantivy::Result<usize> {
        let query = self.query(asked);
        let top = self.searcher.search(&query, &TopDocs::with_limit(HITS).order_by_score())?;
        let [_, body] = self.fields[usize::from(asked.is_russian)];
        let mut snippets = SnippetGenerator::create(&self.searcher, &query, body)?;
        snippets.set_max_num_chars(MAX_SNIPPET_BYTES);
        for (_, address) in &top {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            black_box(snippets.snippet_from_doc(&document));
        }
        Ok(top.len())
    }
}

/// SQLite's FTS5: stems of English, which leaves Russian words as they are.
pub(crate) struct Fts5(Connection);

impl Fts5 {
    pub(crate) fn new(file: &Path, revisions: &[Revision]) -> rusqlite::Result<Self> {
        let mut connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA cache_size = -200000; PRAGMA mmap_size = 2000000000;
             CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize = 'porter unicode61');",
        )?;
        let transaction = connection.transaction()?;
        {
            let mut insert =
                transaction.prepare("INSERT INTO articles (title, body) VALUES (?, ?)")?;
            for (_, edition) in editions(revisions) {
                insert.execute([&edition.title, &edition.body])?;
            }
        }
        transaction.commit()?;
        connection.execute_batch(
            "INSERT INTO articles (articles) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE);",
        )?;
        Ok(Self(connection))
    }

    fn ask(&self, asked: &Asked, what: &str) -> rusqlite::Result<usize> {
        let words: Vec<String> = asked.words.iter().map(|word| format!("\"{word}\"")).collect();
        let mut statement = self.0.prepare_cached(&format!(
            "SELECT {what} FROM articles WHERE articles MATCH ?
             ORDER BY bm25(articles, 2.0, 1.0) LIMIT {HITS}"
        ))?;
        let mut rows = statement.query([words.join(" OR ")])?;
        let mut found = 0;
        while let Some(row) = rows.next()? {
            black_box(row.get_ref(0)?);
            found += 1;
        }
        Ok(found)
    }

    /// Which ten, and no more.
    pub(crate) fn ranked(&self, asked: &Asked) -> rusqlite::Result<usize> {
        self.ask(asked, "rowid")
    }

    /// With titles and snippets.
    pub(crate) fn shown(&self, asked: &Asked) -> rusqlite::Result<usize> {
        self.ask(asked, "snippet(articles, 1, '[', ']', '', 40), title")
    }
}
