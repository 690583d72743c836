//! Windows that a sequence and its reverse complement share, each encoded on its canonical strand.

use std::{iter::repeat_n, num::NonZeroUsize};

use polytok_core::Span;

use crate::tokenizer::{GenomeDecodeError, GenomeEncoding, GenomeTokenizer};

/// Cuts a sequence of so many bases into windows that lie alike seen from either end.
///
/// All have `bases` bases but one in the middle, which takes what is left over: fewer than `bases` if the
/// number of the others is even, and up to twice as many less one if it would be odd. An empty sequence
/// has no window.
///
/// ```
/// use polytok_genome::windows;
///
/// let lengths = |len| -> Vec<usize> {
///     windows(len, 4.try_into().unwrap()).into_iter().map(|window| window.len()).collect()
/// };
/// assert_eq!(lengths(8), [4, 4]);
/// assert_eq!(lengths(9), [4, 1, 4]);
/// assert_eq!(lengths(14), [4, 6, 4]);
/// ```
pub fn windows(len: usize, bases: NonZeroUsize) -> Vec<Span> {
    let side = len / bases / 2;
    let middle = len - 2 * side * bases.get();
    let sides = repeat_n(bases.get(), side);
    let lengths = sides.clone().chain((middle > 0).then_some(middle)).chain(sides);
    let mut end = 0;
    lengths
        .map(|len| {
            end += len;
            Span::new(end - len, end)
        })
        .collect()
}

impl GenomeTokenizer {
    /// Encodes each of the [`windows`] of a sequence on its canonical strand, whatever this tokenizer
    /// does with whole sequences.
    ///
    /// The reverse complement has the same windows in the opposite order, with the same ids; their strands
    /// are the opposite ones, but forward where a window is its own reverse complement. So a model that
    /// reads windows sees the same tokens on both strands, and a change of one base changes the tokens of
    /// one window, where the canonical strand of the whole could change all of them.
    ///
    /// No token crosses the border of two windows, which costs tokens where windows are short.
    pub fn encode_windows(&self, sequence: &[u8], bases: NonZeroUsize) -> Vec<GenomeEncoding> {
        let tokenizer = self.clone().with_canonical_strand();
        let windows = windows(sequence.len(), bases);
        windows.into_iter().map(|window| tokenizer.encode(window.of(sequence))).collect()
    }

    /// The sequence that the encodings of its windows stand for.
    ///
    /// # Errors
    ///
    /// As [`decode`](GenomeTokenizer::decode).
    pub fn decode_windows(&self, windows: &[GenomeEncoding]) -> Result<Vec<u8>, GenomeDecodeError> {
        let mut sequence = Vec::new();
        for window in windows {
            sequence.extend(self.decode(window)?);
        }
        Ok(sequence)
    }
}
