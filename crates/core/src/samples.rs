//! Merges that tests put together.

use hashbrown::HashSet;
use proptest::sample::Index;

use crate::{
    backtrack::Backtracker,
    listed::Listed,
    merge::{Merge, MergeTable, Pair},
    token_bytes::TokenBytes,
};

/// Merges of `a`, `b` and `c` in any order that makes tokens of earlier ones: also such as no
/// training gives, with tokens that their own bytes do not encode to.
pub(crate) fn vocabulary(choices: &[(Index, Index)]) -> (Vec<Pair>, Vec<Vec<u8>>) {
    let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
    let mut known: HashSet<Vec<u8>> = tokens.iter().cloned().collect();
    let (mut merges, mut usable) = (Vec::new(), vec![97u32, 98, 99]);
    for (left, right) in choices {
        let pair = (*left.get(&usable), *right.get(&usable));
        let bytes = [&tokens[pair.0 as usize][..], &tokens[pair.1 as usize]].concat();
        if bytes.len() < 20 && known.insert(bytes.clone()) {
            usable.push(tokens.len() as u32);
            tokens.push(bytes);
            merges.push(pair);
        }
    }
    (merges, tokens)
}

/// The tokens of merges, and their tables.
pub(crate) fn tables(merges: &[Pair]) -> (TokenBytes, Backtracker) {
    let mut bytes = TokenBytes::with_room(merges.len());
    merges.iter().for_each(|&(left, right)| bytes.join(left, right).unwrap());
    let tables = Backtracker::new(merges, &bytes, || Listed::new(merges, &bytes));
    (bytes, tables)
}

/// The encoding of a text by the textbook, in training ids.
pub(crate) fn by_merges(merges: &[Pair], text: &[u8]) -> Vec<u32> {
    let merge = |(&pair, rank)| (pair, Merge { rank, token: 256 + rank });
    let table = MergeTable::new(merges.iter().zip(0..).map(merge));
    let mut ids: Vec<u32> = text.iter().map(|&byte| u32::from(byte)).collect();
    table.apply(&mut ids, 0);
    ids
}
