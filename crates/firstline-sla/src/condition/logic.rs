//! What can never hold: found by looking for something that would fulfil it.
//!
//! Every clause looks at one field, so it is enough to try, field by field, the few values at which
//! the answer of a clause can turn. Where alternatives are left, each is tried in its turn.

use std::collections::BTreeMap;

use firstline_calendar::{NaiveDate, Timestamp};

use super::clause::{Clause, Predicate};
use super::decimal::Decimal;
use super::facts::{Named, Value};
use super::fields::{Field, FieldType};
use super::{Group, Node, Quota};

/// How many values are tried at most: some milliseconds. What is not refuted by then may hold.
const MAX_TRIALS: usize = 1_000_000;

/// A part of a condition, and whether it is to hold or not to hold.
pub(super) type Wish<'c> = (&'c Node, bool);

/// Whether something can fulfil all the wishes at once.
///
/// A no is certain. A yes is certain too as long as the fields are independent of each other and
/// the search was not given up.
pub(super) fn may_hold(wishes: &[Wish<'_>]) -> bool {
    let mut search = Search { trials: MAX_TRIALS, literals: BTreeMap::new() };
    search.may_hold(wishes.to_vec(), Vec::new())
}

/// A clause, and whether it is to hold or not to hold.
type Literal<'c> = (&'c Clause, bool);

/// Parts of which one is to hold, or not to hold.
type Choice<'c> = (&'c [Node], bool);

struct Search<'c> {
    /// How many values may still be tried.
    trials: usize,
    /// What is wished of each field so far.
    literals: BTreeMap<&'c str, Vec<Literal<'c>>>,
}

impl<'c> Search<'c> {
    fn may_hold(&mut self, mut wishes: Vec<Wish<'c>>, mut choices: Vec<Choice<'c>>) -> bool {
        let mut wished = Vec::new();
        let mut may_hold = true;
        while may_hold && let Some((node, is_wanted)) = wishes.pop() {
            match node {
                Node::Clause(clause) => {
                    wished.push(&*clause.name);
                    let literals = self.literals.entry(&clause.name).or_default();
                    literals.push((clause, is_wanted));
                    may_hold = field_may(literals, &mut self.trials);
                }
                Node::Group(Group { quota, parts, .. }) => {
                    let is_part_wanted = is_wanted == (*quota != Quota::None);
                    if is_wanted == (*quota != Quota::Any) {
                        wishes.extend(parts.iter().map(|part| (part, is_part_wanted)));
                    } else {
                        choices.push((parts, is_part_wanted));
                    }
                }
            }
        }
        if may_hold && let Some((parts, is_wanted)) = choices.pop() {
            may_hold =
                parts.iter().any(|part| self.may_hold(vec![(part, is_wanted)], choices.clone()));
        }
        for field in wished {
            self.literals.get_mut(field).expect("it was wished of this field").pop();
        }
        may_hold
    }
}

