//! Asking for memory before it is needed.
//!
//! The one module of this crate with unsafe code. Without it, everything computes the same; loops
//! that read ahead instead wait for what they read (measured in `docs/results/encode.md`).
#![allow(unsafe_code, reason = "a hint to the processor, with no effect on what is computed")]

/// Asks for the cache line of a value.
#[inline(always)]
pub(crate) fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, which reads nothing and cannot fault.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}
