//! How a desk is opened. The structure may grow, and hosts that were compiled before it did go on.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use firstline::{DeskOptions, Durability, SqliteOptions, SystemTime, TimeSource, Timestamp};

use crate::callbacks::{Callbacks, fl_effects_fn, fl_log_fn, fl_log_level};
use crate::error::Failure;
use crate::input::moment;
use crate::status::fl_status;

/// The binary interface of this header, for `fl_desk_options.abi_version`.
pub const FL_ABI_VERSION: u32 = 1;

/// What an acknowledged command has survived.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fl_durability {
    /// A power cut.
    Full = 0,
    /// The end of the process. `fl_desk_sync` brings everything so far to the disk: for imports.
    Batch = 1,
    /// Nothing until `fl_desk_sync`: for desks that can be made again from something else.
    None = 2,
}

/// Where a desk gets the time from, when a command or question does not bring it.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fl_clock {
    /// From the operating system.
    System = 0,
    /// From the host: it stands at `now_ms` until `fl_desk_set_time`. For tests and replays.
    Host = 1,
}

/// How a desk is opened. Set all of it to zero, then `struct_size` and `abi_version`, then what is
/// to be other than usual: zero is the usual everywhere.
///
/// It may get longer in later versions. A library accepts a shorter one, and a longer one as long as
/// what it does not know is zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct fl_desk_options {
    /// `sizeof(fl_desk_options)`.
    pub struct_size: u32,
    /// `FL_ABI_VERSION`.
    pub abi_version: u32,
    /// An `fl_durability`.
    pub durability: i32,
    /// An `fl_clock`.
    pub clock: i32,
    /// Where a clock of the host's stands at first, in milliseconds since 1970.
    pub now_ms: i64,
    /// For how long the keys of commands are remembered, in milliseconds; 0 for ever.
    pub remember_commands_ms: i64,
    /// How long to wait for a writer in another process, in milliseconds, at most 2,147,483,647; 0 for the
    /// usual 5,000.
    pub patience_ms: i64,
    /// Takes the log, or null.
    pub log: fl_log_fn,
    /// Handed to `log`. It must live until `fl_desk_close` has returned.
    pub log_user: *mut c_void,
    /// The last `fl_log_level` that is logged.
    pub log_level: i32,
    /// The share of visitors, in percent, whom `fl_desk_answer` shows nothing, so that it can be told what
    /// answers are worth.
    pub hold_out_percent: u32,
    /// Hears of new effects, or null.
    pub effects: fl_effects_fn,
    /// Handed to `effects`. It must live until `fl_desk_close` has returned.
    pub effects_user: *mut c_void,
}

/// Further than this no version will grow: what claims to be longer was never set.
const LONGEST: usize = 4_096;

/// A clock that the host sets.
#[derive(Clone, Debug)]
pub(crate) struct HostClock(Arc<AtomicI64>);

impl HostClock {
    pub(crate) fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::Relaxed);
    }
}

impl TimeSource for HostClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed)).expect("it was a moment when set")
    }
}

/// Options that were read.
pub(crate) struct Wanted {
    pub(crate) desk: DeskOptions,
    pub(crate) clock: Option<HostClock>,
    pub(crate) callbacks: Callbacks,
}

/// Reads options; null for the usual ones.
///
/// # Safety
///
/// `options` is null, or points to as many bytes as its `struct_size` says.
pub(crate) unsafe fn read(options: *const fl_desk_options) -> Result<Wanted, Failure> {
    if options.is_null() {
        let desk = DeskOptions::default();
        return Ok(Wanted { desk, clock: None, callbacks: Callbacks::none() });
    }
    // SAFETY: the caller vouches for it.
    let options = unsafe { as_known(options) }?;
    let durability = match options.durability {
        0 => Durability::Full,
        1 => Durability::Batch,
        2 => Durability::None,
        _ => return Err(Failure::argument("durability", "is none of fl_durability")),
    };
    let usual = SqliteOptions::default();
    let patience = milliseconds("patience_ms", options.patience_ms)?.unwrap_or(usual.patience);
    if options.patience_ms > i64::from(i32::MAX) {
        return Err(Failure::argument("patience_ms", "is above 2,147,483,647"));
    }
    if !(fl_log_level::Off as i32..=fl_log_level::Debug as i32).contains(&options.log_level) {
        return Err(Failure::argument("log_level", "is none of fl_log_level"));
    }
    let clock = match options.clock {
        0 => None,
        1 => {
            let now = moment("now_ms", options.now_ms)?;
            Some(HostClock(Arc::new(AtomicI64::new(now.as_millis()))))
        }
        _ => return Err(Failure::argument("clock", "is none of fl_clock")),
    };
    let time: Box<dyn TimeSource> = match &clock {
        Some(clock) => Box::new(clock.clone()),
        None => Box::new(SystemTime),
    };
    let journal = SqliteOptions { patience, durability, ..usual };
    let remember_commands = milliseconds("remember_commands_ms", options.remember_commands_ms)?;
    let callbacks = Callbacks {
        log: options.log,
        log_user: options.log_user,
        log_level: options.log_level,
        effects: options.effects,
        effects_user: options.effects_user,
        told: AtomicU64::new(0),
    };
    let hold_out_percent = u8::try_from(options.hold_out_percent).ok().filter(|it| *it <= 100);
    let hold_out_percent =
        hold_out_percent.ok_or_else(|| Failure::argument("hold_out_percent", "is above 100"))?;
    let usual = DeskOptions::default();
    let desk = DeskOptions { time, journal, remember_commands, hold_out_percent, ..usual };
    Ok(Wanted { desk, clock, callbacks })
}

