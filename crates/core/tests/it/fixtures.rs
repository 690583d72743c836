//! The encoders beside `encode` on executables and genomes, as one segment.

use std::{fs, path::Path};

use polytok_core::{
    Appender, Document, IntervalCounter, SegmentCounts, Tokenizer, TrainConfig, Whole, train,
};

fn fixture(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)).unwrap()
}

const FILES: [&str; 3] = [
    "binary/elf-x86_64/libexpat1__libexpat.so.1.8.10",
    "genome/bacteria-mycoplasma-genitalium.fa",
    "text/en/alice29.txt",
];

/// Texts with vocabularies that were trained on the beginnings of them.
fn samples() -> Vec<(Tokenizer, Vec<u8>)> {
    let texts = FILES.map(|path| {
        let text = fixture(path);
        text[..text.len().min(400_000)].to_vec()
    });
    texts
        .into_iter()
        .map(|text| {
            let mut counts = SegmentCounts::new("whole-1");
            counts.add_document(&Whole, &text[..text.len() / 2]).unwrap();
            let config = TrainConfig { vocabulary_size: 1500, ..TrainConfig::default() };
            (Tokenizer::new(train(&counts, &config).unwrap(), Whole).unwrap(), text)
        })
        .collect()
}

#[test]
fn real_files_are_encoded_alike_by_all() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for (tokenizer, mut text) in samples() {
        let mut ids = tokenizer.encode(&text);
        assert!(pool.install(|| tokenizer.encode_parallel(&text)) == ids);

        let mut appender = Appender::new(&tokenizer);
        for part in text.chunks(1009) {
            appender.push(part);
            appender.count();
        }
        assert!(appender.ids() == ids);
        appender.truncate(text.len() / 3);
        assert_eq!(appender.count(), tokenizer.count(&text[..text.len() / 3]));

        let counter = IntervalCounter::new(&tokenizer, &text);
        for start in (0..text.len()).step_by(text.len() / 40) {
            for len in [1, 30, 3000] {
                let range = start..(start + len).min(text.len());
                assert_eq!(counter.count(range.clone()), Some(tokenizer.count(&text[range])));
            }
        }

        for most in [0, 1, 300, 3_000, ids.len()] {
            let (expected, bytes) = tokenizer.truncate(&text, most);
            let found = tokenizer.truncate_len(&text, most, false);
            assert_eq!((found.tokens, found.bytes), (expected.len(), bytes));
        }

        let mut document = Document::new(&tokenizer, &text);
        for at in (0..text.len() - 100).step_by(text.len() / 30) {
            let bytes = text[at / 2..at / 2 + at % 50].to_vec();
            let edit = document.replace(at..at + 20, &bytes).unwrap();
            text.splice(at..at + 20, bytes);
            assert!(edit.ids.len() < 1000);
            ids.splice(edit.replaced, edit.ids);
        }
        assert!(document.ids().eq(ids.iter().copied()));
        assert!(ids == tokenizer.encode(&text));
    }
}
