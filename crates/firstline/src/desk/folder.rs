//! The folder of a desk.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::error::Error;

/// Makes a folder, with those above it that are missing, and brings their names to the disk: a file
/// that lasts in a folder that does not is lost.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    let make = || -> io::Result<()> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
        fs::create_dir_all(folder)?;
        missing.into_iter().rev().try_for_each(sync_name)
    };
    make().map_err(|source| Error::Folder { folder: folder.to_owned(), source })
}

/// Brings the name of a folder to the disk. Only Unix lets the folder above it be synced, and only
/// there it needs to be.
fn sync_name(folder: &Path) -> io::Result<()> {
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(above.unwrap_or_else(|| Path::new(".")))?.sync_all()
    } else {
        Ok(())
    }
}
