//! Masks by arithmetic on words of eight bytes, for any processor.

use super::{Ascii, BLOCK, Parts, Uniform, Vector};

/// The way that every processor knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// The highest bit of every byte that lies in `low..=high`; `word` has bytes below 0x80 only.
#[inline(always)]
fn within(word: u64, low: u8, high: u8) -> u64 {
    // No byte borrows from its neighbor, since all have their highest bit set.
    let at_least_low = (word | HIGH) - ONES * u64::from(low);
    let above_high = (word | HIGH) - ONES * (u64::from(high) + 1);
    at_least_low & !above_high & HIGH
}

/// One bit a byte from the highest bits of a word.
#[inline(always)]
fn gather(marks: u64) -> u64 {
    // Moves bit 8 i + 7 to bit 56 + i; no two of the products meet.
    ((marks >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56
}

/// The words of a block with their places.
#[inline(always)]
fn words(block: &[u8; BLOCK]) -> impl Iterator<Item = (u64, usize)> + '_ {
    block.as_chunks::<8>().0.iter().map(|&word| u64::from_le_bytes(word)).zip((0..BLOCK).step_by(8))
}

impl Vector for Portable {
    #[inline(always)]
    fn ascii(self, block: &[u8; BLOCK]) -> Ascii {
        let mut masks = Ascii::default();
        for (word, at) in words(block) {
            let high = word & HIGH;
            let low = word & !HIGH;
            let mask = |first, last| gather(within(low, first, last) & !high) << at;
            masks.upper |= mask(b'A', b'Z');
            masks.lower |= mask(b'a', b'z');
            masks.digit |= mask(b'0', b'9');
            masks.space |= mask(b' ', b' ');
            masks.control_space |= mask(b'\t', b'\r');
            masks.newline |= mask(b'\n', b'\n') | mask(b'\r', b'\r');
            masks.apostrophe |= mask(b'\'', b'\'');
            masks.slash |= mask(b'/', b'/');
            masks.high |= gather(high) << at;
        }
        masks
    }

    #[inline(always)]
    fn uniform(self, block: &[u8; BLOCK]) -> Uniform {
        let mut parts = Parts::default();
        for (word, at) in words(block) {
            let high = word & HIGH;
            let low = word & !HIGH;
            let mask =
                |first: u8, last: u8| gather(within(low, first & 0x7f, last & 0x7f) & high) << at;
            parts.d0 |= mask(0xd0, 0xd0);
            parts.d1 |= mask(0xd1, 0xd1);
            parts.e4 |= mask(0xe4, 0xe4);
            parts.e5_to_e9 |= mask(0xe5, 0xe9);
            parts.ea |= mask(0xea, 0xea);
            parts.eb_or_ec |= mask(0xeb, 0xec);
            parts.ed |= mask(0xed, 0xed);
            parts.to_9d |= mask(0x80, 0x9d);
            parts.to_9f |= mask(0x80, 0x9f);
            parts.to_af |= mask(0x80, 0xaf);
            parts.to_b7 |= mask(0x80, 0xb7);
            parts.to_bf |= mask(0x80, 0xbf);
        }
        parts.join()
    }
}
