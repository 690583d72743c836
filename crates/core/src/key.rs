//! Pieces as numbers.

/// Pieces of up to this many bytes are their key.
pub(crate) const LONGEST: usize = 15;

/// A piece as a number.
///
/// Of a short piece its bytes, the first in the lowest byte, and in the highest four bits their number,
/// which is never 0: different pieces have different keys. (Packed keys of at most 15 bytes are those
/// of the tokenizer gigatoken.) Of a long piece its hash and, above that, the number of its bytes,
/// with zeros in the highest four bits. The four bits between are zeros.
pub(crate) type Key = u128;

/// Where the number of bytes of a short piece stands.
const LEN_AT: u32 = 124;

/// Digits of the golden ratio and of the square root of 2, which move both halves of a word off zero.
pub(crate) const MIX: Key = 0x6a09_e667_f3bc_c908_9e37_79b9_7f4a_7c15;

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
    word | len_bits(len)
}

/// The bits of the bytes of a short piece in its key.
pub(crate) const fn bits(len: usize) -> Key {
    MASKS[len]
}

/// The number of bytes of a short piece in its key.
#[inline(always)]
pub(crate) const fn len_bits(len: usize) -> Key {
    (len as Key) << LEN_AT
}

/// The number of bytes of a short piece.
pub(crate) fn short_len(key: Key) -> u8 {
    (key >> LEN_AT) as u8
}

/// The hash of a key.
#[inline(always)]
pub(crate) fn hash(key: Key) -> u64 {
    hash_mixed(key ^ MIX)
}

/// The hash of a key with [`MIX`] in it: both halves of the product of its halves, folded (Wang Yi
/// 2019, "wyhash").
#[inline(always)]
pub(crate) fn hash_mixed(mixed: Key) -> u64 {
    let product = u128::from(mixed as u64) * (mixed >> 64);
    product as u64 ^ (product >> 64) as u64
}

/// The key of a piece of more than [`LONGEST`] bytes.
///
/// Not seeded: pieces that collide displace each other, and no more.
#[inline]
fn long(piece: &[u8]) -> Key {
    let (words, _) = piece.as_chunks::<16>();
    let mut folded = piece.len() as u64;
    for &word in words.iter().chain(piece.last_chunk()) {
        folded = hash(u128::from_le_bytes(word) ^ Key::from(folded) << 64);
    }
    // 2^32 bytes are more than any piece that is kept has.
    u128::from(folded) | u128::from(piece.len() as u32) << 64
}

/// Whether a key is that of a long piece.
#[inline(always)]
pub(crate) fn is_long(key: Key) -> bool {
    key >> LEN_AT == 0
}

/// The key of a piece.
#[inline]
pub(crate) fn any(piece: &[u8]) -> Key {
    if piece.len() > LONGEST { long(piece) } else { key(piece, 0, piece.len()) }
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
            for len in 1..=input.len() - start {
                let piece = &input[start..start + len];
                let here = any(piece);
                if len <= LONGEST {
                    assert_eq!(here, key(input, start, len), "{piece:?}");
                }
                assert_eq!(is_long(here), len > LONGEST);
                assert_eq!(*keys.entry(here).or_insert(piece), piece);
            }
        }
    }
}
