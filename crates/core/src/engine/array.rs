//! The corpus as one array of cells.
//!
//! A token lies on as many cells as it had at the last compaction. Its id stands in the first and
//! in the last of them, so both neighbors of a place are one load away and no links are stored.
//! (After Larsson and Moffat 2000, "Off-line dictionary-based compression", section 3, without the
//! links.)
//!
//! First and last cell need no mark to tell them apart. A place is only ever looked at because a
//! token of several cells, or of one, once began there. A token never shrinks, so the first cell of
//! one of several cells is never the last of a later one; and what ends on the cell of a token of
//! one cell has another id.

/// An id as it lies in memory.
pub(crate) trait Cell: Copy + Eq + Send + Sync {
    /// Stands between pieces, and on cells that once began a token and do so no more.
    const WALL: Self;
    /// Ids below this fit.
    const IDS: usize;

    fn of(id: u32) -> Self;
    fn id(self) -> u32;
}

impl Cell for u16 {
    const WALL: u16 = u16::MAX;
    const IDS: usize = u16::MAX as usize;

    fn of(id: u32) -> u16 {
        id as u16
    }

    fn id(self) -> u32 {
        self.into()
    }
}

impl Cell for u32 {
    const WALL: u32 = u32::MAX;
    const IDS: usize = u32::MAX as usize;

    fn of(id: u32) -> u32 {
        id
    }

    fn id(self) -> u32 {
        self
    }
}

/// Pieces between walls, heaviest first.
#[derive(Debug)]
pub(crate) struct Array<C> {
    pub(crate) cells: Vec<C>,
    /// Where each stretch of pieces of one weight begins, ascending, and that weight.
    weights: Vec<(usize, u64)>,
}

impl<C: Cell> Array<C> {
    /// Room for this many ids and walls.
    pub(crate) fn with_capacity(cells: usize) -> Array<C> {
        let mut array = Array { cells: Vec::with_capacity(cells + 1), weights: Vec::new() };
        array.cells.push(C::WALL);
        array
    }

    pub(crate) fn push(&mut self, piece: impl Iterator<Item = u32>, weight: u64) {
        if self.weights.last().is_none_or(|&(_, last)| last != weight) {
            self.weights.push((self.cells.len(), weight));
        }
        self.cells.extend(piece.map(C::of));
        self.cells.push(C::WALL);
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<C>() + self.weights.capacity() * 16
    }

    /// The stretch that holds a place, searched from an earlier one on.
    pub(crate) fn stretch(&self, mut stretch: usize, at: usize) -> usize {
        let weights = &self.weights;
        // Lists are ascending, so steps are mostly short: gallop, then halve.
        let mut step = 1;
        while stretch + step < weights.len() && weights[stretch + step].0 <= at {
            stretch += step;
            step *= 2;
        }
        while step > 0 {
            if stretch + step < weights.len() && weights[stretch + step].0 <= at {
                stretch += step;
            }
            step /= 2;
        }
        stretch
    }

    pub(crate) fn weight(&self, stretch: usize) -> u64 {
        self.weights[stretch].1
    }

    /// The stretches of one weight: from the first cell of a piece to behind the last wall.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = (std::ops::Range<usize>, u64)> + '_ {
        let ends = self.weights.iter().skip(1).map(|&(start, _)| start).chain([self.cells.len()]);
        self.weights.iter().zip(ends).map(|(&(start, weight), end)| (start..end, weight))
    }

    /// Gives every token one cell.
    pub(crate) fn compact(&mut self, widths: &[u32]) {
        self.rewrite(|cells, from| {
            let cell = cells[from];
            (cell, if cell == C::WALL { 1 } else { widths[cell.id() as usize] as usize })
        });
    }

    /// Replaces what stands from each place on by one cell: `next` says by which, and how many cells
    /// it stands for.
    pub(crate) fn rewrite(&mut self, next: impl Fn(&[C], usize) -> (C, usize)) {
        let (mut from, mut to, mut stretch) = (0, 0, 0);
        while from < self.cells.len() {
            if stretch < self.weights.len() && self.weights[stretch].0 == from {
                self.weights[stretch].0 = to;
                stretch += 1;
            }
            let (cell, taken) = next(&self.cells, from);
            self.cells[to] = cell;
            to += 1;
            from += taken;
        }
        self.cells.truncate(to);
        self.cells.shrink_to_fit();
    }

    /// The same with cells of 32 bits.
    pub(crate) fn widened(self) -> Array<u32> {
        let wide = |cell: C| if cell == C::WALL { u32::WALL } else { cell.id() };
        Array { cells: self.cells.into_iter().map(wide).collect(), weights: self.weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_of_a_place_is_found() {
        let mut array: Array<u16> = Array::with_capacity(0);
        for weight in 0..100 {
            array.push([1, 2].into_iter(), weight);
        }
        for at in 1..310 {
            let expected = ((at - 1) / 3).min(99);
            for from in (0..=expected).step_by(7) {
                assert_eq!(array.stretch(from, at), expected);
            }
        }
    }
}
