use polytok_core::{SegmentCounts, Segmenter, Span, TrainConfig, Vocabulary, train};
use polytok_genome::{
    Case, CaseMask, Genome, GenomeDecodeError, GenomeEncoding, GenomeTokenizer, Interval, Kmers,
    MaskError, Reader, Strand, reverse_complement,
};
use proptest::prelude::*;

use crate::{fixture, masks::sequences};

/// Files with every kind of symbol: soft masks, runs of N, ambiguity codes with gaps, reads, proteins.
const FILES: [&str; 9] = [
    "alignment-brca1_iupac_gaps.fasta",
    "bacteria-contigs-abacas.fa",
    "chimp-panTro5-part_softmasked_N.fa",
    "chimp-panTro6-part_softmasked.fa",
    "human-mitochondrion_rCRS.fa",
    "plant-chloroplast_NC_000932.faa",
    "reads-454_lowercase.fastq",
    "reads-lambda.fq",
    "whale-balAcu1-part_softmasked.fa",
];

fn sequences_of(file: &str) -> Vec<Vec<u8>> {
    Reader::new(&fixture(file)[..]).unwrap().map(|record| record.unwrap().sequence).collect()
}

/// Learns so many entries from the files above.
fn learn(genome: &Genome, learned_entries: u32) -> Vocabulary {
    let mut counts = SegmentCounts::new(genome.id());
    for mut sequence in FILES.iter().flat_map(|file| sequences_of(file)) {
        if genome.case() == Case::Masked {
            CaseMask::fold(&mut sequence);
        }
        counts.add_document(genome, &sequence).unwrap();
    }
    let config = TrainConfig {
        vocabulary_size: genome.vocabulary_size(learned_entries),
        initial_merges: genome.initial_merges(),
        ..TrainConfig::default()
    };
    train(&counts, &config).unwrap()
}

fn all_settings() -> Vec<GenomeTokenizer> {
    let mut tokenizers = vec![
        GenomeTokenizer::bpe(learn(&Genome::masked(), 200)).unwrap(),
        GenomeTokenizer::bpe(learn(&Genome::plain(), 200)).unwrap(),
        GenomeTokenizer::bpe(learn(&Genome::masked().with_limit(100), 50)).unwrap(),
    ];
    for case in [Case::Masked, Case::Plain] {
        for (k, stride) in [(1, 1), (6, 6), (6, 1), (4, 3)] {
            tokenizers.push(GenomeTokenizer::kmers(Kmers::new(k, stride).unwrap(), case));
        }
    }
    let canonical: Vec<_> =
        tokenizers.iter().map(|tokenizer| tokenizer.clone().with_canonical_strand()).collect();
    tokenizers.extend(canonical);
    tokenizers
}

#[test]
fn only_bases_are_learned() {
    for genome in [Genome::masked(), Genome::plain()] {
        let vocabulary = learn(&genome, 300);
        assert_eq!(vocabulary.len() as u32, genome.vocabulary_size(300));
        assert_eq!(genome.learned_entries(&vocabulary), 300);
        let initial = genome.initial_merges().len() as u32;
        for id in 256 + initial..vocabulary.len() as u32 {
            let token = vocabulary.token(id).unwrap();
            let of_one_case = token.iter().all(|base| b"ACGT".contains(base))
                || genome.case() == Case::Plain && token.iter().all(|base| b"acgt".contains(base));
            assert!(of_one_case, "{}", token.escape_ascii());
        }
    }
}

#[test]
fn escapes_do_not_change_what_is_learned() {
    let learn = |documents: &[&[u8]]| {
        let genome = Genome::masked();
        let mut counts = SegmentCounts::new(genome.id());
        for document in documents {
            counts.add_document(&genome, document).unwrap();
        }
        let config = TrainConfig {
            vocabulary_size: genome.vocabulary_size(12),
            initial_merges: genome.initial_merges(),
            ..TrainConfig::default()
        };
        train(&counts, &config).unwrap().merges().to_vec()
    };
    let bases: [&[u8]; 2] = [b"GATTACAGATTACA", b"CATTAGACATTAGA"];
    let long = [&b"N".repeat(100_000)[..], b"RYRYRYRYRY----------MMMMMM"].concat();
    let mixed: [&[u8]; 4] = [b"GATTACAGATTACANNNNNNNNN", &long, b"CATTAGACATTAGA", &long];
    assert_eq!(learn(&bases), learn(&mixed));
}

#[test]
fn all_settings_restore_all_fixtures() {
    let contents: Vec<Vec<u8>> = FILES.iter().flat_map(|file| sequences_of(file)).collect();
    for tokenizer in all_settings() {
        for sequence in &contents {
            let encoding = tokenizer.encode(sequence);
            assert_eq!(&tokenizer.decode(&encoding).unwrap(), sequence);
            let mask = match tokenizer.case() {
                Case::Masked => CaseMask::of(sequence),
                Case::Plain => CaseMask::default(),
            };
            assert_eq!(encoding.mask, mask);
            if !tokenizer.is_canonical() {
                assert_eq!(encoding.strand, Strand::Forward);
            }
        }
    }
}

