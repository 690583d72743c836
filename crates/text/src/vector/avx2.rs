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

use super::{Ascii, BLOCK, Kernel, Parts, Uniform, Vector};

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

/// Bytes in `low..=high`, one bit each.
#[target_feature(enable = "avx2")]
#[inline]
fn within(halves: [__m256i; 2], low: u8, high: u8) -> u64 {
    let mask = |half| {
        let least = _mm256_set1_epi8(low as i8);
        let most = _mm256_set1_epi8((high - low) as i8);
        let moved = _mm256_sub_epi8(half, least);
        bits(_mm256_cmpeq_epi8(_mm256_min_epu8(moved, most), moved))
    };
    join(mask(halves[0]), mask(halves[1]))
}

#[target_feature(enable = "avx2")]
#[inline]
fn equal(halves: [__m256i; 2], byte: u8) -> u64 {
    let byte = _mm256_set1_epi8(byte as i8);
    let mask = |half| bits(_mm256_cmpeq_epi8(half, byte));
    join(mask(halves[0]), mask(halves[1]))
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

#[inline(always)]
fn join(low: i32, high: i32) -> u64 {
    u64::from(low as u32) | u64::from(high as u32) << 32
}

#[target_feature(enable = "avx2")]
#[inline]
fn halves(block: &[u8; BLOCK]) -> [__m256i; 2] {
    let start = block.as_ptr().cast::<__m256i>();
    // SAFETY: a block has 64 bytes, so two unaligned loads of 32 bytes lie within it.
    unsafe { [_mm256_loadu_si256(start), _mm256_loadu_si256(start.add(1))] }
}

#[target_feature(enable = "avx2")]
#[inline]
fn ascii(block: &[u8; BLOCK]) -> Ascii {
    let soon = block.as_ptr().wrapping_add(AHEAD);
    _mm_prefetch::<_MM_HINT_T0>(soon.cast());
    let halves = halves(block);
    Ascii {
        upper: within(halves, b'A', b'Z'),
        lower: within(halves, b'a', b'z'),
        digit: within(halves, b'0', b'9'),
        space: equal(halves, b' '),
        control_space: within(halves, b'\t', b'\r'),
        newline: equal(halves, b'\n') | equal(halves, b'\r'),
        apostrophe: equal(halves, b'\''),
        slash: equal(halves, b'/'),
        high: join(bits(halves[0]), bits(halves[1])),
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn uniform(block: &[u8; BLOCK]) -> Uniform {
    let halves = halves(block);
    Parts {
        d0: equal(halves, 0xd0),
        d1: equal(halves, 0xd1),
        e4: equal(halves, 0xe4),
        e5_to_e9: within(halves, 0xe5, 0xe9),
        ea: equal(halves, 0xea),
        eb_or_ec: within(halves, 0xeb, 0xec),
        ed: equal(halves, 0xed),
        to_9d: within(halves, 0x80, 0x9d),
        to_9f: within(halves, 0x80, 0x9f),
        to_af: within(halves, 0x80, 0xaf),
        to_b7: within(halves, 0x80, 0xb7),
        to_bf: within(halves, 0x80, 0xbf),
    }
    .join()
}

impl Vector for Avx2 {
    #[inline(always)]
    fn ascii(self, block: &[u8; BLOCK]) -> Ascii {
        // SAFETY: as in `Avx2::run`.
        unsafe { ascii(block) }
    }

    #[inline(always)]
    fn uniform(self, block: &[u8; BLOCK]) -> Uniform {
        // SAFETY: as in `Avx2::run`.
        unsafe { uniform(block) }
    }
}
