//! What the index keeps of an article: one document per text, with the times of its life.

use std::collections::BTreeSet;
use std::iter::once;
use std::ops::Range;

use firstline_core::{About, Article, ArticleId, Audience, Edition, Language, Tag, Timestamp};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TokenizerManager};
use tantivy::{TantivyDocument, Term};

use crate::experience::Reception;
use crate::meaning::Model;
use crate::shelf::Layout;
use crate::words::{Analyser, Analysers, Manner, joined, suspects, telling_title};

/// Names of the columns, which tantivy looks up by name.
pub(crate) mod column {
    pub(crate) const ARTICLE: &str = "article";
    pub(crate) const EDITION: &str = "edition";
    pub(crate) const AUDIENCE: &str = "audience";
    pub(crate) const PRIMARY: &str = "primary";
    pub(crate) const TAG: &str = "tag";
    pub(crate) const PRODUCT: &str = "product";
    pub(crate) const VERSION: &str = "version";
    pub(crate) const CATEGORY: &str = "category";
    /// From when on the text is to be found, and from when on no more, in milliseconds.
    pub(crate) const FROM: &str = "from";
    pub(crate) const UNTIL: &str = "until";
    /// How many readers say that it helped, and that it did not.
    pub(crate) const HELPFUL: &str = "helpful";
    pub(crate) const NOT_HELPFUL: &str = "not_helpful";
    /// When its text last changed, in milliseconds; nothing if that is not known.
    pub(crate) const CHANGED: &str = "changed";
    /// Its vector, where the host has a model.
    pub(crate) const VECTOR: &str = "vector";
}

/// The schema and its fields. All of it follows from the source code and the name of the model, so
/// any two are equal.
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    article: Field,
    edition: Field,
    audience: Field,
    primary: Field,
    tag: Field,
    product: Field,
    version: Field,
    category: Field,
    from: Field,
    until: Field,
    helpful: Field,
    not_helpful: Field,
    changed: Field,
    vector: Option<Field>,
    pub(crate) model: Model,
    /// The whole tag of the language, as it was written.
    pub(crate) language: Field,
    /// The title as it was written, for showing.
    pub(crate) title: Field,
    /// What the text is called: its title, or how it begins where it has none.
    pub(crate) name: Field,
    /// The body behind the mark of its manner, for finding and for showing.
    pub(crate) body: Field,
    /// The codes, paths and addresses of both, words with a hyphen as one, and the parts of words in
    /// camel case. Only for finding.
    pub(crate) exact: Field,
    analysers: Analysers,
    /// Those that read articles as they come in, with a memory.
    reading: Analysers,
}

impl Fields {
    pub(crate) fn new(model: Model) -> Self {
        let mut schema = Schema::builder();
        let number = NumericOptions::default().set_fast();
        let label = TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
        let article = schema.add_u64_field(column::ARTICLE, number.clone().set_indexed());
        let edition = schema.add_u64_field(column::EDITION, number.clone());
        let audience = schema.add_u64_field(column::AUDIENCE, number.clone());
        let from = schema.add_u64_field(column::FROM, number.clone());
        let until = schema.add_u64_field(column::UNTIL, number.clone());
        let helpful = schema.add_u64_field(column::HELPFUL, number.clone());
        let not_helpful = schema.add_u64_field(column::NOT_HELPFUL, number.clone());
        let changed = schema.add_u64_field(column::CHANGED, number);
        let primary = schema.add_text_field(column::PRIMARY, label.clone());
        let product = schema.add_text_field(column::PRODUCT, label.clone());
        let version = schema.add_text_field(column::VERSION, label.clone());
        let category = schema.add_text_field(column::CATEGORY, label.clone());
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
        let vector = model.embedder.as_ref().map(|model| {
            // The name of the model is part of the schema: with another one the index starts anew.
            schema.add_bool_field(&format!("model {}", model.name()), NumericOptions::default());
            schema.add_bytes_field(column::VECTOR, FAST)
        });
        let schema = schema.build();
        let analysers = Analysers::of_words();
        let reading = analysers.remembering();
        Self {
            schema,
            article,
            edition,
            audience,
            primary,
            tag,
            product,
            version,
            category,
            from,
            until,
            helpful,
            not_helpful,
            changed,
            vector,
            model,
            language,
            title,
            name,
            body,
            exact,
            analysers,
            reading,
        }
    }

    pub(crate) fn analyser(&self, manner: Manner) -> Analyser {
        self.analysers.of(manner)
    }

    /// The schema, and the analysers of all texts under the names that it gives them.
    pub(crate) fn layout(&self) -> Layout {
        let tokenizers = TokenizerManager::default();
        tokenizers.register(ANALYSER, self.reading.clone());
        tokenizers.register(EXACT_ANALYSER, self.reading.of_exact());
        Layout { schema: self.schema.clone(), tokenizers }
    }

