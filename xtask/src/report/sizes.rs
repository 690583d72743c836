//! What the size of a vocabulary buys.

use polytok_core::Tokenizer;

use crate::{
    encoder::{Encoder, Folded},
    eval::Curve,
    load::Loaded,
    modality,
    source::Source,
};

/// Bytes of documents that the smaller sizes are measured on, at most.
const BYTES: usize = 2 << 20;

/// The vocabulary cut to powers of two from 512 entries on, and the references, on the beginnings of
/// all sources.
pub(super) fn curve(
    tokenizer: &Loaded,
    sources: &[Source],
    references: &[(String, Loaded)],
) -> Option<Curve> {
    let own = tokenizer.own()?;
    let share = BYTES / sources.len().max(1);
    let mut documents: Vec<&[u8]> = Vec::new();
    for source in sources {
        let mut left = share;
        for document in &source.documents {
            let part = &document.bytes[..document.bytes.len().min(left)];
            left -= part.len();
            documents.push(part);
        }
    }
    let bytes: usize = documents.iter().map(|document| document.len()).sum();
    let value = |encoder: &dyn Encoder| {
        let tokens: usize = documents.iter().map(|document| encoder.encode(document).len()).sum();
        bytes as f64 / tokens.max(1) as f64
    };
    let entries = own.vocabulary().len() as u64;
    let folds = modality::folds_case(tokenizer.segmenter());
    let smaller = (9..31).map(|power| 1u64 << power).take_while(|&size| size < entries);
    let mut sizes: Vec<(u64, f64)> = smaller
        .filter_map(|size| {
            let vocabulary = own.vocabulary().shortened(u32::try_from(size).ok()?).ok()?;
            let segmenter = modality::segmenter(tokenizer.segmenter()).ok()?;
            let small = Tokenizer::new(vocabulary, segmenter).ok()?;
            let value = if folds { value(&Folded(&small)) } else { value(&small) };
            Some((size, value))
        })
        .collect();
    sizes.push((entries, value(tokenizer.encoder())));
    let reference = |(name, loaded): &(String, Loaded)| {
        let encoder = loaded.encoder();
        let entries = (0..encoder.id_bound() as u32).filter(|&id| encoder.token(id).is_some());
        let value = if folds { value(&Folded(encoder)) } else { value(encoder) };
        (name.clone(), entries.count() as u64, value)
    };
    Some(Curve { sizes, references: references.iter().map(reference).collect() })
}
