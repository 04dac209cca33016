//! Stories of an index: what happened to the articles, what was asked, what was found.

mod evaluation;
mod failing;
mod hostile;
mod laws;
mod learning;
mod lifetime;
mod looking;
mod meaning;
mod narrowing;
mod sharing;
mod slips;
mod times;

use std::collections::BTreeMap;

use firstline_core::{Article, ArticleId, Audience, Edition, Language, Tag};

use super::*;

const NOTHING: [u64; 0] = [];

/// When questions are asked, where a story says nothing else.
const NOW: Timestamp = Timestamp::from_millis(1_772_442_000_000).unwrap();

/// Hosts keep one index and ask it from all their threads.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Index>();
};

/// An article for everybody: `(language, title, body)` for each edition.
fn article(editions: &[(&str, &str, &str)]) -> Article {
    let editions = editions.iter().map(|&(language, title, body)| {
        (Language::from(language), Edition { title: title.into(), body: body.into() })
    });
    Article { editions: BTreeMap::from_iter(editions), ..Article::default() }
}

fn publish(seq: u64, id: u64, editions: &[(&str, &str, &str)]) -> Revision {
    Revision {
        seq,
        article: ArticleId(id),
        state: Some(article(editions)),
        reception: Reception::default(),
    }
}

/// A question that an agent asks: every language, every audience.
fn agent(text: &str) -> Question<'_> {
    Question { audience: Audience::Internal, ..Question::new(text) }
}

#[track_caller]
fn ask(index: &Index, question: &Question<'_>) -> Vec<u64> {
    let hits = index.search(question, NOW).expect("no question is an error");
    hits.iter().map(|hit| hit.article.0).collect()
}

/// An index in memory that has read these revisions.
#[track_caller]
fn indexed(revisions: &[Revision]) -> Index {
    let index = Index::in_memory();
    index.absorb(revisions).expect("memory does not fail");
    index
}

/// Three articles that the stories share.
fn shelf() -> Vec<Revision> {
    vec![
        publish(
            1,
            1,
            &[
                ("en", "Printer reports E1042", "Close the paper tray and restart the printer."),
                ("ru", "Принтер сообщает E1042", "Закройте лоток и перезапустите принтер."),
            ],
        ),
        publish(
            2,
            2,
            &[("en", "Sign in fails with 0x80070005", "Update to version 2.4.1, then sign in.")],
        ),
        publish(
            3,
            3,
            &[("ru", "Не приходит счёт на оплату", "Проверьте адрес, на который шлём счета.")],
        ),
    ]
}

/// What a search says, without the parts of the result that a story is not about.
fn summary(index: &Index, text: &str) -> Vec<(u64, String, u32)> {
    let hits = index.search(&agent(text), NOW).expect("no question is an error");
    let parts = hits.iter();
    parts.map(|hit| (hit.article.0, hit.language.to_string(), hit.score.to_bits())).collect()
}

fn tags(names: &[&str]) -> Vec<Tag> {
    names.iter().map(|name| Tag::from(*name)).collect()
}
