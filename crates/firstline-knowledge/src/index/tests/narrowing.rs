//! A page of results: filters and counts, further pages, the question as it may have been meant.

use firstline_core::About;

use super::*;
use crate::Results;

/// An article about a product, in a section, for some versions.
fn about(seq: u64, product: &str, category: &str, versions: &[&str]) -> Revision {
    let about = About {
        product: (!product.is_empty()).then(|| product.into()),
        category: Some(category.into()),
        versions: tags(versions).into_iter().collect(),
        ..About::default()
    };
    let article = Article { about, ..article(&[("en", "Install", ""), ("ru", "Install", "")]) };
    Revision { seq, article: ArticleId(seq), state: Some(article), reception: Reception::default() }
}

fn catalogue() -> Index {
    indexed(&[
        about(1, "Mail", "Setup", &["1.0", "2.0"]),
        about(2, "Mail", "Errors", &["2.0"]),
        about(3, "Files", "Setup", &[]),
        about(4, "", "Setup", &["1.0"]),
    ])
}

#[test]
fn a_question_is_narrowed_to_a_product_a_version_a_section() {
    let index = catalogue();
    let (mail, setup) = ("Mail".into(), "Setup".into());
    let install = agent("install");
    assert_eq!(ask(&index, &Question { product: Some(&mail), ..install }), [1, 2]);
    assert_eq!(ask(&index, &Question { category: Some(&setup), ..install }), [1, 3, 4]);
    let product = Some(&mail);
    assert_eq!(ask(&index, &Question { product, category: Some(&setup), ..install }), [1]);
    let for_version = |name: &str| {
        let version = name.into();
        ask(&index, &Question { version: Some(&version), ..install })
    };
    // What names no version holds for all of them.
    assert_eq!(for_version("2.0"), [1, 2, 3]);
    assert_eq!(for_version("3.0"), [3]);
    let other = "Ma".into();
    assert_eq!(ask(&index, &Question { product: Some(&other), ..install }), NOTHING);
}

/// Counts as `Files 1, Mail 2`.
fn told<T: ToString>(counts: &BTreeMap<T, u64>) -> String {
    let counts = counts.iter().map(|(name, count)| format!("{} {count}", name.to_string()));
    counts.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_is_found_is_counted_by_what_it_is_about() {
    let index = catalogue();
    let Results { articles, facets, hits, .. } = index.browse(&agent("install"), NOW).unwrap();
    assert_eq!((articles, hits.len()), (4, 4));
    assert_eq!(told(&facets.products), "Files 1, Mail 2");
    assert_eq!(told(&facets.versions), "1.0 3, 2.0 3", "what the filter finds");
    assert_eq!(told(&facets.categories), "Errors 1, Setup 3");
    assert_eq!(told(&facets.languages), "en 4, ru 4");
    assert_eq!(told(&facets.tags), "");
    // The counts are those of the question that was asked, with its filters.
    let mail = "Mail".into();
    let narrowed = Question { product: Some(&mail), limit: 1, ..agent("install") };
    let Results { articles, facets, hits, .. } = index.browse(&narrowed, NOW).unwrap();
    assert_eq!((articles, hits.len()), (2, 1));
    assert_eq!(told(&facets.categories), "Errors 1, Setup 1");
    assert_eq!(index.browse(&agent("nothing"), NOW).unwrap(), Results::default());
}

#[test]
fn a_section_is_listed_without_a_question() {
    let index = catalogue();
    let setup = "Setup".into();
    let list = Question { category: Some(&setup), ..agent(" ") };
    let listed = |question: &Question<'_>| {
        let Results { hits, articles, .. } = index.browse(question, NOW).unwrap();
        assert_eq!(hits.len() as u64, articles);
        hits.iter().map(|hit| hit.article.0).collect::<Vec<_>>()
    };
    assert_eq!(listed(&list), [1, 3, 4]);
    let facets = index.browse(&list, NOW).unwrap().facets;
    assert_eq!(told(&facets.versions), "1.0 3, 2.0 2");
    for (version, count) in &facets.versions {
        assert_eq!(listed(&Question { version: Some(version), ..list }).len() as u64, *count);
    }
    // What readers were helped by comes first, and what names the version that is asked for.
    let version = "1.0".into();
    assert_eq!(listed(&Question { version: Some(&version), ..list }), [1, 4, 3]);
    let praised = Reception { helpful: 20, ..Reception::default() };
    index.absorb(&[Revision { reception: praised, ..about(9, "Files", "Setup", &[]) }]).unwrap();
    assert_eq!(listed(&list), [9, 1, 3, 4]);
    // Whoever searches, or types, is shown nothing for nothing, and signs are no empty question.
    assert_eq!(ask(&index, &list), NOTHING);
    assert_eq!(listed(&Question { is_typing: true, ..list }), NOTHING);
    assert_eq!(listed(&Question { text: "?!", ..list }), NOTHING);
}

