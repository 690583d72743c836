//! Whether decoding undoes encoding on strings that no corpus holds.

use rayon::prelude::*;

use crate::{
    encoder::Encoder,
    source::{Document, Source},
};

use super::{
    bootstrap::{SEED, SplitMix64},
    figures::RoundTrips,
};

/// Number of strings tried.
const STRINGS: u64 = 200;

/// No string is longer before it is mutated, in bytes.
const LONGEST: usize = 512;

/// Tries strings made from a fixed seed: every other one of random bytes, the others excerpts of the
/// documents with bytes flipped, cut out, doubled and put in.
pub(super) fn random(encoder: &dyn Encoder, sources: &[Source]) -> RoundTrips {
    let documents: Vec<&Document> = sources.iter().flat_map(|source| &source.documents).collect();
    let failed: Vec<u64> = (0..STRINGS)
        .into_par_iter()
        .filter(|&number| {
            let string = string(number, &documents);
            !encoder.comes_back(&string, &encoder.encode(&string))
        })
        .collect();
    RoundTrips {
        tried: STRINGS,
        failed: failed.len() as u64,
        first_failed: failed.first().map(|number| format!("random string {number}")),
    }
}

fn string(number: u64, documents: &[&Document]) -> Vec<u8> {
    // The seeds of neighbors differ in a few bits only; one step spreads them.
    let mut random = SplitMix64::new(SplitMix64::new(SEED.rotate_left(32) ^ number).next());
    if number.is_multiple_of(2) || documents.is_empty() {
        let len = random.below(LONGEST + 1);
        return (0..len).map(|_| random.next() as u8).collect();
    }
    let document = &documents[random.below(documents.len())].bytes;
    let start = random.below(document.len() + 1);
    let len = random.below(LONGEST.min(document.len() - start) + 1);
    let mut string = document[start..start + len].to_vec();
    for _ in 0..1 + random.below(8) {
        mutate(&mut string, &mut random);
    }
    string
}

fn mutate(string: &mut Vec<u8>, random: &mut SplitMix64) {
    let at = random.below(string.len());
    match random.below(4) {
        _ if string.is_empty() => string.push(random.next() as u8),
        0 => string[at] ^= 1 << random.below(8),
        1 => drop(string.remove(at)),
        2 => string.insert(at, random.next() as u8),
        _ => {
            let end = at + random.below(string.len() - at + 1);
            string.extend_from_within(at..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{Forgetful, source, tokenizer},
        *,
    };

    #[test]
    fn strings_differ_and_stay_the_same_from_run_to_run() {
        let source = source("s", &[b"one two three four five", b"", b"six"]);
        let documents: Vec<&Document> = source.documents.iter().collect();
        let strings: Vec<Vec<u8>> = (0..STRINGS).map(|n| string(n, &documents)).collect();
        let again: Vec<Vec<u8>> = (0..STRINGS).map(|n| string(n, &documents)).collect();
        assert_eq!(strings, again);
        let mut distinct = strings.clone();
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 150, "{}", distinct.len());
        assert!(strings.iter().any(|string| std::str::from_utf8(string).is_err()));
        assert!(strings.iter().any(|string| string.windows(3).any(|part| part == b"our")));
    }

    #[test]
    fn a_lossless_tokenizer_fails_none_and_a_lossy_one_is_caught() {
        let sources = [source("s", &[b"abababab caba"])];
        let tokenizer = tokenizer(&[(b'a', b'b')]);
        let trips = random(&tokenizer, &sources);
        assert_eq!(trips, RoundTrips { tried: STRINGS, failed: 0, first_failed: None });
        // About half of the random strings are longer than 256 bytes, where each byte value is
        // expected once; all that have a zero lose it.
        let trips = random(&Forgetful(tokenizer), &sources);
        assert!(trips.failed > 20, "{trips:?}");
        assert!(trips.first_failed.is_some());
    }

    #[test]
    fn no_document_is_needed() {
        assert_eq!(random(&tokenizer(&[]), &[]).failed, 0);
    }
}