fn milliseconds(argument: &str, value: i64) -> Result<Option<Duration>, Failure> {
    let millis = u64::try_from(value).map_err(|_| Failure::argument(argument, "is negative"))?;
    Ok((millis > 0).then(|| Duration::from_millis(millis)))
}

/// The options as this version knows them.
///
/// # Safety
///
/// `options` points to as many bytes as its `struct_size` says.
unsafe fn as_known(options: *const fl_desk_options) -> Result<fl_desk_options, Failure> {
    const KNOWN: usize = size_of::<fl_desk_options>();
    let abi = |message: String| Failure::new(fl_status::Abi, message);
    if !options.is_aligned() {
        return Err(Failure::argument("options", "are at a crooked place"));
    }
    let bytes = options.cast::<u8>();
    // SAFETY: every version begins with these two numbers.
    let (size, version) =
        unsafe { (bytes.cast::<u32>().read(), bytes.cast::<u32>().add(1).read()) };
    if version != FL_ABI_VERSION {
        let message =
            format!("the caller was compiled for ABI {version}, this is {FL_ABI_VERSION}");
        return Err(abi(message));
    }
    let size = size as usize;
    if !(size_of::<[u32; 2]>()..=LONGEST).contains(&size) {
        return Err(abi(format!("`struct_size` of {size} bytes was never set")));
    }
    // SAFETY: the caller vouches for that many bytes.
    let given = unsafe { std::slice::from_raw_parts(bytes, size) };
    let (known, unknown) = given.split_at(size.min(KNOWN));
    if unknown.iter().any(|byte| *byte != 0) {
        let message = "the options ask for something that this version does not know";
        return Err(abi(message.to_owned()));
    }
    // SAFETY: zeros are what the structure is to be filled with; its pointers and functions may be
    // null.
    let mut options: fl_desk_options = unsafe { std::mem::zeroed() };
    let place = ptr::from_mut(&mut options).cast::<u8>();
    // SAFETY: the place has room for that many bytes, and is nowhere near those of the caller.
    unsafe { ptr::copy_nonoverlapping(known.as_ptr(), place, known.len()) };
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> fl_desk_options {
        // SAFETY: zeros are the usual options.
        let zero: fl_desk_options = unsafe { std::mem::zeroed() };
        let struct_size = u32::try_from(size_of::<fl_desk_options>()).unwrap();
        fl_desk_options { struct_size, abi_version: FL_ABI_VERSION, ..zero }
    }

    fn status(options: &fl_desk_options) -> Option<fl_status> {
        // SAFETY: it is as long as it says in all of these.
        unsafe { read(options) }.err().map(|failure| failure.status)
    }

    #[test]
    fn an_older_and_a_newer_caller_are_understood() {
        let short = fl_desk_options { struct_size: 16, patience_ms: -1, ..options() };
        assert_eq!(status(&short), None);
        #[repr(C)]
        struct Newer(fl_desk_options, u64);
        let mut newer = Newer(options(), 0);
        newer.0.struct_size += 8;
        let read_newer = |newer: &Newer| {
            // SAFETY: it is as long as it says.
            unsafe { read(ptr::from_ref(newer).cast()) }.err().map(|failure| failure.status)
        };
        assert_eq!(read_newer(&newer), None);
        newer.1 = 1;
        assert_eq!(read_newer(&newer), Some(fl_status::Abi));
    }

    #[test]
    fn each_option_that_cannot_be_is_refused() {
        assert_eq!(status(&options()), None);
        let abi = Some(fl_status::Abi);
        assert_eq!(status(&fl_desk_options { abi_version: 2, ..options() }), abi);
        assert_eq!(status(&fl_desk_options { struct_size: 0, ..options() }), abi);
        assert_eq!(status(&fl_desk_options { struct_size: u32::MAX, ..options() }), abi);
        let argument = Some(fl_status::Argument);
        assert_eq!(status(&fl_desk_options { durability: 9, ..options() }), argument);
        assert_eq!(status(&fl_desk_options { clock: -1, ..options() }), argument);
        let beyond = fl_desk_options { clock: 1, now_ms: i64::MAX, ..options() };
        assert_eq!(status(&beyond), argument);
        assert_eq!(status(&fl_desk_options { patience_ms: -1, ..options() }), argument);
        assert_eq!(status(&fl_desk_options { patience_ms: 1 << 31, ..options() }), argument);
        for log_level in [-1, 5, 99] {
            assert_eq!(status(&fl_desk_options { log_level, ..options() }), argument);
        }
        assert_eq!(status(&fl_desk_options { hold_out_percent: 101, ..options() }), argument);
    }
}
