use std::{cmp::Ordering, sync::LazyLock};

use polytok_core::{SegmentCounts, Segmenter, TrainConfig, Vocabulary, train};
use polytok_genome::{Case, Genome, GenomeTokenizer, Kmers, Strand, reverse_complement};
use proptest::prelude::*;

use crate::masks::sequences;

/// Closed vocabularies of several sizes, over few bases so that there are many shortest paths.
static CLOSED: LazyLock<Vec<GenomeTokenizer>> = LazyLock::new(|| {
    let corpus = b"ACGTACGGTTAACCATATATCGCGAATTCCGGATCCATATGCGCAAAATTTTACACGTGTTGCA".repeat(3);
    let tokenizer = |genome: Genome, more: u32| {
        let mut counts = SegmentCounts::new(genome.id());
        counts.add_document(&genome, &corpus).unwrap();
        let config = TrainConfig {
            vocabulary_size: 256 + genome.initial_merges().len() as u32 + more,
            initial_merges: genome.initial_merges(),
            complement: genome.complement(),
            ..TrainConfig::default()
        };
        GenomeTokenizer::bpe(train(&counts, &config).unwrap()).unwrap()
    };
    [2, 9, 20, 60]
        .into_iter()
        .flat_map(|more| [tokenizer(Genome::masked(), more), tokenizer(Genome::plain(), more)])
        .collect()
});

fn vocabulary(tokenizer: &GenomeTokenizer) -> &Vocabulary {
    tokenizer.tokenizer().unwrap().vocabulary()
}

/// All shortest sequences of tokens, as borders.
fn shortest(vocabulary: &Vocabulary, sequence: &[u8]) -> Vec<Vec<usize>> {
    let tokens: Vec<&[u8]> =
        (0..vocabulary.len() as u32).filter_map(|id| vocabulary.token(id)).collect();
    let mut paths: Vec<Vec<Vec<usize>>> = vec![vec![vec![0]]];
    for end in 1..=sequence.len() {
        let mut here: Vec<Vec<usize>> = tokens
            .iter()
            .filter(|token| sequence[..end].ends_with(token))
            .flat_map(|token| &paths[end - token.len()])
            .map(|path| [&path[..], &[end]].concat())
            .collect();
        let least = here.iter().map(Vec::len).min().unwrap();
        here.retain(|path| path.len() == least);
        paths.push(here);
    }
    paths.pop().unwrap()
}

/// How bases compare with their reverse complement, from the middle outwards.
fn compare(bases: &[u8]) -> Ordering {
    let reverse = reverse_complement(bases);
    (bases.len() / 2..bases.len())
        .map(|at| bases[at].cmp(&reverse[at]))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// The rule, plainly: between borders that all paths share after as many tokens, the path that is
/// greatest read from the right, or from the left.
fn oracle(vocabulary: &Vocabulary, sequence: &[u8]) -> Vec<usize> {
    let paths = shortest(vocabulary, sequence);
    let shared = |at: &usize| paths.iter().all(|path| path[*at] == paths[0][*at]);
    let levels: Vec<usize> = (0..paths[0].len()).filter(shared).collect();
    let mut borders = vec![0];
    for pair in levels.windows(2) {
        let (start, end) = (paths[0][pair[0]], paths[0][pair[1]]);
        let (left, right) = (start, sequence.len() - end);
        let flank = left.min(right).min(64);
        let order = compare(&sequence[start..end])
            .then(compare(&sequence[start - flank..end + flank]))
            .then(left.cmp(&right))
            .then(compare(sequence));
        let within = paths.iter().map(|path| &path[pair[0]..=pair[1]]);
        let lengths = |path: &[usize]| -> Vec<usize> {
            path.windows(2).map(|border| border[1] - border[0]).collect()
        };
        let chosen = match order {
            Ordering::Greater => within.max_by_key(|path| lengths(path)),
            _ => within.max_by_key(|path| {
                let mut lengths = lengths(path);
                lengths.reverse();
                lengths
            }),
        };
        borders.extend(&chosen.unwrap()[1..]);
    }
    borders
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_fewest_tokens_are_the_same_on_both_strands(
        sequence in prop_oneof![
            sequences(),
            "[ACGTacgtNn]{0,60}".prop_map(String::into_bytes),
            "[AT]{0,40}".prop_map(String::into_bytes),
            ("[ACGT]{1,5}", 1usize..12).prop_map(|(unit, n)| unit.repeat(n).into_bytes()),
            "[ACGTN]{0,30}".prop_map(|half| {
                [half.as_bytes(), &reverse_complement(half.as_bytes())].concat()
            }),
        ],
    ) {
        let reverse = reverse_complement(&sequence);
        for tokenizer in CLOSED.iter() {
            let encoded = tokenizer.encode_symmetric(&sequence).unwrap();
            prop_assert_eq!(encoded.strand, Strand::Forward);
            prop_assert_eq!(tokenizer.decode(&encoded).unwrap(), &sequence[..]);
            prop_assert!(encoded.ids.len() <= tokenizer.encode(&sequence).ids.len());
            let complement = |&id: &u32| vocabulary(tokenizer).complement_of(id).unwrap();
            let other = tokenizer.encode_symmetric(&reverse).unwrap();
            let mirrored: Vec<u32> = other.ids.iter().rev().map(complement).collect();
            let fold = |bases: &[u8]| match tokenizer.case() {
                Case::Masked => bases.to_ascii_uppercase(),
                Case::Plain => bases.to_vec(),
            };
            if fold(&sequence) != fold(&reverse) {
                prop_assert_eq!(&encoded.ids, &mirrored);
            }
        }
    }

    #[test]
    fn the_fewest_tokens_are_those_of_the_rule(
        sequence in prop_oneof![
            "[ACGTN]{0,24}", "[AT]{0,16}", ("[ACGT]{1,4}", 1usize..5).prop_map(|(unit, n)| unit.repeat(n)),
        ],
    ) {
        for tokenizer in CLOSED.iter() {
            let encoded = tokenizer.encode_symmetric(sequence.as_bytes()).unwrap();
            let ends = tokenizer.spans(&encoded).unwrap().into_iter().map(|span| span.end);
            let borders: Vec<usize> = [0].into_iter().chain(ends).collect();
            prop_assert_eq!(borders, oracle(vocabulary(tokenizer), sequence.as_bytes()));
        }
    }
}

#[test]
fn only_closed_vocabularies_have_such_encodings() {
    let mut counts = SegmentCounts::new("genome-1");
    counts.add_document(&Genome::masked(), b"ACGT").unwrap();
    let open = train(&counts, &TrainConfig::default()).unwrap();
    assert_eq!(GenomeTokenizer::bpe(open).unwrap().encode_symmetric(b"ACGT"), None);
    let kmers = GenomeTokenizer::kmers(Kmers::new(3, 3).unwrap(), Case::Masked);
    assert_eq!(kmers.encode_symmetric(b"ACGT"), None);
}
