//! Encoding: short words, documents as one segment, and inputs without a place to rest.

use criterion::{Criterion, Throughput};
use polytok_core::{RunCounting, Tokenizer, TrainConfig, Whole};

use crate::inputs::{MEGABYTE, Words, fixtures, genome, learn, random_letters};

pub(crate) fn encoding(c: &mut Criterion) {
    let prose = fixtures(&["text/en"]);
    let executables = fixtures(&["binary/elf-x86_64"]);
    let one_letter = vec![b'a'; MEGABYTE];
    let config = TrainConfig { vocabulary_size: 8_192, ..TrainConfig::default() };
    let words = Tokenizer::new(learn(&Words, &prose, &config), Words).unwrap();
    let whole = Tokenizer::new(learn(&Whole, &prose, &config), Whole).unwrap();
    let code = Tokenizer::new(learn(&Whole, &executables, &config), Whole).unwrap();
    let runs = Tokenizer::new(learn(&Whole, &one_letter, &config), Whole).unwrap();
    let bases = genome();
    let sized = |vocabulary_size, document: &[u8]| {
        let config = TrainConfig {
            vocabulary_size,
            // Pairs that occur once fill what the fixtures leave open.
            min_count: 1,
            max_token_len: 32,
            runs: RunCounting::Disjoint,
            ..TrainConfig::default()
        };
        Tokenizer::new(learn(&Whole, document, &config), Whole).unwrap()
    };
    let code_4k = sized(4_096, &executables);
    let code_32k = sized(32_768, &executables);
    let code_64k = sized(65_536, &executables);
    let bases_4k = sized(4_096, &bases);
    let bases_32k = sized(32_768, &bases);
    let bases_64k = sized(65_536, &bases);
    let digits: Vec<u8> = random_letters().iter().map(|letter| b'0' + letter % 10).collect();
    let cases: [(&str, &Tokenizer, &[u8], usize); 14] = [
        ("prose, words", &words, &prose, 272_222),
        ("prose, one segment", &whole, &prose, 251_913),
        ("executables, one segment", &code, &executables, 54_278),
        ("random letters, one segment", &whole, &random_letters(), 794_182),
        ("one letter, one segment", &runs, &one_letter, 32),
        ("zeros, one segment", &code, &vec![0; MEGABYTE], 512),
        ("executables, 4,096 entries", &code_4k, &executables, 67_810),
        ("executables, 32,768 entries", &code_32k, &executables, 24_668),
        ("executables, 65,536 entries", &code_64k, &executables, 9_527),
        ("genome, 4,096 entries", &bases_4k, &bases, 46_180),
        ("genome, 32,768 entries", &bases_32k, &bases, 15_798),
        ("genome, 65,536 entries", &bases_64k, &bases, 11_334),
        ("digits, one segment", &whole, &digits, 698_741),
        ("spaces, one segment", &whole, &vec![b' '; MEGABYTE], 65_536),
    ];
    let mut group = c.benchmark_group("encode");
    group.sample_size(20);
    for (name, tokenizer, input, expected) in cases {
        assert_eq!(tokenizer.count(input), expected, "{name}");
        group.throughput(Throughput::Bytes(input.len() as u64));
        let mut ids = Vec::new();
        group.bench_function(name, |b| {
            b.iter(|| {
                ids.clear();
                tokenizer.encode_into(input, &mut ids);
                ids.len()
            });
        });
    }
    group.finish();
}