/// Whether some value now and some value before fulfil all that is wished of one field.
fn field_may(literals: &[Literal<'_>], trials: &mut usize) -> bool {
    if literals.iter().any(|(clause, is_wanted)| *is_wanted && excludes(clause, literals)) {
        return false;
    }
    let [now, before] = [false, true].map(|looks_back| samples(literals, looks_back, trials));
    if *trials == 0 {
        return true;
    }
    let is_wanted_to_change: Vec<bool> = literals
        .iter()
        .filter_map(|(clause, is_wanted)| match clause.predicate {
            Predicate::Changed(changed) => Some(changed == *is_wanted),
            _ => None,
        })
        .collect();
    if is_wanted_to_change.is_empty() {
        return !now.is_empty() && !before.is_empty();
    }
    now.iter().any(|now| {
        *trials = trials.saturating_sub(before.len());
        let goes_with = |before: &Sample| {
            let has_changed = now.value() != before.value();
            is_wanted_to_change.iter().all(|wanted| *wanted == has_changed)
        };
        *trials == 0 || before.iter().any(goes_with)
    })
}

/// Whether one of the literals wants this clause not to hold, or a narrower one than it. Only asked
/// of clauses whose answer no value tells by itself: what a pattern finds, how far a moment is.
fn excludes(wanted: &Clause, literals: &[Literal<'_>]) -> bool {
    literals.iter().any(|(other, is_wanted)| {
        wanted.looks_back == other.looks_back
            && match (&wanted.predicate, &other.predicate) {
                (Predicate::Matches(one), Predicate::Matches(two)) => !is_wanted && one == two,
                (Predicate::Within(one), Predicate::Within(two)) => !is_wanted && one <= two,
                (Predicate::Matches(_) | Predicate::Within(_), Predicate::Exists(exists)) => {
                    exists != is_wanted
                }
                _ => false,
            }
    })
}

/// Whether values are tried on a clause. What a pattern finds is asked of named texts alone.
const fn is_tried(clause: &Clause) -> bool {
    !matches!(
        clause.predicate,
        Predicate::Changed(_) | Predicate::Within(_) | Predicate::Matches(_)
    )
}

/// Values that fulfil what is wished of one side of a field; some, unless there are none.
fn samples(literals: &[Literal<'_>], looks_back: bool, trials: &mut usize) -> Vec<Sample> {
    let Some((first, _)) = literals.first() else {
        return vec![Sample::Nothing];
    };
    let wished: Vec<&Literal<'_>> = literals
        .iter()
        .filter(|(clause, _)| clause.looks_back == looks_back)
        .filter(|(clause, _)| is_tried(clause))
        .collect();
    let mut tried = match wished.iter().find_map(|literal| listed(literal)) {
        Some(named) => named.iter().cloned().map(Sample::One).collect(),
        None => turning_points(&first.field, literals, looks_back),
    };
    // Before its first state a thing had no values, even in fields that always have one.
    if looks_back || !first.field.is_always_there {
        tried.push(Sample::Nothing);
    }
    *trials = trials.saturating_sub(tried.len() * wished.len());
    tried.retain(|sample| {
        let value = sample.value();
        wished
            .iter()
            .all(|(clause, is_wanted)| clause.predicate.holds(value.as_ref()) == *is_wanted)
    });
    tried
}

/// The values to one of which a clause pins its field down.
fn listed<'c>((clause, is_wanted): &Literal<'c>) -> Option<&'c [Named]> {
    match &clause.predicate {
        Predicate::Is(named) if *is_wanted => Some(named),
        _ => None,
    }
}

/// The values at which the answer of a clause can turn, and two at which none does.
fn turning_points(field: &Field, literals: &[Literal<'_>], looks_back: bool) -> Vec<Sample> {
    let named = literals.iter().flat_map(|(clause, _)| match &clause.predicate {
        Predicate::Is(named) => named,
        Predicate::AtLeast(named) | Predicate::AtMost(named) => core::slice::from_ref(named),
        Predicate::Contains(_)
        | Predicate::Matches(_)
        | Predicate::Within(_)
        | Predicate::Exists(_)
        | Predicate::Changed(_) => &[],
    });
    let number = |named: &Named| match named {
        Named::Integer(number) => Some(*number),
        Named::Moment(moment) => Some(moment.as_millis()),
        Named::Decimal(number) => Some(number.units()),
        Named::Date(date) => Some(date.to_epoch_days().into()),
        _ => None,
    };
    // Two to either side, so that a value can change and stay where it is wished to be.
    let numbers = || {
        named
            .clone()
            .filter_map(number)
            .chain([0])
            .flat_map(|number| (-2..=2).map(move |step| number.saturating_add(step)))
    };
    match &field.holds {
        FieldType::Integer => numbers().map(|it| Sample::One(Named::Integer(it))).collect(),
        FieldType::Moment => {
            let moments = numbers().filter_map(Timestamp::from_millis);
            moments.map(|it| Sample::One(Named::Moment(it))).collect()
        }
        FieldType::Decimal => {
            let decimals = numbers().filter_map(Decimal::from_units);
            decimals.map(|it| Sample::One(Named::Decimal(it))).collect()
        }
        FieldType::Date => {
            let days = numbers().filter_map(|day| i32::try_from(day).ok());
            let dates = days.filter_map(NaiveDate::from_epoch_days);
            dates.map(|it| Sample::One(Named::Date(it))).collect()
        }
        FieldType::Flag => [false, true].map(|it| Sample::One(Named::Flag(it))).into(),
        FieldType::Words(words) => {
            words.iter().map(|it| Sample::One(Named::Text(it.clone()))).collect()
        }
        FieldType::Levels(words) => {
            let levels = words.iter().cloned().enumerate();
            levels.map(|(rank, word)| Sample::One(Named::Level { rank, word })).collect()
        }
        FieldType::Text => {
            let texts = part_sets(literals, looks_back).flat_map(|parts| {
                let text = parts.join(UNUSED);
                [UNUSED, UNUSED_TOO]
                    .map(|rest| Sample::One(Named::Text((text.clone() + rest).into())))
            });
            named.clone().cloned().map(Sample::One).chain(texts).collect()
        }
        FieldType::List => lists(literals, looks_back, &[UNUSED.into(), UNUSED_TOO.into()]),
        FieldType::ListOf(words) => lists(literals, looks_back, words),
    }
}

/// Letters for private use: parts of no text that anybody writes into a condition.
const UNUSED: &str = "\u{e000}";
const UNUSED_TOO: &str = "\u{e000}\u{e001}";

/// The parts that must be there, on this side alone and on both sides together: what must not
/// change has them all.
fn part_sets<'c>(literals: &[Literal<'c>], looks_back: bool) -> impl Iterator<Item = Vec<&'c str>> {
    let parts = |is_meant: &dyn Fn(&Clause) -> bool| -> Vec<&'c str> {
        let wanted = literals.iter().filter(|(clause, is_wanted)| *is_wanted && is_meant(clause));
        let parts = wanted.filter_map(|(clause, _)| match &clause.predicate {
            Predicate::Contains(part) => Some(&**part),
            _ => None,
        });
        parts.collect()
    };
    [parts(&|clause| clause.looks_back == looks_back), parts(&|_| true)].into_iter()
}

