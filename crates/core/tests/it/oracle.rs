//! Textbook byte-pair encoding, as plain as it can be said.

use std::collections::{BTreeMap, HashSet};

use polytok_core::{Pair, RunCounting};

/// Segments with weights in, merges with their counts out.
pub(crate) fn train(
    segments: &[(Vec<u8>, u64)],
    merges: usize,
    min_count: u64,
    max_len: usize,
    runs: RunCounting,
    allowed: &dyn Fn(&[u8]) -> bool,
) -> Vec<(Pair, u64)> {
    train_by(segments, merges, min_count, max_len, runs, allowed, &|token| token)
}

/// The same with another order of ties.
pub(crate) fn train_by(
    segments: &[(Vec<u8>, u64)],
    merges: usize,
    min_count: u64,
    max_len: usize,
    runs: RunCounting,
    allowed: &dyn Fn(&[u8]) -> bool,
    key: &dyn Fn(u32) -> u32,
) -> Vec<(Pair, u64)> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    let mut symbols: Vec<(Vec<u32>, u64)> =
        segments.iter().map(|(s, w)| (s.iter().map(|&b| u32::from(b)).collect(), *w)).collect();
    let mut learned = Vec::new();
    while learned.len() < merges {
        let counts = count(&symbols, runs);
        let known: HashSet<&[u8]> = tokens.iter().map(Vec::as_slice).collect();
        let bytes = |(l, r): Pair| [&tokens[l as usize][..], &tokens[r as usize]].concat();
        let best = counts
            .into_iter()
            .filter(|&(pair, count)| {
                let bytes = bytes(pair);
                let fits = bytes.len() <= max_len && !known.contains(&bytes[..]) && allowed(&bytes);
                count >= min_count && count > 0 && fits
            })
            .max_by_key(|&((l, r), count)| (count, std::cmp::Reverse((key(l), key(r)))));
        let Some((pair, count)) = best else { break };
        let (token, bytes) = (tokens.len() as u32, bytes(pair));
        tokens.push(bytes);
        replace(&mut symbols, pair, token);
        learned.push((pair, count));
    }
    learned
}

/// How often each pair occurs.
pub(crate) fn count(symbols: &[(Vec<u32>, u64)], runs: RunCounting) -> BTreeMap<Pair, u64> {
    let mut counts: BTreeMap<Pair, u64> = BTreeMap::new();
    for (segment, weight) in symbols {
        let mut skip = false;
        for i in 1..segment.len() {
            let pair = (segment[i - 1], segment[i]);
            let overlaps = i > 1 && segment[i - 2] == pair.0 && pair.0 == pair.1 && !skip;
            skip = runs == RunCounting::Disjoint && overlaps;
            if !skip {
                *counts.entry(pair).or_default() += weight;
            }
        }
    }
    counts
}

/// Replaces a pair, from the left.
pub(crate) fn replace(symbols: &mut [(Vec<u32>, u64)], pair: Pair, token: u32) {
    for (segment, _) in symbols {
        let mut i = 1;
        while i < segment.len() {
            if (segment[i - 1], segment[i]) == pair {
                segment.splice(i - 1..=i, [token]);
            }
            i += 1;
        }
    }
}

/// The merge of smallest rank, the leftmost of equals, until there is none.
pub(crate) fn encode(segment: &[u8], merges: &[Pair]) -> Vec<u32> {
    let mut symbols: Vec<u32> = segment.iter().map(|&byte| u32::from(byte)).collect();
    loop {
        let rank = |pair: (u32, u32)| merges.iter().position(|&merge| merge == pair);
        let best = (1..symbols.len())
            .filter_map(|i| Some((rank((symbols[i - 1], symbols[i]))?, i - 1)))
            .min();
        let Some((rank, i)) = best else { return symbols };
        symbols.splice(i..i + 2, [256 + rank as u32]);
    }
}

/// The fewest tokens of each prefix of some segments; of as few, those whose last token begins with a
/// segment, of those the longest last token.
pub(crate) fn fewest(segments: &[&[u8]], merges: &[Pair]) -> Vec<u32> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    for &(left, right) in merges {
        tokens.push([&tokens[left as usize][..], &tokens[right as usize]].concat());
    }
    let mut starts = vec![0];
    for segment in segments {
        starts.push(starts.last().unwrap() + segment.len());
    }
    let text = segments.concat();
    let mut prefixes: Vec<Vec<u32>> = vec![Vec::new()];
    for end in 1..=text.len() {
        let ending = (0..).zip(&tokens).filter(|(_, token)| text[..end].ends_with(token));
        let best = ending
            .min_by_key(|(_, token)| {
                let start = end - token.len();
                (prefixes[start].len(), !starts.contains(&start), start)
            })
            .map(|(id, token)| [&prefixes[end - token.len()][..], &[id]].concat());
        prefixes.push(best.unwrap());
    }
    prefixes.pop().unwrap()
}
