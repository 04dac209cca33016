//! How much a rulebook may hold, and what its names may look like.

use super::{GOOD, Rulebook};

#[track_caller]
fn refused(text: &str, expected: &str) {
    let found = Rulebook::from_toml(text, "desk.toml").expect_err("it was accepted");
    let told = found.to_string();
    assert!(told.contains(expected), "{}", &told[..told.len().min(600)]);
}

/// So many tables of a list.
fn many(count: usize, table: impl Fn(usize) -> String) -> String {
    (0..count).map(table).collect()
}

#[test]
fn ten_thousand_of_anything_are_refused() {
    let ids = |count| -> String { (0..count).map(|it| format!("\"{it}\",")).collect() };
    for (more, expected) in [
        (
            many(10_000, |it| {
                format!(
                    "[calendars.c{it}]\ntime_zone = \"UTC\"\nweekly = {{ mon = [\"09:00-17:00\"] }}\n"
                )
            }),
            "calendars: 10001 calendars are more than 1000; no desk needs so many: join some",
        ),
        (
            many(10_000, |it| format!("[[roles]]\nid = \"r{it}\"\nreports_to = \"r{}\"\n", it + 1)),
            "roles: 10000 roles are more than 1000",
        ),
        (
            format!("[[roles]]\nid = \"all\"\nagents = [{}]\n", "1,".repeat(10_000)),
            "roles[0].agents: 10000 agents are more than 1000",
        ),
        (many(10_000, |it| format!("[[lines]]\nid = \"x{it}\"\n")), "lines are more than 500"),
        (
            format!("[[lines]]\nid = \"x\"\nteams = [{}]\n", ids(10_000)),
            "teams: 10000 teams are more than 500",
        ),
        (
            many(10_000, |it| format!("[[policies]]\nname = \"p{it}\"\ncalendar = \"always\"\n")),
            "policies are more than 500",
        ),
        (
            many(10_000, |it| format!("[[views]]\nname = \"v{it}\"\nfilter = \"x\"\n")),
            "views: 10000 views are more than 500",
        ),
        (
            format!("synonyms = [{}]\n", "[\"a\", \"b\"],".repeat(10_000)),
            "synonyms: 10000 groups are more than 5000",
        ),
        (
            format!(
                "[fields.a]\nkind = \"bool\"\nlabel = {{ {} }}\n",
                many(10_000, |it| format!("x-{it} = \"x\", "))
            ),
            "fields.a.label: 10000 languages are more than 100",
        ),
        (
            format!("[lifecycles.a]\nkinds = [{}]\n", "\"task\",".repeat(10_000)),
            "lifecycles.a.kinds: 10000 kinds are more than 500",
        ),
        (
            format!("[lifecycles.a]\nlines = [{}]\n", "\"L1\",".repeat(10_000)),
            "lifecycles.a.lines: 10000 lines are more than 500",
        ),
        (
            format!(
                "[lifecycles.a]\ntransitions = [{{ from = [{}], to = \"b\" }}]\n",
                "\"a\",".repeat(10_000)
            ),
            "lifecycles.a.transitions[0].from: 10000 statuses are more than 500",
        ),
        (
            format!(
                "[lifecycles.a.from]\ndefault = {{ {} }}\n",
                many(10_000, |it| format!("a{it} = \"b\", "))
            ),
            "lifecycles.a.from.default: 10000 statuses are more than 500",
        ),
        (format!("synonyms = [[{}]]\n", ids(10_000)), "synonyms[0]: 10000 words are more than 50"),
    ] {
        let text = if more.starts_with("synonyms") { more + GOOD } else { format!("{GOOD}{more}") };
        refused(&text, expected);
    }
}

/// The longest chain that is accepted is gone up once.
#[test]
fn a_thousand_roles_in_a_chain_are_looked_at_once_and_a_circle_is_found() {
    let chain =
        many(999, |it| format!("[[roles]]\nid = \"r{it}\"\nreports_to = \"r{}\"\n", it + 1));
    Rulebook::from_toml(&format!("{GOOD}{chain}[[roles]]\nid = \"r999\"\n"), "desk.toml").unwrap();
    refused(
        &format!("{GOOD}{chain}[[roles]]\nid = \"r999\"\nreports_to = \"r998\"\n"),
        "roles[999].reports_to: `r999` reports to itself in the end; let the highest role report to nobody",
    );
}

#[test]
fn a_name_that_nobody_could_read_in_a_list_is_refused_wherever_it_stands() {
    let long = "x".repeat(1_000_000);
    let names = [
        ("two\\nlines", "the name has the control character U+000A at byte 3"),
        ("a\\u202Eb", "the name turns the direction of writing at byte 1 and never back"),
        (long.as_str(), "the name has 1000000 bytes, more than 998"),
        ("x ", "`x ` begins or ends with a space; leave it out"),
    ];
    let places = [
        ("[[roles]]\nid = \"NAME\"\n", "roles[0].id: "),
        ("[[roles]]\nid = \"a\"\nname = \"NAME\"\n", "roles[0].name: "),
        ("[[lines]]\nid = \"NAME\"\n", "lines[2].id: "),
        ("[[lines]]\nid = \"a\"\nname = \"NAME\"\n", "lines[2].name: "),
        ("[[lines]]\nid = \"a\"\nteams = [\"NAME\"]\n", "lines[2].teams[0]: "),
        ("[[views]]\nname = \"NAME\"\nfilter = \"x\"\n", "views[0].name: "),
        ("[[policies]]\nname = \"NAME\"\ncalendar = \"always\"\n", "policies[1].name: "),
        ("[[forms]]\nname = \"NAME\"\nfields = []\n", "forms[0].name: "),
        ("[fields.a]\nkind = \"bool\"\nlabel = \"NAME\"\n", "fields.a.label: "),
        ("[fields.a]\nkind = \"bool\"\nlabel = { en = \"NAME\" }\n", "fields.a.label.en: "),
        (
            "[fields.a]\nkind = \"choice\"\nchoices = [\"NAME\", \"b\"]\n",
            "fields.a.choices[0].id: ",
        ),
        (
            "[lifecycles.default]\nstatuses = [{ id = \"NAME\", category = \"new\" }]\n",
            "lifecycles.default.statuses[0].id: ",
        ),
    ];
    for (place, path) in places {
        for (name, expected) in names {
            refused(&format!("{GOOD}{}", place.replace("NAME", name)), path);
            refused(&format!("{GOOD}{}", place.replace("NAME", name)), expected);
        }
    }
}

#[test]
fn names_that_differ_by_case_or_spaces_alone_are_told_apart_by_nobody() {
    refused(
        &format!("{GOOD}[[lines]]\nid = \"l1\"\n"),
        "lines[2].id: `l1` is hardly told from `L1`; rename one",
    );
    refused(
        &format!(
            "{GOOD}[[views]]\nname = \"Late today\"\nfilter = \"x\"\n[[views]]\nname = \"late  today\"\nfilter = \"y\"\n"
        ),
        "views[1].name: `late  today` is hardly told from `Late today`; rename one",
    );
    let rule = |list: &str, name: &str| {
        format!("[[{list}]]\nname = \"{name}\"\ndo = [{{ tag = \"x\" }}]\n")
    };
    refused(
        &format!("{GOOD}{}{}", rule("rules", "Thank you"), rule("rules", "thank you")),
        "rules[1].name: `thank you` is hardly told from `Thank you`; rename one",
    );
    refused(
        &format!("{GOOD}{}{}", rule("rules", "Thank you"), rule("macros", "thank  you")),
        "macros[0].name: `thank  you` is hardly told from `Thank you`; rename one",
    );
}
