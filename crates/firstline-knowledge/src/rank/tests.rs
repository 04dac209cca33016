//! The ranking against a plain count of all words in all texts.

use std::collections::BTreeMap;

use firstline_core::{Article, ArticleId, Audience, Edition};

use super::*;
use crate::{Index, Revision};

/// Short texts of words that are as unevenly frequent as those of a language.
fn texts(count: usize) -> Vec<(String, String)> {
    let mut state = 7u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % end
    };
    let mut text = |words: u64| {
        let words = (0..words).map(|_| {
            let end = 1 + below(400);
            format!("w{} ", below(end))
        });
        words.collect::<String>()
    };
    (0..count as u64).map(|n| (text(n % 4), text(1 + n % 11))).collect()
}

fn revision(seq: u64, (title, body): &(String, String)) -> Revision {
    let edition = Edition { title: title.clone(), body: body.clone() };
    let article = Article {
        audience: Audience::Public,
        tags: BTreeSet::new(),
        editions: BTreeMap::from([("en".into(), edition)]),
        retired: false,
    };
    Revision { seq, article: ArticleId(seq), state: Some(article) }
}

/// The scores of all texts, by the formula alone.
fn plain_scores(texts: &[(String, String)], question: &str) -> Vec<f64> {
    let count = |text: &str, word: &str| text.split(' ').filter(|w| *w == word).count() as f64;
    let length = |text: &str| {
        let words = text.split_whitespace().count() as u32;
        f64::from(FieldNormReader::id_to_fieldnorm(FieldNormReader::fieldnorm_to_id(words)))
    };
    let all = texts.len() as f64;
    let average_title = texts.iter().map(|(title, _)| length(title)).sum::<f64>() / all;
    let average_body = texts.iter().map(|(_, body)| length(body)).sum::<f64>() / all;
    let words: BTreeSet<&str> = question.split_whitespace().collect();
    let mut scores = vec![0.0; texts.len()];
    for word in words {
        let with_title = texts.iter().filter(|(title, _)| count(title, word) > 0.0).count();
        let with_body = texts.iter().filter(|(_, body)| count(body, word) > 0.0).count();
        let with = with_title.max(with_body) as f64;
        let rarity = ((all - with + 0.5) / (with + 0.5)).ln_1p();
        for (score, (title, body)) in scores.iter_mut().zip(texts) {
            let place = |text: &str, average: f64, matters: f32| {
                let matters = f64::from(matters);
                count(text, word) / (1.0 - matters + matters * length(text) / average)
            };
            let strength = f64::from(TITLE_WEIGHT) * place(title, average_title, TITLE_LENGTH)
                + place(body, average_body, BODY_LENGTH);
            let k1 = f64::from(SATURATION);
            *score += rarity * (1.0 + k1) * strength / (k1 + strength);
        }
    }
    scores
}

#[test]
fn leaving_texts_out_early_leaves_no_good_one_out() {
    // More texts than the walk takes in one window, in several segments, some of them outdated.
    let texts = texts(6_000);
    let index = Index::in_memory();
    let outdated = ("w0 w1".to_owned(), "w2 w3".to_owned());
    let mut seq = 0;
    for part in texts.chunks(5_000) {
        let batch: Vec<Revision> =
            (seq + 1..).zip(part).map(|(n, text)| revision(n, text)).collect();
        index.absorb(&batch).unwrap();
        seq += part.len() as u64;
    }
    for article in [1, 4_500, 5_500] {
        seq += 1;
        index.absorb(&[Revision { seq, ..revision(article, &outdated) }]).unwrap();
    }
    for article in [1, 4_500, 5_500] {
        seq += 1;
        index
            .absorb(&[Revision { seq, ..revision(article, &texts[article as usize - 1]) }])
            .unwrap();
    }
    for text in
        ["w0", "w399", "w0 w1 w2 w3 w4 w5", "w350 w0 w1", "w20 w200 w2", "w7 w7 w90 w0 w391"]
    {
        let plain = plain_scores(&texts, text);
        let mut sorted = plain.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        for limit in [1, 10, 100] {
            let question =
                Question { text, audience: Audience::Public, language: None, tags: &[], limit };
            let hits = index.search(&question).unwrap();
            assert_eq!(
                hits.len(),
                limit.min(sorted.iter().filter(|s| **s > 0.0).count()),
                "{text}"
            );
            for (hit, expected) in hits.iter().zip(&sorted) {
                let score = f64::from(hit.score);
                let own = plain[hit.article.0 as usize - 1];
                assert!((score - own).abs() < 1e-4 * own, "{text}: {hit:?} should score {own}");
                assert!(
                    (score - expected).abs() < 1e-4 * expected,
                    "{text}: {hit:?} before {expected}"
                );
            }
        }
    }
}
