//! What spoke for or against a policy, in Russian. Fields and words are told as the rulebook has
//! them, since that is where a reader will look them up.

use firstline_sla::{Explanation, Found, Predicate, Reading};

/// What decided, as a sentence.
pub(super) fn because(explanation: &Explanation) -> String {
    let readings = explanation.decisive();
    readings.into_iter().map(reading).collect::<Vec<_>>().join("; ")
}

fn reading(reading: &Reading) -> String {
    let found = match &reading.found {
        None => "не заполнено".to_owned(),
        Some(Found::One(named)) => named.to_string(),
        Some(Found::List(words)) => words.join(", "),
    };
    let asked = match reading.clause.predicate() {
        Predicate::Is(words) => {
            words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" или ")
        }
        Predicate::AtLeast(least) => format!("не ниже {least}"),
        Predicate::AtMost(most) => format!("не выше {most}"),
        Predicate::Contains(word) => format!("содержит {word}"),
        Predicate::Exists(true) => "заполнено".to_owned(),
        Predicate::Exists(false) => "не заполнено".to_owned(),
        _ => reading.clause.to_string(),
    };
    format!("{}: {found} (спрашивается: {asked})", reading.clause.field())
}
