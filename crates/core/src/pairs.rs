//! The merge of a pair of tokens: one hash table of words, asked more often than anything else.

use std::hash::{BuildHasher, RandomState};

use crate::{
    hints::{filled, prefetch},
    merge::Pair,
};

/// Bits of an id where key and value share one word: 21 + 21 + 21, and one bit that only empty slots have.
const NARROW_BITS: u32 = 21;

/// Bits of an id in a word of 128 bits.
const WIDE_BITS: u32 = 32;

/// Full slots in a row that a table may have.
///
/// At half load the longest row of a random table grows with the logarithm of its size (Knuth 1998, "The
/// Art of Computer Programming", volume 3, section 6.4): it has about 60 slots for 2^17 pairs and 100 for
/// 2^23. Twice that says that the pairs were chosen to collide.
const LONGEST_ROW: usize = 200;

/// What the hash starts from, so that the tables of honest files are laid out alike in every process:
/// digits of the square root of 2 and of the golden ratio.
const FIRST_SEED: [u64; 2] = [0x6a09_e667_f3bc_c908, 0x9e37_79b9_7f4a_7c15];

/// Tokens by the pair that makes them.
///
/// Open addressing at half load or less; a slot is one word that holds pair and token, so most questions
/// cost one cache line. Pairs come from files, which could be made to collide: a table with a long row
/// of full slots is laid out again under a random seed, so a question costs [`LONGEST_ROW`] slots at
/// most, and what is answered depends on no seed.
#[derive(Clone, Debug)]
pub(crate) struct PairTable {
    slots: Slots,
    /// The highest bits of a hash are the slot: the shift that leaves them.
    shift: u32,
    seed: [u64; 2],
}

#[derive(Clone, Debug)]
enum Slots {
    Narrow(Box<[u64]>),
    Wide(Box<[u128]>),
}

/// A word that holds both ids of a pair and the id of the token they make.
trait Word: Copy + PartialEq {
    const EMPTY: Self;
    fn pack(pair: Pair, token: u32) -> Self;
    fn is(self, pair: Pair) -> bool;
    fn token(self) -> u32;
}

macro_rules! word {
    ($word:ty, $bits:expr) => {
        impl Word for $word {
            const EMPTY: $word = <$word>::MAX;

            #[inline]
            fn pack((left, right): Pair, token: u32) -> $word {
                <$word>::from(left) << (2 * $bits)
                    | <$word>::from(right) << $bits
                    | <$word>::from(token)
            }

            #[inline]
            fn is(self, (left, right): Pair) -> bool {
                self >> $bits == <$word>::from(left) << $bits | <$word>::from(right)
            }

            #[inline]
            fn token(self) -> u32 {
                (self & ((1 << $bits) - 1)) as u32
            }
        }
    };
}

word!(u64, NARROW_BITS);
word!(u128, WIDE_BITS);

impl PairTable {
    /// Builds the table in which the pair with index `i` makes the token `first + i`; of equal pairs the
    /// first holds, and the tokens of the others are told, ascending. All ids must be below `first` and
    /// the number of pairs together, and below 2^31.
    pub(crate) fn new(pairs: &[Pair], first: u32) -> (PairTable, Vec<u32>) {
        PairTable::with_seed(pairs, first, FIRST_SEED)
    }

    /// An empty table with room for so many pairs; the ids to come are below `first` and their number
    /// together.
    ///
    /// Its seed is random, as a row that grows pair by pair would have to be measured each time.
    pub(crate) fn with_room(pairs: usize, first: u32) -> PairTable {
        let random = RandomState::new();
        let seed = [random.hash_one(0), random.hash_one(1)];
        PairTable::empty(capacity(pairs), first as usize + pairs, seed)
    }

    /// A table of so many slots for ids below a bound.
    fn empty(capacity: usize, ids: usize, seed: [u64; 2]) -> PairTable {
        let slots = match ids < 1 << NARROW_BITS {
            true => Slots::Narrow(filled(u64::EMPTY, capacity).into_boxed_slice()),
            false => Slots::Wide(filled(u128::EMPTY, capacity).into_boxed_slice()),
        };
        PairTable { slots, shift: 64 - capacity.trailing_zeros(), seed }
    }

