//! Hints to the processor and to the operating system about memory.
//!
//! The one module of this crate with unsafe code. Without it, everything computes the same; loops
//! that read ahead instead wait for what they read, and tables need more pages than a processor
//! remembers (both measured in `docs/results/encode.md`).
#![allow(unsafe_code, reason = "hints, with no effect on what is computed")]

/// Asks for the cache line of a value, which need not be there.
#[inline(always)]
pub(crate) fn prefetch<T>(value: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, which reads nothing and cannot fault.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(value.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}

/// A vector of equal values, on huge pages if it has room for one and the system grants them.
pub(crate) fn filled<T: Clone>(value: T, len: usize) -> Vec<T> {
    let mut filled = Vec::with_capacity(len);
    ask_for_huge_pages(filled.spare_capacity_mut());
    filled.resize(len, value);
    filled
}

/// Asks for huge pages behind memory that is about to be written to.
fn ask_for_huge_pages<T>(memory: &mut [T]) {
    #[cfg(target_os = "linux")]
    {
        const PAGE: usize = 1 << 12;
        const HUGE_PAGE: usize = 1 << 21;
        let bytes = size_of_val(memory);
        if bytes < HUGE_PAGE {
            return;
        }
        let start = memory.as_mut_ptr().cast::<u8>();
        let before = start.addr() % PAGE;
        // SAFETY: the advice changes no contents and no access rights of any page. Its pages are those of
        // `memory`, which are mapped; a refusal has no effect.
        unsafe {
            libc::madvise(start.wrapping_sub(before).cast(), before + bytes, libc::MADV_HUGEPAGE)
        };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = memory;
}
