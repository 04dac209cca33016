//! What people type, and what they mean.

use firstline_core::{Draft, Stage};

use super::*;
use crate::Match;

/// What was heard in the best hit, as a reader would put it.
#[track_caller]
fn heard(index: &Index, text: &str) -> Vec<String> {
    let hits = index.search(&agent(text), NOW).expect("no question is an error");
    let matches = hits.first().map(|hit| &*hit.matches).unwrap_or_default();
    let sentence = |Match { word, in_title, is_guess }: &Match| {
        let place = if *in_title { "title" } else { "body" };
        let guess = if *is_guess { ", a guess" } else { "" };
        format!("{word}: {place}{guess}")
    };
    matches.iter().map(sentence).collect()
}

fn typing(text: &str) -> Question<'_> {
    Question { is_typing: true, ..agent(text) }
}

/// A desk that has more to say than the shared shelf.
fn desk() -> Index {
    indexed(&[
        publish(1, 1, &[("ru", "Принтер не печатает", "Проверьте кабель и картридж.")]),
        publish(2, 2, &[("ru", "Не открывается Outlook", "Удалите профиль и создайте его снова.")]),
        publish(3, 3, &[("ru", "Миграция кластера", "Перенос серверов в другой регион.")]),
        publish(4, 4, &[("en", "Installing the agent", "Run the installer as administrator.")]),
        publish(5, 5, &[("en", "Error E1042 on the scanner", "Replace the lamp, then reconnect.")]),
        publish(6, 6, &[("de", "Der Drucker druckt nicht", "Prüfen Sie das Kabel.")]),
    ])
}

#[test]
fn a_question_with_typos_finds_its_article() {
    let index = desk();
    assert_eq!(ask(&index, &agent("прнтер не пичатает")), [1]);
    assert_eq!(ask(&index, &agent("scaner")), [5]);
    assert_eq!(ask(&index, &agent("adminsitrator")), [4]);
    assert_eq!(ask(&index, &agent("druker")), [6]);
    assert_eq!(heard(&index, "прнтер картридж"), ["картридж: body", "прнтер: title, a guess"]);
}

#[test]
fn the_other_keyboard_is_known_beside_a_name_too() {
    let index = desk();
    assert_eq!(ask(&index, &agent("Outlook jnrhsdftncz"))[0], 2);
    assert_eq!(
        heard(&index, "rfhnhbl; HP"),
        ["картридж: body"],
        "a sign of one keyboard is a letter on the other"
    );
    let meant = index.browse(&agent("ghjabkm Outlook"), NOW).unwrap().did_you_mean;
    assert_eq!(meant.as_deref(), Some("профиль Outlook"));
}

#[test]
fn a_name_stays_where_all_else_was_typed_on_the_other_keyboard() {
    let index = indexed(&[
        publish(1, 1, &[("ru", "Создание кластера Kubernetes", "Откройте меню.")]),
        publish(2, 2, &[("ru", "Создание кластера", "Откройте меню.")]),
        publish(3, 3, &[("ru", "Принтер Canon не печатает", "Проверьте кабель.")]),
        publish(4, 4, &[("ru", "Принтер HP", "Он не печатает. Проверьте кабель и лоток.")]),
    ]);
    let meant = |text| index.browse(&agent(text), NOW).unwrap().did_you_mean;
    for (asked, understood, found) in [
        ("Cjplfybt rkfcnthf Kubernetes", "создание кластера Kubernetes", 1),
        ("ghbynth HP", "принтер HP", 4),
        ("hp ghbynth yt gtxfnftn", "hp принтер не печатает", 4),
    ] {
        assert_eq!(ask(&index, &agent(asked))[0], found, "{asked}");
        assert_eq!(meant(asked).as_deref(), Some(understood));
    }
}

