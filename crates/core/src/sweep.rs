//! Encoding by the rule itself, rank after rank, in time linear in the text for any merges at all.
//!
//! A merge makes only pairs of higher rank possible, as its token is younger than both parts. So the
//! ranks can be gone through in order, with a list of places for each, which is full when its turn
//! comes. Occurrences of a pair of two different tokens do not overlap, and it does not matter in which
//! order they are replaced; those of a pair of one token overlap in rows, and a row is replaced from its
//! left end. So lists need no order, and there is no queue.
//!
//! Cost, for `n` bytes and `v` tokens: each replacement leaves one token fewer and enters at most two
//! places; each entry is looked at once; a row of `r` tokens is walked once and leaves half of them. So
//! there are at most `n - 1` entries in the beginning and `2n` later, and time is O(n + v / 64), whatever
//! the text and the merges. Memory is 4 bytes a byte, 8 an entry and 4 a token.

use crate::{matcher::Shape, merge::Pair, pairs::PairTable};

const NONE: u32 = u32::MAX;

/// Tells the last cell of a token from its first; ids are below it.
const LAST: u32 = 1 << 31;

/// Within a token.
const INNER: u32 = u32::MAX;

/// Memory of a sweep. Lists are empty between any two.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    /// A token's id in its first and, marked, its last cell, as in the array of the trainer.
    cells: Vec<u32>,
    /// The last entry of each token to be made.
    heads: Vec<u32>,
    /// Tokens with entries, a bit each.
    waiting: Vec<u64>,
    /// Place and the entry before.
    entries: Vec<(u32, u32)>,
}

/// The tables of a vocabulary that a sweep needs.
pub(crate) struct Tables<'a, L> {
    pub(crate) pairs: &'a PairTable,
    /// Both parts of a token other than a byte.
    pub(crate) parts: L,
    pub(crate) shapes: &'a [Shape],
}

impl Sweep {
    /// Appends the encoding of a text of fewer than 2^31 bytes.
    pub(crate) fn encode(
        &mut self,
        tables: &Tables<'_, impl Fn(u32) -> Pair>,
        text: &[u8],
        ids: &mut Vec<u32>,
    ) {
        self.cells.clear();
        self.cells.extend(text.iter().map(|&byte| u32::from(byte)));
        self.heads.resize(tables.shapes.len(), NONE);
        self.waiting.resize(tables.shapes.len().div_ceil(64), 0);
        self.entries.clear();
        for at in 1..text.len() {
            self.enter(tables.pairs, u32::from(text[at - 1]), u32::from(text[at]), at - 1);
        }
        let mut word = 0;
        while word < self.waiting.len() {
            // Bits set while this word is gone through are above those taken.
            let bits = self.waiting[word];
            if bits == 0 {
                word += 1;
                continue;
            }
            let bit = bits.trailing_zeros();
            self.waiting[word] &= !(1 << bit);
            self.replace(tables, (word * 64) as u32 + bit);
        }
        let mut at = 0;
        while at < text.len() {
            ids.push(self.cells[at]);
            at += tables.shapes[self.cells[at] as usize].len as usize;
        }
    }

    fn enter(&mut self, pairs: &PairTable, left: u32, right: u32, at: usize) {
        if let Some(token) = pairs.get(left, right) {
            self.entries.push((at as u32, self.heads[token as usize]));
            self.heads[token as usize] = self.entries.len() as u32 - 1;
            self.waiting[token as usize / 64] |= 1 << (token % 64);
        }
    }

    /// Makes a token wherever its parts are neighbors.
    fn replace(&mut self, tables: &Tables<'_, impl Fn(u32) -> Pair>, token: u32) {
        let (left, right) = (tables.parts)(token);
        let width = tables.shapes[left as usize].len as usize;
        let mut entry = std::mem::replace(&mut self.heads[token as usize], NONE);
        while entry != NONE {
            let (at, before) = self.entries[entry as usize];
            entry = before;
            let mut at = at as usize;
            if self.cells[at] != left || self.cells.get(at + width) != Some(&right) {
                continue;
            }
            if left == right {
                // The row begins further left, perhaps.
                while at >= width && self.cells[at - width] == left && self.ends(at, left, width) {
                    at -= width;
                }
                while self.cells.get(at) == Some(&left) && self.cells.get(at + width) == Some(&left)
                {
                    self.join(tables, at, token);
                    at += 2 * width;
                }
            } else {
                self.join(tables, at, token);
            }
        }
    }

    /// Whether a token with this id and width ends before a place.
    fn ends(&self, at: usize, id: u32, width: usize) -> bool {
        self.cells[at - 1] == if width == 1 { id } else { id | LAST }
    }

    fn join(&mut self, tables: &Tables<'_, impl Fn(u32) -> Pair>, at: usize, token: u32) {
        let (left, _) = (tables.parts)(token);
        let middle = at + tables.shapes[left as usize].len as usize;
        let end = at + tables.shapes[token as usize].len as usize;
        self.cells[middle - 1] = INNER;
        self.cells[middle] = INNER;
        self.cells[at] = token;
        self.cells[end - 1] = token | LAST;
        if at > 0 {
            let before = self.cells[at - 1] & !LAST;
            let start = at - tables.shapes[before as usize].len as usize;
            self.enter(tables.pairs, before, token, start);
        }
        if let Some(&after) = self.cells.get(end) {
            self.enter(tables.pairs, token, after, at);
        }
    }
}