    /// Enters what a pair makes, if there is room; of equal pairs the first holds.
    #[inline]
    pub(crate) fn insert(&mut self, pair: Pair, token: u32) {
        let home = (hash(pair, self.seed) >> self.shift) as usize;
        match &mut self.slots {
            Slots::Narrow(slots) => place(slots, pair, token, home, slots.len()),
            Slots::Wide(slots) => place(slots, pair, token, home, slots.len()),
        };
    }

    fn with_seed(pairs: &[Pair], first: u32, mut seed: [u64; 2]) -> (PairTable, Vec<u32>) {
        let mut capacity = capacity(pairs.len());
        let random = RandomState::new();
        for attempt in 0u64.. {
            let mut table = PairTable::empty(capacity, first as usize + pairs.len(), seed);
            let laid_out = match &mut table.slots {
                Slots::Narrow(slots) => lay_out(slots, pairs, first, seed),
                Slots::Wide(slots) => lay_out(slots, pairs, first, seed),
            };
            if let Some(repeated) = laid_out {
                return (table, repeated);
            }
            seed = [random.hash_one(2 * attempt), random.hash_one(2 * attempt + 1)];
            // No random seed should fail even once; more room ends any doubt.
            if attempt > 0 {
                capacity *= 2;
            }
        }
        unreachable!("with more room than pairs no row is long")
    }

    /// Asks for the slot where a pair belongs, so that it is at hand later.
    #[inline(always)]
    pub(crate) fn prefetch(&self, left: u32, right: u32) {
        let home = (hash((left, right), self.seed) >> self.shift) as usize;
        match &self.slots {
            Slots::Narrow(slots) => prefetch(&slots[home & (slots.len() - 1)]),
            Slots::Wide(slots) => prefetch(&slots[home & (slots.len() - 1)]),
        }
    }

    /// The token that a pair makes.
    #[inline]
    pub(crate) fn get(&self, left: u32, right: u32) -> Option<u32> {
        let home = hash((left, right), self.seed) >> self.shift;
        match &self.slots {
            Slots::Narrow(slots) => find(slots, (left, right), home),
            Slots::Wide(slots) => find(slots, (left, right), home),
        }
    }
}

/// Slots for so many pairs.
fn capacity(pairs: usize) -> usize {
    (2 * pairs).next_power_of_two().max(2)
}

/// Both halves of the product of both seeded ids, folded (Wang Yi 2019, "wyhash").
#[inline]
fn hash((left, right): Pair, seed: [u64; 2]) -> u64 {
    let key = u64::from(left) << 32 | u64::from(right);
    let product = u128::from(key ^ seed[0]) * u128::from(seed[1] | 1);
    product as u64 ^ (product >> 64) as u64
}

#[inline]
fn find<W: Word>(slots: &[W], pair: Pair, home: u64) -> Option<u32> {
    let mask = slots.len() - 1;
    let mut at = home as usize & mask;
    loop {
        let slot = slots[at];
        if slot.is(pair) {
            return Some(slot.token());
        }
        if slot == W::EMPTY {
            return None;
        }
        at = (at + 1) & mask;
    }
}

/// Puts a pair into the first free slot from `home` on, unless it is there; tells whether it was not. None
/// if that takes more than so many steps.
#[inline]
fn place<W: Word>(
    slots: &mut [W],
    pair: Pair,
    token: u32,
    home: usize,
    most: usize,
) -> Option<bool> {
    let mask = slots.len() - 1;
    for step in 0..=most {
        let slot = &mut slots[(home + step) & mask];
        if *slot == W::EMPTY {
            *slot = W::pack(pair, token);
            return Some(true);
        }
        if slot.is(pair) {
            return Some(false);
        }
    }
    None
}

