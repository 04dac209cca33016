//! A disk that fills up at the worst moment, whichever that is.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::directory::error::{DeleteError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, FileHandle, RamDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::*;
use crate::meaning::Model;
use crate::shelf::Disk;

/// A disk with room for so many more writes.
#[derive(Clone, Debug)]
struct Full {
    disk: RamDirectory,
    room: Arc<AtomicUsize>,
}

impl Full {
    fn take_room(&self) -> io::Result<()> {
        let less = |room: usize| room.checked_sub(1);
        match self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::ErrorKind::StorageFull.into()),
        }
    }
}

impl Directory for Full {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.disk.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.disk.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.disk.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.take_room()
            .map_err(|error| OpenWriteError::wrap_io_error(error, PathBuf::from(path)))?;
        let file = self.disk.open_write(path)?;
        Ok(BufWriter::new(Box::new(FullFile { file, disk: self.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.disk.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.take_room()?;
        self.disk.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.take_room()?;
        self.disk.sync_directory()
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.disk.watch(callback)
    }
}

struct FullFile {
    file: WritePtr,
    disk: Full,
}

impl Write for FullFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.take_room()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for FullFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.disk.take_room()?;
        self.file.terminate_ref(token)
    }
}

#[test]
fn a_full_disk_is_an_error_and_not_a_loss() {
    let fresh = [publish(4, 1, &[("en", "Scanner", "Clean it.")])];
    let mut acts = 0;
    loop {
        let room = Arc::new(AtomicUsize::new(usize::MAX));
        let disk: Disk = Box::new(Full { disk: RamDirectory::create(), room: Arc::clone(&room) });
        let fields = Fields::new(Model::default());
        let shelf_on_it = Shelf::start(disk, fields.layout()).unwrap();
        let index = Index::on(shelf_on_it, fields).unwrap();
        index.absorb(&shelf()).unwrap();

        room.store(acts, Ordering::SeqCst);
        let outcome = index.absorb(&fresh);
        let spare = room.swap(usize::MAX, Ordering::SeqCst);
        if let Err(error) = &outcome {
            assert!(matches!(error, KnowledgeError::Disk(_)), "after {acts} writes: {error:?}");
        }
        // All of it or nothing, whether one looks again or not.
        for _ in 0..2 {
            let printers = ask(&index, &agent("printer"));
            match index.position() {
                3 => assert_eq!(printers, [1], "after {acts} writes"),
                4 => assert_eq!(printers, NOTHING, "after {acts} writes"),
                other => panic!("after {acts} writes at {other}"),
            }
            index.reload().unwrap();
        }
        index.absorb(&fresh).unwrap();
        assert_eq!((index.position(), ask(&index, &agent("scanner"))), (4, vec![1]));
        assert_eq!(ask(&index, &agent("sign in")), [2]);
        if outcome.is_ok() && spare > 0 {
            break;
        }
        acts += 1;
    }
    assert!(acts > 20, "the story must have had many ways to end: {acts}");
}
