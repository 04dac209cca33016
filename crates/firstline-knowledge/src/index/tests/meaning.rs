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

/// Knows how far things are from each other that have a number.
struct Spots;

impl Embedder for Spots {
    fn name(&self) -> &str {
        "spots"
    }

    fn embed(&self, text: &str) -> Option<Vec<f32>> {
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|it| !it.is_empty())?;
        let angle = digits.parse::<f32>().ok()? / 400.0;
        Some(vec![angle.cos(), angle.sin()])
    }

    fn related_from(&self) -> f32 {
        0.0
    }
}

/// Articles with a number: those with an odd one for agents, and a few about a product.
fn spots(numbers: std::ops::Range<u64>) -> Vec<Revision> {
    let spot = |number: u64| {
        let title = format!("Spot s{number}s");
        let mut revision = publish(number, number, &[("en", &title, "Somewhere.")]);
        if let Some(article) = &mut revision.state {
            if number % 2 == 1 {
                article.audience = Audience::Internal;
            }
            if number <= 6 {
                article.about.product = Some(Tag::from("press"));
            }
        }
        revision
    };
    numbers.map(spot).collect()
}

fn with_graphs_from(least: usize) -> Index {
    let fields = Fields::new(Model::with_graphs_from(Arc::new(Spots), least));
    let index = Index::on(Shelf::in_memory(fields.layout()), fields).unwrap();
    index.absorb(&spots(1..600)).unwrap();
    index
}

#[test]
fn a_large_desk_finds_the_same_by_a_graph() {
    let (large, small) = (with_graphs_from(500), with_graphs_from(usize::MAX));
    let press = Tag::from("press");
    let compare = |say: &str| {
        for number in (1..=600).step_by(13) {
            let text = format!("q{number}q");
            let public = Question { limit: 100, ..Question::new(&text) };
            let agent = Question { audience: Audience::Internal, ..public };
            let narrow = Question { product: Some(&press), ..agent };
            for question in [&public, &agent, &narrow] {
                assert_eq!(ask(&large, question), ask(&small, question), "{say}: {question:?}");
            }
        }
    };
    assert_eq!(large.fields.model.graphs().len(), 0, "nobody has asked");
    compare("while it is made");
    let made = large.fields.model.graphs();
    assert_eq!(made.len(), 1);
    compare("when it is there");
    // A filter that leaves nothing of what is near loses nothing of what is far.
    let narrow = Question { product: Some(&press), ..agent("q599q") };
    assert_eq!(ask(&large, &narrow), [6, 5, 4, 3, 2, 1]);
    assert_eq!(
        ask(&large, &Question { product: Some(&press), ..Question::new("q599q") }),
        [6, 4, 2]
    );

    // What is gone is not shown, and what is new is found at once; neither takes another graph.
    for index in [&large, &small] {
        index.absorb(&[Revision { state: None, ..publish(600, 300, &[]) }]).unwrap();
        index.absorb(&[publish(601, 700, &[("en", "Spot s300s", "Moved.")])]).unwrap();
        assert_eq!(ask(index, &Question::new("q300q"))[..3], [700, 298, 302]);
    }
    compare("after a commit");
    assert_eq!(large.fields.model.graphs(), made);
    assert_eq!(small.fields.model.graphs().len(), 0);

    // The segment is written anew without what is gone: its vectors are, too.
    large.purge().unwrap();
    assert_eq!(large.fields.model.graphs().len(), 0);
    compare("while another is made");
    assert_eq!(large.fields.model.graphs().len(), 1);
    compare("by the other one");
}
