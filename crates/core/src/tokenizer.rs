//! A vocabulary together with the segmenter that it was trained with.

use std::{error::Error, fmt, sync::Arc};

use crate::{
    batch::Batch,
    counts::SegmenterMismatch,
    segment::{Segmenter, Span},
    special::{Specials, UnknownSpecial},
    stream::DecodeStream,
    vocabulary::Vocabulary,
};

/// Encodes bytes to ids and decodes ids to bytes.
///
/// Encoding is that of textbook byte-pair encoding on each segment, or has the
/// [fewest tokens](crate::Encoding::Fewest) there if the vocabulary says so. It cannot fail, and is undone
/// by decoding, for every byte string. Clones share the vocabulary.
#[derive(Clone)]
pub struct Tokenizer {
    vocabulary: Arc<Vocabulary>,
    segmenter: Arc<dyn Segmenter>,
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tokenizer { vocabulary, segmenter } = self;
        write!(f, "Tokenizer({}, {} entries)", segmenter.id(), vocabulary.len())
    }
}

impl Tokenizer {
    /// Joins a vocabulary and a segmenter.
    ///
    /// # Errors
    ///
    /// [`SegmenterMismatch`] if the vocabulary was trained with another segmenter: its ids would
    /// still decode, but would not be those that training saw.
    pub fn new(
        vocabulary: Vocabulary,
        segmenter: impl Segmenter + 'static,
    ) -> Result<Tokenizer, SegmenterMismatch> {
        SegmenterMismatch::check(&vocabulary.provenance().segmenter, segmenter.id())?;
        Ok(Tokenizer { vocabulary: Arc::new(vocabulary), segmenter: Arc::new(segmenter) })
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The segmenter.
    pub fn segmenter(&self) -> &dyn Segmenter {
        &*self.segmenter
    }

    /// The ids of an input. Text that looks like a special token is text.
    pub fn encode(&self, input: &[u8]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(input.len() / 3);
        self.encode_into(input, &mut ids);
        ids
    }

    /// Appends the ids of an input.
    pub fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) {
        self.vocabulary.encode_into(&*self.segmenter, input, ids);
    }

    /// The first `most` ids of an input, and how many of its bytes they stand for.
    ///
    /// Bytes behind them are cut into segments, but not encoded. The ids are those at the beginning of
    /// the encoding of the whole input; the bytes alone may encode otherwise, where a segmenter looks
    /// ahead, and may end within a character.
    pub fn truncate(&self, input: &[u8], most: usize) -> (Vec<u32>, usize) {
        let mut ids = self.vocabulary.encode_up_to(&*self.segmenter, input, most);
        ids.truncate(most);
        let bytes = ids.iter().map(|&id| self.vocabulary.token(id).map_or(0, <[u8]>::len)).sum();
        (ids, bytes)
    }

    /// The ids of several inputs, on all threads of the current rayon pool.
    pub fn encode_batch<I: AsRef<[u8]> + Sync>(&self, inputs: &[I]) -> Batch {
        let mut batch = Batch::default();
        self.encode_batch_reusing(inputs, &mut batch);
        batch
    }

    /// As [`encode_batch`](Tokenizer::encode_batch), in place of what a batch holds: fresh memory takes a
    /// good part of the time.
    pub fn encode_batch_reusing<I: AsRef<[u8]> + Sync>(&self, inputs: &[I], batch: &mut Batch) {
        batch.fill(
            inputs,
            |input, ids| self.encode_into(input, ids),
            |input, ids| self.encode_parallel_reusing(input, ids),
        );
    }

    /// The number of ids of an input.
    pub fn count(&self, input: &[u8]) -> usize {
        self.vocabulary.count(&*self.segmenter, input)
    }

    /// Prepares special tokens to be found in text.
    ///
    /// # Errors
    ///
    /// [`UnknownSpecial`] if the vocabulary has no special token of such a name.
    pub fn specials(&self, allowed: &[&str]) -> Result<Specials, UnknownSpecial> {
        Specials::new(&self.vocabulary, allowed)
    }

    /// The ids of an input in which the allowed special tokens are found; of several that begin at
    /// one place, the longest. What lies between them is encoded on its own.
    pub fn encode_with_special(&self, input: &[u8], allowed: &Specials) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut from = 0;
        for (span, id) in allowed.find(input) {
            self.encode_into(&input[from..span.start], &mut ids);
            ids.push(id);
            from = span.end;
        }
        self.encode_into(&input[from..], &mut ids);
        ids
    }

    /// The bytes that ids stand for; special tokens give their names.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if an id is not in the vocabulary.
    pub fn decode(&self, ids: &[u32]) -> Result<Vec<u8>, DecodeError> {
        self.vocabulary.token_row().join(ids, |id| self.vocabulary.token(id))
    }

    /// Where each token lies in the decoded bytes.
    ///
    /// # Errors
    ///
    /// As [`decode`](Tokenizer::decode).
    pub fn spans(&self, ids: &[u32]) -> Result<Vec<Span>, DecodeError> {
        let mut start = 0;
        ids.iter()
            .zip(0..)
            .map(|(&id, at)| {
                let token = self.vocabulary.token(id).ok_or(DecodeError { id, at })?;
                let span = Span::new(start, start + token.len());
                start = span.end;
                Ok(span)
            })
            .collect()
    }

    /// Decodes ids one by one without cutting characters.
    pub fn decode_stream(&self) -> DecodeStream<'_> {
        DecodeStream::new(&self.vocabulary)
    }
}

/// An id is not in the vocabulary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecodeError {
    /// The id.
    pub id: u32,
    /// Its place among the ids given.
    pub at: usize,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id {} at place {} is not in the vocabulary", self.id, self.at)
    }
}

impl Error for DecodeError {}