#[test]
fn letters_whose_keys_are_signs_on_the_other_keyboard_are_letters() {
    let index = indexed(&[
        publish(1, 1, &[("ru", "Хостинг", "Откройте меню.")]),
        publish(2, 2, &[("ru", "Вход", "Откройте меню.")]),
        publish(3, 3, &[("ru", "Выход", "Откройте меню.")]),
        publish(4, 4, &[("ru", "Ключ", "Откройте меню.")]),
        publish(5, 5, &[("ru", "Счёт", "Откройте меню.")]),
        publish(6, 6, &[("ru", "Сбой на диске C", "Откройте меню.")]),
        publish(7, 7, &[("ru", "Жалоба", "Откройте меню.")]),
        publish(8, 8, &[("en", "Outlook", "Open the menu.")]),
        publish(9, 9, &[("ru", "Картридж", "Откройте меню.")]),
    ]);
    for (asked, found) in [
        ("[jcnbyu", 1),
        ("{jcnbyu", 1),
        ("{jcnbyu?", 1),
        ("d[jl", 2),
        ("ds[jl", 3),
        ("Rk.x", 4),
        ("cx`n", 5),
        ("c,jq", 6),
        (":fkj,f", 7),
    ] {
        assert_eq!(ask(&index, &agent(asked)), [found], "{asked}");
        let beside = ask(&index, &agent(&format!("{asked} Outlook")));
        assert!(beside.contains(&found) && beside.contains(&8), "{asked}: {beside:?}");
    }
    assert_eq!(ask(&index, &typing("{jcn")), [1]);
    assert_eq!(ask(&index, &typing("\"rfhnhb")), [9], "a quotation mark is no letter");
    assert_eq!(ask(&index, &agent("\"rfhnhbl;\"")), [9]);
}

#[test]
fn a_title_of_words_that_say_nothing_is_found_by_them() {
    let index = indexed(&[
        publish(1, 1, &[("en", "IT", "Who to call for a computer.")]),
        publish(2, 2, &[("en", "The Who", "A band of the sixties.")]),
        publish(3, 3, &[("en", "About us", "We are the company.")]),
        publish(4, 4, &[("en", "Who is it that prints?", "The printer.")]),
        publish(5, 5, &[("ru", "Кто мы", "О компании.")]),
    ]);
    assert_eq!(ask(&index, &agent("it")), [1]);
    assert_eq!(heard(&index, "What is IT?"), ["IT: title"]);
    assert_eq!(ask(&index, &agent("the who"))[0], 2);
    assert_eq!(ask(&index, &agent("кто мы?"))[0], 5);
    assert_eq!(ask(&index, &typing("The Who"))[0], 2);
    // Beside words that say something they say nothing.
    assert_eq!(ask(&index, &agent("it prints")), [4]);
    assert_eq!(ask(&index, &agent("whom")), NOTHING);
}

#[test]
fn what_is_written_in_one_word_or_in_two_is_the_same() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Login", "Enter your name.")]),
        publish(2, 2, &[("en", "You cannot Log in", "Enter your name.")]),
        publish(3, 3, &[("en", "The log", "It is in the folder. Delete the log.")]),
        publish(4, 4, &[("en", "Backup", "Each night.")]),
        publish(5, 5, &[("en", "How to back up", "Each night.")]),
        publish(6, 6, &[("en", "The screen", "You can sign\n  up here.\n\nPlug\u{a0}in it.")]),
    ]);
    for (asked, found) in [
        ("login", [1, 2]),
        ("log in", [1, 2]),
        ("log  in", [1, 2]),
        ("log\n\tin", [1, 2]),
        ("log\u{a0}in", [1, 2]),
        ("backup", [4, 5]),
        ("back up", [4, 5]),
        ("signup", [6, 6]),
        ("plugin", [6, 6]),
    ] {
        let all = ask(&index, &agent(asked));
        assert!(found.iter().all(|article| all.contains(article)), "{asked}: {all:?}");
    }
    assert_eq!(ask(&index, &agent("log"))[0], 3);
    assert!(!ask(&index, &agent("the log")).contains(&1));
}