/// Fills empty slots and tells the tokens whose pair makes an earlier one; none if a row is too long.
fn lay_out<W: Word>(
    slots: &mut [W],
    pairs: &[Pair],
    first: u32,
    seed: [u64; 2],
) -> Option<Vec<u32>> {
    let shift = 64 - slots.len().trailing_zeros();
    let mut repeated = Vec::new();
    for (&pair, token) in pairs.iter().zip(first..) {
        let home = (hash(pair, seed) >> shift) as usize;
        // Filling a table that will be refused would cost the square of its size.
        if !place(slots, pair, token, home, LONGEST_ROW)? {
            repeated.push(token);
        }
    }
    // A row may go around the end; half of the slots at least are empty, so one of them ends it.
    let (mut row, mut longest) = (0, 0);
    for &slot in slots.iter().chain(&slots[..slots.len().min(LONGEST_ROW + 1)]) {
        row = if slot == W::EMPTY { 0 } else { row + 1 };
        longest = longest.max(row);
    }
    (longest <= LONGEST_ROW).then_some(repeated)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn longest_row(table: &PairTable) -> usize {
        fn of<W: Word>(slots: &[W]) -> usize {
            slots.split(|&slot| slot == W::EMPTY).map(<[W]>::len).max().unwrap_or(0)
        }
        match &table.slots {
            Slots::Narrow(slots) => of(slots),
            Slots::Wide(slots) => of(slots),
        }
    }

    fn assert_equals_a_map(pairs: &[Pair], first: u32, others: impl Iterator<Item = Pair>) {
        let mut map = HashMap::new();
        for (&pair, token) in pairs.iter().zip(first..) {
            map.entry(pair).or_insert(token);
        }
        let (table, repeated) = PairTable::new(pairs, first);
        let (other, _) = PairTable::with_seed(pairs, first, [7, 9]);
        let mut grown = PairTable::with_room(pairs.len(), first);
        pairs.iter().zip(first..).for_each(|(&pair, token)| grown.insert(pair, token));
        for (left, right) in pairs.iter().copied().chain(others) {
            for table in [&table, &other, &grown] {
                assert_eq!(table.get(left, right), map.get(&(left, right)).copied());
            }
        }
        let later = pairs.iter().zip(first..).filter(|(pair, token)| map[*pair] != *token);
        assert_eq!(repeated, later.map(|(_, token)| token).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn a_table_answers_as_a_map(
            pairs in prop::collection::vec((0u32..300, 0u32..300), 0..400),
            others in prop::collection::vec((0u32..300, 0u32..300), 0..400),
            first in prop::sample::select(vec![300, (1 << NARROW_BITS) - 200, 1 << 23, (1 << 31) - 500]),
        ) {
            assert_equals_a_map(&pairs, first, others.into_iter());
        }
    }

    #[test]
    fn the_empty_table_knows_nothing() {
        assert_eq!(PairTable::new(&[], 256).0.get(0, 0), None);
    }

    #[test]
    fn a_large_table_answers_as_a_map_and_its_rows_are_short() {
        let pairs: Vec<Pair> = (0..1 << 17).map(|i| (i % 3000, i / 3000 * 5)).collect();
        let others = (0..3000).flat_map(|left| (0..50).map(move |right| (left, right)));
        assert_equals_a_map(&pairs, 256, others);
        assert!(longest_row(&PairTable::new(&pairs, 256).0) < LONGEST_ROW / 2);
    }

    #[test]
    fn pairs_chosen_to_collide_are_laid_out_anew() {
        // All of one thousandth of the slots: one place for many, and one row without a gap.
        let home = |pair| hash(pair, FIRST_SEED) >> (64 - 14);
        let mut same: Vec<Pair> = Vec::new();
        let mut row: Vec<Pair> = Vec::new();
        for pair in (0..3000).flat_map(|left| (0..3000).map(move |right| (left, right))) {
            if home(pair) == 5 && same.len() < 8000 {
                same.push(pair);
            }
            if home(pair) as usize == row.len() && row.len() < 8000 {
                row.push(pair);
            }
        }
        for chosen in [same, row] {
            assert!(chosen.len() > LONGEST_ROW);
            let mut pairs = chosen;
            pairs.extend((0..8000 - pairs.len() as u32).map(|i| (5000 + i, 1)));
            let (table, _) = PairTable::new(&pairs, 20_000);
            assert_ne!(table.seed, FIRST_SEED);
            assert!(longest_row(&table) <= LONGEST_ROW);
            assert_equals_a_map(&pairs, 20_000, pairs.iter().map(|&(left, right)| (right, left)));
        }
    }
}
