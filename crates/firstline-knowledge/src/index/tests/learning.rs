//! What the past teaches: questions of solved tickets lead to what solved them, readers and time
//! decide among equals.

use firstline_core::{ContactId, Tag, TicketId};

use super::*;
use crate::{Case, Cases, Lessons, Matter};

const DAY: i64 = 86_400_000;

/// A ticket of a person that an article solved.
fn case(ticket: u64, person: u64, subject: &str, article: u64) -> (TicketId, Option<Case>) {
    let case = Case {
        subject: subject.into(),
        text: "Please help.".into(),
        language: "en".into(),
        requester: ContactId(person),
        solved_by: Some(ArticleId(article)),
        failed: BTreeSet::new(),
    };
    (TicketId(ticket), Some(case))
}

fn cases(of: &[(TicketId, Option<Case>)]) -> Cases {
    let cases = Cases::in_memory();
    cases.absorb(of.len() as u64, of).unwrap();
    cases
}

fn found(index: &Index, cases: &Cases, question: &Question<'_>) -> Vec<Hit> {
    let lessons = cases.lessons(question, index, NOW).unwrap();
    index.search_with(question, NOW, &lessons).unwrap()
}

fn numbers(hits: &[Hit]) -> Vec<u64> {
    hits.iter().map(|hit| hit.article.0).collect()
}

fn library() -> Index {
    indexed(&[
        publish(1, 1, &[("en", "Tunnel interface flaps", "Raise the keepalive interval.")]),
        publish(2, 2, &[("en", "VPN prices", "What the VPN costs per month.")]),
        publish(3, 3, &[("en", "Holidays", "When we are closed.")]),
    ])
}

#[test]
fn a_question_in_the_words_of_a_solved_ticket_finds_what_solved_it() {
    let index = library();
    let asked = agent("my vpn drops every hour");
    assert_eq!(ask(&index, &asked), [2], "the right article has none of these words");
    let people = ["VPN drops hourly", "vpn drop every hour", "vpn drops every hour"];
    let people = (7..).zip(people).map(|(n, subject)| case(n, n, subject, 1)).collect::<Vec<_>>();
    let hits = found(&index, &cases(&people), &asked);
    assert_eq!(numbers(&hits), [1, 2]);
    assert_eq!(
        hits[0].experience.to_string(),
        "3 who asked for about the same were helped by it; it solved 3 tickets"
    );
    assert!(hits[0].matches.is_empty() && hits[0].score > hits[1].score);
    // Something else that was solved says nothing here.
    assert_eq!(numbers(&found(&index, &cases(&people), &agent("prices"))), [2]);
    let results = index
        .browse_with(&asked, NOW, &cases(&people).lessons(&asked, &index, NOW).unwrap())
        .unwrap();
    assert_eq!((results.articles, results.facets.languages["en"]), (2, 2));
}

#[test]
fn a_long_mail_learns_by_its_subject_and_its_first_sentences() {
    let mut tickets = vec![case(1, 1, "VPN drops every hour", 1), case(2, 2, "Question", 3)];
    let things = ["printer", "canteen", "badge", "salary", "heating", "laptop", "phone", "parcel"];
    tickets.extend((3..).zip(things).map(|(n, thing)| case(n, n, thing, 2)));
    let cases = cases(&tickets);
    let signature: String = (0..100).map(|n| format!("signed{n} ")).collect();
    let taught = |subject, text: &str| {
        let text = format!("Dear all,\n\n{text} Regards\n\n{signature}");
        let lessons = cases.lessons_about(Matter { subject, text: &text }, None).unwrap();
        lessons.votes.keys().map(|article| article.0).collect::<Vec<_>>()
    };
    let greeting = "I had a nice weekend in the mountains! And you?";
    assert_eq!(taught("VPN drops every hour", greeting), [1]);
    let told = format!("{greeting}\nSince Monday the VPN\ndrops every hour. It is 2.4.1 here.");
    assert_eq!(taught("Trouble", &told), [1]);
    assert_eq!(taught("Question", "Where do bicycles stay overnight on Thursday?"), NOTHING);
}

