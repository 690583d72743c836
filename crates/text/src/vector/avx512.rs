//! Masks by the AVX-512 instructions of x86-64: one instruction compares all bytes of a block, and one
//! brings the places of bits side by side.
#![allow(
    unsafe_code,
    reason = "vector instructions; `Portable` is the safe twin that tests compare with"
)]

use std::arch::x86_64::{
    __m512i, _mm512_cmple_epu8_mask, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_set1_epi8, _mm512_storeu_si512, _mm512_sub_epi8, _pext_u64,
};

use polytok_core::{Boundary, End};

use super::{
    BLOCK, Kernel, Vector,
    avx2::{Avx2, ask_ahead},
};

/// Proof that the processor has AVX-512 with bytes and their compression (VBMI2, from 2019 on): those with
/// less of it would also run slower for a while wherever vectors are so wide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

impl Avx512 {
    #[inline]
    pub(crate) fn detect() -> Option<Avx512> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2");
        // With the instructions for bits.
        Avx2::detect().filter(|_| has).map(|_| Avx512(()))
    }

    /// Runs a kernel compiled for these instructions.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: a value of this type is made only where the processor has these instructions.
        unsafe { run(self, kernel) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi1,bmi2,lzcnt,popcnt")]
fn run<K: Kernel>(avx512: Avx512, kernel: K) -> K::Output {
    kernel.run(avx512)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(bytes: &[u8; BLOCK]) -> __m512i {
    // SAFETY: a block has 64 bytes, which is what an unaligned load reads.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn within(block: __m512i, low: u8, high: u8) -> u64 {
    let moved = _mm512_sub_epi8(block, _mm512_set1_epi8(low as i8));
    _mm512_cmple_epu8_mask(moved, _mm512_set1_epi8((high - low) as i8))
}

/// The places of the bits of a mask, and zeros.
#[target_feature(enable = "avx512f,avx512vbmi2")]
#[inline]
fn places(mask: u64) -> [u8; BLOCK] {
    const ALL: [u8; BLOCK] = {
        let mut all = [0; BLOCK];
        let mut at = 0;
        while at < BLOCK {
            all[at] = at as u8;
            at += 1;
        }
        all
    };
    let mut places = [0; BLOCK];
    let found = _mm512_maskz_compress_epi8(mask, load(&ALL));
    // SAFETY: `places` has 64 bytes, which is what an unaligned store writes.
    unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), found) };
    places
}

/// Ends that are written at once.
const AT_ONCE: usize = 16;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi2,popcnt")]
#[inline]
fn ends(at: usize, starts: u64, soft: u64, ends: &mut [End; BLOCK]) {
    let (places, mut soft) = (places(starts), _pext_u64(soft, starts));
    let (places, _) = places.as_chunks::<AT_ONCE>();
    let (ends, _) = ends.as_chunks_mut::<AT_ONCE>();
    let rounds = (starts.count_ones() as usize).div_ceil(AT_ONCE);
    for (ends, places) in ends.iter_mut().zip(places).take(rounds) {
        for (i, (end, &place)) in ends.iter_mut().zip(places).enumerate() {
            let boundary = if soft >> i & 1 == 1 { Boundary::Soft } else { Boundary::Hard };
            *end = End::new(at + usize::from(place), boundary);
        }
        soft >>= AT_ONCE;
    }
}

impl Vector for Avx512 {
    type Block = __m512i;

    #[inline(always)]
    fn load(self, bytes: &[u8; BLOCK]) -> __m512i {
        ask_ahead(bytes);
        // SAFETY: as in `Avx512::run`.
        unsafe { load(bytes) }
    }

    #[inline(always)]
    fn within(self, block: __m512i, low: u8, high: u8) -> u64 {
        // SAFETY: as in `Avx512::run`.
        unsafe { within(block, low, high) }
    }

    #[inline(always)]
    fn ends(self, at: usize, starts: u64, soft: u64, room: &mut [End; BLOCK]) {
        // SAFETY: as in `Avx512::run`.
        unsafe { ends(at, starts, soft, room) }
    }
}
