//! What goes wrong inside, on its way to a [`StoreError`].

use rusqlite::ErrorCode;

use crate::error::StoreError;

/// Either SQLite's complaint or already ours. It exists so that `?` takes both and rusqlite's
/// errors stay out of the public interface.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

pub(super) type Outcome<T> = Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        let error = match failure {
            Failure::Store(error) => return error,
            Failure::Sqlite(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // A table that is gone or has other columns is an "unknown" error to SQLite; and none
            // of ours can be violated by what we write.
            Some(
                ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::ConstraintViolation
                | ErrorCode::Unknown,
            )
            | None => Self::DamagedFile { what: error.to_string() },
            Some(_) => Self::Disk { source: Box::new(error) },
        }
    }
}
