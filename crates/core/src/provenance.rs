//! Where a vocabulary comes from.

use crate::{
    config::{Encoding, TrainConfig},
    counts::Digest,
    rare::Refused,
};

/// Where a vocabulary comes from: what it takes to make it again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Provenance {
    /// Name and revision of the segmenter.
    pub segmenter: String,
    /// Settings of the training.
    pub config: TrainConfig,
    /// Digest of the corpus, see [`SegmentCounts::digest`](crate::SegmentCounts::digest).
    pub corpus: Digest,
    /// Number of documents of the corpus.
    pub documents: u64,
    /// Number of bytes of the corpus.
    pub bytes: u64,
    /// Version of polytok that trained it.
    pub version: String,
    /// What was left out because few documents hold it, if that was asked for.
    pub refused: Option<Refused>,
}

impl Provenance {
    /// Provenance of a vocabulary that was put together by hand.
    pub fn handmade(segmenter: &str, config: TrainConfig) -> Provenance {
        Provenance {
            segmenter: segmenter.to_owned(),
            config,
            corpus: [0; 32],
            documents: 0,
            bytes: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            refused: None,
        }
    }

    /// The same with encodings by merges: learning goes on from what those give, whatever encodings are
    /// to be.
    pub(crate) fn of_learning(&self) -> Provenance {
        let config = TrainConfig { encoding: Encoding::Merges, ..self.config.clone() };
        Provenance { config, ..self.clone() }
    }
}
