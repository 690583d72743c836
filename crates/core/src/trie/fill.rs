//! Entering tokens.

use super::{
    DEPTH, EMPTY, KEY_SHIFT, NONE, ROOTS, Refused, Shape, Trie, byte_bit, key, missing, pair_bit,
    prefetch, token_of,
};

/// Full slots in a row of a table; see `pairs.rs`.
const LONGEST_ROW: usize = 200;

/// Tokens that are entered together.
const TOGETHER: usize = 16;

/// The first two bytes as a number; `None` if there are fewer.
#[inline]
fn two(text: &[u8]) -> Option<u16> {
    text.first_chunk().map(|&bytes| u16::from_le_bytes(bytes))
}

/// A token on its way into the trie.
#[derive(Clone, Copy, Debug, Default)]
struct Path<'a> {
    text: &'a [u8],
    token: u32,
    /// How far it is: a node, of so many bytes.
    node: u32,
    depth: usize,
}

impl Trie {
    /// Enters tokens, which are by length.
    pub(super) fn fill<'a>(
        &mut self,
        tokens: &[u32],
        bytes: impl Fn(u32) -> &'a [u8],
        left: impl Fn(u32) -> u32,
        shapes: &mut [Shape],
    ) -> Result<(), Refused> {
        // The node of each token: of its longest prefix of an even number of bytes, up to `DEPTH`.
        let mut nodes = vec![NONE; shapes.len()];
        let mut room = (self.nodes.len() - ROOTS) * 5 / 8;
        // Tokens of one length are no prefixes of each other, so it does not matter which come first,
        // and some are entered together: what they look at comes from memory at the same time.
        for tokens in tokens.chunk_by(|&one, &other| bytes(one).len() == bytes(other).len()) {
            for tokens in tokens.chunks(TOGETHER) {
                let mut paths = [Path::default(); TOGETHER];
                let paths = &mut paths[..tokens.len()];
                for (path, &token) in paths.iter_mut().zip(tokens) {
                    let (text, left) = (bytes(token), left(token));
                    let node = nodes[left as usize];
                    *path = if node == NONE {
                        Path { text, token, node: two(text).unwrap_or_default().into(), depth: 2 }
                    } else {
                        Path { text, token, node, depth: bytes(left).len().min(DEPTH) & !1 }
                    };
                }
                self.enter(paths, &mut room, shapes)?;
                for path in &*paths {
                    nodes[path.token as usize] = path.node;
                }
            }
        }
        Ok(())
    }

    /// Enters tokens of one length; their paths then end where longer ones go on.
    fn enter(
        &mut self,
        paths: &mut [Path<'_>],
        room: &mut usize,
        shapes: &mut [Shape],
    ) -> Result<(), Refused> {
        let len = paths[0].text.len();
        if len == 2 {
            for &Path { text, token, node, .. } in &*paths {
                shapes[token as usize].prefix = u32::from(text[0]);
                self.nodes[node as usize].slot = u64::from(token) << 6;
            }
            return Ok(());
        }
        let even = len.min(DEPTH) & !1;
        for depth in (2..even).step_by(2) {
            for path in paths.iter().filter(|path| path.depth == depth) {
                self.ask(path.node, &path.text[depth..]);
            }
            for path in paths.iter_mut().filter(|path| path.depth == depth) {
                let Path { text, token, node, .. } = *path;
                let pair = two(&text[depth..]).unwrap_or_default();
                let at = self.place(key(node, false, pair))?;
                if self.nodes[at].slot == EMPTY {
                    *room = room.checked_sub(1).ok_or(Refused::Full)?;
                    let (mut longest, mut less) = self.longest_of(node);
                    less += 2;
                    if let Some((odd, _)) = self.find(key(node, true, pair & 255)) {
                        (longest, less) = (token_of(odd.slot), 1);
                    }
                    if depth + 2 == len {
                        shapes[token as usize].prefix = longest;
                        (longest, less) = (token, 0);
                    }
                    self.nodes[at].slot = key(node, false, pair) << KEY_SHIFT
                        | u64::from(longest) << 6
                        | (less as u64) << 2;
                    self.mark(node, pair_bit(pair));
                }
                (path.node, path.depth) = (at as u32, depth + 2);
            }
        }
        if even == len {
            return Ok(());
        }
        for path in &*paths {
            self.ask(path.node, &path.text[even..]);
        }
        for &Path { text, token, node, .. } in &*paths {
            let (shorter, _) = self.longest_of(node);
            let byte = text[even];
            shapes[token as usize].prefix = if len > DEPTH {
                self.deep.insert(node, text, token).unwrap_or(shorter)
            } else {
                let key = key(node, true, u16::from(byte));
                let at = self.place(key)?;
                *room = room.checked_sub(1).ok_or(Refused::Full)?;
                self.nodes[at].slot = key << KEY_SHIFT | u64::from(token) << 6;
                shorter
            };
            self.mark(node, byte_bit(byte));
        }
        Ok(())
    }

    /// Asks for a node, and for the slots where what follows it belongs.
    #[inline]
    fn ask(&self, node: u32, follows: &[u8]) {
        prefetch(&self.nodes[node as usize]);
        let table = &self.nodes[ROOTS..];
        let ask = |key| prefetch(&table[self.home(key) & (table.len() - 1)]);
        ask(key(node, true, u16::from(follows[0])));
        if let Some(pair) = two(follows) {
            ask(key(node, false, pair));
        }
    }

    /// The longest token that the path of a node begins with, and by how much it is shorter.
    fn longest_of(&self, node: u32) -> (u32, usize) {
        let slot = self.nodes[node as usize].slot;
        (token_of(slot), missing(slot))
    }

    fn mark(&mut self, node: u32, bit: u32) {
        self.nodes[node as usize].follow |= 1 << bit;
    }

    /// The number of the slot of a key, or of the empty one that it would take.
    fn place(&self, key: u64) -> Result<usize, Refused> {
        let (table, home) = (&self.nodes[ROOTS..], self.home(key));
        for step in 0..LONGEST_ROW {
            let at = (home + step) & (table.len() - 1);
            let slot = table[at].slot;
            if slot == EMPTY || slot >> KEY_SHIFT == key {
                return Ok(ROOTS + at);
            }
        }
        Err(Refused::Row)
    }
}
