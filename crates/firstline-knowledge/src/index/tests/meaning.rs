//! Words and vectors together, with a model that knows three things.

use super::*;

/// Knows that some words mean the same: each text is the count of its words by what they mean.
struct Tiny(&'static str);

impl Embedder for Tiny {
    fn name(&self) -> &str {
        self.0
    }

    fn embed(&self, text: &str) -> Option<Vec<f32>> {
        let meanings = [["car", "automobile"], ["pay", "money"], ["night", "dark"]];
        let text = text.to_lowercase();
        let count = |words: [&str; 2]| words.iter().map(|w| text.matches(w).count()).sum::<usize>();
        Some(meanings.map(|words| count(words) as f32).to_vec())
    }
}

fn model(name: &'static str) -> Option<Arc<dyn Embedder>> {
    Some(Arc::new(Tiny(name)))
}

fn garage() -> Vec<Revision> {
    let mut internal = publish(4, 4, &[("en", "Automobile theft", "Automobile keys in the safe.")]);
    if let Some(article) = &mut internal.state {
        article.audience = Audience::Internal;
    }
    vec![
        publish(1, 1, &[("en", "Automobile rental", "How to get an automobile.")]),
        publish(2, 2, &[("en", "Parking", "Where your car may stand at night.")]),
        publish(3, 3, &[("en", "Refunds", "You get your money back.")]),
        internal,
    ]
}

#[test]
fn a_question_finds_what_says_the_same_in_other_words() {
    let index = Index::in_memory_with(model("tiny 1"));
    index.absorb(&garage()).unwrap();
    let public = Question::new("car");
    let hits = index.search(&public, NOW).unwrap();
    // The one has the word, the other the meaning only; both are found.
    assert_eq!(hits.iter().map(|hit| hit.article.0).collect::<Vec<_>>(), [2, 1]);
    assert!(hits[1].matches.is_empty() && hits[1].meaning.unwrap() > 0.9, "{hits:?}");
    assert_eq!(index.browse(&public, NOW).unwrap().articles, 2);
    assert_eq!(ask(&index, &Question::new("pay")), [3], "no article has the word");
    assert_eq!(ask(&index, &Question::new("something else")), NOTHING);
    // What is for agents stays with them, whatever it means.
    assert_eq!(ask(&index, &agent("car")), [2, 1, 4]);
    let typing = Question { is_typing: true, ..agent("pay") };
    assert_eq!(ask(&index, &typing), NOTHING, "no model is asked at each letter");
}

#[test]
fn vectors_follow_the_articles_and_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_with(dir.path(), model("tiny 1")).unwrap();
    index.absorb(&garage()).unwrap();
    index.absorb(&[publish(5, 1, &[("en", "Bicycles", "How to get one.")])]).unwrap();
    assert_eq!(ask(&index, &Question::new("car")), [2]);
    drop(index);
    let index = Index::open_with(dir.path(), model("tiny 1")).unwrap();
    assert_eq!((index.position(), ask(&index, &Question::new("dark"))), (5, vec![2]));
    drop(index);
    // Another model's vectors mean other things.
    assert_eq!(Index::open_with(dir.path(), model("tiny 2")).unwrap().position(), 0);
    assert_eq!(Index::open(dir.path()).unwrap().position(), 0);
}

#[test]
fn without_a_vector_a_text_is_found_by_its_words() {
    struct Moody;
    impl Embedder for Moody {
        fn name(&self) -> &str {
            "moody"
        }
        fn embed(&self, text: &str) -> Option<Vec<f32>> {
            text.starts_with("Parking").then(|| vec![f32::NAN, 0.0])
        }
    }
    let index = Index::in_memory_with(Some(Arc::new(Moody)));
    index.absorb(&garage()).unwrap();
    assert_eq!(ask(&index, &Question::new("car")), [2]);
    assert_eq!(ask(&index, &Question::new("Parking")), [2]);
}
