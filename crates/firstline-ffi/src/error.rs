//! What went wrong, as C sees it.

use std::ffi::{CString, c_char};
use std::io::ErrorKind;
use std::ptr;
use std::sync::Arc;

use firstline::{
    AccountError, CalendarError, Error, KnowledgeError, Refusal, Responsible, RulebookError,
    StoreError, WhyNotError,
};

use crate::answer::{self, Detail};
use crate::kind::{kind, refusal_kind};
use crate::registry::Registry;
use crate::status::fl_status;

/// What went wrong. Made by a failing call, freed with `fl_error_free`.
pub struct fl_error {
    _opaque: [u8; 0],
}

/// What a handle of an error stands for.
pub(crate) struct ErrorObject {
    status: fl_status,
    message: CString,
    json: CString,
}

static ERRORS: Registry<ErrorObject> = Registry::new();

/// A failure on its way to the caller.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: fl_status,
    pub(crate) message: String,
    pub(crate) detail: Box<Detail>,
}

impl Failure {
    pub(crate) fn new(status: fl_status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), detail: Box::default() }
    }

    pub(crate) fn null(argument: &str) -> Self {
        Self::argument(argument, "is null")
    }

    pub(crate) fn argument(argument: &str, problem: &str) -> Self {
        let failure = Self::new(fl_status::Argument, format!("`{argument}` {problem}"));
        failure.with(|detail| detail.argument = Some(argument.to_owned()))
    }

    pub(crate) fn closed(what: &str) -> Self {
        let message = format!("the handle of the {what} is not open");
        Self::new(fl_status::Closed, message)
    }

    pub(crate) fn file(path: &str, error: &std::io::Error) -> Self {
        let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
        let status = if exists { fl_status::FileExists } else { fl_status::File };
        let failure = Self::new(status, format!("{path}: {error}"));
        failure.with(|detail| detail.path = Some(path.to_owned()))
    }

    /// The same with what there is to know more, for programs.
    pub(crate) fn with(mut self, tell: impl FnOnce(&mut Detail)) -> Self {
        tell(&mut self.detail);
        self
    }

    /// The same with what sort of failure it is.
    pub(crate) fn of_kind(self, kind: String) -> Self {
        self.with(|detail| detail.kind = Some(kind))
    }

    /// Makes the handle that C gets of it.
    pub(crate) fn into_handle(self) -> *mut fl_error {
        let name = self.status.name();
        let failure = self.with(|detail| {
            detail.kind.get_or_insert_with(|| name.to_owned());
        });
        let json = serde_json::to_string(&answer::failure(&failure)).expect("its keys are texts");
        let Self { status, message, .. } = failure;
        let (message, json) = (c_text(message), c_text(json));
        ERRORS.insert(Arc::new(ErrorObject { status, message, json }))
    }
}

/// A text of C ends at the first NUL, so there must be none inside.
pub(crate) fn c_text(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let bytes = error.into_vec().into_iter().map(|byte| if byte == 0 { b' ' } else { byte });
        CString::new(bytes.collect::<Vec<u8>>()).expect("the zeros are gone")
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        let (status, kind) = match &error {
            Error::Refused(refusal) => return Self::from(refusal.clone()),
            Error::Rulebook(error) => return Self::from(error.clone()),
            Error::Account { source: AccountError::Refused(refusal), .. }
                if error.responsible() == Responsible::Caller =>
            {
                return Self::from(refusal.clone());
            }
            Error::Filter(_) => (fl_status::BadQuery, "unreadable_filter".to_owned()),
            Error::Store(error) => (of_store(error), kind(error)),
            Error::Knowledge(error) => (of_knowledge(error), kind(error)),
            Error::Account { source, .. } => (of_account(source), kind(source)),
            Error::WhyNot(source @ WhyNotError::UnknownRule { .. }) => {
                (fl_status::NotFound, kind(source))
            }
            Error::WhyNot(source) => (fl_status::Damaged, kind(source)),
            Error::Damaged(source) => (fl_status::Damaged, kind(source)),
            Error::Folder { .. } => (fl_status::File, kind(&error)),
            _ => (fl_status::Store, kind(&error)),
        };
        Self::new(status, message).of_kind(kind).with(|detail| place(&error, detail))
    }
}

