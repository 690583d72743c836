//! What the commands need to know of a modality: one row a segmenter.

use polytok_binary::{Binary, Blocks, Map};
use polytok_core::{Pair, Segmenter, Span, Whole};
use polytok_domain::{Financial, Legal};
use polytok_genome::{Case, CaseMask, Genome};
use polytok_numeric::{Grouping, Numeric};
use polytok_text::{Cl100k, DeepSeek3, Gpt2, Llama3, O200k, Qwen2, Text, Words};
use serde::{Deserialize, Serialize};

use crate::{
    corpus::Reader,
    failure::{Failure, Outcome},
};

type Make = fn() -> Box<dyn Segmenter>;

/// All segmenters with their usual settings.
const SEGMENTERS: &[Make] = &[
    || Box::new(Whole),
    || Box::new(Gpt2),
    || Box::new(Cl100k),
    || Box::new(O200k),
    || Box::new(Llama3),
    || Box::new(Qwen2),
    || Box::new(DeepSeek3),
    || Box::new(Text),
    || Box::new(Words),
    || Box::new(Legal),
    || Box::new(Financial),
    || Box::new(Binary::default()),
    || Box::new(Blocks::default()),
    || Box::new(Numeric::new(Grouping::Right)),
    || Box::new(Numeric::new(Grouping::Left)),
    || Box::new(Numeric::new(Grouping::Single)),
];

/// The segmenter of this id.
pub(crate) fn segmenter(id: &str) -> Outcome<Box<dyn Segmenter>> {
    if let Some(genome) = Genome::from_id(id) {
        return Ok(Box::new(genome));
    }
    let all = SEGMENTERS.iter().map(|make| make());
    all.into_iter().find(|segmenter| segmenter.id() == id).ok_or_else(|| {
        let known: Vec<String> = SEGMENTERS.iter().map(|make| make().id().to_owned()).collect();
        Failure::Wrong(format!(
            "no segmenter {id:?}; there are genome-1, genome-plain-1, {}",
            known.join(", ")
        ))
    })
}

/// How documents for a segmenter are read where no recipe says it.
pub(crate) fn reader(segmenter: &str) -> Reader {
    if Genome::from_id(segmenter).is_some() {
        Reader::Sequences
    } else if segmenter == Binary::default().id() || segmenter.starts_with("blocks-") {
        Reader::Raw
    } else {
        Reader::Text
    }
}

/// Merges that are fixed before learning.
pub(crate) fn initial_merges(segmenter: &str) -> Vec<Pair> {
    Genome::from_id(segmenter).map_or(Vec::new(), |genome| genome.initial_merges())
}

/// Bytes that stand for each other on the two strands; none but for genomes.
pub(crate) fn complement(segmenter: &str) -> Vec<(u8, u8)> {
    Genome::from_id(segmenter).map_or(Vec::new(), |genome| genome.complement())
}

/// All entries of a vocabulary for which a recipe asks `size` entries, special tokens included.
///
/// For genomes a recipe counts what is learned; escapes come on top.
pub(crate) fn entries(segmenter: &str, size: u32) -> u32 {
    Genome::from_id(segmenter).map_or(size, |genome| genome.vocabulary_size(size))
}

/// A document as the segmenter expects it, without what is kept beside the ids.
pub(crate) fn prepare(segmenter: &str, mut document: Vec<u8>) -> Vec<u8> {
    if folds_case(segmenter) {
        CaseMask::fold(&mut document);
    }
    document
}

/// Whether case is kept beside the ids.
pub(crate) fn folds_case(segmenter: &str) -> bool {
    Genome::from_id(segmenter).is_some_and(|genome| genome.case() == Case::Masked)
}

/// Where a token of an executable lies.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Place {
    /// Section, segment, or what else the bytes are; with the archive member or slice before it.
    section: String,
    /// `rwx`, with dashes for what a process may not do.
    permissions: String,
    /// Virtual address in hexadecimal, if the bytes are mapped.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

/// The regions of an executable; none for other modalities.
pub(crate) fn map(segmenter: &str, document: &[u8]) -> Option<Map> {
    (reader(segmenter) == Reader::Raw).then(|| Map::of(document))
}

/// Where the tokens of an executable lie.
pub(crate) fn places(map: &Map, spans: &[Span]) -> Option<Vec<Place>> {
    let place = |location: polytok_binary::Location<'_>| Place {
        section: location.region.to_string(),
        permissions: location.region.permissions.to_string(),
        address: location.address.map(|address| address.to_string()),
    };
    map.locate_all(spans.iter().copied()).map(|location| location.map(place)).collect()
}

/// What the headers of an executable claim that cannot be, in one line; none if nothing.
pub(crate) fn degraded(map: &Map) -> Option<String> {
    let first = map.warnings().first()?;
    let more = match map.warnings().len() + map.omitted_warnings() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("{first}{more}; what the headers do not account for is raw bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vocabulary names its segmenter by its id, so ids must be found again and not clash.
    #[test]
    fn ids_are_unique_and_lead_back() {
        let mut ids: Vec<String> = SEGMENTERS.iter().map(|make| make().id().to_owned()).collect();
        for id in &ids {
            assert_eq!(segmenter(id).unwrap().id(), id);
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), SEGMENTERS.len());
        assert_eq!(segmenter("genome-1").unwrap().id(), "genome-1");
        assert!(segmenter("text-0").is_err());
    }
}
