//! Words of k bases, overlapping or not, with ids by arithmetic.

use std::{error::Error, fmt};

use polytok_core::Span;

/// Longest word: 4^12 ids and the escapes leave room below 2^25.
const LONGEST: u32 = 12;

/// Bases in the order of their codes.
const BASES: [u8; 4] = *b"ACGT";

/// No code: every byte but A, C, G and T.
const NONE: u8 = 4;

const CODES: [u8; 256] = {
    let mut codes = [NONE; 256];
    let mut code = 0;
    while code < 4 {
        codes[BASES[code] as usize] = code as u8;
        code += 1;
    }
    codes
};

/// Encodes a sequence as words of `k` bases, one every `stride`.
///
/// Nothing is trained. The vocabulary is fixed: ids from 0 are the words, numbered as numbers to
/// base four with A, C, G, T for 0 to 3 and the first base most significant, so that the order of
/// ids is that of the alphabet; from 4^k on come the 256 single bytes. With `k` = 1 it is a
/// vocabulary of single bases.
///
/// A word lies within one run of `ACGT`; the first starts where the run does, the others follow at
/// every stride while they fit. What remains of a run (fewer than `stride` bases behind the last
/// word, or a run shorter than `k`) and every other byte are single bytes. So L bases give
/// L - k + 1 ids at stride 1, and L / k words and L mod k single ones at stride k.
///
/// Lossless for every byte string. Encoding and decoding are linear.
///
/// ```
/// use polytok_genome::Kmers;
///
/// let kmers = Kmers::new(3, 3)?;
/// let ids = kmers.encode(b"AACTTTGN");
/// assert_eq!(ids, [0b00_00_01, 0b11_11_11, 64 + 71, 64 + 78]);
/// assert_eq!(kmers.decode(&ids)?, b"AACTTTGN");
///
/// assert_eq!(Kmers::new(3, 1)?.encode(b"AACTT"), [0b00_00_01, 0b00_01_11, 0b01_11_11]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Kmers {
    k: u32,
    stride: u32,
}

impl Kmers {
    /// Words of `k` bases, 1 to 12, one every `stride` bases, 1 to `k`.
    ///
    /// # Errors
    ///
    /// If `k` or `stride` is out of range. A stride above `k` would leave bases out.
    pub fn new(k: u32, stride: u32) -> Result<Kmers, KmersError> {
        match (1..=LONGEST).contains(&k) && (1..=k).contains(&stride) {
            true => Ok(Kmers { k, stride }),
            false => Err(KmersError { k, stride }),
        }
    }

    /// A word for every base that one starts at.
    ///
    /// # Errors
    ///
    /// If `k` is not 1 to 12.
    pub fn overlapping(k: u32) -> Result<Kmers, KmersError> {
        Kmers::new(k, 1)
    }

    /// Words side by side.
    ///
    /// # Errors
    ///
    /// If `k` is not 1 to 12.
    pub fn side_by_side(k: u32) -> Result<Kmers, KmersError> {
        Kmers::new(k, k)
    }

    /// Single bases.
    pub fn single() -> Kmers {
        Kmers { k: 1, stride: 1 }
    }

    /// Bases a word.
    pub fn k(self) -> u32 {
        self.k
    }

    /// Bases from the start of a word to that of the next.
    pub fn stride(self) -> u32 {
        self.stride
    }

    /// Name and parameters, such as `kmer-6/stride=1`.
    pub fn id(self) -> String {
        format!("kmer-{}/stride={}", self.k, self.stride)
    }

    /// Number of ids: 4^k words and 256 bytes.
    pub fn vocabulary_size(self) -> u32 {
        self.words() + 256
    }

    fn words(self) -> u32 {
        1 << (2 * self.k)
    }

    /// The ids of a sequence.
    pub fn encode(self, sequence: &[u8]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(sequence.len() / self.stride as usize + 1);
        self.encode_into(sequence, &mut ids);
        ids
    }

