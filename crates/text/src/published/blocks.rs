//! Cutting by blocks gives what the scanner of single pieces gives, wherever blocks end.

use std::fmt::Debug;

use proptest::{prelude::*, sample::select};

use super::{
    Gpt2, O200k,
    cl100k::{CL100K, LLAMA3, QWEN2},
};
use crate::{
    Text,
    window::{Split, ends_in_each_way},
};

/// Symbols of every class and every letter that a rule names, and bytes that are no text.
const PARTS: [&[u8]; 63] = [
    b"A",
    b"S",
    b"V",
    "\u{1c5}".as_bytes(),
    "Ж".as_bytes(),
    b"a",
    b"s",
    b"t",
    b"l",
    b"v",
    b"e",
    b"r",
    b"D",
    "\u{17f}".as_bytes(),
    "ß".as_bytes(),
    "ж".as_bytes(),
    "ʰ".as_bytes(),
    "中".as_bytes(),
    "한".as_bytes(),
    "ไ".as_bytes(),
    "\u{301}".as_bytes(),
    "\u{903}".as_bytes(),
    b"1",
    b"7",
    "٣".as_bytes(),
    "²".as_bytes(),
    "Ⅷ".as_bytes(),
    b" ",
    b"\t",
    "\u{a0}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{85}".as_bytes(),
    b"\n",
    b"\r",
    b"\r\n",
    b"!",
    b".",
    "…".as_bytes(),
    "。".as_bytes(),
    "」".as_bytes(),
    b")",
    b"\x0b",
    b"'",
    b"'s",
    b"'LL",
    b"'vE",
    "’".as_bytes(),
    "'\u{17f}".as_bytes(),
    b"/",
    b"_",
    "ⓐ".as_bytes(),
    "😀".as_bytes(),
    "\u{200d}".as_bytes(),
    b"\0",
    "\u{378}".as_bytes(),
    b"\x80",
    b"\xc3",
    b"\xd0",
    b"\xe4\xb8",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98",
    b"\xf4\x90",
    b"\xff",
];

/// One of what the rules tell apart; all triples of them are tried.
const KINDS: [&[u8]; 19] = [
    b"A",
    b"a",
    b"s",
    "中".as_bytes(),
    "\u{301}".as_bytes(),
    b"1",
    "²".as_bytes(),
    b" ",
    b"\t",
    "\u{a0}".as_bytes(),
    "\u{3000}".as_bytes(),
    b"\n",
    b"\r",
    b"!",
    b"'",
    b"/",
    "😀".as_bytes(),
    b"\xff",
    b"\xe4\xb8",
];

/// What stands around the places looked at: words, one run, and runs of white space.
const AROUND: [&str; 4] = ["ab Cd, ", "a", " ", "\n"];

/// What text is mostly made of.
const PLAIN: [&[u8]; 8] = [b"a", b"word", b" ", b" the", b"\n", b"  ", b"12345", b"!"];

fn check<S: Split + Debug>(split: S, input: &[u8]) {
    let mut expected = Vec::new();
    let mut at = 0;
    while at < input.len() {
        at = split.scan(input, at, &mut |end| expected.push(end));
    }
    for found in ends_in_each_way(split, input) {
        assert_eq!(found, expected, "{split:?}: {:?}", bstr::BStr::new(input));
    }
}

/// Cuts a text that ends where its allocation does, by every split.
///
/// A slice of exactly its own size is as near as safe code gets to the end of a page; blocks are
/// read through references to 64 bytes of the input or of a copy, so no more can be read.
fn check_all(input: &[u8]) {
    let input: Box<[u8]> = input.into();
    check(Gpt2, &input);
    check(CL100K, &input);
    check(LLAMA3, &input);
    check(QWEN2, &input);
    check(O200k, &input);
    check(Text, &input);
}

/// `len` bytes of a pattern.
fn filled(pattern: &str, len: usize) -> Vec<u8> {
    pattern.bytes().cycle().take(len).collect()
}

/// Parts in the middle of text, beginning at each place around the end of the first block.
fn at_the_border(parts: &[&[u8]], around: &str) {
    let middle = parts.concat();
    for at in 61..68 {
        let text = [&filled(around, at)[..], &middle, &filled(around, 70)].concat();
        check_all(&text);
        check_all(&text[..at + middle.len()]);
    }
}

#[test]
fn all_pairs_at_the_end_of_a_block() {
    for first in PARTS {
        for second in PARTS {
            AROUND.iter().for_each(|around| at_the_border(&[first, second], around));
        }
    }
}

#[test]
fn all_triples_at_the_end_of_a_block() {
    for first in KINDS {
        for second in KINDS {
            KINDS.iter().for_each(|third| at_the_border(&[first, second, third], AROUND[0]));
        }
    }
}

/// Runs of every symbol across one block end and several.
#[test]
fn runs_across_blocks() {
    for part in PARTS {
        for len in [60, 63, 64, 65, 127, 128, 129, 200] {
            let run = part.repeat(len / part.len() + 1);
            check_all(&run);
            check_all(&run[..len]);
            for around in AROUND {
                check_all(&[&filled(around, 30)[..], &run, &filled(around, 9)].concat());
            }
        }
    }
}

fn parts(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        3 => (select(&PARTS[..]), Just(1)),
        1 => (select(&PARTS[..]), 1usize..9),
        2 => (select(&PLAIN[..]), Just(1)),
    ];
    prop::collection::vec(part, 0..most)
        .prop_map(|parts| parts.into_iter().flat_map(|(part, n)| part.repeat(n)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn texts_of_many_blocks(text in parts(150)) {
        check_all(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_all(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Wherever blocks begin in it, a text is cut alike: between a letter and a digit every split
    /// cuts, so what stands in front of the digit makes no difference.
    #[test]
    fn every_place_of_a_block(text in parts(60)) {
        let text = [b"1", &text[..]].concat();
        let [whole, ..] = &ends_in_each_way(O200k, &text)[..] else { panic!("there is one way") };
        for front in 1..=64 {
            let moved = [&filled("x", front), &text[..]].concat();
            check_all(&moved);
            let expected: Vec<usize> =
                [front].into_iter().chain(whole.iter().map(|end| end.at() + front)).collect();
            for found in ends_in_each_way(O200k, &moved) {
                let found: Vec<usize> = found.iter().map(|end| end.at()).collect();
                prop_assert_eq!(&found, &expected);
            }
        }
    }

    /// Inputs that end at every place of the first blocks, within symbols too.
    #[test]
    fn every_length(text in parts(120)) {
        for len in 0..=text.len() {
            check_all(&text[..len]);
        }
    }
}
