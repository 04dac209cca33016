use std::collections::BTreeMap;

use super::Inner;
use crate::ClosedReason;
use crate::timeline::StateId;

/// The reasons for being closed, each kept once and with its number.
#[derive(Default)]
pub(super) struct Reasons {
    list: Vec<ClosedReason>,
    known: BTreeMap<ClosedReason, StateId>,
}

impl Reasons {
    pub(super) fn id(&mut self, reason: ClosedReason) -> StateId {
        *self.known.entry(reason).or_insert_with_key(|reason| {
            self.list.push(reason.clone());
            StateId(self.list.len() as u32)
        })
    }

    /// What the states of another calendar are called here, in the order of their numbers there.
    pub(super) fn numbers_of(&mut self, inner: &Inner) -> Vec<StateId> {
        let closed = inner.reasons.iter().map(|reason| self.id(reason.clone()));
        [StateId::OPEN].into_iter().chain(closed).collect()
    }

    /// The reasons in the order of their numbers, which begin with 1.
    pub(super) fn into_list(self) -> Box<[ClosedReason]> {
        self.list.into()
    }
}