#[test]
fn what_is_found_is_counted_by_who_may_see_it_as_far_as_the_asker_may() {
    let of = |seq: u64, audience| {
        let mut revision = about(seq, "Mail", "Setup", &[]);
        revision.state.as_mut().unwrap().audience = audience;
        revision
    };
    let index = indexed(&[
        of(1, Audience::Public),
        of(2, Audience::Internal),
        of(3, Audience::Customer),
        of(4, Audience::Internal),
    ]);
    let counted = |audience| {
        let question = Question { audience, ..Question::new("install") };
        let facets = index.browse(&question, NOW).unwrap().facets;
        facets.audiences.into_iter().collect::<Vec<_>>()
    };
    let (public, customer) = ((Audience::Public, 1), (Audience::Customer, 1));
    assert_eq!(counted(Audience::Public), [public]);
    assert_eq!(counted(Audience::Customer), [public, customer]);
    assert_eq!(counted(Audience::Internal), [public, customer, (Audience::Internal, 2)]);
    let only = |audience| Question { only_audience: Some(audience), ..agent("install") };
    assert_eq!(ask(&index, &only(Audience::Internal)), [2, 4]);
    let customer = Question { audience: Audience::Customer, ..only(Audience::Internal) };
    assert_eq!(ask(&index, &customer), NOTHING, "a filter opens no door");
}

#[test]
fn an_article_counts_once_however_it_came_in() {
    let index = catalogue();
    for seq in 5..40 {
        let news = [about(2 * seq, "Mail", "Setup", &[]), about(2 * seq + 1, "Mail", "Setup", &[])];
        index
            .absorb(&[news[0].clone(), Revision { article: ArticleId(1), ..news[1].clone() }])
            .unwrap();
    }
    assert_eq!(index.browse(&agent("install"), NOW).unwrap().articles, 39);
}

#[test]
fn pages_follow_each_other_and_end() {
    let ink = |id| publish(id, id, &[("en", "Printer", "Buy ink.")]);
    let index = indexed(&(1..=250).map(ink).collect::<Vec<_>>());
    let page = |offset| Question { offset, limit: 40, ..agent("ink") };
    let pages = [0, 40, 80].map(|offset| ask(&index, &page(offset)));
    assert_eq!(pages.concat(), (1..=100).collect::<Vec<u64>>());
    assert_eq!(index.browse(&page(0), NOW).unwrap().articles, 250, "all are counted");
    let error = index.search(&page(100), NOW).unwrap_err();
    assert_eq!(
        error.to_string(),
        "hits from number 100 on were asked for, and no question finds more than 100"
    );
}

#[track_caller]
fn meant(index: &Index, question: &Question<'_>) -> Option<String> {
    index.browse(question, NOW).unwrap().did_you_mean
}

#[test]
fn a_question_with_slips_is_given_back_without_them() {
    let index = indexed(&shelf());
    assert_eq!(
        meant(&index, &agent("my prnter reports E1042")).unwrap(),
        "my printer reports E1042"
    );
    assert_eq!(meant(&index, &agent("принтр не работает")).unwrap(), "принтер не работает");
    assert_eq!(meant(&index, &agent("ghbynth")).unwrap(), "принтер");
    assert_eq!(meant(&index, &agent("printer")), None);
    assert_eq!(meant(&index, &agent("zzzzzz")), None);
    let typing = Question { is_typing: true, ..agent("print") };
    assert_eq!(meant(&index, &typing), None, "what is being typed is no slip");
}