#[test]
fn the_mask_and_the_strand_are_beside_the_ids() {
    let tokenizer = GenomeTokenizer::kmers(Kmers::side_by_side(3).unwrap(), Case::Masked)
        .with_canonical_strand();
    let encoding = tokenizer.encode(b"TTGgc");
    assert_eq!(encoding.strand, Strand::Reverse);
    assert_eq!(encoding.mask.ranges(), [Span::new(3, 5)]);
    // GCCAA on the other strand.
    assert_eq!(tokenizer.token(encoding.ids[0]).unwrap(), b"GCC");
    let spans = tokenizer.spans(&encoding).unwrap();
    assert_eq!(spans, [Span::new(2, 5), Span::new(1, 2), Span::new(0, 1)]);
    let intervals = tokenizer.intervals(b"chr1", &encoding).unwrap();
    let first = Interval {
        contig: b"chr1",
        span: Span::new(2, 5),
        strand: Strand::Reverse,
        id: encoding.ids[0],
    };
    assert_eq!(intervals[0], first);
    assert_eq!(tokenizer.decode(&encoding).unwrap(), b"TTGgc");
}

#[test]
fn encodings_that_stand_for_nothing_are_refused() {
    let kmers = GenomeTokenizer::kmers(Kmers::single(), Case::Masked);
    let mut encoding = kmers.encode(b"ACgt");
    encoding.ids.pop();
    let mask = GenomeDecodeError::Mask(MaskError { range: Span::new(2, 4) });
    assert_eq!(kmers.decode(&encoding), Err(mask));
    encoding.ids.push(kmers.id_bound() as u32);
    assert!(matches!(kmers.decode(&encoding), Err(GenomeDecodeError::Kmer(_))));

    let bpe = GenomeTokenizer::bpe(learn(&Genome::masked(), 10)).unwrap();
    let unknown = GenomeEncoding { ids: vec![bpe.id_bound() as u32], ..GenomeEncoding::default() };
    assert!(matches!(bpe.decode(&unknown), Err(GenomeDecodeError::Token(_))));
    assert!(matches!(bpe.spans(&unknown), Err(GenomeDecodeError::Token(_))));
    assert_eq!(bpe.token(bpe.id_bound() as u32), None);
}

#[test]
fn a_vocabulary_of_another_segmenter_is_refused() {
    let mut counts = SegmentCounts::new("whole-1");
    counts.add_document(&polytok_core::Whole, b"ACGT").unwrap();
    let vocabulary = train(&counts, &TrainConfig::default()).unwrap();
    let error = GenomeTokenizer::bpe(vocabulary).unwrap_err();
    assert!(error.to_string().contains("whole-1"), "{error}");
}

#[test]
fn a_vocabulary_keeps_its_rule_in_a_file() {
    let genome = Genome::plain().with_limit(100);
    let file = learn(&genome, 20).to_bytes().unwrap();
    let tokenizer = GenomeTokenizer::bpe(Vocabulary::from_bytes(&file).unwrap()).unwrap();
    assert_eq!(tokenizer.case(), Case::Plain);
    assert_eq!(tokenizer.tokenizer().unwrap().segmenter().id(), "genome-plain-1/limit=100");
}

#[test]
fn tokenizers_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<GenomeTokenizer>();
    shared::<GenomeEncoding>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_settings_restore_any_bytes(batch in prop::collection::vec(sequences(), 8)) {
        for tokenizer in all_settings_once() {
            for sequence in &batch {
                let encoding = tokenizer.encode(sequence);
                prop_assert_eq!(&tokenizer.decode(&encoding).unwrap(), sequence);
                prop_assert!(encoding.ids.iter().all(|&id| (id as usize) < tokenizer.id_bound()));
                prop_assert!(tokenizer.case() == Case::Masked || encoding.mask.is_empty());
            }
        }
    }

    #[test]
    fn ids_do_not_depend_on_the_strand(batch in prop::collection::vec(sequences(), 8)) {
        for tokenizer in all_settings_once().iter().filter(|tokenizer| tokenizer.is_canonical()) {
            for sequence in &batch {
                let reverse = reverse_complement(sequence);
                let (here, there) = (tokenizer.encode(sequence), tokenizer.encode(&reverse));
                prop_assert_eq!(&here.ids, &there.ids);
                // The strand differs but for palindromes: of letters where case is folded.
                let folded = |sequence: &[u8]| match tokenizer.case() {
                    Case::Masked => sequence.to_ascii_uppercase(),
                    Case::Plain => sequence.to_vec(),
                };
                prop_assert_eq!(here.strand == there.strand, folded(sequence) == folded(&reverse));
            }
        }
    }

    /// The bases under a token's range, read on its strand, are those that the token spells.
    #[test]
    fn spans_lie_where_tokens_are_spelled(batch in prop::collection::vec(sequences(), 8)) {
        for tokenizer in all_settings_once() {
            for sequence in &batch {
                let encoding = tokenizer.encode(sequence);
                let intervals = tokenizer.intervals(b"contig", &encoding).unwrap();
                prop_assert_eq!(intervals.len(), encoding.ids.len());
                for Interval { span, strand, id, .. } in intervals {
                    let under = match tokenizer.case() {
                        Case::Masked => span.of(sequence).to_ascii_uppercase(),
                        Case::Plain => span.of(sequence).to_vec(),
                    };
                    let token = tokenizer.token(id).unwrap();
                    prop_assert_eq!(&*strand.of(&under), &token[..]);
                }
            }
        }
    }
}

/// The settings above, learned once for all cases.
pub(crate) fn all_settings_once() -> &'static [GenomeTokenizer] {
    static SETTINGS: std::sync::LazyLock<Vec<GenomeTokenizer>> =
        std::sync::LazyLock::new(all_settings);
    &SETTINGS
}
