//! What commands need of a tokenizer, whatever file it came from.

use polytok_core::{Span, Tokenizer};

/// A tokenizer of any origin.
pub(crate) trait Encoder: Send + Sync {
    /// The ids of a document, special tokens taken for text.
    fn encode(&self, document: &[u8]) -> Vec<u32>;

    /// The ids of a document, and the bytes of the document that each covers.
    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>);

    /// The bytes that ids stand for; none if one of them is unknown.
    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>>;

    /// The bytes of a token.
    fn token(&self, id: u32) -> Option<Vec<u8>>;

    /// Ids are below this.
    fn id_bound(&self) -> usize;

    /// Whether decoding gives back every document.
    fn is_lossless(&self) -> bool;

    /// Ids of tokens that their own bytes do not encode to.
    fn unreachable(&self) -> Vec<u32>;
}

impl Encoder for Tokenizer {
    fn encode(&self, document: &[u8]) -> Vec<u32> {
        Tokenizer::encode(self, document)
    }

    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>) {
        let ids = Tokenizer::encode(self, document);
        let spans = self.spans(&ids).expect("its own ids are in its vocabulary");
        (ids, spans)
    }

    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>> {
        Tokenizer::decode(self, ids).ok()
    }

    fn token(&self, id: u32) -> Option<Vec<u8>> {
        self.vocabulary().token(id).map(<[u8]>::to_vec)
    }

    fn id_bound(&self) -> usize {
        self.vocabulary().len()
    }

    fn is_lossless(&self) -> bool {
        true
    }

    fn unreachable(&self) -> Vec<u32> {
        self.vocabulary().unreachable()
    }
}
