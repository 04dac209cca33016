//! What holds for every condition.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Fields with few values, so that everything that can be the case can be tried.
fn fields() -> Fields {
    Fields::from([
        ("word", Field::new(FieldType::words(["a", "b", "c"]))),
        ("level", Field::new(FieldType::levels(["low", "high"]))),
        ("list", Field::new(FieldType::list_of(["x", "y"]))),
    ])
}

/// Every state of these fields.
fn states() -> Vec<BTreeMap<&'static str, Value<'static>>> {
    const LISTS: [&[&str]; 4] = [&[], &["x"], &["y"], &["y", "x"]];
    let words = [None, Some("a"), Some("b"), Some("c")];
    let levels = [None, Some((0, "low")), Some((1, "high"))];
    let mut states = Vec::new();
    for word in words {
        for level in levels {
            for list in &LISTS {
                let mut state = BTreeMap::from([("list", Value::List(list))]);
                state.extend(word.map(|word| ("word", Value::Text(word))));
                state.extend(level.map(|(rank, word)| ("level", Value::Level { rank, word })));
                states.push(state);
            }
        }
    }
    states
}

fn text(words: &'static [&'static str]) -> impl Strategy<Value = Literal> {
    prop::sample::select(words).prop_map(|word| Literal::Text(word.to_owned()))
}

/// What is asked of one field, without what it was.
fn question(name: &'static str) -> BoxedStrategy<ClauseSpec> {
    const WORDS: &[&str] = &["a", "b", "c"];
    const LEVELS: &[&str] = &["low", "high"];
    let none = ClauseSpec::default;
    let exists = any::<bool>().prop_map(move |it| ClauseSpec { exists: Some(it), ..none() });
    let one = move |literals: &'static [&'static str]| {
        text(literals).prop_map(move |it| ClauseSpec { is: Some(OneOrMore::One(it)), ..none() })
    };
    match name {
        "word" => {
            let two = prop::sample::subsequence(WORDS, 2).prop_map(move |words| {
                let words = words.into_iter().map(|word| Literal::Text(word.to_owned()));
                ClauseSpec { is: Some(OneOrMore::More(words.collect())), ..none() }
            });
            prop_oneof![one(WORDS), two, exists].boxed()
        }
        "level" => {
            let least =
                text(LEVELS).prop_map(move |it| ClauseSpec { at_least: Some(it), ..none() });
            let most = text(LEVELS).prop_map(move |it| ClauseSpec { at_most: Some(it), ..none() });
            prop_oneof![one(LEVELS), least, most, exists].boxed()
        }
        _ => {
            let part = text(&["x", "y"]);
            let part = part.prop_map(move |it| ClauseSpec { contains: Some(it), ..none() });
            prop_oneof![part, exists].boxed()
        }
    }
}

/// A table with one or two fields.
fn table() -> impl Strategy<Value = ConditionSpec> {
    let clause = |name: &'static str| {
        let was = prop::option::weighted(0.3, question(name));
        let changed = prop::option::weighted(0.2, any::<bool>());
        (question(name), was, changed).prop_map(move |(now, was, changed)| {
            (name.to_owned(), ClauseSpec { was: was.map(Box::new), changed, ..now })
        })
    };
    let any_clause = prop_oneof![clause("word"), clause("level"), clause("list")];
    prop::collection::vec(any_clause, 1..3).prop_map(|clauses| ConditionSpec {
        fields: clauses.into_iter().collect(),
        ..ConditionSpec::default()
    })
}

fn spec() -> impl Strategy<Value = ConditionSpec> {
    let nested = table().prop_recursive(2, 12, 2, |inner| {
        let list = || prop::option::of(prop::collection::vec(inner.clone(), 1..3));
        let parts = (table(), list(), list(), list());
        parts.prop_map(|(table, all, any, none)| ConditionSpec { all, any, none, ..table })
    });
    nested.prop_filter("it has too many clauses", |spec| check::read(spec, &fields()).is_ok())
}

/// A condition of which nobody knows yet whether it can hold.
fn read(spec: &ConditionSpec) -> Condition {
    Condition { root: check::read(spec, &fields()).unwrap() }
}

/// Whether the test holds for everything that can be the case.
fn for_all(mut test: impl FnMut(Change<'_>) -> bool) -> bool {
    let states = states();
    states.iter().all(|after| {
        test(Change::first(after)) && states.iter().all(|before| test(Change::new(before, after)))
    })
}

/// A few cases in the usual run; as many as `PROPTEST_CASES` says in a long one.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let is_long = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig { cases: if is_long { usual.cases } else { 100 }, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_reads_back(spec in spec()) {
        let toml = toml::to_string(&spec).unwrap();
        prop_assert_eq!(&toml::from_str::<ConditionSpec>(&toml).unwrap(), &spec);
        let json = serde_json::to_string(&spec).unwrap();
        prop_assert_eq!(&serde_json::from_str::<ConditionSpec>(&json).unwrap(), &spec);
    }

    #[test]
    fn an_account_says_what_the_condition_says(spec in spec()) {
        let condition = read(&spec);
        let is_true = for_all(|change| {
            let explanation = condition.explain(change);
            explanation.holds == condition.holds(change) && !explanation.decisive().is_empty()
        });
        prop_assert!(is_true);
    }

    #[test]
    fn never_and_always_are_said_if_and_only_if_nothing_or_everything_fulfils_it(spec in spec()) {
        let condition = read(&spec);
        let never = for_all(|change| !condition.holds(change));
        prop_assert_eq!(!logic::may_hold(&[(&condition.root, true)]), never);
        prop_assert_eq!(condition.always_holds(), for_all(|change| condition.holds(change)));
        if never {
            prop_assert!(Condition::build(&spec, &fields()).is_err());
        }
    }

    #[test]
    fn one_implies_another_if_and_only_if_nothing_fulfils_it_alone(one in spec(), two in spec()) {
        let (one, two) = (read(&one), read(&two));
        let implies = for_all(|change| !one.holds(change) || two.holds(change));
        prop_assert_eq!(one.implies(&two), implies);
        let apart = for_all(|change| !(one.holds(change) && two.holds(change)));
        prop_assert_eq!(!one.may_hold_with(&two), apart);
    }

    #[test]
    fn none_of_some_is_not_any_of_them(tables in prop::collection::vec(table(), 1..4)) {
        let any = ConditionSpec { any: Some(tables.clone()), ..ConditionSpec::default() };
        let none = ConditionSpec { none: Some(tables), ..ConditionSpec::default() };
        let (any, none) = (read(&any), read(&none));
        prop_assert!(for_all(|change| any.holds(change) != none.holds(change)));
    }

    #[test]
    fn each_finding_names_a_place_that_was_written(spec in spec()) {
        let Err(error) = Condition::build(&spec, &fields()) else { return Ok(()) };
        let written = serde_json::to_value(&spec).unwrap();
        for finding in &error.findings {
            let steps = finding.path.split(['.', '[', ']']).filter(|step| !step.is_empty());
            let mut at = &written;
            for step in steps {
                let next = step.parse().map_or_else(|_| at.get(step), |index: usize| at.get(index));
                prop_assert!(next.is_some(), "{} in {}", finding.path, written);
                at = next.unwrap();
            }
        }
    }
}
