use polytok_core::Span;
use polytok_genome::{KmerDecodeError, Kmers, KmersError};
use proptest::prelude::*;

use crate::masks::sequences;

fn kmers(k: u32, stride: u32) -> Kmers {
    Kmers::new(k, stride).unwrap()
}

/// Tokens of a sequence as text, with blanks between them.
fn tokens(kmers: Kmers, sequence: &str) -> String {
    let ids = kmers.encode(sequence.as_bytes());
    let texts = ids.iter().map(|&id| String::from_utf8(kmers.token(id).unwrap()).unwrap());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn words_lie_within_runs_of_bases() {
    let table = [
        (3, 1, "", ""),
        (3, 1, "AC", "A C"),
        (3, 1, "ACGTA", "ACG CGT GTA"),
        (3, 2, "ACGTA", "ACG GTA"),
        (3, 2, "ACGTAC", "ACG GTA C"),
        (3, 3, "ACGTAC", "ACG TAC"),
        (3, 3, "ACGTACGT", "ACG TAC G T"),
        (3, 3, "ACGTNACGTA", "ACG T N ACG T A"),
        (3, 1, "ACGTNNAC", "ACG CGT N N A C"),
        (3, 1, "ACGaACGR", "ACG a ACG R"),
        (1, 1, "ACNt", "A C N t"),
    ];
    for (k, stride, sequence, expected) in table {
        assert_eq!(tokens(kmers(k, stride), sequence), expected, "{k} {stride} {sequence}");
    }
}

#[test]
fn words_are_numbered_in_alphabetic_order() {
    let kmers = Kmers::overlapping(3).unwrap();
    assert_eq!(kmers.vocabulary_size(), 64 + 256);
    let words: Vec<Vec<u8>> = (0..64).map(|id| kmers.token(id).unwrap()).collect();
    assert!(words.is_sorted());
    assert_eq!((&words[0][..], &words[63][..]), (&b"AAA"[..], &b"TTT"[..]));
    for byte in 0..=255 {
        assert_eq!(kmers.token(64 + u32::from(byte)), Some(vec![byte]));
    }
    assert_eq!(kmers.token(64 + 256), None);
    assert_eq!(kmers.token(u32::MAX), None);
}

#[test]
fn limits_of_k_and_stride() {
    for (k, stride) in [(0, 0), (0, 1), (3, 0), (3, 4), (13, 1), (u32::MAX, 1)] {
        assert_eq!(Kmers::new(k, stride), Err(KmersError { k, stride }));
    }
    let longest = kmers(12, 12);
    assert_eq!(longest.vocabulary_size(), (1 << 24) + 256);
    assert_eq!(longest.encode(b"TTTTTTTTTTTTN"), [(1 << 24) - 1, (1 << 24) + 78]);
    assert_eq!(Kmers::single(), kmers(1, 1));
    assert_eq!(Kmers::side_by_side(6).unwrap(), kmers(6, 6));
    assert_eq!(kmers(6, 1).id(), "kmer-6/stride=1");
    assert_eq!((kmers(6, 2).k(), kmers(6, 2).stride()), (6, 2));
}

#[test]
fn ids_that_are_no_encoding_are_refused() {
    let overlapping = kmers(3, 1);
    let (acg, cgt) = (0b00_01_10, 0b01_10_11);
    assert_eq!(overlapping.decode(&[acg, cgt]).unwrap(), b"ACGT");
    let overlap = KmerDecodeError::Overlap { id: acg, at: 1 };
    assert_eq!(overlapping.decode(&[acg, acg]), Err(overlap));
    assert_eq!(overlapping.spans(&[acg, acg]), Err(overlap));
    let unknown = KmerDecodeError::UnknownId { id: 320, at: 1 };
    assert_eq!(overlapping.decode(&[acg, 320]), Err(unknown));
    assert_eq!(unknown.to_string(), "id 320 at place 1 is not in the vocabulary");
    assert_eq!(kmers(3, 3).decode(&[acg, acg]).unwrap(), b"ACGACG");
}

/// Ids and spans by the definition: all windows of a run, then what no window covers.
fn oracle(k: usize, stride: usize, sequence: &[u8]) -> Vec<(u32, Span)> {
    let base = |byte: u8| b"ACGT".iter().position(|&base| base == byte);
    let words = 4u32.pow(k as u32);
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < sequence.len() {
        let window = sequence.get(start..start + k);
        let word = window.and_then(|window| {
            window.iter().try_fold(0, |word, &byte| Some(4 * word + base(byte)? as u32))
        });
        if let Some(word) = word {
            tokens.push((word, Span::new(start, start + k)));
            let next = sequence.get(start + stride..start + stride + k);
            let goes_on =
                next.is_some_and(|window| window.iter().all(|&byte| base(byte).is_some()));
            start += if goes_on { stride } else { k };
        } else {
            tokens.push((words + u32::from(sequence[start]), Span::new(start, start + 1)));
            start += 1;
        }
    }
    tokens
}

/// Words of up to `longest` bases with any stride.
fn any_kmers(longest: u32) -> impl Strategy<Value = Kmers> {
    (1..=longest).prop_flat_map(|k| (1..=k).prop_map(move |stride| kmers(k, stride)))
}

proptest! {
    #[test]
    fn any_bytes_come_back(sequence in sequences(), kmers in any_kmers(12)) {
        let ids = kmers.encode(&sequence);
        prop_assert!(ids.iter().all(|&id| id < kmers.vocabulary_size()));
        prop_assert_eq!(kmers.decode(&ids).unwrap(), sequence);
    }

    #[test]
    fn ids_and_spans_are_those_of_the_definition(
        sequence in sequences(), kmers in any_kmers(5),
    ) {
        let expected = oracle(kmers.k() as usize, kmers.stride() as usize, &sequence);
        let ids = kmers.encode(&sequence);
        let spans = kmers.spans(&ids).unwrap();
        prop_assert_eq!(ids.into_iter().zip(spans).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_ids_make_decoding_panic(ids in prop::collection::vec(0u32..330, 0..20)) {
        let kmers = kmers(3, 2);
        prop_assert_eq!(
            kmers.decode(&ids).map(|bytes| bytes.len()),
            kmers.spans(&ids).map(|spans| spans.last().map_or(0, |span| span.end))
        );
    }
}
