//! Vocabularies that come with the crate, behind the feature `vocab`.
//!
//! Each is read when it is first asked for. `docs/vocabularies` has a card of each: what it was trained
//! on and how, what it reaches, and its limits.

use polytok_core::Embedded;

use crate::GenomeTokenizer;

/// Genomes of many species in 4,096 learned entries, closed under reverse complement, encoded by the
/// fewest tokens.
pub fn genomes_4k() -> &'static GenomeTokenizer {
    static FILE: Embedded<GenomeTokenizer> =
        Embedded::new(include_bytes!("../vocab/genomes-4096.ptk"));
    FILE.get(GenomeTokenizer::bpe)
}
