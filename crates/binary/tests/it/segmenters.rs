//! Where the segmenters cut.

use std::num::NonZeroUsize;

use polytok_binary::{Binary, BinaryConfig, Blocks, Map};
use polytok_core::{SegmentCounts, Segmenter, Tokenizer, TrainConfig, segments, train};

use crate::{
    files,
    forge::{self, DATA, NULL, STRINGS, TEXT},
};

fn cuts(segmenter: &dyn Segmenter, file: &[u8]) -> Vec<usize> {
    segments(segmenter, file).iter().map(|(span, _)| span.end).collect()
}

fn binary(fill: usize, limit: usize) -> Binary {
    Binary::new(BinaryConfig { fill: NonZeroUsize::new(fill), limit: NonZeroUsize::new(limit) })
}

#[test]
fn the_id_names_what_differs_from_the_default() {
    assert_eq!(Binary::default().id(), "binary-1");
    assert_eq!(binary(32, 8192).id(), "binary-1");
    assert_eq!(binary(16, 8192).id(), "binary-1-fill-16");
    assert_eq!(binary(0, 8192).id(), "binary-1-fill-none");
    assert_eq!(binary(1, 8192).id(), "binary-1-fill-2");
    assert_eq!(binary(32, 4096).id(), "binary-1-limit-4096");
    assert_eq!(binary(0, 0).id(), "binary-1-fill-none-limit-none");
    assert_eq!(Blocks::default().id(), "blocks-8192");
    assert_eq!(Blocks::new(NonZeroUsize::MIN).id(), "blocks-1");
}

#[test]
fn an_empty_file_has_no_segment() {
    assert_eq!(cuts(&Binary::default(), b""), []);
    assert_eq!(cuts(&Blocks::default(), b""), []);
}

#[test]
fn fill_of_any_byte_is_a_segment_of_its_own() {
    let file = [&b"ab"[..], &[0; 31], b"c", &[0; 32], &[0xcc; 33], b"x"].concat();
    assert_eq!(cuts(&Binary::default(), &file), [34, 66, 99, 100]);
    assert_eq!(cuts(&binary(33, 0), &file), [66, 99, 100]);
    assert_eq!(cuts(&binary(0, 0), &file), [100]);
}

#[test]
fn the_limit_counts_from_the_region_and_cuts_fill_too() {
    let file = [&b"abcde"[..], &[0; 20], b"fghijk"].concat();
    assert_eq!(cuts(&binary(16, 8), &file), [5, 8, 16, 24, 25, 31]);
    assert_eq!(cuts(&binary(0, 8), &file), [8, 16, 24, 31]);
    assert_eq!(cuts(&binary(0, 1), b"abc"), [1, 2, 3]);
    let elf = forge::elf(true, false, &[NULL, TEXT, DATA, STRINGS]);
    // Within .text, from 0x100 to 0x140, the limit counts from 0x100.
    let cuts = cuts(&binary(0, 0x30), &elf);
    assert!(cuts.contains(&0x130) && cuts.contains(&0x140) && !cuts.contains(&0x120), "{cuts:x?}");
}

#[test]
fn fill_does_not_run_from_one_region_into_the_next() {
    // .text and the padding behind it are zeros from 0x100 to 0x150, .data from 0x150 to 0x180.
    let cuts = cuts(&Binary::default(), &forge::elf(true, false, &[NULL, TEXT, DATA, STRINGS]));
    assert!([0x100, 0x140, 0x150, 0x180].iter().all(|cut| cuts.contains(cut)), "{cuts:x?}");
}

#[test]
fn blocks_know_nothing_of_the_file() {
    let blocks = Blocks::new(NonZeroUsize::new(100).unwrap());
    assert_eq!(cuts(&blocks, &[0; 250]), [100, 200, 250]);
    assert_eq!(cuts(&blocks, &[0; 200]), [100, 200]);
    assert_eq!(cuts(&Blocks::default(), &forge::usual_elf()), [0x300]);
}

#[test]
fn what_is_encoded_is_decoded() {
    let documents = ["elf-x86_64/bzip2__bzip2recover", "pe-x86_64/setuptools__cli-64.exe"];
    let mut counts = SegmentCounts::new("binary-1");
    for path in documents {
        counts.add_document(&Binary::default(), &files::fixture(path)).unwrap();
    }
    let config = TrainConfig { vocabulary_size: 1024, ..TrainConfig::default() };
    let tokenizer = Tokenizer::new(train(&counts, &config).unwrap(), Binary::default()).unwrap();
    let every_byte: Vec<u8> = (0..=255).collect();
    let held_out = files::fixture("macho-x86_64/bufferutil__bufferutil.node");
    let cut = &held_out[..held_out.len() / 2];
    for file in [&held_out[..], cut, &every_byte, &forge::usual_elf(), b""] {
        let ids = tokenizer.encode(file);
        assert_eq!(tokenizer.decode(&ids).unwrap(), file);
        // Every token lies in one region, and a walk finds it.
        let map = Map::of(file);
        let spans = tokenizer.spans(&ids).unwrap();
        for (span, location) in spans.iter().zip(map.locate_all(spans.iter().copied())) {
            let region = location.unwrap().region.span;
            assert!(region.start <= span.start && span.end <= region.end);
        }
    }
}