    /// Gives back what was remembered while articles came in.
    pub(crate) fn forget_words(&self) {
        self.reading.forget();
    }

    /// Names all documents of an article.
    pub(crate) fn term(&self, article: ArticleId) -> Term {
        Term::from_field_u64(self.article, article.0)
    }

    /// The documents of an article: one for each text that is to be found, in each stretch of time
    /// in which it, its audience and its labels stay the same.
    pub(crate) fn documents(
        &self,
        id: ArticleId,
        article: &Article,
        reception: Reception,
    ) -> Vec<TantivyDocument> {
        showings(article)
            .into_iter()
            .zip(0..)
            .map(|(shown, ordinal)| {
                let mut document = self.document(&shown.language, &shown.edition);
                document.add_u64(self.article, id.0);
                document.add_u64(self.edition, ordinal);
                document.add_u64(self.audience, rank(shown.audience));
                document.add_u64(self.from, shown.times.start);
                document.add_u64(self.until, shown.times.end);
                document.add_u64(self.helpful, reception.helpful.into());
                document.add_u64(self.not_helpful, reception.not_helpful.into());
                if let Some(changed) = shown.changed.max(reception.changed_at.map(millis)) {
                    document.add_u64(self.changed, changed);
                }
                let About { product, versions, category, .. } = &article.about;
                let labels = [(self.product, product), (self.category, category)];
                for (field, label) in labels {
                    if let Some(label) = label {
                        document.add_text(field, label.as_str());
                    }
                }
                versions.iter().for_each(|it| document.add_text(self.version, it.as_str()));
                shown.tags.iter().for_each(|tag| document.add_text(self.tag, tag.as_str()));
                document
            })
            .collect()
    }

    /// What is kept of a text alone.
    fn document(&self, language: &Language, edition: &Edition) -> TantivyDocument {
        let primary = language.primary();
        let mark = Manner::of(&primary).mark();
        let mut document = TantivyDocument::new();
        document.add_text(self.primary, &primary);
        document.add_text(self.language, language.as_str());
        document.add_text(self.title, &edition.title);
        document.add_text(self.name, format!("{mark}{}", name(edition)));
        document.add_text(self.body, format!("{mark}{}", edition.body));
        if let Some(field) = self.vector
            && let Some(vector) = self.model.stored(&format!("{}\n{}", edition.title, edition.body))
        {
            document.add_bytes(field, &vector);
        }
        let mut exact = String::from(mark);
        suspects(&edition.title, &mut exact);
        suspects(&edition.body, &mut exact);
        telling_title(&edition.title, &mut self.reading.apart(Manner::of(&primary)), &mut exact);
        for text in [&edition.title, &edition.body] {
            joined(text, |_, word| {
                exact.push_str(word);
                exact.push(' ');
            });
        }
        if exact.len() > mark.len_utf8() {
            document.add_text(self.exact, exact);
        }
        document
    }
}

/// A text as it is shown for a while.
struct Showing {
    language: Language,
    edition: Edition,
    audience: Audience,
    tags: BTreeSet<Tag>,
    times: Range<u64>,
    /// When it came by itself, unless it is there now.
    changed: Option<u64>,
}

/// What of an article is shown when, if nobody touches it: drafts come and texts go on their days.
fn showings(article: &Article) -> Vec<Showing> {
    let turns: Vec<Timestamp> = article.turns().into_iter().collect();
    let starts = once(0).chain(turns.iter().copied().map(millis));
    let ends = turns.iter().copied().map(millis).chain(once(u64::MAX));
    let later = turns.iter().map(|at| article.clone().at(*at));
    let states = once(article.clone()).chain(later);
    let mut showings: Vec<Showing> = Vec::new();
    for (state, (start, end)) in states.zip(starts.zip(ends)) {
        if state.retired || start == end {
            continue;
        }
        for (language, edition) in state.editions {
            let (audience, tags) = (state.audience, state.tags.clone());
            let before = showings.iter_mut().rfind(|it| it.language == language);
            let before = before.filter(|it| it.edition == edition);
            let is_there = article.editions.get(&language) == Some(&edition);
            let came = before.as_ref().map_or(Some(start), |it| it.changed);
            let changed = came.filter(|_| !is_there);
            let same = before
                .filter(|it| (it.times.end, it.audience, &it.tags) == (start, audience, &tags));
            if let Some(same) = same {
                same.times.end = end;
            } else {
                let times = start..end;
                showings.push(Showing { language, edition, audience, tags, times, changed });
            }
        }
    }
    showings
}

/// A moment as a number. Journals have none before 1970.
pub(crate) fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or_default()
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
const ANALYSER: &str = "firstline-9";
const EXACT_ANALYSER: &str = "firstline-exact";

/// An audience as a number: whoever may see a higher one may see the lower ones.
pub(crate) fn rank(audience: Audience) -> u64 {
    match audience {
        Audience::Public => 0,
        Audience::Customer => 1,
        Audience::Internal => 2,
    }
}
