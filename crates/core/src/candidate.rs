//! Whether a token comes to stand last: one comparison.

/// What the test of a token needs, of those that a prefix of a text ends with; all told by numbers.
///
/// That it is a comparison is shown in `last_tokens.rs`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidate {
    /// Bytes of the right part.
    pub(crate) right_len: u32,
    /// The number of the left part, and how many numbers from there on pass.
    pub(crate) low: u32,
    pub(crate) width: u32,
    /// The next shorter token that ends alike; of a letter, itself.
    pub(crate) shorter: u32,
}

impl Candidate {
    /// That of a letter, which always passes.
    pub(crate) fn letter(number: u32) -> Candidate {
        Candidate { right_len: 1, low: 0, width: u32::MAX, shorter: number }
    }

    /// 1 if the token passes after the one with this number, else 0; by arithmetic, as a comparison might be
    /// made a jump.
    #[inline(always)]
    pub(crate) fn passes(&self, before: u32) -> u64 {
        u64::from(before.wrapping_sub(self.low)).wrapping_sub(u64::from(self.width)) >> 63
    }
}
