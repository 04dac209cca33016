//! The files of an index on disk, which follow a journal: whoever writes comes by turns, and how far
//! has been read is part of each commit.

mod folder;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::{DirectoryLock, RamDirectory};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Schema;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Directory, IndexReader, IndexWriter, ReloadPolicy, Searcher};

use crate::error::KnowledgeError;

pub(crate) type Disk = Box<dyn Directory>;

/// What an index keeps, and how its texts are taken apart. An index on disk with another schema is of
/// another version.
#[derive(Clone)]
pub(crate) struct Layout {
    pub(crate) schema: Schema,
    pub(crate) tokenizers: TokenizerManager,
}

/// An index in a folder of its own or in memory.
pub(crate) struct Shelf {
    layout: Layout,
    disk: Disk,
    /// Where that is, unless it is in memory.
    dir: Option<PathBuf>,
    /// Opened once, for reading only.
    index: tantivy::Index,
    /// Locked while it reloads, so that no slow reload puts an older state above a newer one.
    reader: Mutex<IndexReader>,
    writing: Mutex<()>,
}

impl Shelf {
    /// Opens what is in a folder, or starts there.
    pub(crate) fn open(dir: &Path, layout: Layout) -> Result<Self, KnowledgeError> {
        let disk = folder::open(dir, &layout)?;
        let shelf = Self::on(disk, layout).map_err(|error| error.in_folder(dir))?;
        Ok(Self { dir: Some(dir.to_owned()), ..shelf })
    }

    pub(crate) fn in_memory(layout: Layout) -> Self {
        Self::start(Box::new(RamDirectory::create()), layout)
            .expect("memory has no rights to lack and no bytes to lose")
    }

    /// Starts on an empty disk.
    pub(crate) fn start(disk: Disk, layout: Layout) -> Result<Self, KnowledgeError> {
        folder::start(&disk, &layout)?;
        Self::on(disk, layout)
    }

    fn on(disk: Disk, layout: Layout) -> Result<Self, KnowledgeError> {
        let index = open_fresh(&disk, &layout)?;
        let reader = Mutex::new(reader(&index)?);
        Ok(Self { layout, disk, dir: None, index, reader, writing: Mutex::new(()) })
    }

    /// Shows what has been committed last, by this process or by another one, and its position.
    pub(crate) fn reload(
        &self,
        look: impl FnOnce(Searcher, u64) -> Result<(), KnowledgeError>,
    ) -> Result<(), KnowledgeError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        // Read before the text: should another process commit in between, the position
        // understates what is there, and offering the difference again is harmless.
        let position = position_on(&self.index, &self.layout)?;
        reader.reload()?;
        look(reader.searcher(), position)
    }

    /// Writes what is news behind the position that the index on disk has reached: `change` is told
    /// that, and what is there. Nothing is written if others were faster. Whoever has seen it further
    /// than it is now, at `seen`, is told that it began anew. What comes has so many letters, in bytes.
    pub(crate) fn write(
        &self,
        seen: u64,
        position: u64,
        letters: usize,
        change: impl FnOnce(u64, &IndexWriter, &Searcher) -> Result<(), KnowledgeError>,
    ) -> Result<(), KnowledgeError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = self.lock()?;
        let index = open_fresh(&self.disk, &self.layout)?;
        let reached = position_on(&index, &self.layout)?;
        if reached < seen {
            return Err(KnowledgeError::Restarted { position: reached });
        }
        if position <= reached {
            return Ok(());
        }
        let write = || {
            let mut writer = writer(&index, letters)?;
            change(reached, &writer, &reader(&index)?.searcher())?;
            // The position travels in the commit itself, so text and position can never disagree.
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&position.to_string());
            commit.commit()?;
            // The text is safe by now. A merge that failed is tried again by the next call.
            let _ = writer.wait_merging_threads();
            Ok(())
        };
        write().map_err(KnowledgeError::while_writing)
    }

    /// Looks whether what is on disk is sound, byte by byte, and starts there anew if it is not.
    pub(crate) fn mend(&self) -> Result<(), KnowledgeError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.dir.as_ref().map_or(Ok(()), |dir| folder::open(dir, &self.layout).map(drop))
    }

    /// Takes out of the files what was replaced or deleted: a segment keeps it until enough of it is
    /// outdated, which is soon enough for everything but the words of somebody who was erased.
    pub(crate) fn purge(&self) -> Result<(), KnowledgeError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = self.lock()?;
        let index = open_fresh(&self.disk, &self.layout)?;
        let outdated = index.searchable_segment_metas()?.into_iter().filter(|it| it.has_deletes());
        let outdated: Vec<_> = outdated.map(|it| it.id()).collect();
        if outdated.is_empty() {
            return Ok(());
        }
        let write = || {
            let mut writer = writer(&index, 0)?;
            writer.merge(&outdated).wait()?;
            writer.garbage_collect_files().wait()?;
            Ok(writer.wait_merging_threads()?)
        };
        write().map_err(KnowledgeError::while_writing)
    }

    /// Lets one process at a time change the folder.
    pub(crate) fn lock(&self) -> Result<DirectoryLock, KnowledgeError> {
        folder::writing(&self.disk)
    }

    /// A writer that nobody has to commit, to see what becomes of what it wrote.
    #[cfg(test)]
    pub(crate) fn writer(&self) -> (IndexWriter, Searcher) {
        let fresh = open_fresh(&self.disk, &self.layout).unwrap();
        (writer(&fresh, 0).unwrap(), reader(&fresh).unwrap().searcher())
    }
}

