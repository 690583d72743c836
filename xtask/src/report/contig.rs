//! A contig: its tokens, its composition, its mask.

use crate::{
    eval::{Lane, Strip},
    load::Loaded,
    modality,
    source::Source,
};

/// Bases that are shown, at most.
const BASES: usize = 200_000;

/// Parts for which values are shown.
const BINS: usize = 160;

/// The beginning of the longest contig of 10,000 bases and more that is masked in part; of the
/// longest of all if there is none.
pub(super) fn strip(tokenizer: &Loaded, sources: &[Source]) -> Option<Strip> {
    if !modality::folds_case(tokenizer.segmenter()) {
        return None;
    }
    let documents = sources.iter().flat_map(|source| &source.documents);
    let document =
        documents.filter(|document| !document.bytes.is_empty()).max_by_key(|document| {
            let masked = document.bytes.iter().filter(|base| base.is_ascii_lowercase()).count();
            let in_part = (1..100).contains(&(masked * 100 / document.bytes.len()));
            (document.bytes.len() >= 10_000 && in_part, document.bytes.len(), &document.name)
        })?;
    let bases = &document.bytes[..document.bytes.len().min(BASES)];
    let share = |of: &dyn Fn(u8) -> bool| -> Vec<f64> {
        let bin = |number: usize| {
            let part = &bases[number * bases.len() / BINS..(number + 1) * bases.len() / BINS];
            part.iter().filter(|&&base| of(base)).count() as f64 / part.len().max(1) as f64
        };
        (0..BINS).map(bin).collect()
    };
    let mut lanes = vec![
        Lane::Values("bases per token".to_owned(), super::token_lengths(tokenizer, bases, BINS)),
        Lane::Values("share of G and C".to_owned(), share(&|base| b"GCgc".contains(&base))),
    ];
    let masked = share(&|base| base.is_ascii_lowercase());
    if masked.iter().any(|&share| share > 0.0) {
        lanes.push(Lane::Values("share of soft-masked repeats".to_owned(), masked));
    }
    Some(Strip { title: document.name.clone(), length: bases.len() as u64, unit: "bases", lanes })
}
