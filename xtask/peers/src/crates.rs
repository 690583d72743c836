//! The crates of others.

use measure::{Encoder, Failure, InProcess, Loader, Model, Outcome};
use tokenizers::pipeline::{EncodeOptions, PipelineTokenizer};

use crate::{json, raw};

type Loaded = Outcome<Option<Box<dyn Encoder>>>;

/// All but polytok.
pub(crate) fn all() -> Vec<InProcess> {
    vec![
        InProcess { name: "fastokens", load: fastokens },
        InProcess { name: "toktok", load: toktok },
        InProcess { name: "tokenizers", load: tokenizers },
        InProcess { name: "bpe-openai", load: bpe_openai },
        InProcess { name: "bpe", load: raw::bpe },
        InProcess { name: "tiktoken-rs", load: tiktoken_rs },
    ]
}

/// The text that bytes are, for those who take no other.
fn text(bytes: &[u8]) -> Outcome<&str> {
    std::str::from_utf8(bytes).map_err(|_| Failure::Refused("takes UTF-8 alone".into()))
}

/// Puts what a contestant gives behind what there is, without a copy where there is nothing.
pub(crate) fn put(given: Vec<u32>, ids: &mut Vec<u32>) {
    if ids.is_empty() { *ids = given } else { ids.extend(given) }
}

struct Fastokens(fastokens::Tokenizer);

fn fastokens(model: &Model) -> Loaded {
    if !model.ranks {
        return Ok(None);
    }
    let mut config = match model.name.as_str() {
        "cl100k" => fastokens::TiktokenConfig::cl100k_base(),
        "o200k" => fastokens::TiktokenConfig::o200k_base(),
        _ => return Ok(None),
    };
    config.special_tokens.clear();
    let contents = text(&model.file)?;
    let loaded = fastokens::Tokenizer::from_tiktoken_str(contents, config);
    Ok(Some(Box::new(Fastokens(loaded.map_err(Failure::refused)?))))
}

impl Encoder for Fastokens {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        put(self.0.encode_ordinary(text(input)?).map_err(Failure::refused)?, ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        let text = self.0.decode(ids, false).map_err(Failure::refused)?;
        Ok(Some(text.into_bytes()))
    }
}

struct Toktok(toktok::Tokenizer);

/// The vocabularies are part of the crate: it reads its own form of them, not the rank file.
fn toktok(model: &Model) -> Loaded {
    if !model.ranks {
        return Ok(None);
    }
    let loaded = toktok::Tokenizer::builtin(&format!("{}_base", model.name));
    Ok(Some(Box::new(Toktok(loaded.map_err(|error| Failure::Refused(error.0))?))))
}

impl Encoder for Toktok {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        self.0.encode_into(input, ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        Ok(Some(self.0.decode(ids)))
    }
}

struct Tokenizers(PipelineTokenizer, EncodeOptions);

/// Reads canonical JSON, which is written beside the rank file once and is no part of loading.
fn tokenizers(model: &Model) -> Loaded {
    if !model.ranks {
        return Ok(None);
    }
    let path = model.path.with_extension("canonical.json");
    if !path.exists() {
        let json = json::tokenizer_json(&model.file, &model.name)?;
        let canonical = ::tokenizers::canonicalize_str(&json).map_err(Failure::refused)?;
        std::fs::write(&path, canonical).map_err(Failure::about(path.display()))?;
    }
    let loaded = ::tokenizers::from_json_file(&path).map_err(Failure::refused)?;
    let mut options = EncodeOptions::no_specials();
    options.encode_special_tokens = true;
    Ok(Some(Box::new(Tokenizers(loaded, options))))
}

impl Encoder for Tokenizers {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        let Tokenizers(tokenizer, options) = self;
        let mut tokens = Vec::new();
        tokenizer.encode_into(text(input)?, options, &mut tokens).map_err(Failure::refused)?;
        // The same numbers in the same memory.
        put(tokens.into_iter().map(|token| token.id()).collect(), ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        let text = self.0.decode(ids, false).map_err(Failure::refused)?;
        Ok(Some(text.into_bytes()))
    }
}

struct BpeOpenai(&'static bpe_openai::Tokenizer);

/// The vocabularies are part of the crate, and loaded once for all.
fn bpe_openai(model: &Model) -> Loaded {
    Ok(match model.name.as_str() {
        "cl100k" => Some(Box::new(BpeOpenai(bpe_openai::cl100k_base()))),
        "o200k" => Some(Box::new(BpeOpenai(bpe_openai::o200k_base()))),
        _ => None,
    })
}

impl Encoder for BpeOpenai {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        put(self.0.encode(text(input)?), ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        Ok(self.0.decode(ids).map(String::into_bytes))
    }
}

struct TiktokenRs(tiktoken_rs::CoreBPE);

fn tiktoken_rs(model: &Model) -> Loaded {
    let loaded = match model.name.as_str() {
        "cl100k" => tiktoken_rs::cl100k_base(),
        "o200k" => tiktoken_rs::o200k_base(),
        _ => return Ok(None),
    };
    Ok(Some(Box::new(TiktokenRs(loaded.map_err(Failure::refused)?))))
}

impl Encoder for TiktokenRs {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        put(self.0.encode_ordinary(text(input)?), ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        self.0.decode_bytes(ids).map(Some).map_err(Failure::refused)
    }
}

/// Who say which ids are right. tiktoken-rs panics on a megabyte of white space, where its engine of
/// regular expressions runs out of stack: bpe-openai, that shares no code with it, tells then.
pub(crate) fn oracles() -> Vec<Loader> {
    vec![tiktoken_rs, bpe_openai, raw::bpe]
}
