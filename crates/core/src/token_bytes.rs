//! The bytes of tokens, one behind the other.

use std::ops::Range;

use crate::vocabulary::{MAX_TOKEN_LEN, MAX_TOTAL_LEN};

/// Bytes that are copied at once. Most parts have no more; how many is nothing that a processor guesses.
const BLOCK: usize = 16;

/// Bytes by which the room grows, at least.
const STEP: usize = 1 << 12;

/// The bytes of the 256 byte tokens, of all merges, and of further tokens, by training id.
#[derive(Clone, Debug)]
pub(crate) struct TokenBytes {
    /// The tokens, and behind them room of at least [`BLOCK`] bytes.
    arena: Vec<u8>,
    /// Where each token begins in `arena`, and the end of the last.
    starts: Vec<u32>,
}

/// A token is not appended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TooLong {
    /// It has more than [`MAX_TOKEN_LEN`] bytes.
    Token,
    /// All together would have more than [`MAX_TOTAL_LEN`].
    All,
}

impl TokenBytes {
    /// The bytes alone, with room for so many tokens more.
    pub(crate) fn with_room(tokens: usize) -> TokenBytes {
        // Learned tokens have five to eight bytes.
        let mut arena = Vec::with_capacity(256 + 8 * tokens);
        arena.extend(0..=255);
        arena.resize(256 + BLOCK, 0);
        let mut starts = Vec::with_capacity(257 + tokens);
        starts.extend(0..=256);
        TokenBytes { arena, starts }
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    pub(crate) fn get(&self, training_id: u32) -> &[u8] {
        let i = training_id as usize;
        &self.arena[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// Where the last token ends.
    fn end(&self) -> usize {
        self.starts[self.starts.len() - 1] as usize
    }

    /// All bytes, and where each token begins in them, with the end of the last.
    pub(crate) fn row(&self) -> (&[u8], &[u32]) {
        (&self.arena[..self.end()], &self.starts)
    }

    /// Appends a token.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let (at, end) = self.room_for(bytes.len())?;
        self.arena[at..end].copy_from_slice(bytes);
        self.starts.push(end as u32);
        Ok(())
    }

    /// Appends a token that two others make.
    pub(crate) fn join(&mut self, left: u32, right: u32) -> Result<(), TooLong> {
        let place = |part: u32| {
            self.starts[part as usize] as usize..self.starts[part as usize + 1] as usize
        };
        let (left, right) = (place(left), place(right));
        let (at, end) = self.room_for(left.len() + right.len())?;
        let middle = at + left.len();
        self.copy(left, at);
        self.copy(right, middle);
        self.starts.push(end as u32);
        Ok(())
    }

    /// Copies a token to a place in the room, and may write as much as a block behind it.
    #[inline]
    fn copy(&mut self, token: Range<usize>, to: usize) {
        match token.len() > BLOCK {
            true => self.arena.copy_within(token, to),
            false => self.arena.copy_within(token.start..token.start + BLOCK, to),
        }
    }

    /// Makes room for a token of so many bytes, and gives its place.
    fn room_for(&mut self, len: usize) -> Result<(usize, usize), TooLong> {
        // Before there is any: a damaged file must not ask for gigabytes.
        if len > MAX_TOKEN_LEN as usize {
            return Err(TooLong::Token);
        }
        let (at, end) = (self.end(), self.end() + len);
        if end > MAX_TOTAL_LEN {
            return Err(TooLong::All);
        }
        if self.arena.len() < end + BLOCK {
            self.arena.resize(end + BLOCK + STEP, 0);
        }
        Ok((at, end))
    }
}
