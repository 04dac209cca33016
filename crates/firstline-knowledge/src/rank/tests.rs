//! The ranking against a plain count of all words in all texts.

use std::collections::BTreeMap;

use firstline_core::{Article, ArticleId, Edition, Timestamp};

use super::fuse::{ALL, COVERED, DENSE, NAME_COVERED};
use super::*;
use crate::{Index, Reception, Revision};

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
    let editions = BTreeMap::from([("en".into(), edition)]);
    let article = Article { editions, ..Article::default() };
    Revision { seq, article: ArticleId(seq), state: Some(article), reception: Reception::default() }
}

/// What the formulas alone say of every text, in 64 bits: 0 for those that are no candidates.
fn plain_scores(texts: &[(String, String)], question: &str) -> Vec<f64> {
    let named = texts.iter().map(|(title, body)| {
        let name = if title.is_empty() { body } else { title };
        (name.clone(), body.clone())
    });
    let texts = &named.collect::<Vec<_>>()[..];
    let count = |text: &str, word: &str| text.split(' ').filter(|w| *w == word).count() as f64;
    let length = |text: &str| {
        let words = text.split_whitespace().count() as u32;
        f64::from(FieldNormReader::id_to_fieldnorm(FieldNormReader::fieldnorm_to_id(words)))
    };
    let all = texts.len() as f64;
    let average_name = texts.iter().map(|(name, _)| length(name)).sum::<f64>() / all;
    let average_body = texts.iter().map(|(_, body)| length(body)).sum::<f64>() / all;
    let mut words: BTreeMap<&str, f64> = BTreeMap::new();
    for word in question.split_whitespace() {
        *words.entry(word).or_default() += 1.0;
    }
    let relative = |text: &str, average: f64, matters: f32| {
        let matters = f64::from(matters);
        1.0 - matters + matters * length(text) / average
    };
    let saturated = |strength: f64| strength / (f64::from(SATURATION) + strength);
    let mut opinions = vec![[0.0; 5]; texts.len()];
    let mut weight = 0.0;
    for (word, times) in words {
        let with_name = texts.iter().filter(|(name, _)| count(name, word) > 0.0).count();
        let with_body = texts.iter().filter(|(_, body)| count(body, word) > 0.0).count();
        let with = with_name.max(with_body) as f64;
        if with == 0.0 {
            continue;
        }
        let rarity = ((all - with + 0.5) / (with + 0.5)).ln_1p();
        weight += rarity;
        for (opinion, (name, body)) in opinions.iter_mut().zip(texts) {
            let (in_name, in_body) = (count(name, word), count(body, word));
            let lead = in_name / relative(name, average_name, NAME_LENGTH);
            let rest = in_body / relative(body, average_body, BODY_LENGTH);
            opinion[0] += rarity * saturated(f64::from(NAME_WEIGHT) * lead + rest);
            if in_name + in_body > 0.0 {
                let thinness = (length(name) + length(body)).max(1.0).sqrt().recip();
                opinion[1] += (1.0 + times.ln())
                    * rarity.powf(1.5)
                    * (1.0 + (in_name + in_body).ln())
                    * thinness;
            }
            opinion[2] += rarity * saturated(lead);
            opinion[3] += rarity * (in_name + in_body).min(1.0);
            opinion[4] += rarity * in_name.min(1.0);
        }
    }
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by(|a, b| opinions[*b][0].total_cmp(&opinions[*a][0]));
    for outsider in &order[CANDIDATES..] {
        opinions[*outsider] = [0.0; 5];
    }
    let most =
        |n: usize| opinions.iter().map(|o| o[n]).fold(f64::from(f32::MIN_POSITIVE), f64::max);
    let (text, density, name) = (most(0), most(1), most(2));
    let join = |o: &[f64; 5]| {
        let sum = o[0] / text + f64::from(DENSE) * (o[1] / density).sqrt() + o[2] / name;
        let covered = f64::from(COVERED) * o[3] + f64::from(NAME_COVERED) * o[4];
        (sum + covered / weight) / f64::from(ALL)
    };
    opinions.iter().map(join).collect()
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
            let question = Question { limit, ..Question::new(text) };
            let hits = index.search(&question, Timestamp::from_millis(0).unwrap()).unwrap();
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
