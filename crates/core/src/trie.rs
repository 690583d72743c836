//! The tokens of a vocabulary by their bytes, for the longest one at a place.
//!
//! A trie of two bytes a step, as the tokenizer quicktok has it. The first two bytes go through a table
//! of 65,536 entries; a step below is one question to a hash table whose slots are the nodes, so one
//! word tells whether there is a node, its longest token, and whether to go on. Behind [`DEPTH`] bytes
//! follows a tree that costs nothing for bytes at which tokens do not part (`deep.rs`).

mod fill;

use std::hash::{BuildHasher, RandomState};

use crate::{
    deep::Deep,
    hints::{filled, prefetch},
    matcher::Shape,
};

/// No token.
pub(crate) const NONE: u32 = u32::MAX;

/// Bytes of a token in the hash table. Tokens of prose, code and genomes are rarely longer.
pub(crate) const DEPTH: usize = 16;

/// Bits of a token in a slot.
pub(crate) const TOKEN_BITS: u32 = 20;

/// There are no more slots, so that a node has a number of 21 bits: those of the first two bytes come
/// first.
const MOST_SLOTS: usize = 1 << 20;

const ROOTS: usize = 1 << 16;

/// Digits of the golden ratio.
const FIRST_SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// A node, from the highest bit: the node above (21), whether it is one byte deeper or two (1), those
/// bytes (16), the longest token that its path begins with (20), by how many bytes that is shorter than
/// the path (4), and two bits that are 0.
type Slot = u64;

const KEY_SHIFT: u32 = 26;
const EMPTY: Slot = u64::MAX;

/// A node, and a bit for each group of what follows: pairs of bytes in the lower half, single ones in the
/// upper. It saves most questions that would find nothing.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Node {
    slot: Slot,
    follow: u64,
}

/// The bit of two bytes that follow (Knuth 1998, "The Art of Computer Programming", volume 3, section
/// 6.4, multiplicative hashing).
#[inline]
fn pair_bit(pair: u16) -> u32 {
    u32::from(pair).wrapping_mul(0x9e37_79b9) >> 27
}

/// The bit of one byte that follows.
#[inline]
fn byte_bit(byte: u8) -> u32 {
    32 + (u32::from(byte).wrapping_mul(0x9e37_79b9) >> 27)
}

/// A token and its length.
pub(crate) type Match = (u32, usize);

/// Tokens by their bytes; at least all 256 bytes themselves.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    /// First the roots: token and difference, as in a slot, by the first two bytes, the first in the lower
    /// half. Behind them the hash table. One block, as such a one gets huge pages.
    nodes: Box<[Node]>,
    shift: u32,
    seed: u64,
    deep: Deep,
}

#[inline]
fn key(node: u32, odd: bool, bytes: u16) -> u64 {
    (u64::from(node) << 1 | u64::from(odd)) << 16 | u64::from(bytes)
}

#[inline]
fn token_of(slot: u64) -> u32 {
    (slot >> 6) as u32 & ((1 << TOKEN_BITS) - 1)
}

#[inline]
fn missing(slot: u64) -> usize {
    (slot >> 2 & 15) as usize
}

/// Why a table could not be filled.
enum Refused {
    /// A row was too long for chance.
    Row,
    /// Too many nodes.
    Full,
}