#[test]
fn nobody_alone_can_vote_an_article_up() {
    let index = library();
    let asked = agent("vpn drops");
    let eager: Vec<_> = (0..50).map(|n| case(n + 1, 7, "VPN drops", 3)).collect();
    let three: Vec<_> = (0..3).map(|n| case(n + 51, n, "VPN drops", 1)).collect();
    let hits = found(&index, &cases(&[eager, three].concat()), &asked);
    let vote = |article: u64| {
        let hit = hits.iter().find(|hit| hit.article.0 == article).unwrap();
        (hit.experience.people, hit.experience.vote)
    };
    assert_eq!((vote(1).0, vote(3).0), (3, 1));
    assert!(vote(1).1 > 2.0 * vote(3).1, "{hits:?}");
}

#[test]
fn customers_read_nothing_out_of_the_tickets_of_others() {
    let index = indexed(&[publish(1, 1, &[("en", "Fix the paper jam", "Open tray two.")])]);
    let jam = |n| case(n, n, "Paper stuck in the lobby", 1);
    let mut tickets: Vec<_> = (2..=5).map(jam).collect();
    tickets.push(case(1, 1, "Paper stuck: gizmotron blocked by Contoso merger papers", 1));
    let cases = cases(&tickets);
    let people = |text, audience, is_typing| {
        let question = Question { audience, is_typing, ..Question::new(text) };
        found(&index, &cases, &question).first().map_or(0, |hit| hit.experience.people)
    };
    for text in ["gizmotron", "gi", "gizmo", "contoso merger", "gizmotrn", "con", "гизмотрон"]
    {
        for is_typing in [false, true] {
            for audience in [Audience::Public, Audience::Customer] {
                assert_eq!(people(text, audience, is_typing), 0, "{text}");
            }
        }
    }
    assert_eq!(people("gizmotron", Audience::Internal, false), 1, "agents may read tickets");
    // What five people said is nobody's own; what four said is.
    assert_eq!(people("stuck", Audience::Public, false), 5);
    assert_eq!(people("lobby", Audience::Public, false), 0);
    // Nor does a word of one of them move anything beside theirs.
    let vote = |text| found(&index, &cases, &Question::new(text))[0].experience;
    assert_eq!(vote("paper stuck gizmotron"), vote("paper stuck hologram"));
}

#[test]
fn votes_for_a_hidden_article_are_not_felt_by_customers() {
    let internal =
        Article { audience: Audience::Internal, ..article(&[("en", "Bypass", "Use the key.")]) };
    let hidden = |state| Revision { state, ..publish(2, 2, &[]) };
    let open = publish(1, 1, &[("en", "Doors", "Turn the handle.")]);
    let tickets: Vec<_> =
        (1..=12).map(|n| case(n, n, "door is locked", if n % 2 == 0 { 1 } else { 2 })).collect();
    let cases = cases(&tickets);
    let asked = Question::new("door is locked");
    let shown = |state| found(&indexed(&[open.clone(), hidden(state)]), &cases, &asked);
    assert_eq!(shown(Some(internal)), shown(None));
    assert_eq!(shown(None)[0].experience.people, 6);
}

#[test]
fn what_is_said_to_agents_alone_makes_no_word_known_to_customers() {
    let internal =
        Article { audience: Audience::Internal, ..article(&[("en", "Bypass", "Use the key.")]) };
    let hidden = Revision { state: Some(internal), ..publish(2, 2, &[]) };
    let index = indexed(&[publish(1, 1, &[("en", "Doors", "Turn the handle.")]), hidden]);
    let opened = |n| case(n, n, "front door is locked tight", 1);
    let bypassed = |n| case(n, n, "quantum front vault is locked", 2);
    let open: Vec<_> = (1..=6).map(opened).collect();
    let all = [open.clone(), (7..=12).map(bypassed).collect()].concat();
    let told = |tickets: &[_], audience| {
        let asked = Question { audience, ..Question::new("locked quantum front door tight") };
        let hits = found(&index, &cases(tickets), &asked);
        hits.iter().map(|hit| hit.experience.people).collect::<Vec<_>>()
    };
    let strange = |tickets: &[_]| {
        let asked =
            ["locked quantum front door tight", "locked zyxwv front door tight"].map(Question::new);
        let tickets = cases(tickets);
        asked.map(|asked| found(&index, &tickets, &asked))
    };
    // What nobody has said and what was said of the vault are as strange.
    let [vault, nobody] = strange(&all);
    assert_eq!(vault, nobody);
    assert_eq!(told(&all, Audience::Public), [6]);
    assert_eq!(told(&open, Audience::Public), [6]);
    assert_eq!(told(&all, Audience::Internal), [6, 6]);
}

