//! Tokens that go on behind the first sixteen bytes, which few do, but then by thousands of bytes.
//!
//! A tree with a node for each token and each place where tokens part (Morrison 1968, "PATRICIA:
//! practical algorithm to retrieve information coded in alphanumeric"). Bytes between stand in one piece, so
//! long tokens take about the room of what is new in them.

use hashbrown::{HashMap, hash_map::Entry};

use crate::trie::{DEPTH, Match, NONE};

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Where the bytes since the node above begin in `labels`.
    label: usize,
    /// Their number.
    len: usize,
    /// The token that its path is, or `NONE`.
    token: u32,
    /// The longest token that its path begins with, itself left out, if it has more than `DEPTH` bytes.
    shorter: u32,
    /// The first of the nodes below, or `NONE`, and its byte: in runs of one letter, where paths are long,
    /// usually the only one.
    first: u32,
    byte: u8,
}

/// Trees by the node of the trie that they hang on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deep {
    nodes: Vec<Node>,
    labels: Vec<u8>,
    /// A node below by the node above and the next byte; nodes of the trie have the highest bit. With a
    /// seeded hash, as tokens come from files.
    below: HashMap<(u32, u8), u32>,
}

/// Tells nodes of the trie from those of the tree.
const OUTER: u32 = 1 << 31;

impl Deep {
    /// Enters a token, after all shorter ones; gives the longest of those that it begins with, if that is
    /// in the tree.
    ///
    /// Costs its length, at the speed of a comparison of bytes.
    pub(crate) fn insert(&mut self, root: u32, text: &[u8], token: u32) -> Option<u32> {
        let (mut above, mut depth, mut shorter) = (root | OUTER, DEPTH, NONE);
        loop {
            let new = self.nodes.len() as u32;
            let entry = match self.below.entry((above, text[depth])) {
                Entry::Vacant(entry) => {
                    entry.insert(new);
                    let (label, len) = (self.labels.len(), text.len() - depth);
                    self.labels.extend_from_slice(&text[depth..]);
                    self.nodes.push(Node { label, len, token, shorter, first: NONE, byte: 0 });
                    if above & OUTER == 0 && self.nodes[above as usize].first == NONE {
                        let node = &mut self.nodes[above as usize];
                        (node.first, node.byte) = (new, text[depth]);
                    }
                    break;
                }
                Entry::Occupied(entry) => entry,
            };
            let index = *entry.get();
            let node = &mut self.nodes[index as usize];
            let label = &self.labels[node.label..node.label + node.len];
            let same = common(label, &text[depth..]);
            depth += same;
            if same == node.len {
                // No token comes twice, and shorter ones came before, so the text goes on.
                above = index;
                shorter = if node.token == NONE { node.shorter } else { node.token };
                continue;
            }
            *entry.into_mut() = new;
            self.below.insert((new, label[same]), index);
            let (first, byte) = (index, label[same]);
            let upper = Node { len: same, token: NONE, shorter, first, byte, ..*node };
            (node.label, node.len) = (node.label + same, node.len - same);
            self.nodes.push(upper);
            if above & OUTER == 0 && self.nodes[above as usize].first == index {
                self.nodes[above as usize].first = new;
            }
            above = new;
        }
        (shorter != NONE).then_some(shorter)
    }

    /// The longest token in the tree that a text begins with, of which the first `DEPTH` bytes lead to
    /// `root`. Adds the steps to `work`.
    pub(crate) fn longest(&self, root: u32, text: &[u8], work: &mut usize) -> Option<Match> {
        let (mut above, mut depth, mut found) = (root | OUTER, DEPTH, None);
        let mut next = text.get(depth).and_then(|&byte| self.below.get(&(above, byte)).copied());
        while let Some(index) = next {
            let node = &self.nodes[index as usize];
            // Comparing 128 bytes takes about as long as a step.
            *work += 1 + node.len / 128;
            let label = &self.labels[node.label..node.label + node.len];
            if text.get(depth..depth + node.len) != Some(label) {
                break;
            }
            (above, depth) = (index, depth + node.len);
            if node.token != NONE {
                found = Some((node.token, depth));
            }
            next = match text.get(depth) {
                Some(&byte) if node.first != NONE && node.byte == byte => Some(node.first),
                Some(&byte) if node.first != NONE => self.below.get(&(above, byte)).copied(),
                _ => None,
            };
        }
        found
    }
}

/// The number of bytes in which two strings begin alike.
fn common(a: &[u8], b: &[u8]) -> usize {
    const WORD: usize = 32;
    let words = a.chunks_exact(WORD).zip(b.chunks_exact(WORD)).take_while(|(a, b)| a == b).count();
    let from = words * WORD;
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}
