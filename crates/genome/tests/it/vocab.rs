//! The vocabulary that comes with the crate.

use polytok_genome::{genomes_4k, reverse_complement};
use proptest::prelude::*;

/// Every token has its reverse complement, which has it back.
#[test]
fn the_vocabulary_is_closed() {
    let vocabulary = genomes_4k().tokenizer().unwrap().vocabulary();
    assert_eq!(vocabulary.len(), 4096 + 252 + 15);
    assert!(vocabulary.unreachable().is_empty());
    let mut own = 0;
    for id in 5..vocabulary.len() as u32 {
        let (other, token) = (vocabulary.complement_of(id).unwrap(), vocabulary.token(id).unwrap());
        assert_eq!(vocabulary.token(other).unwrap(), reverse_complement(token));
        assert_eq!(vocabulary.complement_of(other), Some(id));
        own += u32::from(other == id);
    }
    assert!(own < vocabulary.len() as u32 / 4);
    assert_eq!(vocabulary.complement_of(0), None);
}

proptest! {
    #[test]
    fn everything_comes_back(
        bases in "[ACGTNacgtRY-]{0,300}",
        bytes in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        for sequence in [bases.as_bytes(), &bytes] {
            let encoding = genomes_4k().encode(sequence);
            prop_assert_eq!(&genomes_4k().decode(&encoding).unwrap(), sequence);
        }
    }
}

/// Long contigs, with gaps, repeats and a row of one base, are shared out among threads.
#[test]
fn all_threads_together_encode_as_one() {
    let mut state = 1u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    let mut sequence = Vec::new();
    for part in 0..12 {
        let unit: Vec<u8> = (0..50_000).map(|_| b"ACGT"[random(4) as usize]).collect();
        sequence.extend_from_slice(&unit);
        let repeated = &unit[..1 + random(300) as usize];
        sequence.extend_from_slice(&repeated.repeat(100));
        sequence.extend(vec![b"ANCR"[part % 4]; 10_000]);
    }
    for tokenizer in [genomes_4k(), &genomes_4k().clone().with_canonical_strand()] {
        assert_eq!(tokenizer.encode_parallel(&sequence), tokenizer.encode(&sequence));
    }
}