#[test]
fn what_helped_agents_stays_hidden_from_customers() {
    let internal = Article {
        audience: Audience::Internal,
        ..article(&[("en", "Bypass", "Use the master key.")])
    };
    let reception = Reception::default();
    let index =
        indexed(&[Revision { seq: 1, article: ArticleId(1), state: Some(internal), reception }]);
    let cases = cases(&[case(1, 7, "door is locked", 1), case(2, 8, "door is locked", 1)]);
    assert_eq!(numbers(&found(&index, &cases, &agent("door is locked"))), [1]);
    for audience in [Audience::Public, Audience::Customer] {
        let question = Question { audience, ..Question::new("door is locked") };
        assert_eq!(numbers(&found(&index, &cases, &question)), NOTHING);
        let lessons = cases.lessons(&question, &index, NOW).unwrap();
        let results = index.browse_with(&question, NOW, &lessons).unwrap();
        assert_eq!(results, Results::default());
    }
}

#[test]
fn a_filter_holds_for_what_was_learned_too() {
    let index = library();
    let cases = cases(&[case(1, 7, "vpn drops", 1), case(2, 8, "vpn drops", 1)]);
    let russian = Language::from("ru");
    let question = Question { language: Some(&russian), ..agent("vpn drops") };
    assert_eq!(numbers(&found(&index, &cases, &question)), NOTHING);
}

#[test]
fn readers_time_and_version_decide_among_equals() {
    let same = |seq: u64, reception: Reception| Revision {
        reception,
        ..publish(seq, seq, &[("en", "Printer", "Buy ink.")])
    };
    let voted = |helpful, not_helpful| Reception { helpful, not_helpful, ..Reception::default() };
    let index = indexed(&[same(1, voted(1, 9)), same(2, voted(0, 0)), same(3, voted(9, 1))]);
    assert_eq!(ask(&index, &agent("ink")), [3, 2, 1]);
    let of_age = |days: i64| Reception {
        changed_at: Timestamp::from_millis(NOW.as_millis() - days * DAY),
        ..Reception::default()
    };
    let index = indexed(&[same(1, of_age(3_000)), same(2, of_age(10))]);
    assert_eq!(ask(&index, &agent("ink")), [2, 1]);

    let mut named = same(2, Reception::default());
    if let Some(article) = &mut named.state {
        article.about.versions = tags(&["4.2"]).into_iter().collect();
    }
    let index = indexed(&[same(1, Reception::default()), named]);
    let version = "4.2".into();
    assert_eq!(ask(&index, &agent("ink")), [1, 2]);
    assert_eq!(ask(&index, &Question { version: Some(&version), ..agent("ink") }), [2, 1]);
}

#[test]
fn what_came_back_speaks_against_an_article() {
    let index = library();
    let asked = agent("vpn drops");
    let (mut once, again) = (case(1, 7, "vpn drops", 1), case(2, 8, "vpn drops", 3));
    if let Some(case) = &mut once.1 {
        case.failed.insert(ArticleId(1));
    }
    let hits = found(&index, &cases(&[once, again]), &asked);
    let place = |article: u64| hits.iter().position(|hit| hit.article.0 == article).unwrap();
    assert!(place(3) < place(1), "{hits:?}");
    let told = hits[place(1)].experience.to_string();
    assert!(told.ends_with("it solved 1 tickets, of which 1 came back"), "{told}");
}

