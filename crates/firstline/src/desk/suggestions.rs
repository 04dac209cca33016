//! Articles for a ticket.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    ArticleId, Audience, FieldKind, FieldValue, Party, PartyId, Tag, Ticket, TicketId,
};
use firstline_knowledge::{Hit, MAX_HITS, Matter, Question, Results};

use super::Desk;
use super::cases::Words;
use crate::error::Error;

/// What it counts that an article is about the same product, beside 1 for the best fit.
const SAME_PRODUCT: f32 = 0.15;

/// What a ticket says by what it points to.
struct Pointed {
    /// In words.
    words: String,
    /// What may be the name of a product, in small letters.
    products: BTreeSet<String>,
}

impl Desk {
    /// Articles for a ticket, best first, as an agent may see them: from its subject, all that the
    /// customer wrote, its fields and the thing that it is about, by the words that weigh most.
    ///
    /// An article that has the same code of an error comes first, the more so the fewer others have it.
    /// Articles about the product come before others that fit about as well: the one that the ticket
    /// is tagged with, that its thing is, or that a field of its names. What the ticket itself was
    /// solved by does not count.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written; there is no such ticket.
    pub fn suggest(&self, ticket: TicketId, limit: usize) -> Result<Vec<Hit>, Error> {
        let words = self.words_of(ticket)?;
        let pointed = self.pointed_to(&words.state)?;
        self.sound(|| self.suggest_for(ticket, &words, &pointed, limit))
    }

    fn suggest_for(
        &self,
        ticket: TicketId,
        words: &Words,
        pointed: &Pointed,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        self.feed_index()?;
        let (index, now) = (&self.inner.index, self.now());
        let Matter { subject, text } = words.matter();
        let text = format!("{text}\n{}", pointed.words);
        let matter = Matter { subject, text: &text };
        let (text, codes) = (index.key_words(matter)?, index.codes(matter)?);
        let question = Question { audience: Audience::Internal, limit, ..Question::new(&text) };
        self.feed_lessons()?;
        let lessons = self.inner.cases.lessons_about(words.matter(), Some(ticket))?;
        if limit == 0 || codes.is_empty() && pointed.products.is_empty() {
            return Ok(index.search_with(&question, now, &lessons)?);
        }
        // What is about the product, or has the code, may stand far behind others that fit as well.
        let question = Question { limit: MAX_HITS, ..question };
        let Results { mut hits, facets, .. } = index.browse_with(&question, now, &lessons)?;
        let mut more: BTreeMap<ArticleId, f32> = BTreeMap::new();
        let is_named = |tag: &&Tag| pointed.products.contains(&tag.as_str().to_lowercase());
        for product in facets.products.keys().filter(is_named) {
            let question = Question { product: Some(product), ..question };
            let found = index.search_with(&question, now, &lessons)?;
            more.extend(found.into_iter().map(|hit| (hit.article, SAME_PRODUCT)));
        }
        let mut known: BTreeSet<ArticleId> = hits.iter().map(|hit| hit.article).collect();
        let mut with_code: BTreeMap<ArticleId, f32> = BTreeMap::new();
        for code in &codes {
            let found = index.search(&Question { text: &code.text, ..question }, now)?;
            for hit in found.into_iter().filter(|hit| code.is_in(hit)) {
                let weight = with_code.entry(hit.article).or_default();
                *weight = weight.max(code.weight);
                if known.insert(hit.article) {
                    hits.push(Hit { score: 0.0, ..hit });
                }
            }
        }
        let most = 1.0 + SAME_PRODUCT + if with_code.is_empty() { 0.0 } else { 1.0 };
        for hit in &mut hits {
            let same = [&more, &with_code].map(|it| it.get(&hit.article).copied().unwrap_or(0.0));
            hit.score = (hit.score + same.iter().sum::<f32>()) / most;
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.article.cmp(&b.article)));
        hits.truncate(limit);
        Ok(hits)
    }

    /// What a ticket points to: its labels, its thing, and the choices of its fields as people read
    /// them.
    fn pointed_to(&self, ticket: &Ticket) -> Result<Pointed, Error> {
        let mut products: Vec<String> = ticket.tags.iter().map(|tag| tag.to_string()).collect();
        let mut words: Vec<String> = Vec::new();
        let named = ticket.equipment.map(|id| self.party(PartyId::Equipment(id))).transpose()?;
        if let Some(Party::Equipment(thing)) = named.flatten() {
            let named = [thing.product, thing.model].into_iter().flatten();
            words.extend(named.clone());
            products.extend(named);
        }
        let language = ticket.language.clone().unwrap_or_else(|| "en".into());
        let rulebook = self.look_at_rules();
        for (id, field) in rulebook.book.custom_fields() {
            let (FieldKind::Choice { among } | FieldKind::Choices { among, .. }) = &field.kind
            else {
                continue;
            };
            let is_chosen = |choice: &str| match ticket.fields.get(id) {
                Some(FieldValue::Choice(chosen)) => chosen == choice,
                Some(FieldValue::Choices(chosen)) => chosen.contains(choice),
                _ => false,
            };
            for choice in among.iter().filter(|choice| is_chosen(&choice.id)) {
                let label = choice.label.in_language(&language);
                words.push(label.to_owned());
                products.extend([choice.id.clone(), label.to_owned()]);
            }
        }
        let products = products.into_iter().map(|name| name.trim().to_lowercase()).collect();
        Ok(Pointed { words: words.join("\n"), products })
    }
}