/// Texts have stems, and a slip can hide where a word is to be cut.
#[test]
fn a_slip_in_an_ending_or_before_it_hides_no_word() {
    let index = indexed(&[
        publish(1, 1, &[("en", "The printer is not printing", "Open it.")]),
        publish(2, 2, &[("en", "Configuration of the server", "Read this.")]),
        publish(3, 3, &[("en", "Vulnerability in requirements", "Update them.")]),
        publish(4, 4, &[("en", "Crashing on start", "It crashes.")]),
        publish(5, 5, &[("en", "Used parts", "Portions of them, in integrations.")]),
        publish(6, 6, &[("en", "What caused it", "An integer at such positions.")]),
        publish(7, 7, &[("ru", "Настройки уведомлений", "Откройте меню.")]),
        publish(8, 8, &[("en", "Exceptions", "Exceptions are exceptional.")]),
        publish(9, 9, &[("en", "How a task that runs at night is executed", "By the clock.")]),
    ]);
    for (typed, found, meant) in [
        ("prnting", 1, "printing"),
        ("configuraion", 2, "configuration"),
        ("vulneraility", 3, "vulnerability"),
        ("requiremenms", 3, "requirements"),
        ("crashnig", 4, "crashing"),
        ("cuased", 6, "caused"),
        ("inteegr", 6, "integer"),
        ("posiions", 6, "positions"),
        ("уведомлеинями", 7, "уведомлений"),
    ] {
        let question = agent(typed);
        let hits = ask(&index, &question);
        assert_eq!(hits.first(), Some(&found), "{typed}: {hits:?}");
        let answer = index.browse(&question, NOW).unwrap();
        assert_eq!(answer.did_you_mean.as_deref(), Some(meant), "{typed}");
    }
    // Whatever text comes first, the likest word of those that were found is offered.
    let meant = index.browse(&agent("exceuted"), NOW).unwrap();
    assert_eq!(meant.did_you_mean.as_deref(), Some("executed"));
    let twice = index.browse(&agent("crashnig or Crashnig, prnting"), NOW).unwrap();
    assert_eq!(twice.did_you_mean.as_deref(), Some("crashing or crashing, printing"));
    // Without a slip there is nothing like it.
    assert!(ask(&index, &agent("zeppelins")).is_empty());
}

/// English writes a letter twice before `-ing`, or leaves one out: the stem is no beginning of the word.
#[test]
fn what_is_being_typed_does_not_vanish_before_its_last_letter() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Settings of the account", "x")]),
        publish(2, 2, &[("en", "Using the terminal", "x")]),
        publish(3, 3, &[("en", "Buying licences", "x")]),
    ]);
    for (word, found) in [("settings", 1), ("using", 2), ("buying", 3)] {
        for end in 3..=word.len() {
            assert_eq!(ask(&index, &typing(&word[..end])), [found], "{}", &word[..end]);
        }
    }
}