/// Not whatever solved it in the end is to blame for it.
#[test]
fn what_came_back_speaks_against_the_article_that_failed_and_not_the_one_that_cured_it() {
    let index = library();
    let ten = |by: Option<u64>| {
        let failed = |n| match case(n, n, "vpn drops", 3) {
            (ticket, Some(case)) => {
                let (solved_by, failed) = (by.map(ArticleId), [ArticleId(2)].into());
                (ticket, Some(Case { solved_by, failed, ..case }))
            }
            gone => gone,
        };
        cases(&(1..=10).map(failed).collect::<Vec<_>>())
    };
    let reuse = |by| {
        let hits = found(&index, &ten(by), &agent("vpn on holidays"));
        let of = |article: u64| hits.iter().find(|hit| hit.article.0 == article);
        [2, 3].map(|article| of(article).map(|hit| hit.experience).unwrap_or_default())
    };
    let [failed, cure] = reuse(Some(3));
    assert_eq!((failed.reuse.tickets, failed.reuse.reopened), (10, 10));
    assert_eq!((cure.reuse.tickets, cure.reuse.reopened), (10, 0));
    assert!(failed.confidence < 0.0 && cure.confidence > 0.0, "{failed:?} {cure:?}");
    // While they are open again, nothing has solved them, and the failure counts.
    let [failed, cure] = reuse(None);
    assert_eq!((failed.reuse.reopened, failed.people), (10, 0));
    assert_eq!(cure.reuse.tickets, 0);
}

#[test]
fn a_case_that_is_gone_teaches_nothing_any_more() {
    let cases = cases(&[case(1, 7, "vpn drops", 1)]);
    let people = |cases: &Cases| {
        let hits = found(&library(), cases, &agent("vpn drops"));
        hits.iter().map(|hit| hit.experience.people).sum::<u32>()
    };
    assert_eq!(people(&cases), 1);
    cases.absorb(9, &[(TicketId(1), None)]).unwrap();
    assert_eq!(people(&cases), 0);
    assert!(Lessons::default().votes.is_empty());
}

/// Whether an index with an article that is for agents says anything about it to others, whichever
/// way they ask.
#[test]
fn no_way_of_asking_shows_a_customer_what_is_for_agents() {
    let product: Tag = "Vault".into();
    let mut secret = article(&[
        ("en", "Masterkey ERR-7731", "The masterkey of the vault is getVaultKey() in /etc/vault."),
        ("ru", "Универсальный пропуск", "Пропуск лежит в сейфе."),
    ]);
    secret.audience = Audience::Internal;
    secret.about.product = Some(product.clone());
    secret.tags = tags(&["hidden"]).into_iter().collect();
    let reception = Reception { helpful: 50, ..Reception::default() };
    let index = indexed(&[
        Revision { seq: 1, article: ArticleId(1), state: Some(secret), reception },
        publish(2, 2, &[("en", "Holidays", "When we are closed.")]),
    ]);
    index.set_synonyms(&[vec!["passe-partout".into(), "masterkey".into()]]);
    let cases = cases(&[case(1, 7, "door does not open", 1), case(2, 8, "door does not open", 1)]);
    let ways = [
        ("as it is written", agent("masterkey")),
        ("with slips", agent("mastrekey")),
        ("in the other alphabet", agent("мастеркей")),
        ("on the other keyboard", agent("vfcnthrtq")),
        ("in another language", agent("универсальный пропуск")),
        ("by its code", agent("ERR_7731")),
        ("by a part of an identifier", agent("vault key")),
        ("by its path", agent("/etc/vault")),
        ("by a synonym", agent("passe-partout")),
        ("while typing", Question { is_typing: true, ..agent("mast") }),
        ("as others were helped", agent("the door does not open")),
        ("by its product", Question { product: Some(&product), ..agent("masterkey") }),
        ("by its tag", Question { tags: &tags(&["hidden"]), ..agent("masterkey") }),
    ];
    let mut shown_to_agents = 0;
    for (way, question) in ways {
        let lessons = cases.lessons(&question, &index, NOW).unwrap();
        shown_to_agents += index.search_with(&question, NOW, &lessons).unwrap().len();
        for audience in [Audience::Public, Audience::Customer] {
            let question = Question { audience, ..question };
            let hits = index.search_with(&question, NOW, &lessons).unwrap();
            assert!(hits.is_empty(), "{way}: {hits:?}");
            let results = index.browse_with(&question, NOW, &lessons).unwrap();
            assert_eq!(results, Results::default(), "{way}");
        }
    }
    assert!(shown_to_agents >= 12, "the ways lead somewhere: {shown_to_agents}");
}