impl Trie {
    /// Builds the trie of tokens other than bytes, and tells the longest proper prefix of each in
    /// `shapes`; `None` if they are too many.
    ///
    /// `tokens` is by length; a token is the joined bytes of two shorter ones among them, of which the
    /// left is `left(token)`. Costs a question for every two bytes of the right ones, since the path of
    /// the left one is known.
    pub(crate) fn new<'a>(
        tokens: &[u32],
        bytes: impl Fn(u32) -> &'a [u8],
        left: impl Fn(u32) -> u32,
        shapes: &mut [Shape],
    ) -> Option<Trie> {
        if shapes.len() >= 1 << TOKEN_BITS {
            return None;
        }
        // Measured: there are about 1.5 nodes a token.
        let mut capacity = (tokens.len() * 5 / 2).next_power_of_two().max(64);
        let mut seed = FIRST_SEED;
        let random = RandomState::new();
        let mut attempt = 0u64;
        loop {
            if capacity > MOST_SLOTS {
                return None;
            }
            let mut trie = Trie::with_room(capacity, seed);
            match trie.fill(tokens, &bytes, &left, shapes) {
                Ok(()) => return Some(trie),
                Err(Refused::Full) => capacity *= 2,
                Err(Refused::Row) => {
                    seed = random.hash_one(attempt);
                    attempt += 1;
                    if attempt > 1 {
                        capacity *= 2;
                    }
                }
            }
        }
    }

    fn with_room(capacity: usize, seed: u64) -> Trie {
        let root = |pair: u16| Node { slot: (u64::from(pair) & 255) << 6 | 1 << 2, follow: 0 };
        let mut nodes = filled(Node { slot: EMPTY, follow: 0 }, ROOTS + capacity);
        nodes.iter_mut().zip(0..=u16::MAX).for_each(|(node, pair)| *node = root(pair));
        Trie {
            nodes: nodes.into_boxed_slice(),
            shift: 64 - capacity.trailing_zeros(),
            seed: seed | 1,
            deep: Deep::default(),
        }
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        // The high half of a product depends on all bits of both.
        (key.wrapping_mul(self.seed) >> self.shift) as usize
    }

    /// The nodes of the first two bytes.
    #[inline(always)]
    fn roots(&self) -> &[Node; ROOTS] {
        self.nodes.first_chunk().expect("they come first")
    }

    /// The node with a key, and its number.
    #[inline]
    fn find(&self, key: u64) -> Option<(Node, usize)> {
        let table = &self.nodes[ROOTS..];
        let mask = table.len() - 1;
        let mut at = self.home(key) & mask;
        loop {
            let node = table[at];
            if node.slot >> KEY_SHIFT == key {
                return Some((node, ROOTS + at));
            }
            if node.slot == EMPTY {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    /// Loads what searches will ask first behind a place, so that they need not wait for it.
    #[inline(always)]
    pub(crate) fn touch(&self, text: &[u8], at: usize) {
        if let Some(ahead) = text.get(at + 2..).and_then(|ahead| ahead.first_chunk()) {
            let (ahead, roots) = (u64::from_le_bytes(*ahead), self.roots());
            for skip in 0..5 {
                prefetch(&roots[usize::from((ahead >> (8 * skip)) as u16)]);
            }
        }
    }

    /// The longest token that a text begins with; the text must not be empty. Adds the steps to `work`.
    #[inline]
    pub(crate) fn longest(&self, text: &[u8], work: &mut usize) -> Match {
        // Nearly always there are so many bytes, and nobody needs to look where the text ends.
        match text.first_chunk::<{ DEPTH + 1 }>() {
            Some(window) => self.longest_in(text, |at| Some(window[at]), work),
            None => self.longest_in(text, |at| text.get(at).copied(), work),
        }
    }

    /// As above; `byte` gives those up to [`DEPTH`].
    #[inline(always)]
    fn longest_in(
        &self,
        text: &[u8],
        byte: impl Fn(usize) -> Option<u8>,
        work: &mut usize,
    ) -> Match {
        let two = |at| Some(u16::from_le_bytes([byte(at)?, byte(at + 1)?]));
        let Some(pair) = two(0) else { return (u32::from(text[0]), 1) };
        let Node { mut slot, mut follow } = self.roots()[usize::from(pair)];
        let (mut number, mut depth) = (u32::from(pair), 2);
        *work += 1;
        while depth < DEPTH {
            if let Some(pair) = two(depth)
                && follow >> pair_bit(pair) & 1 != 0
            {
                *work += 1;
                if let Some((node, at)) = self.find(key(number, false, pair)) {
                    Node { slot, follow } = node;
                    number = at as u32;
                    depth += 2;
                    continue;
                }
            }
            if let Some(byte) = byte(depth)
                && follow >> byte_bit(byte) & 1 != 0
                && let Some((node, _)) = self.find(key(number, true, u16::from(byte)))
            {
                return (token_of(node.slot), depth + 1);
            }
            return (token_of(slot), depth - missing(slot));
        }
        if let Some(byte) = byte(DEPTH)
            && follow >> byte_bit(byte) & 1 != 0
            && let Some(deeper) = self.deep.longest(number, text, work)
        {
            return deeper;
        }
        (token_of(slot), depth - missing(slot))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn build(merges: &[(u32, u32)]) -> (Vec<Vec<u8>>, Vec<u32>, Vec<u32>) {
        let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        let mut lefts: Vec<u32> = (0..256).collect();
        for &(left, right) in merges {
            let bytes =
                [&tokens[left as usize % tokens.len()][..], &tokens[right as usize % tokens.len()]]
                    .concat();
            if bytes.len() < 80 && !tokens.contains(&bytes) {
                lefts.push(left % tokens.len() as u32);
                tokens.push(bytes);
            }
        }
        let mut order: Vec<u32> = (256..tokens.len() as u32).collect();
        order.sort_by_key(|&id| tokens[id as usize].len());
        (tokens, lefts, order)
    }

    proptest! {
        #[test]
        fn the_longest_token_and_the_prefixes_are_found(
            few in prop::collection::vec((prop::sample::select(vec![0u32, 1, 2]), 0u32..3), 0..9),
            merges in prop::collection::vec(
                (prop_oneof![0u32..3, 256u32..330], prop_oneof![0u32..3, 256u32..330]), 0..70),
            texts in prop::collection::vec(
                prop::collection::vec((prop::collection::vec(0u8..3, 1..5), 1usize..30), 1..4), 1..20),
        ) {
            let merges: Vec<_> = few.into_iter().chain(merges).collect();
            let (tokens, lefts, order) = build(&merges);
            let mut shapes = vec![Shape { len: 0, prefix: NONE }; tokens.len()];
            let bytes = |id: u32| &tokens[id as usize][..];
            let trie = Trie::new(&order, bytes, |id| lefts[id as usize], &mut shapes).unwrap();
            let longest = |text: &[u8]| {
                (0..tokens.len() as u32)
                    .filter(|&id| text.starts_with(bytes(id)))
                    .max_by_key(|&id| bytes(id).len())
                    .map_or((NONE, 0), |id| (id, bytes(id).len()))
            };
            for id in 256..tokens.len() {
                let text = &tokens[id];
                prop_assert_eq!(shapes[id].prefix, longest(&text[..text.len() - 1]).0);
                prop_assert_eq!(trie.longest(text, &mut 0), (id as u32, text.len()));
            }
            for parts in texts {
                let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
                prop_assert_eq!(trie.longest(&text, &mut 0), longest(&text));
            }
        }
    }
}
