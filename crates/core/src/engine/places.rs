//! Room for the lists of an epoch.

use std::ops::Range;

/// Lists of places, one behind the other in blocks; what they held is given back with all of them.
#[derive(Debug, Default)]
pub(crate) struct Places {
    blocks: Vec<Vec<u32>>,
    len: usize,
}

/// Where a list is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spot {
    block: u32,
    start: u32,
}

/// Places of a block, at least.
const BLOCK: usize = 1 << 18;

impl Places {
    /// Room for all lists of the start of an epoch, in one block.
    pub(crate) fn begin(&mut self, places: usize) {
        self.blocks = vec![vec![0; places]];
        self.len = places;
    }

    /// Number of places that there is room for.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Finds room for a list that comes later.
    pub(crate) fn add(&mut self, len: usize) -> Spot {
        let fits = |block: &Vec<u32>| block.capacity() - block.len() >= len;
        if !self.blocks.last().is_some_and(fits) {
            self.blocks.push(Vec::with_capacity(len.max(BLOCK)));
            self.len += len.max(BLOCK);
        }
        let block = self.blocks.len() - 1;
        let start = self.blocks[block].len();
        self.blocks[block].resize(start + len, 0);
        Spot { block: block as u32, start: start as u32 }
    }

    pub(crate) fn get(&self, spot: Spot, len: u32) -> &[u32] {
        &self.blocks[spot.block as usize][range(spot, len)]
    }

    pub(crate) fn get_mut(&mut self, spot: Spot, len: u32) -> &mut [u32] {
        &mut self.blocks[spot.block as usize][range(spot, len)]
    }

    /// Writes one place of a list.
    pub(crate) fn set(&mut self, spot: Spot, index: u32, place: u32) {
        self.blocks[spot.block as usize][(spot.start + index) as usize] = place;
    }
}

impl Spot {
    /// A place in the block of the start of the epoch.
    pub(crate) fn first(start: u32) -> Spot {
        Spot { block: 0, start }
    }

    pub(crate) fn start(self) -> u32 {
        self.start
    }
}

fn range(spot: Spot, len: u32) -> Range<usize> {
    spot.start as usize..(spot.start + len) as usize
}
