//! Whether a pair may have a merge of low rank: a small table that answers without a search.

use crate::merge::Pair;

/// Slots for each pair. With four, a question costs a false alarm in at most a few of a hundred cases, and
/// fewer slots make more of them; more slots leave the cache.
const ROOM: usize = 4;

/// For each hash of a pair, a lower bound of the tokens made by pairs with this hash.
///
/// It is asked for one thing: whether the merge of a pair may have a token below a limit. "No" is always
/// true, and needs one load and no search; "yes" is to be asked again from the table of pairs. Where
/// borders of tokens are tested, nearly all answers but the last are "no", so the processor guesses them
/// right.
#[derive(Clone, Debug)]
pub(crate) struct Lowest {
    slots: Box<[u16]>,
    shift: u32,
    /// Bits that a slot leaves out of a token.
    coarse: u32,
}

impl Lowest {
    /// Builds the table in which the pair with index `i` makes the token `first + i`.
    pub(crate) fn new(pairs: &[Pair], first: u32) -> Lowest {
        let slots = (pairs.len() * ROOM).next_power_of_two().max(ROOM);
        // An empty slot is above the limits that are asked for, which are ids or their number.
        let most = first + pairs.len() as u32;
        let coarse = (0..).find(|&coarse| most >> coarse < u32::from(u16::MAX)).unwrap_or(0);
        let mut table = Lowest {
            slots: vec![u16::MAX; slots].into_boxed_slice(),
            shift: 64 - slots.trailing_zeros(),
            coarse,
        };
        for (&(left, right), token) in pairs.iter().zip(first..) {
            let at = table.at(left, right);
            table.slots[at] = table.slots[at].min((token >> table.coarse) as u16);
        }
        table
    }

    #[inline]
    fn at(&self, left: u32, right: u32) -> usize {
        let key = u64::from(left) << 32 | u64::from(right);
        // Digits of the golden ratio; the highest bits depend on all of the pair.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// Whether the token that a pair makes may be below a limit, which is at most the number of ids.
    #[inline]
    pub(crate) fn may_be_below(&self, left: u32, right: u32, limit: u32) -> bool {
        u32::from(self.slots[self.at(left, right)]) << self.coarse < limit
    }
}
