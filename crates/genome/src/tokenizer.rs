//! Sequences to ids and side channels, and back.

use std::{borrow::Cow, error::Error, fmt};

use polytok_core::{DecodeError, SegmenterMismatch, Span, Tokenizer, Vocabulary};

use crate::{
    kmer::{KmerDecodeError, Kmers},
    mask::{CaseMask, MaskError},
    segment::{Case, Genome},
    strand::{Strand, canonical},
};

/// A sequence as ids, with what the ids leave out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GenomeEncoding {
    /// The tokens, in the order of the strand they were read on.
    pub ids: Vec<u32>,
    /// Where the sequence as given is lower case; empty in the plain case.
    pub mask: CaseMask,
    /// The strand that the ids spell.
    pub strand: Strand,
}

/// A token on its contig: a row of BED.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Interval<'a> {
    /// Name of the contig.
    pub contig: &'a [u8],
    /// First base and the one after the last, zero-based, on the forward strand.
    pub span: Span,
    /// The strand on which the token spells its bases.
    pub strand: Strand,
    /// The token.
    pub id: u32,
}

/// Encodes sequences of any bytes, and decodes them exactly.
///
/// Three settings are independent of each other:
/// - the scheme: a trained vocabulary ([`bpe`](GenomeTokenizer::bpe)) or words of a fixed number of
///   bases ([`kmers`](GenomeTokenizer::kmers), single bases among them);
/// - the [`Case`]: folded and kept as a mask, or part of the tokens;
/// - whether the strand is the one given or the canonical one
///   ([`with_canonical_strand`](GenomeTokenizer::with_canonical_strand)).
///
/// `decode(encode(x)) == x` for every byte string, with any of them.
#[derive(Clone, Debug)]
pub struct GenomeTokenizer {
    scheme: Scheme,
    case: Case,
    canonical: bool,
}

#[derive(Clone, Debug)]
enum Scheme {
    Bpe(Tokenizer),
    Kmers(Kmers),
}

impl GenomeTokenizer {
    /// A vocabulary trained with one of the rules of [`Genome`], which also says what becomes of
    /// lower case.
    ///
    /// # Errors
    ///
    /// If the vocabulary was trained with another segmenter.
    pub fn bpe(vocabulary: Vocabulary) -> Result<GenomeTokenizer, SegmenterMismatch> {
        let named = Genome::from_id(&vocabulary.provenance().segmenter);
        let genome = named.unwrap_or_else(Genome::masked);
        let case = genome.case();
        let tokenizer = Tokenizer::new(vocabulary, genome)?;
        Ok(GenomeTokenizer { scheme: Scheme::Bpe(tokenizer), case, canonical: false })
    }

    /// Words of k bases. In the plain case lower-case letters are single bytes.
    pub fn kmers(kmers: Kmers, case: Case) -> GenomeTokenizer {
        GenomeTokenizer { scheme: Scheme::Kmers(kmers), case, canonical: false }
    }

    /// Encodes the lexicographically smaller of a sequence and its reverse complement, so that both
    /// have the same ids. The mask stays in coordinates of the sequence as given.
    #[must_use]
    pub fn with_canonical_strand(self) -> GenomeTokenizer {
        GenomeTokenizer { canonical: true, ..self }
    }

    /// What becomes of lower case.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether the canonical strand is encoded.
    pub fn is_canonical(&self) -> bool {
        self.canonical
    }

    /// The tokenizer of the trained vocabulary, if there is one.
    pub fn tokenizer(&self) -> Option<&Tokenizer> {
        match &self.scheme {
            Scheme::Bpe(tokenizer) => Some(tokenizer),
            Scheme::Kmers(_) => None,
        }
    }

    /// Ids are below this.
    pub fn id_bound(&self) -> usize {
        match &self.scheme {
            Scheme::Bpe(tokenizer) => tokenizer.vocabulary().len(),
            Scheme::Kmers(kmers) => kmers.vocabulary_size() as usize,
        }
    }

    /// The bytes of a token; of a special token of a trained vocabulary, its name.
    pub fn token(&self, id: u32) -> Option<Vec<u8>> {
        match &self.scheme {
            Scheme::Bpe(tokenizer) => tokenizer.vocabulary().token(id).map(<[u8]>::to_vec),
            Scheme::Kmers(kmers) => kmers.token(id),
        }
    }

    /// Encodes a sequence.
    ///
    /// Takes O(n log n) time for n bases with a trained vocabulary and linear time with words of k
    /// bases. A copy of the sequence is made if it has lower case to fold or its other strand is
    /// the canonical one.
    pub fn encode(&self, sequence: &[u8]) -> GenomeEncoding {
        self.encode_by(sequence, Tokenizer::encode)
    }