#[test]
fn what_a_customer_finds_tells_nothing_of_the_words_of_internal_articles() {
    let open = || {
        vec![
            publish(1, 1, &[("ru", "Миграция кластера", "Перенос серверов в другой регион.")]),
            publish(2, 2, &[("en", "Replace the scanner", "Unscrew the lamp.")]),
            publish(3, 3, &[("en", "Music", "RealPlayer and FlacDecoderPlugins do it.")]),
        ]
    };
    let secret = Article {
        audience: Audience::Internal,
        ..article(&[
            ("en", "The cluster", "A scaner scanning, replacing unscrewed lamps. A player."),
            ("de", "Lampen", "Lamps, scanners und mehr von allem."),
        ])
    };
    let secret = Revision { state: Some(secret), ..publish(4, 4, &[]) };
    let mut planned = article(&[]);
    let soon = Edition { title: "Player".into(), body: "A decoder and plugins.".into() };
    let stage = Stage::PublishAt(Timestamp::from_millis(NOW.as_millis() + 1).unwrap());
    let draft = Draft { edition: soon, stage, audience: None, tags: None };
    planned.drafts.insert("en".into(), draft);
    let planned = Revision { state: Some(planned), ..publish(5, 5, &[]) };
    let (without, with) = (indexed(&open()), indexed(&[open(), vec![secret, planned]].concat()));
    let told = |index: &Index, text, is_typing| {
        let question = Question { is_typing, ..Question::new(text) };
        let results = index.browse(&question, NOW).expect("no question is an error");
        let hits = results.hits.into_iter();
        let hits = hits.map(|hit| (hit.article, hit.matches, hit.score.to_bits()));
        (hits.collect::<Vec<_>>(), results.did_you_mean)
    };
    for text in [
        "cluster migration",
        "scaner lamp",
        "clus",
        "the scane",
        "unscrewed",
        "playerr",
        "плеер",
        "decoding",
        "plugin",
        "decodre",
    ] {
        for is_typing in [false, true] {
            assert_eq!(told(&with, text, is_typing), told(&without, text, is_typing), "{text}");
        }
    }
    assert_eq!(told(&with, "scaner", false).1.as_deref(), Some("scanner"));
    // Who may see the article knows that the word is there.
    assert_eq!(heard(&with, "scaner"), ["scaner: body"]);
}

#[test]
fn what_is_written_right_is_not_guessed_at() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Sorting mails", "")]),
        publish(2, 2, &[("en", "Sharing files", "")]),
        publish(3, 3, &[("en", "Filters", "")]),
    ]);
    assert_eq!(ask(&index, &agent("files")), [2]);
    // A short word may be anything, and in a code every sign counts.
    assert_eq!(ask(&index, &agent("fil")), NOTHING);
    assert_eq!(ask(&desk(), &agent("E1043")), NOTHING);
}

#[test]
fn a_word_is_found_in_the_other_alphabet() {
    let index = desk();
    assert_eq!(ask(&index, &agent("аутлук")), [2]);
    assert_eq!(ask(&index, &agent("аутлок")), [2]);
    assert_eq!(ask(&index, &agent("cluster migration")), [3]);
    assert_eq!(ask(&index, &agent("cartridge")), [1]);
    assert_eq!(ask(&index, &agent("агент")), [4]);
}

#[test]
fn russian_in_latin_letters_is_found_however_it_is_inflected() {
    let index = indexed(&[
        publish(1, 1, &[("ru", "Оплата заказа", "Счёт и журнал операций.")]),
        publish(2, 2, &[("ru", "Жалобы на доставку", "Хранение посылок.")]),
        publish(3, 3, &[("ru", "Сбросить пароль", "Настройки учётной записи.")]),
    ]);
    for (asked, article) in [
        ("oplata", 1),
        ("oplatu zakaza", 1),
        ("schet", 1),
        ("zhurnal", 1),
        ("zhaloba", 2),
        ("khranenie", 2),
        ("dostavka", 2),
        ("sbrosit parol", 3),
        ("parolya", 3),
        ("nastroyka", 3),
        ("zapisyu", 3),
    ] {
        assert_eq!(ask(&index, &agent(asked)).first(), Some(&article), "{asked}");
    }
    assert_eq!(ask(&desk(), &agent("ошибка Е1042")), [5], "a code is one in either alphabet");
}

#[test]
fn the_wrong_keyboard_makes_no_difference() {
    let index = desk();
    assert_eq!(ask(&index, &agent("ghbynth yt gtxfnftn")), [1]);
    assert_eq!(ask(&index, &agent("ысфттук")), [5]);
    assert_eq!(heard(&index, "ghbynth"), ["принтер: title"]);
    let mut both = ask(&index, &agent("scanner ghbynth"));
    both.sort_unstable();
    assert_eq!(both, [1, 5], "what makes sense as it is stays as it is");
}

