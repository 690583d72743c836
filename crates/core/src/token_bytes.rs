//! The bytes of tokens, one behind the other.

use crate::vocabulary::{MAX_TOKEN_LEN, MAX_TOTAL_LEN};

/// The bytes of the 256 byte tokens, of all merges, and of further tokens, by training id.
#[derive(Clone, Debug)]
pub(crate) struct TokenBytes {
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
    /// The bytes alone.
    pub(crate) fn new() -> TokenBytes {
        TokenBytes { arena: (0..=255).collect(), starts: (0..=256).collect() }
    }

    /// The bytes alone, with room for so many tokens more.
    pub(crate) fn with_room(tokens: usize) -> TokenBytes {
        let mut bytes = TokenBytes::new();
        // Learned tokens have five to seven bytes.
        bytes.arena.reserve(8 * tokens);
        bytes.starts.reserve(tokens);
        bytes
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    pub(crate) fn get(&self, training_id: u32) -> &[u8] {
        let i = training_id as usize;
        &self.arena[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// All bytes, and where each token begins in them, with the end of the last.
    pub(crate) fn row(&self) -> (&[u8], &[u32]) {
        (&self.arena, &self.starts)
    }

    /// Appends a token.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self.check(bytes.len())?;
        self.arena.extend_from_slice(bytes);
        self.starts.push(self.arena.len() as u32);
        Ok(())
    }

    /// Appends a token that two others make.
    pub(crate) fn join(&mut self, left: u32, right: u32) -> Result<(), TooLong> {
        let [left, right] = [left, right].map(|part| {
            self.starts[part as usize] as usize..self.starts[part as usize + 1] as usize
        });
        // Before anything is copied: a damaged file must not ask for gigabytes.
        self.check(left.len() + right.len())?;
        self.arena.extend_from_within(left);
        self.arena.extend_from_within(right);
        self.starts.push(self.arena.len() as u32);
        Ok(())
    }

    fn check(&self, len: usize) -> Result<(), TooLong> {
        if len > MAX_TOKEN_LEN as usize {
            return Err(TooLong::Token);
        }
        if self.arena.len() + len > MAX_TOTAL_LEN {
            return Err(TooLong::All);
        }
        Ok(())
    }
}
