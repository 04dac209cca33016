//! What may be a part of what: trees of organizations and of equipment.

use super::PartyId;
use crate::refusal::Refusal;

/// The most levels of a tree: each command that asks for what something belongs to climbs it.
pub const MAX_TREE_DEPTH: usize = 64;

/// A party and all that it is a part of, the nearest first. `parent_of` says what one is a part of.
///
/// # Errors
///
/// The way leads back to where it came from, or has too many levels; what `parent_of` says.
pub fn lineage<E: From<Refusal>>(
    of: PartyId,
    mut parent_of: impl FnMut(PartyId) -> Result<Option<PartyId>, E>,
) -> Result<Vec<PartyId>, E> {
    let mut line = vec![of];
    let mut last = of;
    while let Some(parent) = parent_of(last)? {
        if line.contains(&parent) {
            return Err(Refusal::PartOfItself { of, through: last }.into());
        }
        if line.len() >= MAX_TREE_DEPTH {
            return Err(Refusal::TreeTooDeep { of, most: MAX_TREE_DEPTH }.into());
        }
        line.push(parent);
        last = parent;
    }
    Ok(line)
}