#[test]
fn typos_are_not_taken_for_the_wrong_keyboard() {
    // The keys of `б` and `ж` write signs on the other keyboard, and what they leave is `c`.
    let index = indexed(&[
        publish(1, 1, &[("ru", "Как сбросить пароль", "Откройте настройки и смените его.")]),
        publish(2, 2, &[("ru", "Диск C: переполнен", "Удалите лишнее с диска C.")]),
        publish(3, 3, &[("en", "A c, an h and two b", "Letters c, h, b and m.")]),
    ]);
    assert_eq!(ask(&index, &agent("сбростиь парлоь")), [1]);
    assert_eq!(ask(&index, &agent("нстройки")), [1]);
    let asked = index.browse(&agent("сбростиь парлоь"), NOW).unwrap();
    assert_eq!(asked.did_you_mean.as_deref(), Some("сбросить пароль"));
    // And a comma behind a word does not hide that it was the keyboard.
    assert_eq!(ask(&index, &agent("дуееукыб еуые")), [3]);
}

#[test]
fn a_misspelt_article_does_not_end_correction_for_everybody() {
    let titles =
        ["Printer setup", "Printer toner", "The printer jams", "Printer noise", "Printers"];
    let mut revisions: Vec<_> =
        (1..).zip(titles).map(|(n, title)| publish(n, n, &[("en", title, "Read on.")])).collect();
    revisions.push(publish(6, 6, &[("en", "My pritner", "It does not pritn.")]));
    revisions.push(publish(7, 7, &[("en", "Sprinter", "A train.")]));
    let index = indexed(&revisions);
    let results = index.browse(&agent("pritner jams"), NOW).unwrap();
    let found: Vec<u64> = results.hits.iter().map(|hit| hit.article.0).collect();
    assert_eq!((found[0], found.len()), (3, 6), "{found:?}");
    assert_eq!(results.did_you_mean.as_deref(), Some("printer jams"));
    assert_eq!(ask(&index, &agent("pritner"))[0], 6, "what was asked for comes first");
    // A rare word with a neighbour of its own kind is left alone.
    assert_eq!(ask(&index, &agent("sprinter")), [7]);
}

#[test]
fn the_spelling_that_is_offered_has_the_fewest_slips() {
    let index =
        indexed(&[publish(1, 1, &[("en", "Print on a printer", "Printing takes a print job.")])]);
    let results = index.browse(&agent("printre"), NOW).unwrap();
    assert_eq!(results.did_you_mean.as_deref(), Some("printer"));
}

#[test]
fn what_is_offered_is_made_of_words_that_articles_have() {
    let index = indexed(&[
        publish(1, 1, &[("ru", "Принтер не печатает", "Проверьте кабель в гараже, или гараж.")]),
        publish(2, 2, &[("en", "Roaming", "Don't use it, don't pay for it.")]),
        publish(3, 3, &[("en", "The printer reports E1042", "Open it.")]),
    ]);
    let offered = |text| index.browse(&agent(text), NOW).unwrap().did_you_mean;
    for (asked, meant) in [
        ("Ghbynth, yt gtxfnftn!", "принтер, не печатает!"),
        ("(ghbynth) yt gtxfnftn.", "(принтер) не печатает."),
        ("ghbynth d ufhf;", "принтер в гараж"),
        ("dont use roaming", "don't use roaming"),
        ("приньтер не печатет", "принтер не печатает"),
        ("printre E1043", "printer E1043"),
    ] {
        assert_eq!(offered(asked).as_deref(), Some(meant), "{asked}");
    }
    assert_eq!(offered("printre zzyzzx").as_deref(), Some("printer zzyzzx"), "as it was written");
    // On the other keyboard it is not what was written, and no article has it either.
    for asked in ["ghbynth yt gtxfnftn zzyzzx", "zzyzzx"] {
        assert_eq!(offered(asked), None, "{asked}");
    }
    assert_eq!(ask(&index, &agent("приньтер не печатет"))[0], 1, "a slip is as likely as a sound");
}

