//! What merges must be: the rule, what is claimed, and where the claim is wrong.

use std::fmt;

use polytok_core::{Pair, RunCounting};

/// What decides between pairs, and which of them may be learned.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) runs: RunCounting,
    /// Pairs that occur less often are not learned.
    pub(crate) min_count: u64,
    pub(crate) max_token_len: usize,
    pub(crate) whole_characters: bool,
    /// By which number each byte is compared among equally frequent pairs.
    pub(crate) bytes: [u32; 256],
    /// What each byte stands for on the other strand, where tokens come with their complements.
    pub(crate) complement: Option<[u8; 256]>,
}

impl Rule {
    /// The complements of all bytes, of which pairs stand for each other; none if there are no pairs.
    pub(crate) fn complement(pairs: &[(u8, u8)]) -> Option<[u8; 256]> {
        let mut of: [u8; 256] = std::array::from_fn(|byte| byte as u8);
        for &(a, b) in pairs {
            (of[usize::from(a)], of[usize::from(b)]) = (b, a);
        }
        (!pairs.is_empty()).then_some(of)
    }

    /// Merges that there must be room for, so that one is learned.
    pub(crate) fn merges_at_once(&self) -> usize {
        if self.complement.is_some() { 2 } else { 1 }
    }

    /// Bytes compare by their values.
    pub(crate) fn by_value() -> [u32; 256] {
        std::array::from_fn(|byte| byte as u32)
    }

    /// Bytes compare by the code points of the characters that byte-level files write for them:
    /// first the 188 that stand for themselves, then all others.
    pub(crate) fn by_character() -> [u32; 256] {
        let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let (own, others): (Vec<u8>, Vec<u8>) = (0..=255).partition(|&byte| printable(byte));
        let mut order = [0; 256];
        for (&byte, number) in own.iter().chain(&others).zip(0..) {
            order[usize::from(byte)] = number;
        }
        order
    }
}

/// A merge that is said to be the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) pair: Pair,
    /// How often the pair is said to occur, where that is said.
    pub(crate) count: Option<u64>,
}

/// Where merges are not those of the rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Difference {
    /// Another pair comes first.
    Pair { merge: usize, claimed: Pair, occurs: u64, best: Pair, count: u64 },
    /// The pair may not be learned: no pair may, or none occurs often enough.
    NoPair { merge: usize, claimed: Pair, occurs: u64 },
    /// The pair occurs more or less often.
    Count { merge: usize, pair: Pair, claimed: u64, count: u64 },
    /// There are no more merges, though a pair could be learned.
    Ended { merges: usize, best: Pair, count: u64 },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Pair { merge, claimed, occurs, best, count } => write!(
                f,
                "merge {merge} is {claimed:?}, which occurs {occurs} times; {best:?} comes first, \
                 with {count} occurrences"
            ),
            Difference::NoPair { merge, claimed, occurs } => write!(
                f,
                "merge {merge} is {claimed:?}, which occurs {occurs} times; no pair may be learned"
            ),
            Difference::Count { merge, pair, claimed, count } => {
                write!(f, "merge {merge}, {pair:?}, occurs {count} times and not {claimed}")
            }
            Difference::Ended { merges, best, count } => write!(
                f,
                "the merges end after {merges}, though {best:?} occurs {count} times and there is \
                 room for it"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A space, which is written by a character above all that stand for themselves, comes behind
    /// them.
    #[test]
    fn bytes_may_compare_by_their_characters() {
        let order = Rule::by_character();
        let mut bytes: Vec<u8> = (0..=255).collect();
        bytes.sort_by_key(|&byte| order[usize::from(byte)]);
        assert_eq!(bytes[..3], *b"!\"#");
        assert_eq!(bytes[93..96], [b'~', 0xa1, 0xa2]);
        assert_eq!(bytes[186..192], [0xfe, 0xff, 0, 1, 2, 3]);
        assert_eq!((bytes[220], bytes[221], bytes[255]), (b' ', 0x7f, 0xad));
    }
}
