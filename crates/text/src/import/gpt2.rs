//! The two files of GPT-2: `encoder.json` (or `vocab.json`) and `vocab.bpe` (or `merges.txt`).

use super::{
    ImportError, Imported,
    added::{AddedToken, Matcher},
    alphabet::Alphabet,
    bpe::{Added, Bpe},
    split::{Published, Step},
    tokenizer_json::{Vocabulary, json_error, merge_of},
};

/// Reads both.
pub(super) fn load(
    vocabulary: &[u8],
    merges: &[u8],
    specials: &[&str],
) -> Result<Imported, ImportError> {
    let vocabulary: Vocabulary = serde_json::from_slice(vocabulary).map_err(json_error)?;
    let mut pairs = Vec::new();
    for (line, text) in (1..).zip(merges.split(|&byte| byte == b'\n')) {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() || (line == 1 && text.starts_with(b"#version")) {
            continue;
        }
        let text = std::str::from_utf8(text).map_err(|_| ImportError::Line { line })?;
        pairs.push(merge_of(text).ok_or(ImportError::Line { line })?);
    }
    let mut added = Vec::with_capacity(specials.len());
    for &name in specials {
        let Some((_, id)) = vocabulary.0.iter().find(|(token, _)| token == name) else {
            return Err(ImportError::UnknownToken { part: "specials", token: name.to_owned() });
        };
        added.push(AddedToken::special(name, *id));
    }
    let texts: Added<'_> = added.iter().map(|token| (token.id, token.content.as_bytes())).collect();
    let bpe = Bpe { vocabulary: vocabulary.0, merges: pairs, ..Bpe::default() };
    let model = bpe.build(Alphabet::Bytes, &texts)?;
    let lossless = model.is_total();
    let raw = added.into_iter().map(|token| (token.clone(), token.content.into_bytes()));
    Ok(Imported {
        alphabet: Alphabet::Bytes,
        model,
        forms: Vec::new(),
        steps: vec![Step::Published(Published::Gpt2)],
        prefix_space: false,
        raw: Matcher::new(raw.collect())?,
        normalized: Matcher::default(),
        lossless,
        ranks: false,
    })
}
