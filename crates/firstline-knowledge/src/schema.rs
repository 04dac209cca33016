//! What the index keeps of an article: one document per edition.

use firstline_core::{Article, ArticleId, Audience, Edition};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TextAnalyzer, TokenizerManager};
use tantivy::{TantivyDocument, Term};

use crate::words::{Analysers, Manner};

/// Names of the columns, which tantivy looks up by name.
pub(crate) mod column {
    pub(crate) const ARTICLE: &str = "article";
    pub(crate) const EDITION: &str = "edition";
    pub(crate) const AUDIENCE: &str = "audience";
    pub(crate) const PRIMARY: &str = "primary";
    pub(crate) const TAG: &str = "tag";
}

/// The schema and its fields. All of it follows from the source code, so any two are equal.
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    article: Field,
    edition: Field,
    audience: Field,
    primary: Field,
    tag: Field,
    /// The whole tag of the language, as it was written.
    pub(crate) language: Field,
    /// The title as it was written, for showing.
    pub(crate) title: Field,
    /// What the text is called: its title, or how it begins where it has none.
    pub(crate) name: Field,
    /// The body behind the mark of its manner, for finding and for showing.
    pub(crate) body: Field,
    /// The codes, paths and addresses of both, and the parts of words in camel case. Only for
    /// finding.
    pub(crate) exact: Field,
    analysers: Analysers,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let number = NumericOptions::default().set_fast();
        let label = TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
        let article = schema.add_u64_field(column::ARTICLE, number.clone().set_indexed());
        let edition = schema.add_u64_field(column::EDITION, number.clone());
        let audience = schema.add_u64_field(column::AUDIENCE, number);
        let primary = schema.add_text_field(column::PRIMARY, label.clone());
        let tag = schema.add_text_field(column::TAG, label);
        let stored = TextOptions::default().set_stored();
        let language = schema.add_text_field("language", stored.clone());
        let title = schema.add_text_field("title", stored.clone());
        let words = TextFieldIndexing::default()
            .set_tokenizer(ANALYSER)
            .set_index_option(IndexRecordOption::WithFreqs);
        let indexed = TextOptions::default().set_indexing_options(words);
        let name = schema.add_text_field("name", indexed.clone());
        let body = schema.add_text_field("body", indexed | stored);
        let wholes = TextFieldIndexing::default()
            .set_tokenizer(EXACT_ANALYSER)
            .set_index_option(IndexRecordOption::WithFreqs)
            .set_fieldnorms(false);
        let exact =
            schema.add_text_field("exact", TextOptions::default().set_indexing_options(wholes));
        let schema = schema.build();
        let analysers = Analysers::of_words();
        Self {
            schema,
            article,
            edition,
            audience,
            primary,
            tag,
            language,
            title,
            name,
            body,
            exact,
            analysers,
        }
    }

    pub(crate) fn analyser(&self, manner: Manner) -> TextAnalyzer {
        self.analysers.of(manner)
    }

    /// The analyser of all texts under the name that the schema gives it.
    pub(crate) fn analysers(&self) -> TokenizerManager {
        let manager = TokenizerManager::default();
        manager.register(ANALYSER, self.analysers.clone());
        manager.register(EXACT_ANALYSER, Analysers::of_exact());
        manager
    }

    /// Names all documents of an article.
    pub(crate) fn term(&self, article: ArticleId) -> Term {
        Term::from_field_u64(self.article, article.0)
    }

    /// The documents of an article, one per edition.
    pub(crate) fn documents(&self, id: ArticleId, article: &Article) -> Vec<TantivyDocument> {
        let editions = article.editions.iter().zip(0..);
        editions
            .map(|((language, text), ordinal)| {
                let primary = language.primary();
                let mark = Manner::of(&primary).mark();
                let mut document = TantivyDocument::new();
                document.add_u64(self.article, id.0);
                document.add_u64(self.edition, ordinal);
                document.add_u64(self.audience, rank(article.audience));
                document.add_text(self.primary, primary);
                document.add_text(self.language, language.as_str());
                document.add_text(self.title, &text.title);
                document.add_text(self.name, format!("{mark}{}", name(text)));
                document.add_text(self.body, format!("{mark}{}", text.body));
                document.add_text(self.exact, format!("{mark}{}\n{}", text.title, text.body));
                for tag in &article.tags {
                    document.add_text(self.tag, tag.as_str());
                }
                document
            })
            .collect()
    }
}

/// What an edition is called: its title, or how it begins where it has none.
fn name(edition: &Edition) -> &str {
    if !edition.title.trim().is_empty() {
        return &edition.title;
    }
    let end = edition.body.char_indices().nth(OPENING_LETTERS);
    end.map_or(&*edition.body, |(end, _)| &edition.body[..end])
}

/// How much of a body without a title stands for one, in characters. Authors say early what a text
/// is about; anything from 400 to 700 serves about equally well.
const OPENING_LETTERS: usize = 600;

/// The name carries the version of the whole index: it is part of the schema on disk, so that an
/// index of another version is known by its schema alone. Raise the number whenever the same
/// article would be indexed differently.
const ANALYSER: &str = "firstline-3";
const EXACT_ANALYSER: &str = "firstline-exact";

/// An audience as a number: whoever may see a higher one may see the lower ones.
pub(crate) fn rank(audience: Audience) -> u64 {
    match audience {
        Audience::Public => 0,
        Audience::Customer => 1,
        Audience::Internal => 2,
    }
}
