//! Where the steps of a state find places: blocks of 256, of which some are taken.
//!
//! States of which each has one step, one below the other, may stand anywhere. So they stand side by side:
//! what goes along them waits for a line of memory with every fourth of them in place of every one.

use std::ops::Range;

use super::{FREE, Place};

/// Blocks of 256 places in which room for a state is looked for, from the last one back: older ones
/// have single places left, which only states of one step could take.
const OPEN_BLOCKS: usize = 16;

/// Places in a cache line.
const LINE: u32 = 64 / size_of::<Place>() as u32;

/// The places that are free.
#[derive(Default)]
pub(super) struct Room {
    /// Of each block that is open, from the oldest: its number, and a bit for each place that is taken.
    open: Vec<(usize, [u64; 4])>,
    /// Places that are kept for states in a row.
    row: Range<u32>,
    /// Single places between rows.
    single: Vec<u32>,
}

impl Room {
    /// Takes places for the steps of a state, and gives their base.
    pub(super) fn claim(&mut self, places: &mut Vec<Place>, labels: &[u8]) -> u32 {
        for (block, taken) in &mut self.open {
            if let Some(base) = fit(taken, labels) {
                take(taken, base, labels);
                return (*block as u32) << 8 | u32::from(base);
            }
        }
        if let &[label] = labels
            && let Some(place) = self.single.pop()
        {
            return place ^ u32::from(label);
        }
        let block = places.len() / 256;
        places.resize(places.len() + 256, FREE);
        if self.open.len() == OPEN_BLOCKS {
            self.open.remove(0);
        }
        let mut taken = [0; 4];
        take(&mut taken, 0, labels);
        self.open.push((block, taken));
        (block as u32) << 8
    }

    /// Takes places for so many states in a row, side by side and in as few cache lines as they need; for a
    /// single one none, as it fills what others leave.
    pub(super) fn claim_row(&mut self, places: &mut Vec<Place>, len: usize) -> Range<u32> {
        if len < 2 {
            return 0..0;
        }
        let (len, end) = (len as u32, self.row.end);
        let lines = |start: u32| (start + len).div_ceil(LINE) - start / LINE;
        let mut start = self.row.start;
        if lines(start) > len.div_ceil(LINE) {
            start = start.next_multiple_of(LINE).min(end);
        }
        self.single.extend(self.row.start..start);
        if end - start < len {
            self.single.extend(start..end);
            start = places.len() as u32;
            places.resize((places.len() + len as usize).next_multiple_of(256), FREE);
            self.row.end = places.len() as u32;
        }
        self.row.start = start + len;
        start..start + len
    }
}

/// A base within a block at which all labels find free places.
fn fit(taken: &[u64; 4], labels: &[u8]) -> Option<u8> {
    if let &[label] = labels {
        let word = taken.iter().position(|&taken| taken != u64::MAX)?;
        return Some((64 * word as u8 + taken[word].trailing_ones() as u8) ^ label);
    }
    if taken.iter().map(|taken| taken.count_zeros() as usize).sum::<usize>() < labels.len() {
        return None;
    }
    // All 256 bases at once: those at which one label after the other finds a free place.
    let mut bases = [u64::MAX; 4];
    for label in labels {
        for (word, bases) in bases.iter_mut().enumerate() {
            *bases &= swapped(!taken[word ^ usize::from(label / 64)], label % 64);
        }
        if bases == [0; 4] {
            return None;
        }
    }
    let word = bases.iter().position(|&bases| bases != 0)?;
    Some(64 * word as u8 + bases[word].trailing_zeros() as u8)
}

/// The bits of a word in other places: each where its number joined with `by` by exclusive or says.
fn swapped(mut word: u64, by: u8) -> u64 {
    const LOWER: [u64; 6] = [
        0x5555_5555_5555_5555,
        0x3333_3333_3333_3333,
        0x0f0f_0f0f_0f0f_0f0f,
        0x00ff_00ff_00ff_00ff,
        0x0000_ffff_0000_ffff,
        0x0000_0000_ffff_ffff,
    ];
    for (bit, lower) in LOWER.into_iter().enumerate() {
        if by >> bit & 1 == 1 {
            let distance = 1 << bit;
            word = (word & lower) << distance | (word >> distance) & lower;
        }
    }
    word
}

fn take(taken: &mut [u64; 4], base: u8, labels: &[u8]) {
    for label in labels {
        let place = base ^ label;
        taken[usize::from(place / 64)] |= 1 << (place % 64);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn labels_fit_where_their_places_are_free(
            taken in prop::collection::hash_set(any::<u8>(), 0..256),
            labels in prop::collection::hash_set(any::<u8>(), 1..6),
        ) {
            let labels: Vec<u8> = labels.into_iter().collect();
            let mut bits = [0; 4];
            take(&mut bits, 0, &taken.iter().copied().collect::<Vec<u8>>());
            let fits = |base: &u8| labels.iter().all(|label| !taken.contains(&(base ^ label)));
            prop_assert_eq!(fit(&bits, &labels).is_some(), (0..=255).any(|base| fits(&base)));
            prop_assert!(fit(&bits, &labels).is_none_or(|base| fits(&base)));
        }

        #[test]
        fn no_place_is_given_twice_and_rows_need_few_lines(
            claims in prop::collection::vec(
                prop_oneof![
                    prop::collection::hash_set(any::<u8>(), 1..9).prop_map(Ok),
                    prop_oneof![0usize..9, 0usize..700].prop_map(Err),
                ],
                1..300,
            ),
        ) {
            let (mut room, mut places) = (Room::default(), Vec::new());
            let mut given = HashSet::new();
            for claim in claims {
                let new: Vec<u32> = match claim {
                    Ok(labels) => {
                        let labels: Vec<u8> = labels.into_iter().collect();
                        let base = room.claim(&mut places, &labels);
                        labels.into_iter().map(|label| base ^ u32::from(label)).collect()
                    }
                    Err(len) => {
                        let row = room.claim_row(&mut places, len);
                        prop_assert_eq!(row.len(), if len > 1 { len } else { 0 });
                        let lines: HashSet<u32> = row.clone().map(|place| place / LINE).collect();
                        prop_assert_eq!(lines.len(), row.len().div_ceil(LINE as usize));
                        row.collect()
                    }
                };
                for place in new {
                    prop_assert!((place as usize) < places.len() && given.insert(place));
                }
            }
        }
    }
}
