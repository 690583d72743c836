//! Documents that are for the most part in another one.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use polytok_core::Digest;

/// Bytes of a window whose hash may be a fingerprint.
const WINDOW: usize = 32;
/// One window in so many is a fingerprint: those whose hash ends in zeros.
const SAMPLED: u64 = 32;
/// Documents with fewer fingerprints are too short to be told from chance.
const LEAST: usize = 8;
/// A fingerprint in so many documents is a formula and tells them apart no more.
const FORMULA: usize = 64;

/// Factor of the rolling hash: odd, with bits everywhere (2^64 over the golden ratio).
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// What is known of a document.
struct Sketch {
    len: usize,
    digest: Digest,
    /// Ascending.
    fingerprints: Vec<u64>,
}

/// Finds documents that share most of their fingerprints with one longer document.
///
/// The fingerprints of a document are a fixed sample of the hashes of all its windows of 32 bytes, so
/// what two documents share shows in them wherever it stands (Manber 1994, "Finding similar files in
/// a large file system", section 3). Documents are taken from the longest to the shortest, equally
/// long ones by their digests; one goes if at least the share asked for of its fingerprints is among
/// those of a document that stays. Neither the order nor the grouping of files matters.
///
/// Memory is about a third of the bytes added: 8 of every 32 for the fingerprint, and its place in an index.
#[derive(Default)]
pub(super) struct Near {
    sketches: Vec<Sketch>,
}

impl Near {
    pub(super) fn add(&mut self, document: &[u8]) {
        let digest = *blake3::hash(document).as_bytes();
        self.sketches.push(Sketch {
            len: document.len(),
            digest,
            fingerprints: fingerprints(document),
        });
    }

    /// Digests of the documents that go.
    pub(super) fn repeated(mut self, share: f64) -> HashSet<Digest> {
        self.sketches.sort_by_key(|sketch| Reverse((sketch.len, sketch.digest)));
        // Equal documents are one.
        self.sketches.dedup_by(|a, b| a.digest == b.digest);
        let mut gone = HashSet::new();
        let mut index: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for (number, sketch) in (0u32..).zip(self.sketches) {
            shared.clear();
            for holders in sketch.fingerprints.iter().filter_map(|print| index.get(print)) {
                for &holder in holders {
                    *shared.entry(holder).or_default() += 1;
                }
            }
            let most = shared.values().max().copied().unwrap_or(0);
            let needed = share * sketch.fingerprints.len() as f64;
            if sketch.fingerprints.len() >= LEAST && most as f64 >= needed {
                gone.insert(sketch.digest);
                continue;
            }
            for print in sketch.fingerprints {
                let holders = index.entry(print).or_default();
                if holders.len() < FORMULA {
                    holders.push(number);
                }
            }
        }
        gone
    }
}

fn fingerprints(document: &[u8]) -> Vec<u64> {
    let leaving = FACTOR.wrapping_pow(WINDOW as u32);
    let (mut hash, mut found) = (0u64, Vec::new());
    for (at, &byte) in document.iter().enumerate() {
        hash = hash.wrapping_mul(FACTOR).wrapping_add(u64::from(byte) + 1);
        if at >= WINDOW {
            let byte = u64::from(document[at - WINDOW]) + 1;
            hash = hash.wrapping_sub(leaving.wrapping_mul(byte));
        }
        let mixed = mix(hash);
        if at + 1 >= WINDOW && mixed.is_multiple_of(SAMPLED) {
            found.push(mixed);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Spreads what the low bits of a product do not see (the finalizer of Steele, Lea and Flood 2014,
/// "Fast splittable pseudorandom number generators").
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text that repeats nothing: numbers in a row.
    fn text(from: u32, lines: u32) -> Vec<u8> {
        (from..from + lines)
            .flat_map(|line| format!("line {}\n", line * line).into_bytes())
            .collect()
    }

    fn repeated(documents: &[&[u8]], share: f64) -> Vec<bool> {
        let mut near = Near::default();
        documents.iter().for_each(|document| near.add(document));
        let gone = near.repeated(share);
        documents.iter().map(|document| gone.contains(blake3::hash(document).as_bytes())).collect()
    }

    #[test]
    fn a_part_of_a_document_goes_wherever_it_stands() {
        let whole = text(1000, 1000);
        let part = [b"another beginning ".as_slice(), &whole[3001..9000]].concat();
        let other = text(5000, 1000);
        assert_eq!(repeated(&[&part, &whole, &other], 0.5), [true, false, false]);
        assert_eq!(repeated(&[&other, &whole, &part], 0.5), [false, false, true]);
    }

    #[test]
    fn what_shares_less_than_asked_for_stays() {
        let (a, b) = (text(1000, 1000), text(5000, 900));
        let mixed = [&a[..3000], &b[..9000]].concat();
        assert_eq!(repeated(&[&a, &mixed], 0.5), [false, false]);
        assert_eq!(repeated(&[&a, &mixed], 0.1), [false, true]);
    }

    /// Their digests are one, and so is what becomes of them; leaving out all but one is another
    /// setting.
    #[test]
    fn equal_documents_stay() {
        let a = text(1000, 1000);
        assert_eq!(repeated(&[&a, &a], 0.5), [false, false]);
    }

    #[test]
    fn short_documents_stay() {
        let a = text(1000, 1000);
        assert_eq!(repeated(&[&a, &a[..100], b""], 0.5), [false, false, false]);
    }

    #[test]
    fn fingerprints_are_those_of_the_windows_whatever_stands_around() {
        let document = text(1, 300);
        let plain: HashSet<u64> = document.windows(WINDOW).flat_map(fingerprints).collect();
        let rolled: HashSet<u64> = fingerprints(&document).into_iter().collect();
        assert_eq!(plain, rolled);
        let windows = document.len() as u64;
        assert!((windows / SAMPLED / 2..2 * windows / SAMPLED).contains(&(rolled.len() as u64)));
    }
}
