//! Short pieces as numbers.

use std::sync::LazyLock;

/// Pieces of up to this many bytes have a key.
pub(crate) const LONGEST: usize = 15;

/// The bytes of a piece, the first in the lowest byte, and their number in the highest four bits.
///
/// Never 0, and different for different pieces. (Packed keys of at most 15 bytes are those of the
/// tokenizer gigatoken.)
pub(crate) type Key = u128;

/// Where the number of bytes stands.
const LEN_AT: u32 = 124;

/// The bits of pieces of so many bytes.
const MASKS: [Key; LONGEST + 1] = {
    let mut masks = [0; LONGEST + 1];
    let mut len = 0;
    while len <= LONGEST {
        masks[len] = (1 << (8 * len)) - 1;
        len += 1;
    }
    masks
};

/// The key of `input[start..start + len]`, which has at most [`LONGEST`] bytes.
#[inline(always)]
pub(crate) fn key(input: &[u8], start: usize, len: usize) -> Key {
    let word = match input.get(start..).and_then(|rest| rest.first_chunk()) {
        // One load and a mask, away from the end of the input.
        Some(&bytes) => u128::from_le_bytes(bytes) & MASKS[len],
        None => {
            let mut bytes = [0; 16];
            bytes[..len].copy_from_slice(&input[start..start + len]);
            u128::from_le_bytes(bytes)
        }
    };
    word | (len as u128) << LEN_AT
}

/// The number of bytes of a piece.
#[inline(always)]
pub(crate) fn len(key: Key) -> usize {
    (key >> LEN_AT) as usize
}

/// Both halves of the product of the halves of a key, folded, each moved off zero by digits of the
/// golden ratio and of the square root of 2 (Wang Yi 2019, "wyhash").
#[inline(always)]
pub(crate) fn hash(key: Key) -> u64 {
    let low = key as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let high = (key >> 64) as u64 ^ 0x6a09_e667_f3bc_c908;
    let product = u128::from(low) * u128::from(high);
    product as u64 ^ (product >> 64) as u64
}

/// The hash of a piece that has no key.
pub(crate) fn hash_long(piece: &[u8]) -> u64 {
    use std::hash::BuildHasher;
    /// Seeded: texts could be made to collide, and nothing that is read depends on it.
    static HASHER: LazyLock<hashbrown::DefaultHashBuilder> = LazyLock::new(Default::default);
    HASHER.hash_one(piece)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn keys_tell_pieces_apart_wherever_they_stand() {
        let input = b"\0\0abcdefghijklmnopqrst\0";
        let mut keys = HashMap::new();
        for start in 0..input.len() {
            for length in 1..=LONGEST.min(input.len() - start) {
                let piece = &input[start..start + length];
                let here = key(input, start, length);
                assert_eq!(here, key(piece, 0, length), "{piece:?}");
                assert_eq!(len(here), length);
                assert_eq!(*keys.entry(here).or_insert(piece), piece);
            }
        }
    }
}
