//! What is wrong with a condition, and where.

use core::fmt;

/// A condition that was refused. It is for its author to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Everything that is wrong with it: never empty.
    pub findings: Vec<ConditionFinding>,
}

/// One thing that is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionFinding {
    /// Where it stands in what was written, such as `any[1].status`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl ConditionError {
    /// The same findings, about a condition that stands at that key of something larger.
    #[must_use]
    pub fn at(mut self, key: &str) -> Self {
        for finding in &mut self.findings {
            finding.path = join(key, &finding.path);
        }
        self
    }
}

impl fmt::Display for ConditionError {
    /// A line for each finding: its path, what is wrong, what to do about it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ConditionFinding { path, problem, mend }) in self.findings.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            if !path.is_empty() {
                write!(f, "{path}: ")?;
            }
            write!(f, "{problem}; {mend}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConditionError {}

/// Collects findings.
#[derive(Default)]
pub(crate) struct Findings(Vec<ConditionFinding>);

impl Findings {
    pub(crate) fn add(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let (path, problem, mend) = (path.into(), problem.into(), mend.into());
        self.0.push(ConditionFinding { path, problem, mend });
    }

    pub(crate) fn extend(&mut self, error: ConditionError) {
        self.0.extend(error.findings);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was checked, if nothing is wrong with it.
    pub(crate) fn none_or<T>(self, checked: T) -> Result<T, ConditionError> {
        if self.is_empty() { Ok(checked) } else { Err(ConditionError { findings: self.0 }) }
    }
}

/// A key path and what follows it.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() || key.is_empty() { format!("{path}{key}") } else { format!("{path}.{key}") }
}
