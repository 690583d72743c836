//! Masks by the AVX2 instructions of x86-64.
#![allow(
    unsafe_code,
    reason = "vector instructions; `Portable` is the safe twin that tests compare with"
)]

use std::arch::{
    asm,
    x86_64::{
        __m256i, _MM_HINT_T0, _mm_prefetch, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8,
        _mm256_set1_epi8, _mm256_sub_epi8,
    },
};

use super::{BLOCK, Kernel, Vector};

/// Bytes behind a block that are asked for with it. Text is read by fits and starts, so that the
/// processor does not foresee it (measured in `docs/results/encode.md`, as are half and twice as many).
const AHEAD: usize = 1 << 10;

/// Proof that the processor has AVX2 and the instructions for bits that came with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx2 {
    #[inline]
    pub(crate) fn detect() -> Option<Avx2> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Avx2(()))
    }

    /// Runs a kernel compiled for these instructions.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: a value of this type is made only where the processor has these instructions.
        unsafe { run(self, kernel) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run<K: Kernel>(avx2: Avx2, kernel: K) -> K::Output {
    kernel.run(avx2)
}

#[target_feature(enable = "avx2")]
#[inline]
fn within(halves: [__m256i; 2], low: u8, high: u8) -> u64 {
    mask(halves, |half| {
        let least = _mm256_set1_epi8(low as i8);
        let most = _mm256_set1_epi8((high - low) as i8);
        let moved = _mm256_sub_epi8(half, least);
        _mm256_cmpeq_epi8(_mm256_min_epu8(moved, most), moved)
    })
}

#[target_feature(enable = "avx2")]
#[inline]
fn equal(halves: [__m256i; 2], byte: u8) -> u64 {
    let byte = _mm256_set1_epi8(byte as i8);
    mask(halves, |half| _mm256_cmpeq_epi8(half, byte))
}

/// The highest bits of the bytes that `of` gives.
#[target_feature(enable = "avx2")]
#[inline]
fn mask(halves: [__m256i; 2], of: impl Fn(__m256i) -> __m256i) -> u64 {
    let [low, high] = halves.map(|half| u64::from(bits(of(half)) as u32));
    low | high << 32
}

/// The highest bit of each byte.
///
/// In assembly, since the compiler looks through the intrinsic: to join two masks it joins the vectors they
/// are of, which it then takes apart and puts together byte by byte, with a hundred instructions.
#[target_feature(enable = "avx2")]
#[inline]
fn bits(half: __m256i) -> i32 {
    let bits: i32;
    // SAFETY: the instruction is one of AVX2 and touches nothing but its operands.
    unsafe {
        asm!(
            "vpmovmskb {bits:e}, {half}",
            bits = lateout(reg) bits,
            half = in(ymm_reg) half,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    bits
}

/// Asks for text that comes soon.
#[inline(always)]
pub(super) fn ask_ahead(bytes: &[u8; BLOCK]) {
    let soon = bytes.as_ptr().wrapping_add(AHEAD);
    // SAFETY: every x86-64 processor has the instruction, which reads nothing and cannot fault.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(soon.cast()) };
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(bytes: &[u8; BLOCK]) -> [__m256i; 2] {
    let start = bytes.as_ptr().cast::<__m256i>();
    // SAFETY: a block has 64 bytes, so two unaligned loads of 32 bytes lie within it.
    unsafe { [_mm256_loadu_si256(start), _mm256_loadu_si256(start.add(1))] }
}

impl Vector for Avx2 {
    type Block = [__m256i; 2];

    #[inline(always)]
    fn load(self, bytes: &[u8; BLOCK]) -> [__m256i; 2] {
        ask_ahead(bytes);
        // SAFETY: as in `Avx2::run`.
        unsafe { load(bytes) }
    }

    #[inline(always)]
    fn within(self, block: [__m256i; 2], low: u8, high: u8) -> u64 {
        // SAFETY: as in `Avx2::run`.
        unsafe { within(block, low, high) }
    }

    #[inline(always)]
    fn equal(self, block: [__m256i; 2], byte: u8) -> u64 {
        // SAFETY: as in `Avx2::run`.
        unsafe { equal(block, byte) }
    }

    #[inline(always)]
    fn high(self, block: [__m256i; 2]) -> u64 {
        // SAFETY: as in `Avx2::run`.
        unsafe { mask(block, |half| half) }
    }
}