#[test]
fn a_word_is_found_with_and_without_its_hyphen() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Wi\u{2011}Fi in the lobby", "Ask for the key.")]),
        publish(2, 2, &[("en", "Wifi on the train", "There is none.")]),
        publish(3, 3, &[("en", "Signatures", "They stand below each e-mail.")]),
        publish(4, 4, &[("en", "Login", "By email and password.")]),
        publish(5, 5, &[("en", "Heating", "Turn the knob.")]),
    ]);
    for (asked, expected) in [
        ("wifi", [1, 2]),
        ("Wi-Fi", [1, 2]),
        ("WI‐FI", [1, 2]),
        ("emails", [3, 4]),
        ("e-mails", [3, 4]),
    ] {
        let mut found = ask(&index, &agent(asked));
        found.sort_unstable();
        assert_eq!(found, expected, "{asked}");
    }
    assert_eq!(ask(&index, &agent("log-in")), [4]);
    assert_eq!(ask(&index, &agent("fi wi"))[0], 1, "each part is a word too");
}

#[test]
fn words_of_one_family_help_to_choose() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Agent", "Its configuration in detail.")]),
        publish(2, 2, &[("en", "Agent", "Its installation in detail.")]),
    ]);
    assert_eq!(ask(&index, &agent("configure the agent")), [1, 2]);
    assert_eq!(ask(&index, &agent("install the agent")), [2, 1]);
}

#[test]
fn the_last_word_is_completed_while_somebody_types() {
    let index = desk();
    assert_eq!(ask(&index, &typing("scan")), [5]);
    assert_eq!(ask(&index, &typing("error sc")), [5]);
    assert_eq!(ask(&index, &typing("принт")), [1]);
    assert_eq!(ask(&index, &typing("druc")), [6]);
    assert_eq!(ask(&index, &typing("s")), NOTHING, "one letter is too little");
    assert_eq!(ask(&index, &typing("scan ")), NOTHING, "a space ends the word");
    assert_eq!(ask(&index, &agent("scan")), NOTHING, "nobody is typing");
}

#[test]
fn no_letter_on_the_way_to_a_word_loses_it() {
    let index = indexed(&[
        publish(1, 1, &[("ru", "Принтер не печатает", "Проверьте кабель.")]),
        publish(2, 2, &[("en", "Installing the agent", "Of the theme and what was forgotten.")]),
        publish(3, 3, &[("en", "What is new in 2.4.1", "Many things.")]),
    ]);
    for (words, article) in [
        ("принтер", 1),
        ("не печатает", 1),
        ("ghbynth", 1),
        ("yt gtxfnftn", 1),
        ("installing", 2),
        ("forgotten", 2),
        ("an agent in a theme", 2),
        ("agent the theme", 2),
        ("2.4.1", 3),
        ("шт штыефддштп", 2),
    ] {
        let mut before = Vec::new();
        for (end, letter) in words.char_indices() {
            let typed = &words[..end + letter.len_utf8()];
            let found = ask(&index, &typing(typed));
            let is_lost = before.contains(&article) && !found.contains(&article);
            assert!(!is_lost, "{typed}: {found:?}, and a letter before {before:?}");
            before = found;
        }
        assert!(before.contains(&article), "{words}: {before:?}");
    }
    assert_eq!(ask(&index, &typing("ghbynt"))[0], 1, "the other keyboard goes on too");
    // A word that was said before goes on as well.
    assert_eq!(ask(&index, &typing("inst inst")), [2]);
    assert_eq!(ask(&index, &typing("the ")), NOTHING, "a space ends it");
}

#[test]
fn ten_thousand_codes_do_not_hide_a_word_that_begins_like_them() {
    let codes: String = (0..10_000).map(|n| format!("ER{n:05} ")).collect();
    let with = |title, body| {
        indexed(&[
            publish(1, 1, &[("en", title, body)]),
            publish(2, 2, &[("en", "Disks", "Erasing one takes an hour.")]),
            publish(3, 3, &[("en", "Eroding dams", "Call us.")]),
        ])
    };
    let (in_text, in_title) = (with("Codes", &codes), with(&codes, "Codes."));
    assert_eq!(ask(&in_text, &typing("er")), [3, 2, 1]);
    assert_eq!(ask(&in_title, &typing("er"))[0], 3);
    for index in [in_text, in_title] {
        assert_eq!(ask(&index, &typing("era")), [2]);
        assert_eq!(ask(&index, &typing("er0999")), [1], "codes go on too");
    }
}

