//! Tokens for every group of digits.

use polytok_core::Pair;

/// The merges that make every group of two and of three digits one token, in training ids: fixed
/// before learning (`TrainConfig::initial_merges`), they give numbers of all lengths tokens of one
/// place value each, however rare a group is in the corpus.
///
/// The 100 groups of two come first, then the 1,000 groups of three, in the order of their values.
/// Of the two pairs in a group of three the smaller merges first, the left one if they are equal,
/// so the group is made from that pair and the digit beside it.
///
/// ```
/// use polytok_core::{Provenance, Tokenizer, TrainConfig, Vocabulary};
/// use polytok_numeric::{Grouping, Numeric, digit_group_merges};
///
/// let merges = digit_group_merges();
/// let numeric = Numeric::new(Grouping::Right);
/// let provenance = Provenance::handmade("numeric-1", TrainConfig::default());
/// let vocabulary = Vocabulary::new(provenance, merges.clone(), vec![0; merges.len()])?;
/// let tokenizer = Tokenizer::new(vocabulary, numeric)?;
/// assert_eq!(tokenizer.encode(b"1234307").len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn digit_group_merges() -> Vec<Pair> {
    const TWOS: u32 = 256;
    let digit = |value: u32| u32::from(b'0') + value;
    let twos = (0..100).map(|two| (digit(two / 10), digit(two % 10)));
    let threes = (0..1000).map(|three| {
        let (left, right) = (three / 10, three % 100);
        if left <= right {
            (TWOS + left, digit(three % 10))
        } else {
            (digit(three / 100), TWOS + right)
        }
    });
    twos.chain(threes).collect()
}

#[cfg(test)]
mod tests {
    use polytok_core::{Merge, MergeTable};

    use super::*;

    #[test]
    fn every_group_is_one_token() {
        let merges = digit_group_merges();
        let table = MergeTable::new(
            merges.iter().zip(0..).map(|(&pair, rank)| (pair, Merge { rank, token: 256 + rank })),
        );
        assert_eq!(table.len(), 1100);
        for len in 2..=3 {
            for value in 0..10u32.pow(len) {
                let group = format!("{value:0width$}", width = len as usize);
                let mut ids: Vec<u32> = group.bytes().map(u32::from).collect();
                table.apply(&mut ids, 0);
                let expected = if len == 2 { 256 + value } else { 356 + value };
                assert_eq!(ids, [expected], "{group}");
            }
        }
    }
}
