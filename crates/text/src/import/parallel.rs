//! Imported vocabularies on all cores.

use polytok_core::{Batch, Boundary, PART_BYTES, cut_apart, encode_in_order};

use super::{Imported, Special};

impl Imported {
    /// The ids of several inputs, each as [`encode`](Imported::encode) gives them, on all threads of
    /// the current rayon pool.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_batch<I: AsRef<[u8]> + Sync>(&self, inputs: &[I]) -> Batch {
        let mut batch = Batch::default();
        self.encode_batch_reusing(inputs, &mut batch);
        batch
    }

    /// As [`encode_batch`](Imported::encode_batch), in place of what a batch holds: fresh memory takes a
    /// good part of the time.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_batch_reusing<I: AsRef<[u8]> + Sync>(&self, inputs: &[I], batch: &mut Batch) {
        batch.fill(
            inputs,
            |input, ids| self.encode_into(input, ids),
            |input, ids| self.encode_parallel_reusing(input, ids),
        );
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
        let mut ids = Vec::new();
        self.encode_parallel_reusing(input, &mut ids);
        ids
    }

    /// As [`encode_parallel`](Imported::encode_parallel), with the ids in place of what a vector holds:
    /// fresh memory takes a good part of the time.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_parallel_reusing(&self, input: &[u8], ids: &mut Vec<u32>) {
        let apart = rayon::current_num_threads() > 1
            && input.len() >= 2 * PART_BYTES
            && self.raw.finds_none(Special::None);
        let Some(segmenter) = self.plain(Special::None).filter(|_| apart) else {
            ids.clear();
            return self.encode_into(input, ids);
        };
        let parts = cut_apart(segmenter, input, PART_BYTES, Boundary::Soft);
        encode_in_order(parts.len(), input.len() / 3, ids, |at, ids| {
            self.encode_into(parts[at].of(input), ids);
        });
    }
}
