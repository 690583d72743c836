//! A part of the corpus with the places of its pairs: all that one thread works on.
//!
//! Shards end at walls, so no occurrence crosses from one into the next and the count of a pair is
//! the sum of its counts in the shards.

use std::ops::Range;

use super::{
    array::{Array, Cell},
    neighbors::{Neighbor, Neighbors},
    pairs::{Fresh, PairMap},
    places::{Places, Spot},
};
use crate::{hints::prefetch, merge::Pair};

/// The places of a pair in a shard, ascending, where it stood when it was listed; some no longer
/// hold it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct List {
    /// Occurrences, weights included.
    pub(crate) count: u64,
    pub(crate) spot: Spot,
    pub(crate) len: u32,
}

/// A pair that is merged, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) pair: Pair,
    pub(crate) slot: u32,
    pub(crate) new: u32,
    /// Whether pairs of the left, and of the right token with themselves are listed and counted
    /// disjointly: rows of them are measured only then.
    pub(crate) rows: (bool, bool),
}

/// What merging a member found in a shard: ranges of the neighbors and of their events.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) left: (Range<usize>, Range<usize>),
    pub(crate) right: (Range<usize>, Range<usize>),
    /// Occurrences of the new token beside itself.
    pub(crate) twins: Range<usize>,
    pub(crate) twin_count: u64,
}

#[derive(Debug)]
pub(crate) struct Shard<C> {
    pub(crate) array: Array<C>,
    /// By slot.
    pub(crate) lists: Vec<List>,
    pub(crate) places: Places,
    /// By member of the batch.
    pub(crate) found: Vec<Found>,
    pub(crate) neighbors: Vec<Neighbor>,
    left: Neighbors,
    right: Neighbors,
    twins: Vec<u32>,
    /// Losses of pairs that the batch itself has made.
    late: Vec<(Pair, u64)>,
    /// Slot of the new pair with a token, by token.
    slots: Vec<u32>,
}

/// Places for whose cells memory is asked ahead.
const AHEAD: usize = 16;

/// No list.
const NONE: u32 = u32::MAX;

impl<C: Cell> Shard<C> {
    pub(crate) fn new(array: Array<C>) -> Shard<C> {
        Shard {
            array,
            lists: Vec::new(),
            places: Places::default(),
            found: Vec::new(),
            neighbors: Vec::new(),
            left: Neighbors::default(),
            right: Neighbors::default(),
            twins: Vec::new(),
            late: Vec::new(),
            slots: Vec::new(),
        }
    }

    /// Replaces the listed occurrences of the members, one after the other.
    ///
    /// Ids from `first` on are new in this batch.
    pub(crate) fn replace(
        &mut self,
        batch: &[Member],
        first: u32,
        widths: &[u32],
        slots: &PairMap<u32>,
        disjoint: bool,
    ) {
        self.found.clear();
        self.neighbors.clear();
        self.late.clear();
        for events in [&mut self.left.events, &mut self.right.events] {
            reset(events);
        }
        reset(&mut self.twins);
        for member in batch {
            self.replace_one(member, first, widths, slots, disjoint);
        }
    }

    fn replace_one(
        &mut self,
        member: &Member,
        first: u32,
        widths: &[u32],
        slots: &PairMap<u32>,
        disjoint: bool,
    ) {
        let &Member { pair: (a, b), new, .. } = member;
        let List { spot, len, .. } = self.lists[member.slot as usize];
        let places = self.places.get(spot, len);
        self.left.begin(widths.len(), places.len());
        self.right.begin(widths.len(), places.len());
        let events = (self.left.events.len(), self.right.events.len(), self.twins.len());
        let (width_a, width_b) = (widths[a as usize] as usize, widths[b as usize] as usize);
        let (cell_a, cell_b, cell_new) = (C::of(a), C::of(b), C::of(new));
        // How many of the new token stand in a row, and what the pairs (a, a) and (b, b) lose in
        // disjoint counting.
        let (mut twin_count, mut row, mut lost_a, mut lost_b) = (0, 0u64, 0, 0);
        let mut stretch = 0;
        for (i, &at) in places.iter().enumerate() {
            if let Some(&later) = places.get(i + AHEAD) {
                prefetch(&self.array.cells[later as usize]);
            }
            let start = at as usize;
            let middle = start + width_a;
            if self.array.cells[start] != cell_a || self.array.cells[middle] != cell_b {
                continue;
            }
            stretch = self.array.stretch(stretch, start);
            let weight = self.array.weight(stretch);
            let end = middle + width_b;
            let before = self.array.cells[start - 1];
            if before == cell_new {
                // The occurrence before took this `a` for its right neighbor.
                self.right.undo_last(weight);
                self.twins.push(at - (width_a + width_b) as u32);
                row += 1;
                if !disjoint || row % 2 == 0 {
                    twin_count += weight;
                }
            } else {
                row = 1;
                if before != C::WALL {
                    let before = before.id();
                    self.left.add(before, at - widths[before as usize], weight);
                    if member.rows.0
                        && before == a
                        && row_before(&self.array.cells, start, a, width_a) % 2 == 0
                    {
                        lost_a += weight;
                    }
                }
            }
            let after = self.array.cells[end];
            if after != C::WALL {
                self.right.add(after.id(), at, weight);
                if member.rows.1
                    && after == cell_b
                    && row_after(&self.array.cells, middle, b, width_b) % 2 == 0
                {
                    lost_b += weight;
                }
            }
            // What begins in the middle begins no more.
            self.array.cells[middle] = C::WALL;
            self.array.cells[start] = cell_new;
            self.array.cells[end - 1] = cell_new;
        }

        let from = self.neighbors.len();
        self.left.drain(&mut self.neighbors);
        let mid = self.neighbors.len();
        self.right.drain(&mut self.neighbors);
        let mut late = std::mem::take(&mut self.late);
        for (i, neighbor) in self.neighbors[from..].iter().enumerate() {
            let token = neighbor.token;
            let (pair, lost) = if from + i < mid {
                ((token, a), if disjoint && token == a { lost_a } else { neighbor.lost })
            } else {
                ((b, token), if disjoint && token == b { lost_b } else { neighbor.lost })
            };
            if token >= first {
                late.push((pair, lost));
            } else if let Some(&slot) = slots.get(&pair) {
                self.lists[slot as usize].count -= lost;
            }
        }
        self.late = late;
        self.found.push(Found {
            left: (from..mid, events.0..self.left.events.len()),
            right: (mid..self.neighbors.len(), events.1..self.right.events.len()),
            twins: events.2..self.twins.len(),
            twin_count,
        });
    }

