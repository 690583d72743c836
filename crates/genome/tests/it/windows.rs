use polytok_genome::{
    Case, GenomeEncoding, GenomeTokenizer, Strand, canonical, reverse_complement, windows,
};
use proptest::prelude::*;

use crate::{masks::sequences, tokenizer::all_settings_once};

/// What a window is encoded to: the smaller of its bases and those of the other strand, in upper case
/// where case is a mask.
fn oracle(tokenizer: &GenomeTokenizer, window: &[u8]) -> GenomeEncoding {
    let spelled = match tokenizer.case() {
        Case::Masked => window.to_ascii_uppercase(),
        Case::Plain => window.to_vec(),
    };
    let (smaller, strand) = canonical(&spelled);
    let GenomeEncoding { ids, .. } = tokenizer.encode(&smaller);
    GenomeEncoding { ids, mask: tokenizer.encode(window).mask, strand }
}

#[test]
fn windows_cover_a_sequence_and_lie_alike_from_both_ends() {
    for bases in 1..12 {
        for len in 0..100 {
            let all = windows(len, bases.try_into().unwrap());
            let mut at = 0;
            for window in &all {
                assert_eq!(window.start, at);
                assert!(!window.is_empty() && window.len() < 2 * bases);
                at = window.end;
            }
            assert_eq!(at, len);
            assert!(all.iter().filter(|window| window.len() != bases).count() <= 1);
            let lengths: Vec<usize> = all.iter().map(|window| window.len()).collect();
            assert!(lengths.iter().eq(lengths.iter().rev()), "{lengths:?}");
        }
    }
}

proptest! {
    #[test]
    fn both_strands_have_the_same_windows(
        sequence in prop_oneof![sequences(), "[ACGTacgtNn]{0,80}".prop_map(String::into_bytes)],
        bases in 1usize..20,
    ) {
        let bases = bases.try_into().unwrap();
        let reverse = reverse_complement(&sequence);
        for tokenizer in all_settings_once().iter().filter(|tokenizer| !tokenizer.is_canonical()) {
            let encoded = tokenizer.encode_windows(&sequence, bases);
            prop_assert_eq!(tokenizer.decode_windows(&encoded).unwrap(), &sequence[..]);
            let all = windows(sequence.len(), bases);
            prop_assert_eq!(encoded.len(), all.len());
            let mut mirrored = tokenizer.encode_windows(&reverse, bases);
            mirrored.reverse();
            for ((window, encoded), other) in all.iter().zip(&encoded).zip(&mirrored) {
                prop_assert_eq!(encoded, &oracle(tokenizer, window.of(&sequence)));
                prop_assert_eq!(&encoded.ids, &other.ids);
                prop_assert!(encoded.strand != other.strand || encoded.strand == Strand::Forward);
            }
        }
    }
}
