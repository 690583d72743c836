//! Where the segmenters cut.

use std::num::NonZeroUsize;

use polytok_binary::{Binary, BinaryConfig, Blocks};
use polytok_core::{Segmenter, segments};

use crate::forge::{self, DATA, NULL, STRINGS, TEXT};

fn cuts(segmenter: &dyn Segmenter, file: &[u8]) -> Vec<usize> {
    segments(segmenter, file).iter().map(|(span, _)| span.end).collect()
}

fn binary(fill: usize, limit: usize) -> Binary {
    Binary::new(BinaryConfig { fill: NonZeroUsize::new(fill), limit: NonZeroUsize::new(limit) })
}

#[test]
fn the_id_names_what_differs_from_the_default() {
    assert_eq!(Binary::default().id(), "binary-1");
    assert_eq!(binary(16, 1 << 16).id(), "binary-1");
    assert_eq!(binary(32, 1 << 16).id(), "binary-1-fill-32");
    assert_eq!(binary(0, 1 << 16).id(), "binary-1-fill-none");
    assert_eq!(binary(1, 1 << 16).id(), "binary-1-fill-2");
    assert_eq!(binary(16, 8192).id(), "binary-1-limit-8192");
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
    let file = [&b"ab"[..], &[0; 15], b"c", &[0; 16], &[0xcc; 17], b"x"].concat();
    assert_eq!(cuts(&Binary::default(), &file), [18, 34, 51, 52]);
    assert_eq!(cuts(&binary(17, 0), &file), [34, 51, 52]);
    assert_eq!(cuts(&binary(0, 0), &file), [52]);
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
