//! A set of numbers in a bit each, that may say yes of one that is not in it, and never no of one that is
//! (Bloom 1970, "Space/time trade-offs in hash coding with allowable errors", method 2, with one bit).

/// Two tokens as one number.
#[inline(always)]
pub(crate) fn of_pair(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// Bits by a hash of what they stand for.
#[derive(Clone, Debug)]
pub(crate) struct HashedBits {
    words: Box<[u64]>,
    shift: u32,
}

impl HashedBits {
    /// An empty set with eight to sixteen bits for each of so many members: one or two bytes.
    pub(crate) fn with_room(members: usize) -> HashedBits {
        let bits = (8 * members).next_power_of_two().max(64);
        HashedBits {
            words: vec![0; bits / 64].into_boxed_slice(),
            shift: 64 - bits.trailing_zeros(),
        }
    }

    /// The word and the bit of a number (Knuth 1998, "The Art of Computer Programming", volume 3,
    /// section 6.4, multiplicative hashing).
    #[inline(always)]
    fn bit(&self, key: u64) -> (usize, u64) {
        let hash = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ key >> 32)
            .wrapping_mul(0xd1b5_4a32_d192_ed03)
            >> self.shift;
        (hash as usize / 64, 1 << (hash % 64))
    }

    #[inline(always)]
    pub(crate) fn insert(&mut self, key: u64) {
        let (word, bit) = self.bit(key);
        self.words[word] |= bit;
    }

    /// Whether a number may be in the set. "No" is always true.
    #[inline(always)]
    pub(crate) fn may_have(&self, key: u64) -> bool {
        let (word, bit) = self.bit(key);
        self.words[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_and_most_others_are_not() {
        let key = |n: u64| (n << 32) + n * n % 1009;
        let mut bits = HashedBits::with_room(1000);
        (0..1000).for_each(|n| bits.insert(key(n)));
        assert!((0..1000).all(|n| bits.may_have(key(n))));
        assert!((1000..9000).filter(|&n| bits.may_have(key(n))).count() < 2000);
        assert!(!HashedBits::with_room(0).may_have(7));
    }
}
