//! Conditions: which policy applies to what, when a clock starts, which rule fires.
//!
//! | to change | see |
//! |---|---|
//! | what can be written | `spec.rs` |
//! | what is refused, and the mend | `check.rs`, `finding.rs` |
//! | what a clause asks, and when it holds | `clause.rs` |
//! | what conditions look at | `facts.rs`, `fields.rs` |
//! | what a decimal number is | `decimal.rs` |
//! | how regular expressions are bounded | `pattern.rs` |
//! | what can never or must always hold | `logic.rs`, told by `contradiction.rs` |
//! | why one held or not | `explain.rs` |

mod check;
mod clause;
mod contradiction;
mod decimal;
mod explain;
mod facts;
mod fields;
pub(crate) mod finding;
mod logic;
mod pattern;
#[cfg(test)]
mod properties;
mod spec;
#[cfg(test)]
pub(crate) mod stories;

pub use clause::{Clause, Predicate};
pub use decimal::{Decimal, MAX_DECIMAL_DIGITS, ParseDecimalError};
pub use explain::{Explained, Explanation, Found, Reading};
pub use facts::{Change, Facts, Named, Value, Words};
pub use fields::{Field, FieldType, Fields, RESERVED_FIELDS};
pub use finding::{ConditionError, ConditionFinding};
pub use pattern::Pattern;
pub use spec::{ClauseSpec, ConditionSpec, Literal, OneOrMore};

/// The most clauses that a condition may have: more are a table, and belong into a field.
pub const MAX_CONDITION_CLAUSES: usize = 64;

/// How deep `all`, `any` and `none` may stand in each other: nobody reads what is deeper.
pub const MAX_CONDITION_DEPTH: usize = 8;

/// The most values that a clause may list. Customers are listed by name, so it is not small.
pub const MAX_CONDITION_VALUES: usize = 1_000;

/// The longest text that a clause may compare with, in bytes.
pub const MAX_CONDITION_TEXT: usize = 1_000;

/// A condition, checked and ready to be asked.
///
/// A tree of all, any and none over [clauses](Clause) on named fields. It is built of what somebody
/// [wrote](ConditionSpec) and of the [fields](Fields) that there are, so every word in it is known,
/// fits its field, and can hold.
///
/// To ask it takes some tens of nanoseconds and no memory. It knows of no time and keeps nothing:
/// the answer depends on what it is asked about alone.
///
/// ```
/// use firstline_sla::{Change, Condition, Field, FieldType, Fields, Value};
///
/// let fields = Fields::from([
///     ("kind", Field::always(FieldType::words(["question", "incident", "problem"]))),
///     ("priority", Field::always(FieldType::levels(["low", "medium", "high", "critical"]))),
///     ("tags", Field::new(FieldType::List)),
/// ]);
/// let written = toml::from_str(r#"
///     kind = "incident"
///     any = [{ priority = { at_least = "high" } }, { tags = { contains = "vip" } }]
/// "#)?;
/// let condition = Condition::build(&written, &fields)?;
///
/// let tags = ["vip"];
/// let low = Value::Level { rank: 0, word: "low" };
/// let incident =
///     [("kind", Value::Text("incident")), ("priority", low), ("tags", Value::List(&tags))];
/// assert!(condition.holds(Change::none(&incident)));
///
/// let question = [("kind", Value::Text("question")), ("priority", low)];
/// assert!(!condition.holds(Change::none(&question)));
/// assert_eq!(
///     condition.explain(Change::none(&question)).to_string(),
///     "kind is question, not incident; priority is low, not at least high; \
///      tags is empty, without vip"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What cannot be is refused, each thing with its place and its mend:
///
/// ```
/// # use firstline_sla::{Condition, Field, FieldType, Fields};
/// # let fields = Fields::from([
/// #     ("kind", Field::always(FieldType::words(["question", "incident", "problem"]))),
/// #     ("priority", Field::always(FieldType::levels(["low", "medium", "high", "critical"]))),
/// # ]);
/// let written = toml::from_str(r#"
///     kind = ["incidnt", "problem"]
///     priority = { at_least = "high", at_most = "medium" }
/// "#)?;
/// let refused = Condition::build(&written, &fields).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "kind[0]: there is no kind `incidnt`; write one of question, incident, problem"
/// );
/// # let written = toml::from_str(r#"
/// #     kind = ["incident", "problem"]
/// #     priority = { at_least = "high", at_most = "medium" }
/// # "#)?;
/// # let refused = Condition::build(&written, &fields).unwrap_err();
/// // Once its words are known, it is also seen that it can never hold:
/// assert_eq!(
///     refused.to_string(),
///     "priority.at_most: this can never hold: priority is at least high and priority is at most \
///      medium; change or remove one of them"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    root: Node,
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Clause(Clause),
    Group(Group),
}

