//! Ids of the public vocabularies beside tiktoken: every entry, every scalar value, cold and warm.

use std::{collections::HashMap, fs, path::Path};

use polytok_core::{Segmenter, segments};
use polytok_text::{
    Cl100k, Gpt2, O200k,
    import::{Imported, Scheme, specials},
};
use rayon::prelude::*;
use tiktoken_rs::CoreBPE;

use crate::symbols::in_context;

struct Vocabulary {
    name: &'static str,
    split: &'static (dyn Segmenter + Sync),
    ours: Imported,
    theirs: &'static CoreBPE,
}

fn vocabularies() -> [Vocabulary; 3] {
    let load = |name, scheme, specials, split, theirs| {
        let path = format!("../../../shared/corpora/reference/openai/{name}_base.tiktoken.zst");
        let file = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let file = zstd::decode_all(&file[..]).unwrap();
        let ours = Imported::from_tiktoken(&file, scheme, specials).unwrap();
        Vocabulary { name, split, ours, theirs }
    };
    let theirs = [
        tiktoken_rs::r50k_base_singleton(),
        tiktoken_rs::cl100k_base_singleton(),
        tiktoken_rs::o200k_base_singleton(),
    ];
    [
        load("r50k", Scheme::Gpt2, specials::R50K, &Gpt2, theirs[0]),
        load("cl100k", Scheme::Cl100k, specials::CL100K, &Cl100k, theirs[1]),
        load("o200k", Scheme::O200k, specials::O200K, &O200k, theirs[2]),
    ]
}

/// Twenty places for an entry: by itself, and within and beside letters of either case, numbers,
/// white space, punctuation, contractions, other scripts and itself.
fn contexts(entry: &[u8]) -> [Vec<u8>; 20] {
    let around = |front: &str, behind: &str| [front.as_bytes(), entry, behind.as_bytes()].concat();
    [
        around("", ""),
        around(" ", ""),
        around("", " "),
        around("a", ""),
        around("", "e"),
        around("The", "ing "),
        around("X", "Y"),
        around("7", "8"),
        around("\n", "\n"),
        around("  ", "  x"),
        around("!", "?"),
        around("'", "'s"),
        around("\r\n\t", "/"),
        around("ж", "é"),
        around("中", "文"),
        around("\u{301}", "\u{a0}"),
        around("😀", "。"),
        around("lorem ipsum dolor sit ", " amet, consectetur adipiscing elit, sed do eiusmod"),
        entry.repeat(2),
        entry.repeat(5),
    ]
}

impl Vocabulary {
    fn check(&self, text: &str) {
        let expected = self.theirs.encode_ordinary(text);
        // Once as it is found, and once as it is kept.
        for _ in 0..2 {
            let found = self.ours.encode(text.as_bytes());
            assert_eq!(found, expected, "{}: {text:?}", self.name);
        }
    }

    /// The rule of ranks for bytes that tiktoken does not take.
    fn by_ranks(&self, ranks: &HashMap<&[u8], u32>, input: &[u8]) -> Vec<u32> {
        let mut ids = Vec::new();
        for (span, _) in segments(self.split, input) {
            let piece = span.of(input);
            if let Some(&id) = ranks.get(piece) {
                ids.push(id);
                continue;
            }
            let mut ends: Vec<usize> = (0..=piece.len()).collect();
            while let Some((_, middle)) = (1..ends.len() - 1)
                .filter_map(|i| Some((ranks.get(&piece[ends[i - 1]..ends[i + 1]])?, i)))
                .min()
            {
                ends.remove(middle);
            }
            ids.extend(ends.windows(2).map(|ends| ranks[&piece[ends[0]..ends[1]]]));
        }
        ids
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn every_entry_of_shared_vocabularies_in_twenty_contexts() {
    for vocabulary in vocabularies() {
        let ordinary = vocabulary.ours.len() - vocabulary.ours.special_tokens().len();
        let entries: Vec<(u32, &[u8])> = vocabulary.ours.tokens().take(ordinary).collect();
        let ranks: HashMap<&[u8], u32> = entries.iter().map(|&(id, token)| (token, id)).collect();
        entries.par_iter().for_each(|(_, entry)| {
            for text in contexts(entry) {
                match std::str::from_utf8(&text) {
                    Ok(text) => vocabulary.check(text),
                    Err(_) => {
                        let found = vocabulary.ours.encode(&text);
                        assert_eq!(found, vocabulary.by_ranks(&ranks, &text), "{text:x?}");
                    }
                }
            }
        });
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn every_scalar_value_by_vocabularies_of_shared() {
    let contexts: [fn(char) -> String; 3] = [
        |c| format!("{c}a{c} {c}1;"),
        |c| format!(" {c}{c}\n{c}'s"),
        |c| format!("A{c}b !{c}7\u{a0}{c}"),
    ];
    let alone: Vec<char> = ('\0'..=char::MAX).collect();
    let joined: Vec<String> = contexts.into_iter().flat_map(in_context).collect();
    for vocabulary in vocabularies() {
        alone.par_chunks(4096).for_each(|chunk| {
            // A new thread has nothing kept.
            std::thread::scope(|scope| {
                scope.spawn(|| chunk.iter().for_each(|c| vocabulary.check(&c.to_string())));
            });
        });
        joined.par_iter().for_each(|text| vocabulary.check(text));
    }
}