/// Opens what is on disk now. A writer needs it so: what tantivy knows of a folder is what was
/// there when it opened it, and another process may have written since.
fn open_fresh(disk: &Disk, layout: &Layout) -> Result<tantivy::Index, KnowledgeError> {
    let mut index = tantivy::Index::open(disk.box_clone())?;
    index.set_tokenizers(layout.tokenizers.clone());
    Ok(index)
}

/// A reader that looks when it is told to. The other kind watches the disk with a thread.
fn reader(index: &tantivy::Index) -> Result<IndexReader, KnowledgeError> {
    Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?)
}

/// How far the index on disk has read, which its last commit says.
fn position_on(index: &tantivy::Index, layout: &Layout) -> Result<u64, KnowledgeError> {
    let meta = index.load_metas()?;
    if meta.schema != layout.schema {
        return Err(KnowledgeError::OtherVersion);
    }
    match meta.payload {
        None => Ok(0),
        Some(payload) => payload
            .parse()
            .map_err(|_| KnowledgeError::Damaged(format!("{payload:?} is no position"))),
    }
}

/// A writer owns threads and memory. Desks publish rarely and a process may hold many desks, so it
/// lives for one call and is a small one: one thread that writes, one that merges, and the least
/// memory that tantivy accepts. Only where a whole library comes in at once, it takes as much as the
/// texts themselves: each time that it is full it writes a segment, and all of them are merged.
fn writer(index: &tantivy::Index, letters: usize) -> Result<IndexWriter, KnowledgeError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(letters.clamp(LEAST_WRITER_BYTES, MOST_WRITER_BYTES))
        .build();
    let writer: IndexWriter = index.writer_with_options(options)?;
    // What a crash left behind goes first: tantivy counts its files from the last commit, and would
    // stumble over the ones that never made it into one.
    writer.garbage_collect_files().wait()?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_layer_size(SMALL_SEGMENT);
    policy.set_del_docs_ratio_before_merge(MAX_DELETED);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// The memory of a writer, in bytes.
const LEAST_WRITER_BYTES: usize = 15_000_000;
const MOST_WRITER_BYTES: usize = 60_000_000;

/// Segments with up to so many documents are merged with each other as they come. Larger ones wait
/// for others of their size, so that an edited article does not rewrite the whole shelf.
const SMALL_SEGMENT: u32 = 1_000;

/// The share of outdated documents at which a segment is written anew. Articles are edited far more
/// often than added, and every search pays for what it has to skip.
const MAX_DELETED: f32 = 0.25;
