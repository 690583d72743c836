//! Masks by arithmetic on words of eight bytes, for any processor.

use super::{BLOCK, Vector};

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

impl Vector for Portable {
    type Block = [u64; 8];

    #[inline(always)]
    fn load(self, bytes: &[u8; BLOCK]) -> [u64; 8] {
        let (words, _) = bytes.as_chunks();
        std::array::from_fn(|word| u64::from_le_bytes(words[word]))
    }

    #[inline(always)]
    fn within(self, block: [u64; 8], low: u8, high: u8) -> u64 {
        let mut mask = 0;
        for (word, at) in block.into_iter().zip((0..BLOCK).step_by(8)) {
            // Only bytes whose highest bit is as that of the bounds.
            let alike = if low < 0x80 { !word } else { word };
            let bits = within(word & !HIGH, low & 0x7f, high & 0x7f) & alike;
            mask |= gather(bits) << at;
        }
        mask
    }
}
