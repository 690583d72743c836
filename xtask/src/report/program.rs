//! An executable: its sections, and the tokens in them.

use polytok_binary::Kind;

use crate::{
    eval::{Lane, Strip},
    load::Loaded,
    modality,
    source::Source,
};

/// The file that is shown is of this size if there is one.
const SIZES: std::ops::Range<usize> = 16 << 10..512 << 10;

/// Parts for which the length of tokens is shown.
const BINS: usize = 160;

/// The color of what is neither code nor data.
const OTHER: usize = 5;

/// The file whose headers tell the most of its bytes, among those of a size to be seen.
pub(super) fn strip(tokenizer: &Loaded, sources: &[Source]) -> Option<Strip> {
    let id = tokenizer.segmenter();
    let documents = sources.iter().flat_map(|source| &source.documents);
    let (document, map) = documents
        .filter(|document| SIZES.contains(&document.bytes.len()))
        .filter_map(|document| Some((document, modality::map(id, &document.bytes)?)))
        // An archive has as many regions as members; they would tell nothing.
        .filter(|(_, map)| (4..60).contains(&map.regions().len()))
        .max_by_key(|(document, map)| {
            let told = map.regions().iter().filter(|region| color(region.kind) < OTHER);
            let told: usize = told.map(|region| region.span.len()).sum();
            (told * 100 / document.bytes.len(), map.regions().len(), &document.name)
        })?;
    let bands = map.regions().iter().map(|region| {
        let (start, end) = (region.span.start as u64, region.span.end as u64);
        (start, end, color(region.kind), format!("{region}, {}", region.kind))
    });
    let title = format!(
        "{}: code blue, constants orange, data green, strings purple, symbols and relocations \
         yellow, all else gray",
        document.name
    );
    Some(Strip {
        title,
        length: document.bytes.len() as u64,
        unit: "bytes",
        lanes: vec![
            Lane::Bands("sections".to_owned(), bands.collect()),
            Lane::Values(
                "bytes per token".to_owned(),
                super::token_lengths(tokenizer, &document.bytes, BINS),
            ),
        ],
    })
}

fn color(kind: Kind) -> usize {
    match kind {
        Kind::Code => 0,
        Kind::ReadOnlyData => 1,
        Kind::Data => 2,
        Kind::Strings => 3,
        Kind::Symbols | Kind::Relocations => 4,
        _ => OTHER,
    }
}
