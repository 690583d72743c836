//! Merges that make given byte strings tokens before anything is learned.

use crate::merge::{Merge, MergeTable, Pair};

/// Merges whose products include all of these byte strings, to be the initial merges of a training.
///
/// Shorter seeds come first, equally long ones in the order of their bytes. Each is encoded by the
/// merges so far, and as long as it takes several tokens the first two become one; so what a seed
/// begins with is a token, too. A string of one byte or none needs no merge.
///
/// Every seed encodes to itself, and so do the products. A later merge has a higher rank, so it
/// changes nothing of what earlier ones make whole. And two tokens are only ever joined if no token
/// has their bytes: no merge crossed the ends of these bytes, so they would have become that token.
///
/// Costs the total length of the seeds times that of the longest.
pub fn seed_merges(seeds: &[Vec<u8>]) -> Vec<Pair> {
    let mut seeds: Vec<&Vec<u8>> = seeds.iter().collect();
    seeds.sort_unstable_by_key(|seed| (seed.len(), *seed));
    let mut merges: Vec<Pair> = Vec::new();
    let mut table = MergeTable::default();
    for seed in seeds {
        loop {
            let mut ids = seed.iter().map(|&byte| byte.into()).collect();
            table.apply(&mut ids, 0);
            let [left, right, ..] = ids[..] else { break };
            let rank = merges.len() as u32;
            table.insert((left, right), Merge { rank, token: 256 + rank });
            merges.push((left, right));
        }
    }
    merges
}
