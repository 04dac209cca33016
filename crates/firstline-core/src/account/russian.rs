//! The words of an account in Russian. What spoke for or against a policy is told with the fields
//! and words of the rulebook, since that is where a reader will look them up.

use firstline_sla::{Explanation, Found, Predicate, Reading, Tongue};

use crate::priority::Priority;
use crate::rulebook::LadderAction;

impl LadderAction {
    /// What it does, in words. Lines, plans and roles have the names that the rulebook gives them.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        if tongue != Tongue::Russian {
            return self.to_string();
        }
        match self {
            Self::Notify(role) => match role.as_str() {
                "assignee" => "уведомить исполнителя".to_owned(),
                "line" => "уведомить линию поддержки".to_owned(),
                "requester" => "уведомить заявителя".to_owned(),
                role => format!("уведомить роль «{role}»"),
            },
            Self::RaisePriority(None) => "повысить приоритет".to_owned(),
            Self::RaisePriority(Some(to)) => format!("повысить приоритет до {}", priority_to(*to)),
            Self::HandOverToNext => "передать на следующую линию".to_owned(),
            Self::HandOverTo(line) => format!("передать на линию «{line}»"),
            Self::Page(plan) => format!("вызвать дежурного по плану «{plan}»"),
            Self::Escalate => "сообщить руководителю".to_owned(),
        }
    }
}

/// A priority in the genitive, as it follows a preposition.
pub(super) const fn priority_to(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "низкого",
        Priority::Medium => "среднего",
        Priority::High => "высокого",
        Priority::Critical => "критического",
    }
}

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