    /// Opens the lists of pairs that the batch has made and that are frequent enough.
    ///
    /// `fresh` is in the order of the members. There are `slots` slots now.
    pub(crate) fn list(
        &mut self,
        batch: &[Member],
        mut fresh: &[Fresh],
        slots: usize,
        map: &PairMap<u32>,
        tokens: usize,
    ) {
        self.lists.resize(slots, List::default());
        self.slots.resize(tokens, NONE);
        for (i, member) in batch.iter().enumerate() {
            let Found { left, right, twins, twin_count } = std::mem::take(&mut self.found[i]);
            let own = fresh.partition_point(|fresh| fresh.new == member.new);
            let (now, later) = fresh.split_at(own);
            fresh = later;
            let (of_left, rest) = now.split_at(now.partition_point(|fresh| fresh.is_left));
            self.list_side(of_left, left, true);
            // The pair of the new token with itself stands last.
            let twin = rest.last().filter(|fresh| fresh.token == member.new);
            let of_right = &rest[..rest.len() - usize::from(twin.is_some())];
            self.list_side(of_right, right, false);
            if let Some(twin) = twin {
                let (spot, len) = (self.places.add(twins.len()), twins.len() as u32);
                self.places.get_mut(spot, len).copy_from_slice(&self.twins[twins]);
                self.lists[twin.slot as usize] = List { count: twin_count, spot, len };
            }
        }
        for (pair, lost) in self.late.drain(..) {
            if let Some(&slot) = map.get(&pair) {
                self.lists[slot as usize].count -= lost;
            }
        }
    }

    fn list_side(
        &mut self,
        fresh: &[Fresh],
        (neighbors, events): (Range<usize>, Range<usize>),
        is_left: bool,
    ) {
        if fresh.is_empty() {
            return;
        }
        for fresh in fresh {
            self.slots[fresh.token as usize] = fresh.slot;
        }
        for neighbor in &self.neighbors[neighbors] {
            let slot = self.slots[neighbor.token as usize];
            if slot != NONE && neighbor.places > 0 {
                let spot = self.places.add(neighbor.places as usize);
                self.lists[slot as usize] = List { count: neighbor.gained, spot, len: 0 };
            }
        }
        let side = if is_left { &self.left } else { &self.right };
        for &(token, at) in &side.events[events] {
            let slot = self.slots[token as usize];
            if slot != NONE {
                let list = &mut self.lists[slot as usize];
                self.places.set(list.spot, list.len, at);
                list.len += 1;
            }
        }
        for fresh in fresh {
            self.slots[fresh.token as usize] = NONE;
        }
    }

    /// Forgets all lists and gives every token one cell.
    pub(crate) fn compact(&mut self, widths: &[u32]) {
        self.lists = Vec::new();
        self.places = Places::default();
        reset(&mut self.left.events);
        reset(&mut self.right.events);
        self.array.compact(widths);
    }

    /// The same with cells of 32 bits, without lists.
    pub(crate) fn widened(self) -> Shard<u32> {
        Shard::new(self.array.widened())
    }
}

/// Empties a vector; one that has grown beyond a megabyte gives its memory back.
fn reset<T>(events: &mut Vec<T>) {
    events.clear();
    if events.capacity() * size_of::<T>() > 1 << 20 {
        *events = Vec::new();
    }
}

/// Length of the row of tokens `a` that ends with the one at `start`.
///
/// Costs the length of the row. As long as (a, a) has a list it is no more frequent than what is
/// merged, so a row is walked only as often as the largest count has digits;
/// `docs/algorithms.md` has the proof.
fn row_before<C: Cell>(cells: &[C], start: usize, a: u32, width: usize) -> u64 {
    let (mut row, mut at) = (1, start);
    while cells[at - 1] == C::of(a) {
        at -= width;
        row += 1;
    }
    row
}

/// Length of the row of tokens `b` that begins with the one at `start`; costs that length.
fn row_after<C: Cell>(cells: &[C], start: usize, b: u32, width: usize) -> u64 {
    let (mut row, mut at) = (1, start + width);
    while cells[at] == C::of(b) {
        at += width;
        row += 1;
    }
    row
}