#[test]
fn what_many_titles_say_is_completed_before_what_is_short_and_rare() {
    let rare = (0..60).map(|n| format!("Pr{}{}", ["a", "e", "k"][n % 3], n / 3));
    let often = (1..4).map(|n| format!("Problem {n}"));
    let titles: Vec<String> = rare.chain(often).collect();
    let articles = (1..).zip(&titles).map(|(n, title)| {
        let body = if n == 9 { "Prxz is in no title." } else { "Read on." };
        publish(n, n, &[("en", title, body)])
    });
    let index = indexed(&articles.collect::<Vec<_>>());
    let all = |text| ask(&index, &Question { limit: 100, ..typing(text) });
    let found = all("pr");
    assert!([61, 62, 63].iter().all(|problem| found.contains(problem)), "{found:?}");
    assert!(found.len() < 63, "no more ways are tried than anybody can wait for: {found:?}");
    assert_eq!(all("prx"), [9], "what no title has is looked for in the texts");
}

#[test]
fn nothing_that_was_found_is_lost_further_into_the_word() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Renew a certificate", "Certificates expire.")]),
        publish(2, 2, &[("en", "Configuration", "All about the organization.")]),
        publish(3, 3, &[("ru", "Конфигурация", "Настройки организации.")]),
    ]);
    for (words, article) in
        [("certificates", 1), ("configuration", 2), ("organizations", 2), ("конфигурации", 3)]
    {
        for (end, letter) in words.char_indices().skip(3) {
            let typed = &words[..end + letter.len_utf8()];
            assert!(ask(&index, &typing(typed)).contains(&article), "{typed}");
        }
    }
    assert_eq!(ask(&index, &agent("config")), NOTHING, "nobody is typing");
}

#[test]
fn each_language_has_its_own_inflections_on_one_desk() {
    let index = indexed(&[
        publish(1, 1, &[("de", "Rechnungen bezahlen", "Zahlen Sie die Rechnung online.")]),
        publish(2, 2, &[("fr", "Payer des factures", "Réglez la facture en ligne.")]),
        publish(3, 3, &[("es", "Pagar facturas", "Pague la factura en línea.")]),
        publish(4, 4, &[("pl", "Płatność faktury", "Zapłać fakturę online.")]),
        publish(5, 5, &[("ja", "請求書の支払い", "オンラインで支払います。")]),
        publish(6, 6, &[("uk", "Оплата рахунків", "Сплатіть рахунок онлайн.")]),
    ]);
    assert_eq!(ask(&index, &agent("Rechnung"))[0], 1);
    assert_eq!(ask(&index, &agent("réglée"))[0], 2);
    assert_eq!(ask(&index, &agent("pago de facturas"))[0], 3);
    assert_eq!(ask(&index, &agent("zapłacić fakturę"))[0], 4);
    assert_eq!(ask(&index, &agent("支払い方法"))[0], 5);
    assert_eq!(ask(&index, &agent("рахунок"))[0], 6);
}

#[test]
fn a_text_without_a_title_is_called_as_it_begins() {
    let tail = "Nothing of interest is said here. ".repeat(40);
    let index = indexed(&[
        publish(1, 1, &[("en", "", &format!("{tail} The printer."))]),
        publish(2, 2, &[("en", "", &format!("The printer. {tail}"))]),
    ]);
    let hits = index.search(&agent("printer"), NOW).unwrap();
    assert_eq!(hits[0].article, ArticleId(2));
    assert_eq!(hits[0].title, "");
    assert_eq!(heard(&index, "printer"), ["printer: title"]);
}