    /// As [`encode`](GenomeTokenizer::encode), with a trained vocabulary on all threads of the current rayon
    /// pool: a chromosome is shared out among them, and the ids are the same.
    pub fn encode_parallel(&self, sequence: &[u8]) -> GenomeEncoding {
        self.encode_by(sequence, Tokenizer::encode_parallel)
    }

    fn encode_by(
        &self,
        sequence: &[u8],
        encode: impl Fn(&Tokenizer, &[u8]) -> Vec<u32>,
    ) -> GenomeEncoding {
        let (folded, mask) = self.folded(sequence);
        let (spelled, strand) = match self.canonical {
            true => canonical(&folded),
            false => (Cow::Borrowed(&*folded), Strand::Forward),
        };
        let ids = match &self.scheme {
            Scheme::Bpe(tokenizer) => encode(tokenizer, &spelled),
            Scheme::Kmers(kmers) => kmers.encode(&spelled),
        };
        GenomeEncoding { ids, mask, strand }
    }

    /// The sequence as it is encoded, and the case that it had.
    pub(crate) fn folded<'a>(&self, sequence: &'a [u8]) -> (Cow<'a, [u8]>, CaseMask) {
        let mask = match self.case {
            Case::Masked => CaseMask::of(sequence),
            Case::Plain => CaseMask::default(),
        };
        let folded = match mask.is_empty() {
            true => Cow::Borrowed(sequence),
            false => Cow::Owned(sequence.to_ascii_uppercase()),
        };
        (folded, mask)
    }

    /// The sequence that an encoding stands for.
    ///
    /// # Errors
    ///
    /// If an id is unknown, words contradict each other, or the mask reaches beyond the sequence;
    /// never for what [`encode`](GenomeTokenizer::encode) gave.
    pub fn decode(&self, encoding: &GenomeEncoding) -> Result<Vec<u8>, GenomeDecodeError> {
        let spelled = match &self.scheme {
            Scheme::Bpe(tokenizer) => tokenizer.decode(&encoding.ids)?,
            Scheme::Kmers(kmers) => kmers.decode(&encoding.ids)?,
        };
        let mut sequence = match encoding.strand {
            Strand::Forward => spelled,
            Strand::Reverse => encoding.strand.of(&spelled).into_owned(),
        };
        encoding.mask.apply(&mut sequence)?;
        Ok(sequence)
    }

    /// Where each token lies in the sequence as given, in bases; in the order of the ids, and so
    /// from right to left where the reverse strand was encoded.
    ///
    /// # Errors
    ///
    /// If an id is unknown or words contradict each other.
    pub fn spans(&self, encoding: &GenomeEncoding) -> Result<Vec<Span>, GenomeDecodeError> {
        let mut spans = match &self.scheme {
            Scheme::Bpe(tokenizer) => tokenizer.spans(&encoding.ids)?,
            Scheme::Kmers(kmers) => kmers.spans(&encoding.ids)?,
        };
        let bases = spans.last().map_or(0, |span| span.end);
        for span in &mut spans {
            *span = encoding.strand.to_forward(*span, bases);
        }
        Ok(spans)
    }

    /// The tokens on their contig, in the order of the ids.
    ///
    /// # Errors
    ///
    /// As [`spans`](GenomeTokenizer::spans).
    pub fn intervals<'a>(
        &self,
        contig: &'a [u8],
        encoding: &GenomeEncoding,
    ) -> Result<Vec<Interval<'a>>, GenomeDecodeError> {
        let strand = encoding.strand;
        let spans = self.spans(encoding)?.into_iter().zip(&encoding.ids);
        Ok(spans.map(|(span, &id)| Interval { contig, span, strand, id }).collect())
    }
}

/// An encoding stands for no sequence.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum GenomeDecodeError {
    /// An id of a trained vocabulary is unknown.
    Token(DecodeError),
    /// Words of k bases do not fit together.
    Kmer(KmerDecodeError),
    /// The mask reaches beyond the sequence.
    Mask(MaskError),
}

impl From<DecodeError> for GenomeDecodeError {
    fn from(error: DecodeError) -> GenomeDecodeError {
        GenomeDecodeError::Token(error)
    }
}

impl From<KmerDecodeError> for GenomeDecodeError {
    fn from(error: KmerDecodeError) -> GenomeDecodeError {
        GenomeDecodeError::Kmer(error)
    }
}

impl From<MaskError> for GenomeDecodeError {
    fn from(error: MaskError) -> GenomeDecodeError {
        GenomeDecodeError::Mask(error)
    }
}

impl fmt::Display for GenomeDecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GenomeDecodeError::Token(error) => error.fmt(f),
            GenomeDecodeError::Kmer(error) => error.fmt(f),
            GenomeDecodeError::Mask(error) => error.fmt(f),
        }
    }
}

impl Error for GenomeDecodeError {}