    /// Appends the ids of a sequence.
    pub fn encode_into(self, sequence: &[u8], ids: &mut Vec<u32>) {
        let (k, stride) = (self.k as usize, self.stride as usize);
        let escape = |byte: u8| self.words() + u32::from(byte);
        let mut rest = sequence;
        while !rest.is_empty() {
            let run = rest.iter().take_while(|&&byte| CODES[usize::from(byte)] != NONE).count();
            let (bases, behind) = rest.split_at(run);
            let mut covered = 0;
            if run >= k {
                let mut word = 0;
                for (&base, place) in bases.iter().zip(1..) {
                    word = (word << 2 | u32::from(CODES[usize::from(base)])) & (self.words() - 1);
                    if place >= k && (place - k).is_multiple_of(stride) {
                        ids.push(word);
                        covered = place;
                    }
                }
            }
            ids.extend(bases[covered..].iter().map(|&base| escape(base)));
            let (other, behind) = behind.split_at(behind.len().min(1));
            ids.extend(other.iter().map(|&byte| escape(byte)));
            rest = behind;
        }
    }

    /// The bytes of one id; none if there is no such id.
    pub fn token(self, id: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.push(id, self.k, &mut bytes).then_some(bytes)
    }

    /// Appends the last `bases` of a word, or a single byte; false if there is no such id.
    fn push(self, id: u32, bases: u32, bytes: &mut Vec<u8>) -> bool {
        match id.checked_sub(self.words()).map(u8::try_from) {
            None => {
                for place in (0..bases).rev() {
                    bytes.push(BASES[(id >> (2 * place) & 3) as usize]);
                }
                true
            }
            Some(Ok(byte)) => {
                bytes.push(byte);
                true
            }
            Some(Err(_)) => false,
        }
    }

    /// The sequence that ids stand for.
    ///
    /// Of a word behind another word only the last `stride` bases are new.
    ///
    /// # Errors
    ///
    /// If an id is not in the vocabulary, or a word contradicts the one before it where they
    /// overlap. Neither happens to ids from [`encode`](Kmers::encode).
    pub fn decode(self, ids: &[u32]) -> Result<Vec<u8>, KmerDecodeError> {
        let mut bytes = Vec::with_capacity(ids.len() * self.stride as usize);
        self.walk(ids, |id, new, _| {
            self.push(id, new, &mut bytes);
        })?;
        Ok(bytes)
    }

    /// Where each token lies in the sequence, in bases; words that overlap have ranges that do.
    ///
    /// # Errors
    ///
    /// As [`decode`](Kmers::decode).
    pub fn spans(self, ids: &[u32]) -> Result<Vec<Span>, KmerDecodeError> {
        let mut spans = Vec::with_capacity(ids.len());
        let mut end = 0;
        self.walk(ids, |_, new, len| {
            end += new as usize;
            spans.push(Span::new(end - len as usize, end));
        })?;
        Ok(spans)
    }

    /// Calls `visit` with each id, the number of bases it adds and the number it covers.
    fn walk(
        self,
        ids: &[u32],
        mut visit: impl FnMut(u32, u32, u32),
    ) -> Result<(), KmerDecodeError> {
        let mut before = None;
        for (&id, at) in ids.iter().zip(0..) {
            let word = Some(id).filter(|&id| id < self.words());
            match (before, word) {
                (Some(before), Some(word)) => {
                    let shared = 2 * (self.k - self.stride);
                    if before & ((1 << shared) - 1) != word >> (2 * self.stride) {
                        return Err(KmerDecodeError::Overlap { id, at });
                    }
                    visit(id, self.stride, self.k);
                }
                (None, Some(_)) => visit(id, self.k, self.k),
                (_, None) if id < self.vocabulary_size() => visit(id, 1, 1),
                (_, None) => return Err(KmerDecodeError::UnknownId { id, at }),
            }
            before = word;
        }
        Ok(())
    }
}

/// There are no such words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KmersError {
    /// Bases a word.
    pub k: u32,
    /// Bases from word to word.
    pub stride: u32,
}

impl fmt::Display for KmersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KmersError { k, stride } = self;
        write!(f, "words of {k} bases every {stride}: 1 <= stride <= k <= {LONGEST} must hold")
    }
}

impl Error for KmersError {}

/// Ids are no encoding of a sequence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KmerDecodeError {
    /// The id is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// Its place among the ids given.
        at: usize,
    },
    /// The word contradicts the one before it where they overlap.
    Overlap {
        /// The id.
        id: u32,
        /// Its place among the ids given.
        at: usize,
    },
}

impl fmt::Display for KmerDecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KmerDecodeError::UnknownId { id, at } => {
                write!(f, "id {id} at place {at} is not in the vocabulary")
            }
            KmerDecodeError::Overlap { id, at } => {
                write!(f, "word {id} at place {at} contradicts the word before it")
            }
        }
    }
}

impl Error for KmerDecodeError {}