/// Where it is that something is wrong.
fn place(error: &Error, detail: &mut Detail) {
    match error {
        Error::Store(StoreError::DamagedRecord { seq, .. } | StoreError::OtherJournal { seq }) => {
            detail.record = Some(*seq);
        }
        Error::Store(StoreError::BadExport { line, .. }) => {
            detail.line = usize::try_from(*line).ok();
        }
        Error::Filter(error) => {
            detail.column = Some(error.letter);
            (detail.byte, detail.byte_end) = (Some(error.at.start), Some(error.at.end));
        }
        _ => {}
    }
}

fn of_account(error: &AccountError) -> fl_status {
    match error {
        AccountError::NoSuchClock { .. } => fl_status::NotFound,
        AccountError::TooFarAhead { .. } => fl_status::Argument,
        _ => fl_status::Damaged,
    }
}

fn of_knowledge(error: &KnowledgeError) -> fl_status {
    match error {
        KnowledgeError::TooDeep { .. } => fl_status::BadQuery,
        KnowledgeError::Disk(error) if error.kind() == ErrorKind::StorageFull => {
            fl_status::DiskFull
        }
        _ => fl_status::Index,
    }
}

fn of_store(error: &StoreError) -> fl_status {
    match error {
        StoreError::Conflict { .. } => fl_status::Conflict,
        StoreError::Busy | StoreError::NotWiped => fl_status::Busy,
        StoreError::DiskFull => fl_status::DiskFull,
        StoreError::BadCursor { .. } => fl_status::BadQuery,
        StoreError::BadExport { .. }
        | StoreError::OtherJournal { .. }
        | StoreError::BadSignature { .. }
        | StoreError::BadSource { .. } => fl_status::BadInput,
        StoreError::FileExists { .. } => fl_status::FileExists,
        StoreError::NumberTooLarge { .. } => fl_status::Argument,
        StoreError::ReadOnly { .. }
        | StoreError::CannotOpen { .. }
        | StoreError::FileReplaced { .. }
        | StoreError::OrphanedLog { .. } => fl_status::File,
        StoreError::DamagedRecord { .. } | StoreError::DamagedFile { .. } => fl_status::Damaged,
        _ => fl_status::Store,
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let kind = refusal_kind(&refusal);
        let status = match refusal {
            Refusal::Conflict { .. } => fl_status::Conflict,
            Refusal::NeverOpened(_) => fl_status::NotFound,
            _ if kind.starts_with("unknown_") => fl_status::NotFound,
            _ => fl_status::Refused,
        };
        let failure = Self::new(status, refusal.to_string()).of_kind(kind);
        failure.with(|detail| {
            if let Refusal::Conflict { expected, actual } = refusal {
                (detail.expected, detail.actual) = (Some(expected), Some(actual));
            }
            detail.refusal = Some(refusal);
        })
    }
}

impl From<RulebookError> for Failure {
    fn from(error: RulebookError) -> Self {
        let failure = Self::new(fl_status::Rulebook, error.to_string());
        failure.with(|detail| detail.findings = answer::findings(&error.findings))
    }
}

impl From<CalendarError> for Failure {
    fn from(error: CalendarError) -> Self {
        Self::new(fl_status::Rulebook, error.to_string()).of_kind(kind(&error))
    }
}

/// The status of an error, the same that the call returned; `FL_STATUS_OK` for null,
/// `FL_STATUS_CLOSED` for one that was freed.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_error_status(error: *const fl_error) -> fl_status {
    if error.is_null() {
        return fl_status::Ok;
    }
    ERRORS.get(error).map_or(fl_status::Closed, |error| error.status)
}

/// What went wrong, for people: UTF-8, NUL-terminated, alive until the error is freed. Null for null
/// and for an error that was freed.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_error_message(error: *const fl_error) -> *const c_char {
    ERRORS.get(error).map_or(ptr::null(), |error| error.message.as_ptr())
}

/// What went wrong, for programs, as JSON: `status`, `name`, `responsible`, `message`, and a
/// `detail`. That has the `kind` always, and what else there is to know: the `refusal` itself with what
/// was found and what would be allowed, the `argument`, the `path` in a JSON text, `line` and `column` or
/// `byte`, the `record` that is damaged, the `findings` in a rulebook. Lifetime and null as for
/// `fl_error_message`.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_error_json(error: *const fl_error) -> *const c_char {
    ERRORS.get(error).map_or(ptr::null(), |error| error.json.as_ptr())
}

/// Frees an error. Null is fine, and so is one that was freed already.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_error_free(error: *mut fl_error) {
    drop(ERRORS.remove(error));
}