/// Some parts of a condition and how many of them must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    path: Box<str>,
    quota: Quota,
    parts: Box<[Node]>,
}

/// How many parts of a group must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// Each of them.
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
}

impl Condition {
    /// The condition that everything fulfils.
    #[must_use]
    pub fn always() -> Self {
        let group = Group { path: Box::default(), quota: Quota::All, parts: Box::default() };
        Self { root: Node::Group(group) }
    }

    /// Makes sense of what somebody wrote.
    ///
    /// An empty table is fulfilled by everything.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it: unknown fields and words, values and questions that do not
    /// fit a field, too much of anything; and if there is nothing of the kind, whatever can never
    /// hold.
    pub fn build(spec: &ConditionSpec, fields: &Fields) -> Result<Self, ConditionError> {
        check::build(spec, fields).map(|root| Self { root })
    }

    /// Whether it holds. Takes no memory.
    #[must_use]
    pub fn holds(&self, change: Change<'_>) -> bool {
        self.root.holds(change)
    }

    /// Which of its clauses hold and which do not, and what was found.
    #[must_use]
    pub fn explain(&self, change: Change<'_>) -> Explanation {
        explain::explain(&self.root, change)
    }

    /// Whether every state and change fulfils it.
    ///
    /// Fields are taken to be independent of each other. For a condition that would take too long
    /// to think through, the answer is no.
    #[must_use]
    pub fn always_holds(&self) -> bool {
        !logic::may_hold(&[(&self.root, false)])
    }

