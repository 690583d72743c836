//! Merges that tests put together.

use hashbrown::HashSet;
use proptest::sample::Index;

use crate::merge::Pair;

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
