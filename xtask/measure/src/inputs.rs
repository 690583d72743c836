//! Inputs that are made up: long, and without a place to split.

use std::{path::Path, sync::Arc};

use crate::{
    contestant::Document,
    failure::{Failure, Outcome},
};

/// Makes a run of so many bytes.
type Make = fn(&mut Numbers, usize) -> Vec<u8>;

/// What a run is made of.
pub(crate) const RUNS: [(&str, Make); 7] = [
    ("a", |_, len| vec![b'a'; len]),
    ("spaces", |_, len| vec![b' '; len]),
    ("!", |_, len| vec![b'!'; len]),
    ("digits", |numbers, len| (0..len).map(|_| b'0' + numbers.below(10) as u8).collect()),
    ("letters", |numbers, len| (0..len).map(|_| b'a' + numbers.below(26) as u8).collect()),
    ("CJK", |numbers, len| {
        let ideograph = |_| char::from_u32(0x4e00 + numbers.below(0x5000)).unwrap_or('一');
        (0..len / 3).map(ideograph).collect::<String>().into_bytes()
    }),
    ("zeros", |_, len| vec![0; len]),
];

/// Numbers that look random and are the same in every run (Steele, Lea and Flood 2014, "Fast
/// splittable pseudorandom number generators").
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// From the beginning.
    #[allow(clippy::new_without_default, reason = "the sequence is one and the same")]
    pub fn new() -> Numbers {
        Numbers(1)
    }

    /// The next one, below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = (mixed ^ (mixed >> 31)) >> 32;
        ((mixed * u64::from(bound)) >> 32) as u32
    }
}

/// A document that stands in a file, too.
pub(crate) fn written(bytes: Vec<u8>, path: &Path) -> Outcome<Document> {
    std::fs::write(path, &bytes).map_err(Failure::about(path.display()))?;
    Ok(Document { bytes: bytes.into(), path: Some(Arc::from(path)) })
}

/// Strings of about `len` bytes from a text, none of them cut within a character.
pub(crate) fn strings(text: &[u8], len: usize, most: usize) -> Vec<Document> {
    let mut strings = Vec::new();
    let mut rest = text;
    while rest.len() > len && strings.len() < most {
        // A byte that continues a character begins with the bits 10.
        let begins = |&at: &usize| rest.get(at).is_none_or(|byte| byte & 0xc0 != 0x80);
        let end = (len..=rest.len()).find(begins).unwrap_or(rest.len());
        let (string, behind) = rest.split_at(end);
        strings.push(Document { bytes: string.into(), path: None });
        rest = behind;
    }
    strings
}
