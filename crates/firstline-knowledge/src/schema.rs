//! What the index keeps of an article: one document per edition.

use firstline_core::{Article, ArticleId, Audience};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TextAnalyzer, TokenizerManager};
use tantivy::{TantivyDocument, Term};

use crate::words::analyser;

/// Languages that share a way of taking text apart. Each family has fields and statistics of its
/// own: how rare a word is, and how long a text is, says little across languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    English,
    Russian,
    /// No stems are known; words are compared as they are.
    Other,
}

impl Family {
    pub(crate) const ALL: [Self; 3] = [Self::English, Self::Russian, Self::Other];

    /// The family of a language, by its primary subtag.
    pub(crate) fn of(primary: &str) -> Self {
        match primary {
            "en" => Self::English,
            "ru" => Self::Russian,
            _ => Self::Other,
        }
    }

    /// The name carries the version of the whole index: it is part of the schema on disk, so that
    /// an index of another version is known by its schema alone. Raise the number whenever the
    /// same article would be indexed differently.
    pub(crate) fn analyser_name(self) -> &'static str {
        match self {
            Self::English => "firstline-en-1",
            Self::Russian => "firstline-ru-1",
            Self::Other => "firstline-other-1",
        }
    }
}

/// Names of the columns, which tantivy looks up by name.
pub(crate) mod column {
    pub(crate) const ARTICLE: &str = "article";
    pub(crate) const EDITION: &str = "edition";
    pub(crate) const AUDIENCE: &str = "audience";
    pub(crate) const PRIMARY: &str = "primary";
    pub(crate) const TAG: &str = "tag";
}

/// The fields that hold the text of one family.
#[derive(Clone, Copy)]
pub(crate) struct TextFields {
    pub(crate) title: Field,
    pub(crate) body: Field,
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
    texts: [TextFields; Family::ALL.len()],
    analysers: [TextAnalyzer; Family::ALL.len()],
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let number = NumericOptions::default().set_fast();
        let name = TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
        let article = schema.add_u64_field(column::ARTICLE, number.clone().set_indexed());
        let edition = schema.add_u64_field(column::EDITION, number.clone());
        let audience = schema.add_u64_field(column::AUDIENCE, number);
        let primary = schema.add_text_field(column::PRIMARY, name.clone());
        let tag = schema.add_text_field(column::TAG, name);
        let language = schema.add_text_field("language", TextOptions::default().set_stored());
        let texts = Family::ALL.map(|family| text_fields(&mut schema, family));
        let schema = schema.build();
        let analysers = Family::ALL.map(analyser);
        Self { schema, article, edition, audience, primary, tag, language, texts, analysers }
    }

    pub(crate) fn text(&self, family: Family) -> TextFields {
        self.texts[family as usize]
    }

    /// A copy of the analyser of a family. Making one anew would cost more than most questions.
    pub(crate) fn analyser(&self, family: Family) -> TextAnalyzer {
        self.analysers[family as usize].clone()
    }

    /// The analysers under the names that the schema gives them.
    pub(crate) fn analysers(&self) -> TokenizerManager {
        let manager = TokenizerManager::default();
        for family in Family::ALL {
            manager.register(family.analyser_name(), self.analyser(family));
        }
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
                let fields = self.text(Family::of(&primary));
                let mut document = TantivyDocument::new();
                document.add_u64(self.article, id.0);
                document.add_u64(self.edition, ordinal);
                document.add_u64(self.audience, rank(article.audience));
                document.add_text(self.primary, primary);
                document.add_text(self.language, language.as_str());
                document.add_text(fields.title, &text.title);
                document.add_text(fields.body, &text.body);
                for tag in &article.tags {
                    document.add_text(self.tag, tag.as_str());
                }
                document
            })
            .collect()
    }
}

fn text_fields(schema: &mut SchemaBuilder, family: Family) -> TextFields {
    let words = TextFieldIndexing::default()
        .set_tokenizer(family.analyser_name())
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_stored().set_indexing_options(words);
    let (title, body) = match family {
        Family::English => ("title_en", "body_en"),
        Family::Russian => ("title_ru", "body_ru"),
        Family::Other => ("title_other", "body_other"),
    };
    TextFields {
        title: schema.add_text_field(title, text.clone()),
        body: schema.add_text_field(body, text),
    }
}

/// An audience as a number: whoever may see a higher one may see the lower ones.
pub(crate) fn rank(audience: Audience) -> u64 {
    match audience {
        Audience::Public => 0,
        Audience::Customer => 1,
        Audience::Internal => 2,
    }
}
