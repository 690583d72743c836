//! The pairs that have lists, and the order in which they come up.

use std::{cmp::Reverse, collections::BinaryHeap};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::merge::Pair;

pub(crate) type PairMap<T> = HashMap<Pair, T, FxBuildHasher>;

/// A pair that a merge has made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fresh {
    /// The new token, and its neighbor: itself, where it stands beside itself.
    pub(crate) new: u32,
    pub(crate) token: u32,
    /// Whether the neighbor stands on the left.
    pub(crate) is_left: bool,
    pub(crate) slot: u32,
}

/// Listed pairs by slot, by name, and by count.
///
/// A pair gains occurrences only in the merge that creates the younger of its two tokens; from then
/// on its count falls. So an entry of the heap never promises too little, and it is enough to
/// correct an entry when it comes up.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pairs: Vec<Pair>,
    pub(crate) slots: PairMap<u32>,
    heap: BinaryHeap<(u64, Reverse<Pair>, u32)>,
}

impl Pairs {
    /// Forgets all, the room included.
    pub(crate) fn clear(&mut self) {
        *self = Pairs::default();
    }

    /// Number of slots given.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Bytes of an entry in all tables, lists of the shards apart; tables that grow by doubling are
    /// three quarters full on average.
    pub(crate) const ENTRY: usize = (8 + 16 + 24) * 4 / 3;

    /// Enters a pair that stands in the order as `key`, and returns its slot.
    pub(crate) fn enter(&mut self, pair: Pair, key: Pair, count: u64) -> u32 {
        let slot = u32::try_from(self.pairs.len()).expect("fewer pairs than places");
        self.pairs.push(pair);
        self.slots.insert(pair, slot);
        self.heap.push((count, Reverse(key), slot));
        slot
    }

    pub(crate) fn pair(&self, slot: u32) -> Pair {
        self.pairs[slot as usize]
    }

    /// The slot that comes first, by the counts that were true when they were entered, and its count.
    pub(crate) fn first(&self) -> Option<(u64, u32)> {
        self.heap.peek().map(|&(count, _, slot)| (count, slot))
    }

    /// Takes the first out of the order.
    pub(crate) fn pop(&mut self) {
        self.heap.pop();
    }

    /// Puts the first where its true count belongs.
    pub(crate) fn correct_first(&mut self, count: u64) {
        if let Some(mut first) = self.heap.peek_mut() {
            first.0 = count;
        }
    }

    /// Takes a pair out of the table of names.
    pub(crate) fn forget(&mut self, slot: u32) {
        self.slots.remove(&self.pairs[slot as usize]);
    }
}
