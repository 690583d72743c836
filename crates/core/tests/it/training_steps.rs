//! A training that is watched, limited, interrupted and taken up again gives the same vocabulary.

use polytok_core::{
    Encoding, RunCounting, SegmentCounts, Ties, TrainConfig, TrainError, TrainOptions, Training,
    Vocabulary, train,
};
use proptest::prelude::*;

use crate::{oracle, training::document};

fn counts(documents: &[(Vec<u8>, u64)]) -> SegmentCounts {
    let mut counts = SegmentCounts::new("test");
    for (document, weight) in documents {
        counts.add_segment(document, *weight);
    }
    counts
}

fn finish(mut training: Training) -> Vocabulary {
    while training.step().is_some() {}
    training.vocabulary().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Taken up after every step, each time from the file alone.
    #[test]
    fn an_interrupted_training_gives_the_same_file(
        documents in prop::collection::vec((document(), 1u64..4), 1..6),
        merges in 1u32..60,
        fixed in 0usize..4,
        specials in 0usize..3,
        disjoint: bool,
        fewest: bool,
    ) {
        let initial = [(97, 98), (98, 97), (256, 99), (97, 97)];
        let config = TrainConfig {
            vocabulary_size: 262 + merges,
            min_count: 1,
            encoding: if fewest { Encoding::Fewest } else { Encoding::Merges },
            runs: if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent },
            initial_merges: initial[..fixed].to_vec(),
            specials: (0..specials).map(|i| format!("<{i}>")).collect(),
            ..TrainConfig::default()
        };
        let counts = counts(&documents);
        let options = TrainOptions::default();
        let expected = train(&counts, &config).unwrap();
        let mut training = Training::new(counts.clone(), &config, options).unwrap();
        let mut steps = 0;
        while training.step().is_some() {
            let file = training.vocabulary().unwrap().to_bytes().unwrap();
            let checkpoint = Vocabulary::from_bytes(&file).unwrap();
            prop_assert_eq!(checkpoint.merges(), &expected.merges()[..checkpoint.merges().len()]);
            training = Training::resume(counts.clone(), &checkpoint, options).unwrap();
            steps += 1;
        }
        prop_assert!(steps > 0 || expected.merges().len() == fixed);
        prop_assert_eq!(training.vocabulary().unwrap().to_bytes(), expected.to_bytes());
    }

    #[test]
    fn ties_go_by_the_byte_level_character(
        documents in prop::collection::vec(
            (prop::collection::vec(prop_oneof![Just(b' '), Just(0xad), Just(0xff), Just(b'a'), Just(0)], 0..30), 1u64..3), 1..5),
        merges in 0u32..20,
    ) {
        let config = TrainConfig {
            vocabulary_size: 256 + merges,
            min_count: 1,
            ties: Ties::ByteLevel,
            ..TrainConfig::default()
        };
        let vocabulary = train(&counts(&documents), &config).unwrap();
        let learned: Vec<_> = vocabulary.merges().iter().copied()
            .zip(vocabulary.merge_counts().iter().copied()).collect();
        // Bytes that are no printable character of Latin-1 stand behind all that are.
        let key = |token: u32| match token {
            0..=32 | 127..=160 | 173 => 0x100 + token,
            token => if token < 256 { token } else { 0x1000 + token },
        };
        let expected = oracle::train_by(
            &documents, merges as usize, 1, usize::MAX, RunCounting::Adjacent, &|_| true, &key);
        prop_assert_eq!(learned, expected);
    }
}

/// Large enough for lists that do not fit, and for shards of several threads.
fn noise(bytes: usize) -> SegmentCounts {
    let mut counts = SegmentCounts::new("test");
    let mut state = 1u64;
    for part in 0..4 {
        let document: Vec<u8> = (0..bytes / 4)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(part);
                (state >> 60 | state >> 40 & state >> 36 & 0xf0) as u8
            })
            .collect();
        counts.add_segment(&document, 1);
    }
    counts
}

#[test]
fn a_limit_of_memory_changes_nothing() {
    let counts = noise(3 << 20);
    let config = TrainConfig { vocabulary_size: 700, min_count: 2, ..TrainConfig::default() };
    let expected = train(&counts, &config).unwrap().to_bytes().unwrap();
    let new =
        |memory| Training::new(counts.clone(), &config, TrainOptions { memory: Some(memory) });
    let Err(TrainError::Memory { limit: 1000, needed }) = new(1000) else {
        panic!("a corpus of three megabytes in a kilobyte");
    };
    for memory in [needed, needed + (1 << 20), needed * 4] {
        let training = new(memory).unwrap();
        assert!(training.memory_bound() <= memory);
        assert_eq!(finish(training).to_bytes().unwrap(), expected);
    }
    assert!(new(needed - 1).is_err());
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let file = pool.install(|| train(&counts, &config)).unwrap().to_bytes().unwrap();
        assert_eq!(file, expected);
    }
}

/// Beyond 65,535 tokens ids no longer fit into 16 bits.
#[test]
fn training_goes_on_beyond_ids_of_16_bits() {
    let counts = noise(1 << 21);
    let config =
        |size| TrainConfig { vocabulary_size: size, min_count: 1, ..TrainConfig::default() };
    let large = train(&counts, &config(66_100)).unwrap();
    assert_eq!(large.len(), 66_100);
    for size in [65_534, 65_535, 65_536, 65_537] {
        let small = train(&counts, &config(size)).unwrap();
        assert_eq!(small.merges(), &large.merges()[..size as usize - 256]);
        assert_eq!(small.merge_counts(), &large.merge_counts()[..size as usize - 256]);
    }
    let resumed = large.shortened(65_900).unwrap();
    let resumed = Vocabulary::new(
        large.provenance().clone(),
        resumed.merges().to_vec(),
        resumed.merge_counts().to_vec(),
    );
    let resumed = Training::resume(counts, &resumed.unwrap(), TrainOptions::default()).unwrap();
    assert_eq!(finish(resumed).to_bytes(), large.to_bytes());
}

#[test]
fn a_checkpoint_of_another_corpus_is_refused() {
    let config = TrainConfig::default();
    let vocabulary = train(&counts(&[(b"abab".to_vec(), 2)]), &config).unwrap();
    let other = counts(&[(b"abab".to_vec(), 3)]);
    let resumed = Training::resume(other, &vocabulary, TrainOptions::default());
    assert_eq!(resumed.unwrap_err(), TrainError::Checkpoint);
}
