//! The segmenters that a pattern can describe.

use polytok_core::{Segmenter, Whole};

use super::ExportError;
use crate::{Cl100k, Gpt2, Llama3, O200k, Qwen2, import::patterns};

/// The segmenter and the pattern of an id; no pattern cuts nothing.
pub(super) struct Rule {
    pub(super) segmenter: &'static dyn Segmenter,
    pub(super) pattern: Option<&'static str>,
    /// Whether the reader of `tokenizer.json` 2.0 has the rule built in; it runs no other pattern.
    pub(super) built_in: bool,
}

const RULES: &[Rule] = &[
    Rule { segmenter: &Whole, pattern: None, built_in: true },
    Rule { segmenter: &Gpt2, pattern: Some(patterns::GPT2), built_in: true },
    Rule { segmenter: &Cl100k, pattern: Some(patterns::CL100K_PORTABLE), built_in: false },
    Rule { segmenter: &Llama3, pattern: Some(patterns::LLAMA3), built_in: true },
    Rule { segmenter: &Qwen2, pattern: Some(patterns::QWEN2), built_in: true },
    Rule { segmenter: &O200k, pattern: Some(patterns::O200K), built_in: true },
];

pub(super) fn rule(id: &str) -> Result<&'static Rule, ExportError> {
    let known = RULES.iter().find(|rule| rule.segmenter.id() == id);
    known.ok_or_else(|| ExportError::Segmenter { id: id.to_owned() })
}

/// The pattern whose matches are the segments that the segmenter of this id gives, on valid UTF-8.
///
/// The pattern is read alike by fancy-regex, Oniguruma and Python's `regex`. A tokenizer that cuts
/// nowhere has the pattern `(?s:.+)`.
///
/// # Errors
///
/// [`ExportError::Segmenter`] if no pattern does the same: right now for all but `whole-1`,
/// `gpt2-1`, `cl100k-1`, `llama3-1`, `qwen2-1` and `o200k-1`.
pub fn pattern(segmenter: &str) -> Result<&'static str, ExportError> {
    Ok(rule(segmenter)?.pattern.unwrap_or("(?s:.+)"))
}
