//! Imported vocabularies on all cores.

use polytok_core::{Batch, Boundary, cut_apart};
use rayon::prelude::*;

use super::{Imported, Special};

/// Parts of an input have at least so many bytes: below, starting a task shows.
const LEAST: usize = 1 << 15;

/// Parts for each thread, so that one which takes longer is made up for.
const PARTS: usize = 16;

impl Imported {
    /// The ids of several inputs, each as [`encode`](Imported::encode) gives them, on all threads of
    /// the current rayon pool.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_batch<I: AsRef<[u8]> + Sync>(&self, inputs: &[I]) -> Batch {
        let encodings: Vec<Vec<u32>> =
            inputs.par_iter().map(|input| self.encode(input.as_ref())).collect();
        Batch::from(encodings)
    }

    /// The ids of an input, as [`encode`](Imported::encode) gives them, on all threads of the current
    /// rayon pool.
    ///
    /// On one thread if the file normalizes, puts a space in front, has added tokens that are not
    /// special, or cuts by anything else than one of the patterns of GPT-2, cl100k, o200k, Llama 3,
    /// Qwen 2 and DeepSeek V3: an input is then not known to be the sum of parts. A part in which no
    /// [cut](polytok_core::Segmenter::cut) is found stays whole, however long it is.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_parallel(&self, input: &[u8]) -> Vec<u32> {
        let threads = rayon::current_num_threads();
        let len = (input.len() / (PARTS * threads)).max(LEAST);
        let apart = threads > 1 && input.len() >= 2 * len && self.raw.finds_none(Special::None);
        let Some(segmenter) = self.plain(Special::None).filter(|_| apart) else {
            return self.encode(input);
        };
        let encodings: Vec<Vec<u32>> = cut_apart(segmenter, input, len, Boundary::Soft)
            .into_par_iter()
            .map(|part| self.encode(part.of(input)))
            .collect();
        Batch::from(encodings).ids
    }
}
