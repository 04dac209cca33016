//! What goes out to C: buffers, and places for single values.

use std::ffi::c_char;
use std::ptr;

use serde::Serialize;

use crate::error::Failure;

/// Bytes that the library made for the caller: texts as UTF-8, with a NUL behind the last byte that
/// `length` does not count.
///
/// Begin with zeros. Hand the same one in again and its memory is used again; free it with
/// `fl_buffer_free`, and with nothing else. Do not write to its fields. One thread at a time.
#[repr(C)]
pub struct fl_buffer {
    /// The bytes; null while there are none.
    pub data: *mut c_char,
    /// How many there are, without the NUL.
    pub length: usize,
    /// How many there is room for.
    pub capacity: usize,
}

impl fl_buffer {
    /// One without any bytes.
    pub const EMPTY: Self = Self { data: ptr::null_mut(), length: 0, capacity: 0 };

    /// Takes the memory out and leaves nothing behind.
    ///
    /// # Safety
    ///
    /// It is empty, or its fields are as this library has set them.
    unsafe fn take(&mut self) -> Vec<u8> {
        let Self { data, capacity, .. } = std::mem::replace(self, Self::EMPTY);
        if data.is_null() {
            return Vec::new();
        }
        // SAFETY: `put` made it of a vector of this capacity. Its bytes are of no interest any more.
        unsafe { Vec::from_raw_parts(data.cast(), 0, capacity) }
    }

    fn put(&mut self, mut bytes: Vec<u8>) {
        bytes.push(0);
        let mut bytes = std::mem::ManuallyDrop::new(bytes);
        let (length, capacity) = (bytes.len() - 1, bytes.capacity());
        *self = Self { data: bytes.as_mut_ptr().cast(), length, capacity };
    }
}

/// Writes something as JSON into a buffer of the caller's.
///
/// # Safety
///
/// `buffer` is null, or a buffer that nobody else uses meanwhile, empty or filled by this library.
pub(crate) unsafe fn fill(
    argument: &str,
    buffer: *mut fl_buffer,
    answer: &impl Serialize,
) -> Result<(), Failure> {
    // SAFETY: the caller vouches for it.
    let buffer = unsafe { buffer.as_mut() }.ok_or_else(|| Failure::null(argument))?;
    // SAFETY: the caller vouches for its fields.
    let mut bytes = unsafe { buffer.take() };
    serde_json::to_writer(&mut bytes, answer)
        .map_err(|error| Failure::new(crate::status::fl_status::Bug, error.to_string()))?;
    buffer.put(bytes);
    Ok(())
}

/// Refuses null before anything is done of which the caller could not be told.
pub(crate) fn needs<T>(argument: &str, place: *mut T) -> Result<(), Failure> {
    match (place.is_null(), place.is_aligned()) {
        (true, _) => Err(Failure::null(argument)),
        (_, false) => Err(Failure::argument(argument, "is no place for that")),
        _ => Ok(()),
    }
}

/// Frees what is in a buffer and leaves it empty, so that it can be used again or freed again. Null
/// is fine.
///
/// Threads: any, one at a time for each buffer. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_buffer_free(buffer: *mut fl_buffer) {
    // SAFETY: the caller vouches that it is null or a buffer of this library's making.
    if let Some(buffer) = unsafe { buffer.as_mut() } {
        // SAFETY: as above, for its fields.
        drop(unsafe { buffer.take() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_and_ends_with_a_nul() {
        let mut buffer = fl_buffer::EMPTY;
        // SAFETY: it is ours, empty at first, and filled by the library then.
        unsafe {
            fill("out", &mut buffer, &"a text of some length").unwrap();
            assert_eq!((buffer.length, *buffer.data.add(buffer.length)), (23, 0));
            let (data, capacity) = (buffer.data, buffer.capacity);
            fill("out", &mut buffer, &"short").unwrap();
            assert_eq!((buffer.data, buffer.capacity, buffer.length), (data, capacity, 7));
            assert_eq!(std::ffi::CStr::from_ptr(buffer.data), c"\"short\"");
            fl_buffer_free(&mut buffer);
            fl_buffer_free(&mut buffer);
            assert!(buffer.data.is_null());
        }
    }
}
