//! What measurements need of a tokenizer, whatever file it came from.

use polytok_core::{Span, Tokenizer};
use polytok_genome::GenomeTokenizer;
use polytok_text::import::{Imported, Special};

/// A tokenizer of any origin.
pub(crate) trait Encoder: Send + Sync {
    /// The ids of a document, special tokens taken for text.
    fn encode(&self, document: &[u8]) -> Vec<u32>;

    /// The ids of a document, and the bytes of the document that each covers.
    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>);

    /// The bytes that ids stand for; none if one of them is unknown.
    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>>;

    /// Whether a document comes back from its ids, and from what is kept beside them.
    fn comes_back(&self, document: &[u8], ids: &[u32]) -> bool {
        self.decode(ids).is_some_and(|decoded| decoded == document)
    }

    /// The bytes of a token.
    fn token(&self, id: u32) -> Option<Vec<u8>>;

    /// Ids are below this.
    fn id_bound(&self) -> usize;

    /// Whether decoding is meant to give back every document.
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

impl Encoder for GenomeTokenizer {
    fn encode(&self, document: &[u8]) -> Vec<u32> {
        GenomeTokenizer::encode(self, document).ids
    }

    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>) {
        let encoding = GenomeTokenizer::encode(self, document);
        let spans = self.spans(&encoding).expect("its own ids are in its vocabulary");
        (encoding.ids, spans)
    }

    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>> {
        self.tokenizer()?.decode(ids).ok()
    }

    fn comes_back(&self, document: &[u8], ids: &[u32]) -> bool {
        let mut encoding = GenomeTokenizer::encode(self, document);
        encoding.ids = ids.to_vec();
        GenomeTokenizer::decode(self, &encoding).is_ok_and(|decoded| decoded == document)
    }

    fn token(&self, id: u32) -> Option<Vec<u8>> {
        GenomeTokenizer::token(self, id)
    }

    fn id_bound(&self) -> usize {
        GenomeTokenizer::id_bound(self)
    }

    fn is_lossless(&self) -> bool {
        true
    }

    fn unreachable(&self) -> Vec<u32> {
        self.tokenizer().map_or(Vec::new(), |tokenizer| tokenizer.vocabulary().unreachable())
    }
}

impl Encoder for Imported {
    fn encode(&self, document: &[u8]) -> Vec<u32> {
        Imported::encode(self, document)
    }

    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>) {
        Imported::encode_spans(self, document, Special::None)
    }

    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>> {
        Imported::decode(self, ids).ok()
    }

    fn token(&self, id: u32) -> Option<Vec<u8>> {
        Imported::token(self, id).map(<[u8]>::to_vec)
    }

    fn id_bound(&self) -> usize {
        usize::try_from(Imported::id_bound(self)).unwrap_or(usize::MAX)
    }

    fn is_lossless(&self) -> bool {
        Imported::is_lossless(self)
    }

    fn unreachable(&self) -> Vec<u32> {
        let special: Vec<u32> = self.special_tokens().iter().map(|&(_, id)| id).collect();
        self.tokens()
            .filter(|(id, _)| !special.contains(id))
            .filter(|&(id, bytes)| Imported::encode(self, bytes) != [id])
            .map(|(id, _)| id)
            .collect()
    }
}

/// A reference beside a vocabulary that folds case: it gets the documents folded as well, since
/// published vocabularies of genomes know upper case alone.
pub(crate) struct Folded<'a>(pub(crate) &'a dyn Encoder);

impl Encoder for Folded<'_> {
    fn encode(&self, document: &[u8]) -> Vec<u32> {
        self.0.encode(&document.to_ascii_uppercase())
    }

    fn encode_spans(&self, document: &[u8]) -> (Vec<u32>, Vec<Span>) {
        self.0.encode_spans(&document.to_ascii_uppercase())
    }

    fn decode(&self, ids: &[u32]) -> Option<Vec<u8>> {
        self.0.decode(ids)
    }

    fn token(&self, id: u32) -> Option<Vec<u8>> {
        self.0.token(id)
    }

    fn id_bound(&self) -> usize {
        self.0.id_bound()
    }

    fn is_lossless(&self) -> bool {
        false
    }

    fn unreachable(&self) -> Vec<u32> {
        self.0.unreachable()
    }
}
