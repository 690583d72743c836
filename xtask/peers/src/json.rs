//! A rank file as a `tokenizer.json`, for those who read no other.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use measure::{Failure, Outcome};
use serde_json::json;

/// cl100k as the library knows it: but for white space at the end of a text, the same.
const CL100K: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const O200K: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// The tokens of a rank file, by rank.
pub(crate) fn tokens(file: &[u8]) -> Outcome<Vec<(Vec<u8>, u32)>> {
    let text = std::str::from_utf8(file).map_err(Failure::about("rank file"))?;
    let mut tokens = Vec::new();
    for line in text.lines() {
        let wrong = || Failure::Refused(format!("no line of a rank file: {line:?}"));
        let (token, rank) = line.split_once(' ').ok_or_else(wrong)?;
        let token = STANDARD.decode(token).map_err(Failure::about("rank file"))?;
        tokens.push((token, rank.parse().map_err(Failure::about("rank file"))?));
    }
    tokens.sort_by_key(|&(_, rank)| rank);
    Ok(tokens)
}

/// Version 1.0 of the file.
pub(crate) fn tokenizer_json(file: &[u8], scheme: &str) -> Outcome<String> {
    let pattern = match scheme {
        "cl100k" => CL100K,
        "o200k" => O200K,
        _ => return Err(Failure::Refused(format!("no pattern is known for {scheme}"))),
    };
    let tokens = tokens(file)?;
    let ranks: HashMap<&[u8], u32> =
        tokens.iter().map(|(token, rank)| (&token[..], *rank)).collect();
    let letters = letters();
    let spell = |bytes: &[u8]| bytes.iter().map(|&byte| letters[usize::from(byte)]).collect();
    let merges: Vec<[String; 2]> = tokens
        .iter()
        .filter(|(token, _)| token.len() > 1)
        .filter_map(|(token, rank)| halves(token, *rank, &ranks))
        .map(|(left, right)| [spell(left), spell(right)])
        .collect();
    let vocabulary: serde_json::Map<String, serde_json::Value> =
        tokens.iter().map(|(token, rank)| (spell(token), json!(rank))).collect();
    let byte_level = |spaces: bool| {
        json!({
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": spaces,
            "use_regex": false,
        })
    };
    Ok(json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null,
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated",
              "invert": false },
            byte_level(true),
        ] },
        "post_processor": null,
        "decoder": byte_level(true),
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null,
            "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
            "byte_fallback": false, "ignore_merges": true, "vocab": vocabulary, "merges": merges,
        },
    })
    .to_string())
}

/// The last merge of a token: what is left of it when only lower ranks merge.
fn halves<'a>(
    token: &'a [u8],
    rank: u32,
    ranks: &HashMap<&[u8], u32>,
) -> Option<(&'a [u8], &'a [u8])> {
    let mut cuts: Vec<usize> = (0..=token.len()).collect();
    while cuts.len() > 3 {
        let (at, best) = cuts
            .windows(3)
            .enumerate()
            .filter_map(|(at, cuts)| Some((at, *ranks.get(&token[cuts[0]..cuts[2]])?)))
            .min_by_key(|&(at, rank)| (rank, at))?;
        if best >= rank {
            return None;
        }
        cuts.remove(at + 1);
    }
    Some(token.split_at(*cuts.get(1)?))
}

/// The characters that byte-level files write for bytes.
fn letters() -> Vec<char> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut others = (256..).filter_map(char::from_u32);
    (0..=255u8)
        .map(|byte| if printable(byte) { Some(char::from(byte)) } else { others.next() })
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
