//! Encoding: short words, documents as one segment, and inputs without a place to rest.

use criterion::{Criterion, Throughput};
use polytok_core::{Tokenizer, TrainConfig, Whole};

use crate::inputs::{MEGABYTE, Words, fixtures, learn, random_letters};

pub(crate) fn encoding(c: &mut Criterion) {
    let prose = fixtures(&["text/en"]);
    let executables = fixtures(&["binary/elf-x86_64"]);
    let one_letter = vec![b'a'; MEGABYTE];
    let config = TrainConfig { vocabulary_size: 8_192, ..TrainConfig::default() };
    let words = Tokenizer::new(learn(&Words, &prose, &config), Words).unwrap();
    let whole = Tokenizer::new(learn(&Whole, &prose, &config), Whole).unwrap();
    let code = Tokenizer::new(learn(&Whole, &executables, &config), Whole).unwrap();
    let runs = Tokenizer::new(learn(&Whole, &one_letter, &config), Whole).unwrap();
    let cases: [(&str, &Tokenizer, &[u8], usize); 6] = [
        ("prose, words", &words, &prose, 272_222),
        ("prose, one segment", &whole, &prose, 251_913),
        ("executables, one segment", &code, &executables, 54_278),
        ("random letters, one segment", &whole, &random_letters(), 794_182),
        ("one letter, one segment", &runs, &one_letter, 32),
        ("zeros, one segment", &code, &vec![0; MEGABYTE], 512),
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
