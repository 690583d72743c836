//! Fewer tokens than text alone, on documents that training has not seen.

use std::{collections::HashSet, fs, path::PathBuf};

use polytok_core::{SegmentCounts, Segmenter, Tokenizer, TrainConfig, train};
use polytok_domain::{Financial, Legal};
use polytok_text::Text;

/// Tokens of `held` after training on `seen` with vocabularies of `size`.
fn tokens(
    segmenter: impl Segmenter + 'static,
    size: u32,
    seen: &[Vec<u8>],
    held: &[Vec<u8>],
) -> usize {
    let mut counts = SegmentCounts::new(segmenter.id());
    for document in seen {
        counts.add_document(&segmenter, document).unwrap();
    }
    let config = TrainConfig { vocabulary_size: size, ..TrainConfig::default() };
    let tokenizer = Tokenizer::new(train(&counts, &config).unwrap(), segmenter).unwrap();
    held.iter().map(|document| tokenizer.count(document)).sum()
}

/// Tokens of the domain in percent of those of text alone.
fn percent(of: impl Segmenter + 'static, size: u32, seen: &[Vec<u8>], held: &[Vec<u8>]) -> f64 {
    100.0 * tokens(of, size, seen, held) as f64 / tokens(Text, size, seen, held) as f64
}

/// The fixtures below a folder: those for training and those kept from it.
fn fixtures(folder: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures"));
    let list = fs::read_to_string(root.join("HELDOUT.txt")).unwrap();
    let kept: HashSet<PathBuf> = list.lines().map(|line| root.join(line)).collect();
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let (held, seen): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| kept.contains(file));
    let read =
        |files: Vec<PathBuf>| files.into_iter().map(|file| fs::read(file).unwrap()).collect();
    (read(seen), read(held))
}

#[test]
fn units_save_tokens_on_fixtures() {
    let (seen, held) = fixtures("legal");
    let legal = percent(Legal, 8_192, &seen, &held);
    let (seen, held) = fixtures("financial");
    let financial = percent(Financial, 8_192, &seen, &held);
    // Many of the legal fixtures are licenses and Chinese statutes, without a citation in them, and
    // many of the financial ones are speeches and tables in markup.
    assert!(legal < 99.0 && financial < 99.3, "{legal} {financial}");
}

/// The documents of a bundle, every tenth kept from training.
fn bundle(name: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let path = format!("{}/../../../shared/corpora/{name}.txt.zst", env!("CARGO_MANIFEST_DIR"));
    let text = zstd::decode_all(fs::File::open(path).unwrap()).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (mut seen, mut held) = (Vec::new(), Vec::new());
    for (at, document) in text.split("\n\u{c}\n").enumerate() {
        if at % 10 == 9 { &mut held } else { &mut seen }.push(document.as_bytes().to_vec());
    }
    (seen, held)
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn units_save_tokens_on_shared_corpora() {
    let (seen, held) = bundle("legal/us-court-dockets");
    let legal = percent(Legal, 16_384, &seen, &held);
    let (seen, held) = bundle("financial/sec-10q");
    let financial = percent(Financial, 16_384, &seen, &held);
    assert!(legal < 93.0 && financial < 94.0, "{legal} {financial}");
}
