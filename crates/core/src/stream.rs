//! Decoding ids as they come.

use crate::{tokenizer::DecodeError, vocabulary::Vocabulary};

/// Decodes ids one by one and never hands out half a UTF-8 character.
///
/// Bytes that begin a character are held back until the character is complete or cannot be
/// completed any more; at most three bytes are held. What is handed out, in order and with the rest
/// of [`finish`](DecodeStream::finish), is exactly what decoding all ids at once gives, also where
/// that is not UTF-8.
#[derive(Clone, Debug)]
pub struct DecodeStream<'a> {
    vocabulary: &'a Vocabulary,
    bytes: Vec<u8>,
    /// How many of `bytes` were handed out.
    done: usize,
    ids: usize,
}

impl<'a> DecodeStream<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary) -> DecodeStream<'a> {
        DecodeStream { vocabulary, bytes: Vec::new(), done: 0, ids: 0 }
    }

    /// Takes an id and returns the bytes that are complete with it, perhaps none.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the id is not in the vocabulary; the stream goes on as if it had not been
    /// given.
    pub fn push(&mut self, id: u32) -> Result<&[u8], DecodeError> {
        let token = self.vocabulary.token(id).ok_or(DecodeError { id, at: self.ids })?;
        self.ids += 1;
        self.bytes.drain(..self.done);
        self.bytes.extend_from_slice(token);
        self.done = self.bytes.len() - incomplete(&self.bytes);
        Ok(&self.bytes[..self.done])
    }

    /// Ends the stream and returns what was held back.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.drain(..self.done);
        self.bytes
    }
}

/// Number of bytes at the end that begin a character and do not complete it.
fn incomplete(bytes: &[u8]) -> usize {
    (1..=bytes.len().min(3))
        .rev()
        .find(|&n| {
            let tail = &bytes[bytes.len() - n..];
            matches!(std::str::from_utf8(tail),
                Err(error) if error.valid_up_to() == 0 && error.error_len().is_none())
        })
        .unwrap_or(0)
}
