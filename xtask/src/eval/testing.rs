//! Small encoders and sources for tests.

use polytok_core::{Provenance, Span, Tokenizer, TrainConfig, Vocabulary, Whole};

use crate::{
    encoder::Encoder,
    source::{Document, Source},
};

use super::measure::Options;

/// A tokenizer whose merges are pairs of bytes, without a segmenter that cuts.
pub(super) fn tokenizer(merges: &[(u8, u8)]) -> Tokenizer {
    let merges: Vec<(u32, u32)> = merges.iter().map(|&(a, b)| (a.into(), b.into())).collect();
    let counts = vec![0; merges.len()];
    let provenance = Provenance::handmade("whole-1", TrainConfig::default());
    Tokenizer::new(Vocabulary::new(provenance, merges, counts).unwrap(), Whole).unwrap()
}

/// A source whose documents are called 0, 1 and so on.
pub(super) fn source(name: &str, documents: &[&[u8]]) -> Source {
    let document = |(number, bytes): (usize, &&[u8])| Document {
        name: number.to_string(),
        bytes: bytes.to_vec(),
    };
    Source {
        name: name.to_owned(),
        documents: documents.iter().enumerate().map(document).collect(),
    }
}

/// Options under which everything is measured but what compressors need, which take long to start.
pub(super) fn options() -> Options {
    Options {
        name: "letters".to_owned(),
        digest: "00ff".to_owned(),
        words: true,
        compressors: false,
        passage_bytes: 64,
    }
}

/// A tokenizer that loses zeros on the way back, and claims not to.
pub(super) struct Forgetful(pub(super) Tokenizer);

impl Encoder for Forgetful {
    fn encode(&self, document: &[u8]) -> Vec<u32> {
        self.0.encode(document)
    }

    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>) {
        self.0.encode_spans(document)
    }

    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>> {
        let mut bytes = Encoder::decode(&self.0, ids)?;
        bytes.retain(|&byte| byte != 0);
        Some(bytes)
    }

    fn token(&self, id: u32) -> Option<Vec<u8>> {
        self.0.token(id)
    }

    fn id_bound(&self) -> usize {
        self.0.id_bound()
    }

    fn is_lossless(&self) -> bool {
        true
    }

    fn unreachable(&self) -> Vec<u32> {
        self.0.unreachable()
    }
}
