//! One long text by the fewest tokens, on all cores.
//!
//! Parts of it are walked through side by side, as if each were a text of its own. Then the walk through each
//! part goes on into the next one until it meets the walk that began there ([the lemma](super::walk)).
//!
//! On genomes walks meet within some hundred bases. Where they do not, as in a row of one letter, the walk
//! goes on through the whole part, which then is walked over twice.

use rayon::prelude::*;

use super::{
    Fewest,
    walk::{Row, Walk},
};

/// Bytes of a part: what is known of it stays in a second-level cache.
const PART: usize = 1 << 16;

/// Bytes that a walk goes on before it is looked whether it met the next one.
const STEP: usize = 1 << 8;

/// Parts have at least so many times the bytes of the longest token, as walks cannot meet within these.
const WORTH: usize = 16;

/// The walk through a part, and on.
#[derive(Debug, Default)]
struct Part {
    walk: Walk,
    /// Its last tokens are those of the text behind this place, up to the one where the next walk meets it.
    right: usize,
}

impl Part {
    /// Goes on over the text of another part until its walk is right, and tells it so; whether it came to be.
    fn meet(&mut self, fewest: &Fewest, text: &[u8], other: &mut Part, longest: usize) -> bool {
        let (mut place, mut row) = (other.walk.start(), Row::default());
        for step in text.chunks(STEP) {
            self.walk.go_on(fewest, step);
            for _ in step {
                place += 1;
                if row.add(self.walk.cost(place), other.walk.cost(place)) >= longest {
                    other.right = place;
                    return true;
                }
            }
        }
        false
    }
}

impl Fewest {
    /// Appends the encoding of a text of one segment, on all threads of the current rayon pool.
    pub(crate) fn encode_parallel(&self, text: &[u8], ids: &mut Vec<u32>) {
        self.encode_in_parts(text, PART, 4 * rayon::current_num_threads(), ids);
    }

    /// As above, of so many parts at a time, which are longer if tokens are.
    pub(super) fn encode_in_parts(
        &self,
        mut text: &[u8],
        part: usize,
        mut parts: usize,
        ids: &mut Vec<u32>,
    ) {
        let longest = text.par_chunks(part).map(|text| self.automaton.longest_within(text));
        let longest = longest.max().unwrap_or(0);
        let part = part.max(WORTH * longest);
        let mut all: Vec<Part> = Vec::new();
        while !text.is_empty() {
            let now = &text[..text.len().min(part.saturating_mul(parts))];
            let count = now.len().div_ceil(part);
            if all.len() < count {
                all.resize_with(count, Part::default);
            }
            let here = &mut all[..count];
            here.par_iter_mut().zip(now.par_chunks(part)).enumerate().for_each(
                |(at, (Part { walk, right }, text))| {
                    walk.begin(at * part);
                    *right = 0;
                    walk.go_on(self, text);
                },
            );
            let mut borders = vec![0];
            let here = self.join(here, now, part, longest, &mut borders);
            // What comes behind a border that stands is encoded as if the text began there.
            if now.len() == text.len() {
                borders.push(now.len());
            } else {
                borders.extend(self.stands(here[here.len() - 1], now.len(), longest));
            }
            let end = borders[borders.len() - 1];
            if end <= now.len() / 2 {
                parts = parts.saturating_mul(2);
                continue;
            }
            let pieces: Vec<Vec<u32>> =
                borders.par_windows(2).map(|piece| self.piece(&here, piece[0], piece[1])).collect();
            pieces.iter().for_each(|piece| ids.extend_from_slice(piece));
            text = &text[end..];
        }
    }

    /// Lets walks over parts of a text meet, gives those of which last tokens are right, and appends borders
    /// that the encoding has whatever comes.
    fn join<'a>(
        &self,
        parts: &'a mut [Part],
        text: &[u8],
        part: usize,
        longest: usize,
        borders: &mut Vec<usize>,
    ) -> Vec<&'a Part> {
        let mut joined = Vec::with_capacity(parts.len());
        let (mut last, others) = parts.split_first_mut().expect("the text is not empty");
        for (other, text) in others.iter_mut().zip(text.chunks(part).skip(1)) {
            if last.meet(self, text, other, longest) {
                borders.extend(self.stands(last, other.right, longest));
                joined.push(&*last);
                last = other;
            }
        }
        joined.push(&*last);
        joined
    }

    /// A border that the encoding of a text has whatever comes behind a place, if one is known.
    fn stands(&self, part: &Part, place: usize, longest: usize) -> Option<usize> {
        Some(part.walk.stands(self, place, longest)).filter(|&border| border > part.right)
    }

    /// The tokens from one border to another.
    fn piece(&self, parts: &[&Part], start: usize, mut end: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut part = parts.partition_point(|part| part.right < end) - 1;
        while end > start {
            while end <= parts[part].right {
                part -= 1;
            }
            let (last, len) = parts[part].walk.last(self, end);
            ids.push(last);
            end -= len;
        }
        ids.reverse();
        ids
    }
}
