use polytok_core::{
    Boundary, MAX_TOKEN_LEN, Merge, MergeTable, Segmenter, Span, check_cuts, check_partition,
    segments,
};
use polytok_genome::{Case, Genome, n_run_merges};
use proptest::prelude::*;

/// The pieces of a sequence, with bars between them.
fn cut(genome: &Genome, sequence: &str) -> String {
    let pieces: Vec<&str> = segments(genome, sequence.as_bytes())
        .into_iter()
        .map(|(span, boundary)| {
            assert_eq!(boundary, Boundary::Hard);
            &sequence[span.start..span.end]
        })
        .collect();
    pieces.join("|")
}

#[test]
fn bases_are_cut_from_escapes() {
    let table = [
        ("", "", ""),
        ("ACGT", "ACGT", "ACGT"),
        ("ACGTacgt", "ACGT|a|c|g|t", "ACGT|acgt"),
        ("NNN", "NN|N", "NN|N"),
        ("NNnnn", "NN|n|n|n", "NN|nn|n"),
        ("ANA", "A|N|A", "A|N|A"),
        ("ACRYGT", "AC|R|Y|GT", "AC|R|Y|GT"),
        ("AC--GT", "AC|-|-|GT", "AC|-|-|GT"),
        ("ACGUry", "ACG|U|r|y", "ACG|U|r|y"),
        ("NNNNNNNNNNNNN", "NNNNNNNN|NNNN|N", "NNNNNNNN|NNNN|N"),
    ];
    for (sequence, masked, plain) in table {
        assert_eq!(cut(&Genome::masked(), sequence), masked);
        assert_eq!(cut(&Genome::plain(), sequence), plain);
    }
}

#[test]
fn a_limit_cuts_runs_of_bases_alone() {
    let genome = Genome::masked().with_limit(3);
    assert_eq!(genome.id(), "genome-1/limit=3");
    assert_eq!(cut(&genome, "ACGTACGNNNNACGT"), "ACG|TAC|G|NNNN|ACG|T");
    assert_eq!(Genome::masked().with_limit(0), Genome::masked().with_limit(1));
    assert_eq!(Genome::masked().with_limit(usize::MAX), Genome::masked());
}

#[test]
fn a_rule_is_found_by_its_id() {
    for genome in [Genome::masked(), Genome::plain()] {
        for genome in [genome.clone(), genome.clone().with_limit(1), genome.with_limit(1 << 30)] {
            assert_eq!(Genome::from_id(genome.id()), Some(genome));
        }
    }
    assert_eq!(Genome::masked().id(), "genome-1");
    assert_eq!(Genome::plain().id(), "genome-plain-1");
    assert_eq!(Genome::from_id("genome-plain-1").map(|genome| genome.case()), Some(Case::Plain));
    for id in [
        "",
        "genome",
        "genome-2",
        "genome-1/",
        "genome-1/limit=",
        "genome-1/limit=0",
        "genome-1/limit=+7",
        "genome-1/limit=07",
        "genome-1/limit=1073741825",
        "genome-1/limit=99999999999999999999",
        "genome-1/limit=7/limit=7",
        "text-1",
    ] {
        assert_eq!(Genome::from_id(id), None, "{id}");
    }
}

/// The tokens that merges make of a segment.
fn merge(merges: &[(u32, u32)], segment: &[u8]) -> Vec<u32> {
    let table = MergeTable::new(
        merges.iter().zip(0..).map(|(&pair, i)| (pair, Merge { rank: i, token: 256 + i })),
    );
    let mut symbols: Vec<u32> = segment.iter().map(|&byte| byte.into()).collect();
    table.apply(&mut symbols, 0);
    symbols
}

#[test]
fn runs_of_n_take_a_token_for_each_power_of_two() {
    let merges = Genome::plain().initial_merges();
    assert_eq!(merges[..15], n_run_merges());
    assert_eq!(Genome::masked().initial_merges(), n_run_merges());
    for byte in [b'N', b'n'] {
        for run in [1, 2, 3, 7, 100, 255, 256, 50_000, 65_535, 65_536, 100_000] {
            let input = vec![byte; run];
            let mut tokens = Vec::new();
            for (span, _) in segments(&Genome::plain(), &input) {
                tokens.extend(merge(&merges, span.of(&input)));
                assert!(span.len().is_power_of_two());
            }
            let expected = run / 32_768 + (run % 32_768).count_ones() as usize;
            assert_eq!(tokens.len(), expected, "{run}");
        }
    }
    // The longest fits a token and one more doubling would not.
    let longest = merge(&merges, &[b'N'; 32_768]);
    assert_eq!(longest, [256 + 14]);
    assert_eq!(MAX_TOKEN_LEN.ilog2(), 15);
}

#[test]
fn learned_entries_are_bases_and_merges() {
    assert_eq!(Genome::masked().bases(), 4);
    assert_eq!(Genome::masked().vocabulary_size(4), 256 + 15);
    assert_eq!(Genome::masked().vocabulary_size(0), 256 + 15);
    assert_eq!(Genome::masked().vocabulary_size(5), 256 + 15 + 1);
    assert_eq!(Genome::plain().vocabulary_size(8), 256 + 30);
    assert_eq!(Genome::plain().vocabulary_size(100), 256 + 30 + 92);
}

/// What the documentation says, byte by byte.
fn oracle(plain: bool, limit: usize, input: &[u8]) -> Vec<usize> {
    let class = |byte: u8| match byte {
        b'A' | b'C' | b'G' | b'T' => 'b',
        b'N' => 'n',
        b'a' | b'c' | b'g' | b't' if plain => 'B',
        b'n' if plain => 'M',
        _ => '-',
    };
    let mut ends = Vec::new();
    let mut start = 0;
    while start < input.len() {
        let kind = class(input[start]);
        let mut end = start + 1;
        while kind != '-' && end < input.len() && class(input[end]) == kind {
            end += 1;
        }
        let mut rest = end - start;
        if kind == 'n' || kind == 'M' {
            rest = (0..=15).map(|power| 1 << power).filter(|&len| len <= rest).max().unwrap();
        } else {
            rest = rest.min(limit);
        }
        start += rest;
        ends.push(start);
    }
    ends
}

proptest! {
    #[test]
    fn segments_partition_any_bytes(
        runs in prop::collection::vec(
            (any::<u8>(), prop_oneof![60 => 1usize..4, 1 => 1usize..200]),
            0..200,
        ),
        limit in prop::option::of(1usize..9),
    ) {
        // Half of the bytes are made letters that matter.
        let input: Vec<u8> = runs
            .into_iter()
            .flat_map(|(byte, run)| {
                let letters = b"ACGTNacgtnRYUry-";
                let byte = if byte < 128 { letters[usize::from(byte) % letters.len()] } else { byte };
                vec![byte; run]
            })
            .collect();
        for plain in [false, true] {
            let genome = if plain { Genome::plain() } else { Genome::masked() };
            let genome = match limit {
                Some(limit) => genome.with_limit(limit),
                None => genome,
            };
            prop_assert_eq!(check_partition(&genome, &input), Ok(()));
            prop_assert_eq!(check_cuts(&genome, &input, Span::new(0, input.len())), Ok(()));
            let ends: Vec<usize> = segments(&genome, &input).iter().map(|(span, _)| span.end).collect();
            prop_assert_eq!(ends, oracle(plain, limit.unwrap_or(usize::MAX), &input));
        }
    }
}
