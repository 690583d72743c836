use bio::alphabets::dna;
use polytok_core::Span;
use polytok_genome::{CaseMask, MaskError, Strand, canonical, reverse_complement};
use proptest::prelude::*;

fn spans(ranges: &[(usize, usize)]) -> Vec<Span> {
    ranges.iter().map(|&(start, end)| Span::new(start, end)).collect()
}

#[test]
fn masks_are_runs_of_lower_case_letters() {
    let table: [(&str, &[(usize, usize)]); 7] = [
        ("", &[]),
        ("ACGT", &[]),
        ("acgt", &[(0, 4)]),
        ("ACgtAC", &[(2, 4)]),
        ("acGTnn", &[(0, 2), (4, 6)]),
        ("a-c", &[(0, 1), (2, 3)]),
        ("A{`az@[\u{e1}", &[(3, 5)]),
    ];
    for (sequence, ranges) in table {
        let mask = CaseMask::of(sequence.as_bytes());
        assert_eq!(mask.ranges(), spans(ranges), "{sequence}");
        assert_eq!(mask.is_empty(), ranges.is_empty());
    }
}

#[test]
fn masks_from_elsewhere_are_checked() {
    let mask = CaseMask::from_ranges(spans(&[(0, 2), (2, 3), (5, 6)])).unwrap();
    assert_eq!(mask.ranges(), spans(&[(0, 3), (5, 6)]));
    let wrong = |ranges| CaseMask::from_ranges(spans(ranges)).unwrap_err().range;
    assert_eq!(wrong(&[(1, 1)]), Span::new(1, 1));
    assert_eq!(wrong(&[(2, 1)]), Span::new(2, 1));
    assert_eq!(wrong(&[(0, 3), (2, 4)]), Span::new(2, 4));
    assert_eq!(wrong(&[(4, 5), (0, 1)]), Span::new(0, 1));

    let mut sequence = *b"ACGTN";
    assert_eq!(mask.apply(&mut sequence), Err(MaskError { range: Span::new(5, 6) }));
    assert_eq!(&sequence, b"ACGTN");
    let mut sequence = *b"A-GTNN";
    mask.apply(&mut sequence).unwrap();
    assert_eq!(&sequence, b"a-gTNn");
}

#[test]
fn palindromes_are_forward() {
    for palindrome in [&b""[..], b"AT", b"GAATTC", b"N", b"ACNGT"] {
        assert_eq!(reverse_complement(palindrome), palindrome);
        assert_eq!(canonical(palindrome).1, Strand::Forward);
    }
    let (sequence, strand) = canonical(b"TTG");
    assert_eq!((&*sequence, strand), (&b"CAA"[..], Strand::Reverse));
    assert_eq!(canonical(b"CAA").1, Strand::Forward);
}

/// Any bytes, mostly letters of sequences.
pub(crate) fn sequences() -> impl Strategy<Value = Vec<u8>> {
    let letter = prop_oneof![
        6 => prop::sample::select(&b"ACGT"[..]),
        3 => prop::sample::select(&b"acgtNn"[..]),
        1 => any::<u8>(),
    ];
    prop_oneof![
        prop::collection::vec(letter, 0..120),
        prop::collection::vec(prop::sample::select(&b"AT"[..]), 0..12),
        prop::collection::vec(any::<u8>(), 0..60),
    ]
}

proptest! {
    #[test]
    fn masks_restore_any_bytes(sequence in sequences()) {
        let mut folded = sequence.clone();
        let mask = CaseMask::fold(&mut folded);
        prop_assert_eq!(&folded, &sequence.to_ascii_uppercase());
        prop_assert_eq!(&mask, &CaseMask::from_ranges(mask.ranges().iter().copied()).unwrap());
        let lower = sequence.iter().filter(|byte| byte.is_ascii_lowercase()).count();
        prop_assert_eq!(mask.lower_bases(), lower);
        mask.apply(&mut folded).unwrap();
        prop_assert_eq!(folded, sequence);
    }

    #[test]
    fn reverse_complements_are_undone_by_themselves(sequence in sequences()) {
        let reverse = reverse_complement(&sequence);
        let expected: Vec<u8> = sequence.iter().rev().map(|&base| dna::complement(base)).collect();
        prop_assert_eq!(&reverse, &expected);
        prop_assert_eq!(reverse_complement(&reverse), sequence);
    }

    #[test]
    fn both_strands_have_one_canonical_form(sequence in sequences()) {
        let reverse = reverse_complement(&sequence);
        let (form, strand) = canonical(&sequence);
        let (other_form, other_strand) = canonical(&reverse);
        prop_assert_eq!(&form, &other_form);
        prop_assert_eq!(&*form, sequence.clone().min(reverse.clone()));
        prop_assert_eq!(strand == other_strand, sequence == reverse);
        prop_assert_eq!(&*strand.of(&form), &sequence);
    }
}
