//! `generate`: the class tables of `polytok-text`.
//!
//! The classes come from `regex-syntax`, whose tables are those of the regex engines that published
//! tokenizers run on, so that a hand-written scanner and a published pattern can only differ in
//! logic, never in the version of Unicode.

use std::fmt::Write as _;

use regex_syntax::hir::{Class, HirKind};

use crate::{failure::Outcome, files};

/// Write the character classes of the text crate anew.
#[derive(clap::Args, Debug)]
pub(crate) struct Generate {}

impl Generate {
    pub(crate) fn run(self) -> Outcome {
        files::write(&files::workspace().join(TABLES), tables().as_bytes())
    }
}

/// Where the tables are committed, relative to the root of the repository.
const TABLES: &str = "crates/text/src/tables.rs";

/// Scalars a block; also in `crates/text/src/class.rs`.
const BLOCK: usize = 128;

const SCALARS: usize = 0x11_0000;

/// The classes in the order of `polytok_text`'s `Class`, each with the pattern of its scalars.
///
/// They are disjoint; what none of them holds is class 0. `\w` cuts through several categories and
/// is therefore a class boundary of its own.
const CLASSES: &[(&str, &str)] = &[
    ("upper or title case letter", r"[\p{Lu}\p{Lt}]"),
    ("lower case letter", r"\p{Ll}"),
    ("letter without case, modifier letter", r"[\p{Lm}\p{Lo}]"),
    ("mark", r"\p{M}"),
    ("number in \\w", r"[\p{N}&&\w]"),
    ("number not in \\w", r"[\p{N}&&\W]"),
    ("carriage return, line feed", r"[\r\n]"),
    ("other white space", r"[\s&&[^\r\n]]"),
    ("punctuation or symbol not in \\w", r"[[\p{P}\p{S}]&&\W]"),
    ("punctuation or symbol in \\w", r"[[\p{P}\p{S}]&&\w]"),
    ("anything else in \\w", r"[\w&&[^\p{L}\p{M}\p{N}\p{P}\p{S}]]"),
];

/// The source text of the tables: one byte class for every scalar value, in two stages.
///
/// # Panics
///
/// If `regex-syntax` no longer accepts the patterns of the classes, or they overlap.
fn tables() -> String {
    let classes = classes();
    let mut blocks: Vec<&[u8]> = Vec::new();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for block in classes.chunks(BLOCK) {
        let id = blocks.iter().position(|&known| known == block).unwrap_or_else(|| {
            blocks.push(block);
            blocks.len() - 1
        });
        match runs.last_mut() {
            Some((count, last)) if *last == id => *count += 1,
            _ => runs.push((1, id)),
        }
    }

    let mut text = String::from(
        "//! One class for every Unicode scalar value. Written by `cargo xtask generate`; do not \
         edit.\n//!\n//! A digit of a block is the class of one scalar:\n//!\n//! - `0`: none of \
         the following\n",
    );
    for (index, (name, pattern)) in CLASSES.iter().enumerate() {
        writeln!(text, "//! - `{:x}`: {name}, `{pattern}`", index + 1).expect("a string grows");
    }
    text.push_str("\n/// Runs of equal blocks: how many, and which.\n#[rustfmt::skip]\n");
    writeln!(text, "pub(crate) const RUNS: [(u16, u8); {}] = [", runs.len())
        .expect("a string grows");
    for line in runs.chunks(8) {
        let row: Vec<String> = line.iter().map(|(n, id)| format!("({n}, {id}),")).collect();
        writeln!(text, "    {}", row.join(" ")).expect("a string grows");
    }
    text.push_str(
        "];\n\n/// The distinct blocks, in order of first occurrence.\n#[rustfmt::skip]\n",
    );
    writeln!(text, "pub(crate) const BLOCKS: [&[u8; {BLOCK}]; {}] = [", blocks.len())
        .expect("a string grows");
    for block in &blocks {
        let digits: String = block.iter().map(|class| format!("{class:x}")).collect();
        writeln!(text, "    b\"{digits}\",").expect("a string grows");
    }
    text.push_str("];\n");
    assert!(blocks.len() <= 256, "the number of a block fits a byte");
    text
}

/// The class of every scalar value; surrogates have class 0.
fn classes() -> Vec<u8> {
    let mut classes = vec![0; SCALARS];
    for (index, (_, pattern)) in CLASSES.iter().enumerate() {
        let hir = regex_syntax::parse(pattern).expect("the patterns are constants");
        let HirKind::Class(Class::Unicode(set)) = hir.kind() else {
            panic!("{pattern} is not a class of scalars")
        };
        for range in set.ranges() {
            for scalar in u32::from(range.start())..=u32::from(range.end()) {
                // A range that spans the surrogates does not mean them.
                if let Some(scalar) = char::from_u32(scalar) {
                    let class = &mut classes[scalar as usize];
                    assert_eq!(*class, 0, "{pattern} overlaps another class at {scalar:?}");
                    *class = u8::try_from(index + 1).expect("there are a dozen classes");
                }
            }
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_tables_are_those_of_regex_syntax() {
        let committed = include_str!("../../crates/text/src/tables.rs");
        assert!(
            committed == super::tables(),
            "{} is out of date: run `cargo xtask generate`",
            super::TABLES
        );
    }
}