#[test]
fn nobody_is_told_words_of_articles_that_are_not_for_them() {
    let internal = Article {
        audience: Audience::Internal,
        ..article(&[("en", "Blackmail", "How we do it.")])
    };
    let index = indexed(&[
        Revision {
            seq: 1,
            article: ArticleId(1),
            state: Some(internal),
            reception: Reception::default(),
        },
        publish(2, 2, &[("en", "Printer", "How to print.")]),
    ]);
    assert_eq!(meant(&index, &agent("blakmail printer")).unwrap(), "blackmail printer");
    assert_eq!(meant(&index, &Question::new("blakmail printer")), None);
}

#[test]
fn what_means_the_same_on_a_desk_is_found_by_either_word() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Tunnels", "Set up the virtual private network.")]),
        publish(2, 2, &[("en", "VPN", "Connecting from home.")]),
        publish(3, 3, &[("ru", "Сброс пароля", "Откройте портал.")]),
    ]);
    assert_eq!(ask(&index, &agent("vpn")), [2]);
    let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    index.set_synonyms(&[
        group(&["VPN", "virtual private network", "tunnel"]),
        group(&["password", "пароль", "credentials"]),
    ]);
    assert_eq!(ask(&index, &agent("my vpn")), [2, 1]);
    assert_eq!(ask(&index, &agent("virtual private networks")), [1, 2]);
    assert_eq!(ask(&index, &agent("credentials?")), [3]);
    assert_eq!(ask(&index, &agent("private")), [1], "a part of a phrase is not the phrase");
    index.set_synonyms(&[]);
    assert_eq!(ask(&index, &agent("vpn")), [2]);
}

#[test]
fn a_phrase_stands_for_a_word_only_as_a_whole() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Virtual private network", "Connect from home.")]),
        publish(2, 2, &[("en", "Network cable", "Plug it in.")]),
        publish(3, 3, &[("en", "Private parking", "A virtual map of it.")]),
        publish(4, 4, &[("en", "Prices", "A network, virtual and quite private.")]),
    ]);
    index.set_synonyms(&[vec!["vpn".into(), "virtual private network".into()]]);
    let hits = index.search(&agent("vpn"), NOW).unwrap();
    let found: Vec<u64> = hits.iter().map(|hit| hit.article.0).collect();
    assert_eq!(found, [1, 4], "all words in the title, or all in the body");
    let why = &hits[0].matches[0];
    assert_eq!((&*why.word, why.in_title, why.is_guess), ("vpn", true, true));
    assert_eq!(hits[1].snippet.marked("[", "]"), "A [network], [virtual] and quite [private].");
    // Who says the phrase gets its words as usual.
    assert_eq!(ask(&index, &agent("network")), [2, 1, 4]);
}

#[test]
fn codes_paths_and_names_are_found_in_other_spellings_and_by_their_parts() {
    let index = indexed(&[
        publish(1, 1, &[("en", "ERR-1042 on start", "See C:\\Program Files\\app_log.txt.")]),
        publish(2, 2, &[("en", "Failure", "NullPointerException in com.example.UserStore")]),
        publish(
            3,
            3,
            &[("en", "Certificates", "Fetch https://pki.example.org/root/ca.crt first.")],
        ),
    ]);
    assert_eq!(ask(&index, &agent("ERR_1042")), [1]);
    assert_eq!(ask(&index, &agent("err1042")), [1]);
    assert_eq!(ask(&index, &agent("files/app_log.txt")), [1]);
    assert_eq!(ask(&index, &agent("null pointer")), [2]);
    assert_eq!(ask(&index, &agent("com.example.UserStore"))[0], 2);
    assert_eq!(ask(&index, &agent("http://pki.example.org/root/ca.crt"))[0], 3);
    let typing = Question { is_typing: true, ..agent("err10") };
    assert_eq!(ask(&index, &typing), [1]);
}
