//! The articles as they were after one commit, with what ranking must know of them.

use tantivy::columnar::StrColumn;
use tantivy::{Searcher, SegmentReader};

use crate::error::KnowledgeError;
use crate::schema::{Family, Fields, column};

/// What searches look at. It never changes.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) position: u64,
    totals: [Totals; Family::ALL.len()],
}

/// The texts of one family together.
///
/// tantivy's own totals count deleted documents until they are merged away, and all languages as
/// one. With these the same articles rank alike whatever the way in which they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) editions: u64,
    pub(crate) title_words: u64,
    pub(crate) body_words: u64,
}

impl Snapshot {
    pub(crate) fn new(
        searcher: Searcher,
        position: u64,
        fields: &Fields,
    ) -> Result<Self, KnowledgeError> {
        let mut totals = [Totals::default(); Family::ALL.len()];
        for segment in searcher.segment_readers() {
            add_up(segment, fields, &mut totals)?;
        }
        Ok(Self { searcher, position, totals })
    }

    pub(crate) fn totals(&self, family: Family) -> Totals {
        self.totals[family as usize]
    }
}

fn add_up(
    segment: &SegmentReader,
    fields: &Fields,
    totals: &mut [Totals; Family::ALL.len()],
) -> Result<(), KnowledgeError> {
    let Some(languages) = segment.fast_fields().str(column::PRIMARY)? else {
        return Ok(());
    };
    let families = families_of(&languages)?;
    let mut lengths = Vec::new();
    for family in Family::ALL {
        let text = fields.text(family);
        lengths.push((
            segment.get_fieldnorms_reader(text.title)?,
            segment.get_fieldnorms_reader(text.body)?,
        ));
    }
    for doc in segment.doc_ids_alive() {
        let family = languages.ords().first(doc).and_then(|ord| families.get(ord as usize));
        if let Some(&family) = family {
            let (title, body) = &lengths[family as usize];
            let totals = &mut totals[family as usize];
            totals.editions += 1;
            totals.title_words += u64::from(title.fieldnorm(doc));
            totals.body_words += u64::from(body.fieldnorm(doc));
        }
    }
    Ok(())
}

/// The family of each language in a segment, by its ordinal there.
fn families_of(languages: &StrColumn) -> Result<Vec<Family>, KnowledgeError> {
    let mut name = String::new();
    (0..languages.num_terms() as u64)
        .map(|ord| {
            languages.ord_to_str(ord, &mut name)?;
            Ok(Family::of(&name))
        })
        .collect()
}
