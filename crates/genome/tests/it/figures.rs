//! The figures by which a vocabulary of 4,096 entries is judged.

use std::{collections::HashSet, fs};

use polytok_core::{SegmentCounts, Segmenter, TrainConfig, train};
use polytok_genome::{Case, CaseMask, Genome, GenomeTokenizer, Kmers, Reader};

use crate::fixture;

/// Fixtures of DNA, by whether evaluation keeps them from training.
fn sequences(held_out: bool) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let list = fs::read_to_string(format!("{folder}/HELDOUT.txt")).unwrap();
    let list: HashSet<&str> = list.lines().collect();
    let mut files: Vec<String> = fs::read_dir(format!("{folder}/genome"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|file| [".fa", ".fna", ".fasta", ".fa.gz"].iter().any(|end| file.ends_with(end)))
        .filter(|file| !file.starts_with("proteins") && !file.starts_with("alignment"))
        .filter(|file| list.contains(format!("genome/{file}").as_str()) == held_out)
        .collect();
    files.sort();
    let text: Vec<Vec<u8>> = files.iter().map(|file| fixture(file)).collect();
    text.iter()
        .flat_map(|text| Reader::new(&text[..]).unwrap())
        .map(|record| record.unwrap().sequence)
        .collect()
}

fn learn() -> GenomeTokenizer {
    let genome = Genome::masked();
    let mut counts = SegmentCounts::new(genome.id());
    for mut sequence in sequences(false) {
        CaseMask::fold(&mut sequence);
        counts.add_document(&genome, &sequence).unwrap();
    }
    let config = TrainConfig {
        vocabulary_size: genome.vocabulary_size(4096),
        initial_merges: genome.initial_merges(),
        ..TrainConfig::default()
    };
    GenomeTokenizer::bpe(train(&counts, &config).unwrap()).unwrap()
}

/// Share of the token boundaries of random sequences of 1,000 bases that stay when the first base
/// is taken away.
fn boundaries_kept(tokenizer: &GenomeTokenizer) -> f64 {
    let mut state = 1u64;
    let mut base = || {
        // Knuth, The Art of Computer Programming, volume 2, section 3.3.4, table 1, line 26.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b"ACGT"[(state >> 62) as usize]
    };
    let (mut kept, mut all) = (0, 0);
    for _ in 0..100 {
        let sequence: Vec<u8> = (0..1000).map(|_| base()).collect();
        let ends = |from: usize| -> HashSet<usize> {
            let encoding = tokenizer.encode(&sequence[from..]);
            let spans = tokenizer.spans(&encoding).unwrap();
            spans.iter().map(|span| span.end + from).filter(|&end| end < 1000).collect()
        };
        let before = ends(0);
        kept += before.intersection(&ends(1)).count();
        all += before.len();
    }
    kept as f64 / all as f64
}

#[test]
fn a_vocabulary_of_4096_is_as_good_as_others_of_its_size() {
    let tokenizer = learn();
    let (mut bases, mut tokens) = (0, 0);
    for sequence in sequences(true) {
        bases += sequence.len();
        tokens += tokenizer.encode(&sequence).ids.len();
    }
    let bases_per_token = bases as f64 / tokens as f64;
    // The published tokenizer of DNABERT-2 has 4.7 on random bases and 4.8 on GUE.
    assert!((4.6..5.3).contains(&bases_per_token), "{bases_per_token}");

    // It keeps 0.997 of the boundaries of random sequences.
    let kept = boundaries_kept(&tokenizer);
    assert!(kept > 0.99, "{kept}");
    let words = GenomeTokenizer::kmers(Kmers::side_by_side(6).unwrap(), Case::Masked);
    let kept = boundaries_kept(&words);
    // All that stay are those of the single bases at the end.
    assert!(kept < 0.03, "{kept}");
}
