//! Which version this is.

use std::ffi::c_char;

use crate::options::FL_ABI_VERSION;

/// The version as one number: major * 1,000,000 + minor * 1,000 + patch.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_version() -> u32 {
    const fn number(digits: &str) -> u32 {
        let (digits, mut number, mut index) = (digits.as_bytes(), 0, 0);
        while index < digits.len() {
            number = number * 10 + (digits[index] - b'0') as u32;
            index += 1;
        }
        number
    }
    const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
    const MINOR: u32 = number(env!("CARGO_PKG_VERSION_MINOR"));
    const PATCH: u32 = number(env!("CARGO_PKG_VERSION_PATCH"));
    MAJOR * 1_000_000 + MINOR * 1_000 + PATCH
}

/// The version as text, such as `0.1.0`: NUL-terminated, never freed.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_version_string() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The binary interface of the library: compare it with `FL_ABI_VERSION` of the header.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_abi_version() -> u32 {
    FL_ABI_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package() {
        // SAFETY: it is a text of the library's own.
        let text = unsafe { std::ffi::CStr::from_ptr(fl_version_string()) }.to_str().unwrap();
        let numbers: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
        assert_eq!(fl_version(), numbers[0] * 1_000_000 + numbers[1] * 1_000 + numbers[2]);
    }
}