/// Lists with the words that must be there, and none or one of the others.
fn lists(literals: &[Literal<'_>], looks_back: bool, others: &[Box<str>]) -> Vec<Sample> {
    let mut lists = Vec::new();
    for words in part_sets(literals, looks_back) {
        let words: Vec<Box<str>> = words.into_iter().map(Box::from).collect();
        for other in others {
            lists.push(Sample::List([words.as_slice(), core::slice::from_ref(other)].concat()));
        }
        lists.push(Sample::List(words));
    }
    lists
}

/// A value to try.
enum Sample {
    Nothing,
    One(Named),
    List(Vec<Box<str>>),
}

impl Sample {
    fn value(&self) -> Option<Value<'_>> {
        let value = match self {
            Self::Nothing => return None,
            Self::One(Named::Text(text)) => Value::Text(text),
            Self::One(Named::Integer(number)) => Value::Integer(*number),
            Self::One(Named::Flag(flag)) => Value::Flag(*flag),
            Self::One(Named::Moment(moment)) => Value::Moment(*moment),
            Self::One(Named::Decimal(number)) => Value::Decimal(*number),
            Self::One(Named::Date(date)) => Value::Date(*date),
            Self::One(Named::Level { rank, word }) => Value::Level { rank: *rank, word },
            Self::List(words) => Value::List(words),
        };
        Some(value).filter(|value| !value.is_empty())
    }
}
