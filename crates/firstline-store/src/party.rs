//! Lists of parties: who is meant, a page at a time.

use std::collections::BTreeSet;

use firstline_core::{Party, PartyId, PartyKind, PartySearch, Refusal};
use serde::{Deserialize, Serialize};

use crate::query::{DEFAULT_PAGE, MAX_PAGE};

/// Which parties, a page at a time, by name; the default asks for all of them.
///
/// ```
/// use firstline_core::PartyKind;
/// use firstline_store::PartyQuery;
///
/// let mut query = PartyQuery::typed("petrov +7 495")?;
/// query.kinds = [PartyKind::Contact].into();
/// # Ok::<(), firstline_core::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyQuery {
    /// By which words; `None` for all there are.
    pub search: Option<PartySearch>,
    /// Of one of these kinds; of any, if none is named.
    pub kinds: BTreeSet<PartyKind>,
    /// After this place: [`PartyPage::next`] of the page before.
    pub after: Option<PartyPlace>,
    /// How many at most; taken as at least 1 and at most [`MAX_PAGE`].
    pub limit: usize,
}

/// A place in a list of parties, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyPlace {
    /// The name, as parties are [sorted](Party::sort_key) by it.
    pub name: String,
    /// Among those of the same name, the kind by its word.
    pub kind: PartyKind,
    /// And the number.
    pub number: u64,
}

/// A part of a list of parties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyPage {
    /// The parties, by name.
    pub parties: Vec<(PartyId, Party)>,
    /// Where the next page begins; `None` if this was the last.
    pub next: Option<PartyPlace>,
}

impl Default for PartyQuery {
    fn default() -> Self {
        Self { search: None, kinds: BTreeSet::new(), after: None, limit: DEFAULT_PAGE }
    }
}

impl PartyQuery {
    /// What somebody typed, as [`PartySearch::read`] reads it.
    ///
    /// # Errors
    ///
    /// It is no search.
    pub fn typed(text: &str) -> Result<Self, Refusal> {
        Ok(Self { search: Some(PartySearch::read(text)?), ..Self::default() })
    }

    pub(crate) fn page_size(&self) -> usize {
        self.limit.clamp(1, MAX_PAGE)
    }

    /// Whether a party belongs into the list, wherever it begins.
    pub(crate) fn finds(&self, id: PartyId, party: &Party) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&id.kind()))
            && self.search.as_ref().is_none_or(|search| search.finds(&party.words()))
    }

    /// The page that begins with these parties, of which there is one too many if it is not the last.
    pub(crate) fn page(&self, mut parties: Vec<(PartyId, Party)>) -> PartyPage {
        let is_last = parties.len() <= self.page_size();
        parties.truncate(self.page_size());
        let end = parties.last().filter(|_| !is_last);
        let next = end.map(|(id, party)| PartyPlace::of(*id, party));
        PartyPage { parties, next }
    }
}

impl PartyPlace {
    pub(crate) fn of(id: PartyId, party: &Party) -> Self {
        Self { name: party.sort_key(), kind: id.kind(), number: id.number() }
    }
}
