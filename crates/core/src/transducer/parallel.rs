//! One long text of few letters, on all cores.
//!
//! Parts of it are read side by side, as if each were a text of its own. Then what was read in front of a part goes
//! on into it until both stand in one state, from where on they do for ever.

use rayon::prelude::*;

use super::Transducer;
use crate::{
    automaton::{START, Steps, word::Word},
    lanes,
    last_tokens::blocks::settled,
    ordered::make_room,
};

/// Bytes of a part: what is known of it stays in a second-level cache.
const PART: usize = 1 << 17;

/// So many times the longest token in front of a place it is looked for a border that stands.
const LOOKED_BACK: usize = 8;

impl<S: Steps + Sync> Transducer<S> {
    /// As [`encode`](Transducer::encode), on all threads of the current rayon pool.
    pub(crate) fn encode_parallel(
        &self,
        text: &[u8],
        ids: &mut Vec<u32>,
        alone: impl FnMut(&[u8], &mut Vec<u32>),
    ) {
        let parts = 4 * rayon::current_num_threads();
        let in_parts = |text: &[u8], ids: &mut Vec<u32>| {
            self.encode_in_parts(text, PART, parts, ids);
        };
        self.stretch_by_stretch(text, ids, in_parts, alone);
    }

    /// Of so many parts at a time.
    fn encode_in_parts(&self, mut text: &[u8], part: usize, mut parts: usize, ids: &mut Vec<u32>) {
        let mut lasts = Vec::new();
        // Tokens from border to border, and room for the way back there.
        let mut pieces: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
        while !text.is_empty() {
            let now = &text[..text.len().min(part.saturating_mul(parts))];
            self.read_in_parts(now, part, &mut lasts);
            let mut borders = vec![0];
            let places = (part..now.len()).step_by(part).chain([now.len()]);
            borders.extend(places.filter_map(|place| self.stands(&lasts, place)));
            if now.len() == text.len() {
                borders.push(now.len());
            }
            borders.dedup();
            // What comes behind a border that stands is encoded as if the text began there.
            let end = borders[borders.len() - 1];
            if end <= now.len() / 2 {
                parts = parts.saturating_mul(2);
                continue;
            }
            pieces.resize_with(borders.len() - 1, Default::default);
            let between = |(piece, pair): (&mut (Vec<u32>, Vec<u32>), &[usize])| {
                let (ids, room) = piece;
                ids.clear();
                self.append(&lasts[pair[0]..pair[1]], room, ids);
            };
            pieces.par_iter_mut().zip(borders.par_windows(2)).for_each(between);
            pieces.iter().for_each(|(piece, _)| ids.extend_from_slice(piece));
            text = &text[end..];
        }
    }

    /// Finds the last tokens of all prefixes of a text.
    fn read_in_parts(&self, text: &[u8], part: usize, lasts: &mut Vec<Word>) {
        // What is there of other parts is written over.
        make_room(lasts, text.len());
        let lasts = &mut lasts[..text.len()];
        let read = |(text, lasts): (&[u8], &mut [Word])| {
            let mut state = START;
            lanes::tokens::<_, false>(&self.steps, &mut state, text, lasts);
            state
        };
        let ends: Vec<_> =
            text.par_chunks(part).zip(lasts.par_chunks_mut(part)).map(read).collect();
        let mut right = START;
        for ((text, lasts), end) in text.chunks(part).zip(lasts.chunks_mut(part)).zip(ends) {
            let mut wrong = START;
            let met = right == wrong
                || text.iter().zip(lasts).any(|(&letter, last)| {
                    right = self.steps.step(right, letter);
                    wrong = self.steps.step(wrong, letter);
                    *last = self.steps.token(right);
                    right == wrong
                });
            if met {
                right = end;
            }
        }
    }

    /// A border that the encoding has whatever comes behind a place, if one is found near it.
    fn stands(&self, lasts: &[Word], place: usize) -> Option<usize> {
        let from = place.saturating_sub(LOOKED_BACK * self.longest);
        let above = |at: usize| (from + at).saturating_sub(self.len(lasts[from + at - 1]) + from);
        let border = from + settled(place - from, self.longest, above);
        // At the beginning of what was looked at, ways back may not have met.
        (border > from).then_some(border)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use crate::{
        last_tokens::{Chains, read},
        samples::{by_merges, tables, vocabulary},
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn parts_give_what_the_whole_does(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            copies in prop::collection::vec((prop::collection::vec(97u8..101, 1..8), 1usize..20), 0..20),
            part in 1usize..90,
            parts in 1usize..5,
        ) {
            let (merges, _) = vocabulary(&choices);
            let (bytes, tables) = tables(&merges);
            let transducer = read::of_few_letters(&Chains::new(&tables), &bytes).unwrap();
            let text: Vec<u8> = copies.iter().flat_map(|(copy, n)| copy.repeat(*n)).collect();
            let mut ids = vec![7];
            let in_parts = |text: &[u8], ids: &mut Vec<u32>| {
                transducer.encode_in_parts(text, part, parts, ids);
            };
            transducer.stretch_by_stretch(&text, &mut ids, in_parts, |text, ids| {
                ids.extend(by_merges(&merges, text));
            });
            prop_assert_eq!(&ids[1..], by_merges(&merges, &text));
        }
    }
}
