//! The tokens of a vocabulary by their bytes, for the longest one at a place.

/// No token, no node.
pub(crate) const NONE: u32 = u32::MAX;

/// Children of a node up to which their bytes are kept in one word.
const NARROW: usize = 8;

/// A node is 16 bytes, so a step down costs one cache line.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Bytes of the children, ascending, the first in the lowest byte; unused ones repeat the last.
    /// Of a node of more than [`NARROW`] children, the index of its table.
    bytes: u64,
    /// The first child; the others follow. `NONE` for a leaf.
    first: u32,
    /// The token that ends here, or `NONE`; the highest bit tells nodes with a table.
    token: u32,
}

/// Tells nodes with a table of children; ids are below it.
const WIDE: u32 = 1 << 31;
const NO_TOKEN: u32 = WIDE - 1;

/// A trie of byte strings.
///
/// The first two bytes go through one table of 65,536 entries; below, a node names its children in
/// order, or has a table of its own where there are many.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    /// Node and longest token by the first two bytes.
    roots: Vec<(u32, u32)>,
    /// Token by the first byte.
    singles: Vec<u32>,
    nodes: Vec<Node>,
    tables: Vec<[u32; 256]>,
}

impl Trie {
    /// Builds the trie of tokens, given with their bytes; costs a sort of them.
    pub(crate) fn new(mut tokens: Vec<(&[u8], u32)>) -> Trie {
        tokens.sort_unstable();
        let mut trie = Trie {
            roots: vec![(NONE, NONE); 1 << 16],
            singles: vec![NONE; 256],
            nodes: Vec::new(),
            tables: Vec::new(),
        };
        for &(bytes, id) in tokens.iter().filter(|(bytes, _)| bytes.len() == 1) {
            trie.singles[bytes[0] as usize] = id;
        }
        for (pair, root) in trie.roots.iter_mut().enumerate() {
            root.1 = trie.singles[pair >> 8];
        }
        tokens.retain(|(bytes, _)| bytes.len() > 1);
        // Ranges of tokens whose node is still to be filled, in the order of the nodes.
        let mut open = Vec::new();
        for range in tokens.chunk_by(|a, b| a.0[..2] == b.0[..2]) {
            let pair = usize::from(range[0].0[0]) << 8 | usize::from(range[0].0[1]);
            trie.roots[pair].0 = trie.reserve(1);
            if range[0].0.len() == 2 {
                trie.roots[pair].1 = range[0].1;
            }
            open.push((range, 2));
        }
        let mut at = 0;
        while at < open.len() {
            let (mut range, depth): (&[(&[u8], u32)], usize) = open[at];
            let mut token = NO_TOKEN;
            if range[0].0.len() == depth {
                token = range[0].1;
                range = &range[1..];
            }
            let children: Vec<_> = range.chunk_by(|a, b| a.0[depth] == b.0[depth]).collect();
            let first = trie.reserve(children.len());
            let mut node = Node { bytes: 0, first: NONE, token };
            if !children.is_empty() {
                node.first = first;
            }
            if children.len() > NARROW {
                let mut table = [NONE; 256];
                for (child, index) in children.iter().zip(first..) {
                    table[child[0].0[depth] as usize] = index;
                }
                node.bytes = trie.tables.len() as u64;
                node.token |= WIDE;
                trie.tables.push(table);
            } else if let Some(last) = children.len().checked_sub(1) {
                for slot in 0..NARROW {
                    let byte = children[slot.min(last)][0].0[depth];
                    node.bytes |= u64::from(byte) << (8 * slot);
                }
            }
            trie.nodes[at] = node;
            open.extend(children.into_iter().map(|child| (child, depth + 1)));
            at += 1;
        }
        trie
    }

    fn reserve(&mut self, nodes: usize) -> u32 {
        let first = u32::try_from(self.nodes.len()).expect("tokens have fewer than 2^28 bytes");
        let empty = Node { bytes: 0, first: NONE, token: NO_TOKEN };
        self.nodes.resize(self.nodes.len() + nodes, empty);
        first
    }

    /// The longest token that the text begins with; `NONE` if there is none. Adds the bytes looked at
    /// to `work`.
    pub(crate) fn longest(&self, text: &[u8], work: &mut usize) -> u32 {
        *work += 1;
        let [first, second, rest @ ..] = text else {
            return text.first().map_or(NONE, |&byte| self.singles[byte as usize]);
        };
        let (mut index, mut longest) = self.roots[usize::from(*first) << 8 | usize::from(*second)];
        if index == NONE {
            return longest;
        }
        for &byte in rest {
            *work += 1;
            let node = self.nodes[index as usize];
            index = if node.token & WIDE != 0 {
                self.tables[node.bytes as usize][byte as usize]
            } else if node.first == NONE {
                return longest;
            } else {
                match lowest_equal(node.bytes, byte) {
                    Some(slot) => node.first + slot,
                    None => return longest,
                }
            };
            if index == NONE {
                return longest;
            }
            let token = self.nodes[index as usize].token & !WIDE;
            if token != NO_TOKEN {
                longest = token;
            }
        }
        longest
    }
}

/// Index of the lowest byte of a word that equals a byte.
fn lowest_equal(word: u64, byte: u8) -> Option<u32> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zero = word ^ (ONES * u64::from(byte));
    // Marks the lowest zero byte right, and perhaps bytes above it (Warren 2012, "Hacker's
    // Delight", section 6-1).
    let marks = zero.wrapping_sub(ONES) & !zero & (ONES << 7);
    (marks != 0).then(|| marks.trailing_zeros() / 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_longest_token_is_found(
            mut tokens in prop::collection::vec(prop::collection::vec(0u8..12, 1..6), 1..200),
            texts in prop::collection::vec(prop::collection::vec(0u8..13, 0..9), 1..50),
        ) {
            tokens.sort();
            tokens.dedup();
            let trie = Trie::new(tokens.iter().zip(0..).map(|(t, id)| (&t[..], id)).collect());
            for text in texts {
                let expected = tokens
                    .iter()
                    .zip(0..)
                    .filter(|(token, _)| text.starts_with(token))
                    .max_by_key(|(token, _)| token.len())
                    .map_or(NONE, |(_, id)| id);
                prop_assert_eq!(trie.longest(&text, &mut 0), expected);
            }
        }
    }
}
