//! The vocabulary file: what was written is read, and nothing else is.

use polytok_core::{
    Layout, LoadError, Provenance, RunCounting, TrainConfig, Vocabulary, VocabularyError,
};
use proptest::prelude::*;

/// A file of format version 1; it stays readable for ever.
pub(crate) const GOLDEN: &[u8] = include_bytes!("../../../../fixtures/vocabulary/v1.ptk");

fn golden() -> Vocabulary {
    let config = TrainConfig {
        vocabulary_size: 264,
        min_count: 2,
        max_token_len: 16,
        runs: RunCounting::Disjoint,
        whole_characters: true,
        initial_merges: vec![(97, 98)],
        added: vec![b"term".to_vec()],
        specials: vec!["<s>".into(), "</s>".into()],
        layout: Layout::SpecialsFirst,
        ..TrainConfig::default()
    };
    let provenance = Provenance {
        refused: None,
        segmenter: "whole-1".into(),
        config,
        corpus: *b"0123456789abcdef0123456789abcdef",
        documents: 7,
        bytes: 1 << 40,
        version: "0.1.0".into(),
    };
    let merges = vec![(97, 98), (256, 99), (98, 97), (99, 258)];
    Vocabulary::with_stages(provenance, merges, vec![0, 1 << 33, 5, 4], Some(3)).unwrap()
}

#[test]
fn the_golden_file_is_read_and_written() {
    assert_eq!(golden().to_bytes().unwrap(), GOLDEN);
    let read = Vocabulary::from_bytes(GOLDEN).unwrap();
    assert_eq!(read.provenance(), golden().provenance());
    assert_eq!(read.merges(), golden().merges());
    assert_eq!(read.merge_counts(), golden().merge_counts());
    assert_eq!(read.second_stage(), Some(3));
    assert_eq!(read.token(2 + 257), Some(&b"abc"[..]));
}

#[test]
fn every_truncation_is_refused() {
    for len in 0..GOLDEN.len() {
        assert_eq!(
            Vocabulary::from_bytes(&GOLDEN[..len]).unwrap_err(),
            LoadError::Truncated,
            "{len} bytes"
        );
    }
    let longer = [GOLDEN, b"\0"].concat();
    assert_eq!(Vocabulary::from_bytes(&longer).unwrap_err(), LoadError::TrailingBytes);
}

#[test]
fn every_flipped_byte_is_refused() {
    for at in 0..GOLDEN.len() {
        for flip in 1..=255 {
            let mut file = GOLDEN.to_vec();
            file[at] ^= flip;
            let error = Vocabulary::from_bytes(&file).unwrap_err();
            let expected = match at {
                0..8 => matches!(error, LoadError::BadMagic),
                // The other versions there are.
                8 if [1 ^ 2, 1 ^ 3].contains(&flip) => matches!(error, LoadError::DigestMismatch),
                8..10 => matches!(error, LoadError::UnsupportedVersion { .. }),
                10..18 => matches!(
                    error,
                    LoadError::Truncated | LoadError::TrailingBytes | LoadError::TooLarge { .. }
                ),
                _ => matches!(error, LoadError::DigestMismatch),
            };
            assert!(expected, "byte {at} flipped by {flip}: {error}");
        }
    }
}

/// Gives a body the right length and digest, as a forger would.
pub(crate) fn forge(body: &[u8]) -> Vec<u8> {
    let mut file = GOLDEN[..10].to_vec();
    file.extend((body.len() as u64).to_le_bytes());
    let digest = blake3::Hasher::new().update(&file).update(body).finalize();
    file.extend(digest.as_bytes());
    file.extend(body);
    file
}

pub(crate) const BODY: usize = 50;

#[test]
fn the_forger_writes_good_files() {
    assert_eq!(forge(&GOLDEN[BODY..]), GOLDEN);
}

/// A damaged body with a good digest is refused, or is another vocabulary that holds together.
#[test]
fn forged_bodies_are_refused_or_sound() {
    for at in BODY..GOLDEN.len() {
        for value in [0, 1, 127, 250, 251, 252, 253, 254, 255, GOLDEN[at] ^ 1, GOLDEN[at] ^ 128] {
            let mut body = GOLDEN[BODY..].to_vec();
            body[at - BODY] = value;
            if let Ok(vocabulary) = Vocabulary::from_bytes(&forge(&body)) {
                assert!((0..vocabulary.len() as u32).all(|id| vocabulary.token(id).is_some()));
                let again = Vocabulary::from_bytes(&vocabulary.to_bytes().unwrap()).unwrap();
                assert_eq!(again.merges(), vocabulary.merges());
            }
        }
        let cut = forge(&GOLDEN[BODY..at]);
        assert!(Vocabulary::from_bytes(&cut).is_err(), "body cut at {at}");
    }
    let longer = [&GOLDEN[BODY..], b"\0"].concat();
    assert_eq!(Vocabulary::from_bytes(&forge(&longer)).unwrap_err(), LoadError::TrailingBytes);
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_vocabulary(bytes: Vec<u8>) {
        prop_assert!(Vocabulary::from_bytes(&bytes).is_err());
        prop_assert!(Vocabulary::from_bytes(&forge(&bytes)).is_err());
    }
}

/// Sixteen doubling merges would make a token of 65,536 bytes, thirty one of a gigabyte.
#[test]
fn doubling_merges_are_bounded() {
    let merges: Vec<(u32, u32)> =
        (0..30).map(|i| if i == 0 { (0, 0) } else { (255 + i, 255 + i) }).collect();
    let provenance = Provenance::handmade("whole-1", TrainConfig::default());
    assert_eq!(
        Vocabulary::new(provenance, merges, vec![0; 30]).unwrap_err(),
        VocabularyError::TokenTooLong { token: 256 + 15 }
    );
}