    /// Whether everything that fulfils this condition fulfils the other one as well. So a rule with
    /// this condition never applies behind one with the other.
    ///
    /// Fields are taken to be independent of each other. For conditions that would take too long to
    /// think through, the answer is no.
    ///
    /// ```
    /// # use firstline_sla::{Condition, Field, FieldType, Fields};
    /// # let fields = Fields::from([("total", Field::new(FieldType::Integer))]);
    /// # let condition = |text| Condition::build(&toml::from_str(text).unwrap(), &fields).unwrap();
    /// let large = condition("total = { at_least = 1000 }");
    /// let any_sum = condition("total = { exists = true }");
    /// assert!(large.implies(&any_sum));
    /// assert!(!any_sum.implies(&large));
    /// ```
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        !logic::may_hold(&[(&self.root, true), (&other.root, false)])
    }

    /// Whether whatever fulfils this condition fulfils one of the others as well. So a rule with this
    /// condition never applies behind those with the others, though none of them alone may take all that
    /// it is for.
    ///
    /// Fields are taken to be independent of each other. For conditions that would take too long to
    /// think through, the answer is no.
    ///
    /// ```
    /// # use firstline_sla::{Condition, Field, FieldType, Fields};
    /// # let fields = Fields::from([("total", Field::always(FieldType::Integer))]);
    /// # let condition = |text| Condition::build(&toml::from_str(text).unwrap(), &fields).unwrap();
    /// let [large, small] = ["total = { at_least = 10 }", "total = { at_most = 10 }"].map(condition);
    /// assert!(Condition::always().implies_one_of([&large, &small]));
    /// assert!(!Condition::always().implies_one_of([&large]));
    /// ```
    #[must_use]
    pub fn implies_one_of<'c>(&self, others: impl IntoIterator<Item = &'c Self>) -> bool {
        let others = others.into_iter().map(|other| (&other.root, false));
        !logic::may_hold(&others.chain([(&self.root, true)]).collect::<Vec<_>>())
    }

    /// Whether any clause asks what was before or what has changed: of a state alone such a
    /// condition cannot be asked.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        let mut found = false;
        self.root.each_clause(&mut |clause| {
            found |= clause.looks_back() || matches!(clause.predicate(), Predicate::Changed(_));
        });
        found
    }

    /// Whether any clause asks how far a moment is from now: the answer changes while nothing
    /// happens.
    #[must_use]
    pub fn looks_at_the_clock(&self) -> bool {
        let mut found = false;
        self.root.each_clause(&mut |clause| {
            found |= matches!(clause.predicate(), Predicate::Within(_));
        });
        found
    }

    /// The fields that it looks at, each once, in alphabetical order.
    #[must_use]
    pub fn fields(&self) -> std::collections::BTreeSet<&str> {
        fn of<'c>(node: &'c Node, fields: &mut std::collections::BTreeSet<&'c str>) {
            match node {
                Node::Clause(clause) => {
                    fields.insert(clause.field());
                }
                Node::Group(group) => group.parts.iter().for_each(|part| of(part, fields)),
            }
        }
        let mut fields = std::collections::BTreeSet::new();
        of(&self.root, &mut fields);
        fields
    }

    /// Whether nothing fulfils it that is only looked at, and does not change.
    pub(crate) fn holds_at_changes_only(&self) -> bool {
        let mut still = Vec::new();
        self.root.each_clause(&mut |clause| {
            still.push(Node::Clause(Clause {
                looks_back: false,
                predicate: Predicate::Changed(false),
                ..clause.clone()
            }));
        });
        let still = still.iter().map(|clause| (clause, true));
        !logic::may_hold(&still.chain([(&self.root, true)]).collect::<Vec<_>>())
    }

    /// Whether anything can fulfil this condition and the other one at once that has just come into
    /// being: before that no field had a value.
    ///
    /// Fields are taken to be independent of each other. For conditions that would take too long to
    /// think through, the answer is yes.
    #[must_use]
    pub fn may_begin_with(&self, other: &Self) -> bool {
        let mut nothing = Vec::new();
        self.root.each_clause(&mut |clause| {
            nothing.push(Node::Clause(Clause {
                looks_back: true,
                predicate: Predicate::Exists(false),
                ..clause.clone()
            }));
        });
        let nothing = nothing.iter().map(|clause| (clause, true));
        let wishes = nothing.chain([(&self.root, true), (&other.root, true)]);
        logic::may_hold(&wishes.collect::<Vec<_>>())
    }

    /// Whether anything can fulfil this condition and the other one at once.
    ///
    /// Fields are taken to be independent of each other. For conditions that would take too long to
    /// think through, the answer is yes.
    #[must_use]
    pub fn may_hold_with(&self, other: &Self) -> bool {
        logic::may_hold(&[(&self.root, true), (&other.root, true)])
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::always()
    }
}

impl Node {
    fn holds(&self, change: Change<'_>) -> bool {
        match self {
            Self::Clause(clause) => clause.holds(change),
            Self::Group(Group { quota, parts, .. }) => {
                let mut parts = parts.iter();
                match quota {
                    Quota::All => parts.all(|part| part.holds(change)),
                    Quota::Any => parts.any(|part| part.holds(change)),
                    Quota::None => !parts.any(|part| part.holds(change)),
                }
            }
        }
    }

    fn each_clause(&self, see: &mut impl FnMut(&Clause)) {
        match self {
            Self::Clause(clause) => see(clause),
            Self::Group(group) => group.parts.iter().for_each(|part| part.each_clause(see)),
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::Clause(clause) => &clause.path,
            Self::Group(group) => &group.path,
        }
    }
}
