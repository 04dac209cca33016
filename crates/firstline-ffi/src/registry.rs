//! Which handles are open.
//!
//! A handle is a number in the clothes of a pointer: it is looked up and never followed, and no
//! number is given twice. So a handle that was closed, or was never opened, is an error and not a
//! crash; and what it stands for lives until the last thread that works with it is done.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// The objects of one kind that C has handles of.
pub(crate) struct Registry<T>(RwLock<BTreeMap<usize, Arc<T>>>);

/// Where handles begin: low, so that most of those who follow one hit memory that is never mapped.
const FIRST: usize = 0x100;

/// Handles look aligned, for those who check.
const STRIDE: usize = 16;

static NEXT: AtomicUsize = AtomicUsize::new(FIRST);

impl<T> Registry<T> {
    pub(crate) const fn new() -> Self {
        Self(RwLock::new(BTreeMap::new()))
    }

    /// Takes an object in and gives its handle, which is never null.
    pub(crate) fn insert<Handle>(&self, object: Arc<T>) -> *mut Handle {
        let key = NEXT.fetch_add(STRIDE, Ordering::Relaxed);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, object);
        ptr::without_provenance_mut(key)
    }

    /// The object of a handle, if it is open.
    pub(crate) fn get<Handle>(&self, handle: *const Handle) -> Option<Arc<T>> {
        let open = self.0.read().unwrap_or_else(PoisonError::into_inner);
        open.get(&handle.addr()).cloned()
    }

    /// Closes a handle, if it is open.
    pub(crate) fn remove<Handle>(&self, handle: *const Handle) -> Option<Arc<T>> {
        let mut open = self.0.write().unwrap_or_else(PoisonError::into_inner);
        open.remove(&handle.addr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_that_is_not_open_is_told_from_one_that_is() {
        static NUMBERS: Registry<u32> = Registry::new();
        let handle: *mut u8 = NUMBERS.insert(Arc::new(7));
        assert_eq!(NUMBERS.get(handle).as_deref(), Some(&7));
        assert_eq!(NUMBERS.get(ptr::null::<u8>()), None);
        let held = NUMBERS.remove(handle).unwrap();
        assert_eq!((NUMBERS.get(handle), NUMBERS.remove(handle)), (None, None));
        let other: *mut u8 = NUMBERS.insert(Arc::new(8));
        assert_ne!(other, handle);
        assert_eq!(*held, 7);
    }
}
