//! Verdicts about pairs of tokens, so that a border that came before is not looked at again.

use crate::merge::Pair;

/// Slots of the memo of pairs, at most: 1 MiB, half of a second-level cache.
const MEMO_BITS: u32 = 18;

/// Slots for the shortest texts: making more would cost more than encoding.
const SMALL_MEMO_BITS: u32 = 10;

/// Verdicts about pairs of tokens. A slot belongs to the last pair that came to it.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// What the slot leaves open of the mixed pair, then the verdict, then 1; 0 if empty.
    slots: Vec<u32>,
}

impl Memo {
    /// Makes room for a text of so many bytes.
    pub(crate) fn fit(&mut self, len: usize, id_bits: u32) {
        let bits = len.next_power_of_two().ilog2().clamp(SMALL_MEMO_BITS, MEMO_BITS);
        // Something is left of a pair, and it fits in 30 bits.
        let bits = bits.clamp((2 * id_bits).saturating_sub(30), 2 * id_bits - 1);
        if self.slots.len() < 1 << bits {
            self.slots = vec![0; 1 << bits];
        }
    }

    /// The verdict of a pair: the one kept, or what `judge` says.
    #[inline]
    pub(crate) fn get(
        &mut self,
        (left, right): Pair,
        id_bits: u32,
        judge: impl FnOnce() -> bool,
    ) -> bool {
        // Multiplication by an odd number can be undone, so slot and rest tell the pair.
        let key_bits = 2 * id_bits;
        let key = u64::from(left) << id_bits | u64::from(right);
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) << (64 - key_bits);
        let slot_bits = self.slots.len().trailing_zeros();
        let slot = &mut self.slots[(mixed >> (64 - slot_bits)) as usize];
        let rest = ((mixed << slot_bits) >> (64 - key_bits + slot_bits)) as u32;
        if *slot >> 2 == rest && *slot & 1 == 1 {
            return *slot & 2 != 0;
        }
        let verdict = judge();
        *slot = rest << 2 | u32::from(verdict) << 1 | 1;
        verdict
    }
}
