//! Where merges may not cross in a genome.

use bio::alphabets::dna;
use polytok_core::{Boundary, Pair, Segmenter, Span, Vocabulary};

/// Longest run of N that one token stands for: 2^15, the largest power of two within
/// [`MAX_TOKEN_LEN`](polytok_core::MAX_TOKEN_LEN).
const N_DOUBLINGS: u32 = 15;

/// Longest segment where no limit is set: encoding addresses a segment by 32 bits and takes tens of
/// bytes of memory a base.
const LONGEST: usize = 1 << 30;

/// What becomes of lower case.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Case {
    /// Folded to upper case before segmenting and kept beside the ids, as a
    /// [`CaseMask`](crate::CaseMask).
    #[default]
    Masked,
    /// Left in the sequence: lower-case bases are learned as tokens of their own.
    Plain,
}

/// Cuts a sequence into runs of bases and single escapes.
///
/// The document is the sequence of one contig, in bytes. Its segments, all with hard ends:
///
/// - runs of `ACGT`, which are learned; in the plain case also runs of `acgt`. A limit on their
///   length may be set, which cuts a run from its left end.
/// - runs of `N` (in the plain case also of `n`), cut from the left into powers of two of at most
///   2^15, so that the preset merges of [`initial_merges`](Genome::initial_merges) make each
///   segment one token: a gap of 50,000 costs six.
/// - every other byte alone: ambiguity codes, gaps, `U`, amino acids, anything.
///
/// So escapes never mix with bases, and have no pair that training could spend an entry on.
///
/// The id is `genome-1` or `genome-plain-1`, with the limit behind it if there is one, such as
/// `genome-1/limit=4096`. The masked rule does not fold case, since a segmenter changes nothing:
/// [`GenomeTokenizer`](crate::GenomeTokenizer) does, and whoever trains must
/// ([`CaseMask::fold`](crate::CaseMask::fold)). Lower-case letters that reach it are escapes.
///
/// ```
/// use polytok_core::segments;
/// use polytok_genome::Genome;
///
/// let sequence = b"ACGTNNNNNRYacg";
/// let cut = |genome| -> Vec<&[u8]> {
///     segments(&genome, sequence).iter().map(|(span, _)| span.of(sequence)).collect()
/// };
/// let masked: [&[u8]; 8] = [b"ACGT", b"NNNN", b"N", b"R", b"Y", b"a", b"c", b"g"];
/// assert_eq!(cut(Genome::masked()), masked);
/// let plain: [&[u8]; 6] = [b"ACGT", b"NNNN", b"N", b"R", b"Y", b"acg"];
/// assert_eq!(cut(Genome::plain()), plain);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Genome {
    case: Case,
    limit: Option<usize>,
    id: String,
}

impl Genome {
    /// The rule for upper-case sequences, `genome-1`.
    pub fn masked() -> Genome {
        Genome::new(Case::Masked, None)
    }

    /// The rule for sequences with their case, `genome-plain-1`.
    pub fn plain() -> Genome {
        Genome::new(Case::Plain, None)
    }

    fn new(case: Case, limit: Option<usize>) -> Genome {
        let name = match case {
            Case::Masked => "genome-1",
            Case::Plain => "genome-plain-1",
        };
        let id = limit.map_or(name.to_owned(), |limit| format!("{name}/limit={limit}"));
        Genome { case, limit, id }
    }

    /// The same rule with no run of bases longer than `limit`, to bound the memory of encoding and
    /// the length of what is learned as one piece. A limit of 0 counts as 1, one above 2^30 as
    /// none: no segment is longer than that in any case.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Genome {
        Genome::new(self.case, Some(limit.max(1)).filter(|&limit| limit <= LONGEST))
    }

    /// The rule that a vocabulary names; none if it was trained with no rule of this crate.
    pub fn from_id(id: &str) -> Option<Genome> {
        let (name, limit) = match id.split_once("/limit=") {
            Some((name, limit)) => (name, Some(limit.parse().ok()?)),
            None => (id, None),
        };
        let case = match name {
            "genome-1" => Case::Masked,
            "genome-plain-1" => Case::Plain,
            _ => return None,
        };
        // Only what the rule itself would write, not `limit=+7`.
        Some(Genome::new(case, limit)).filter(|genome| {
            genome.id == id && genome.limit.is_none_or(|limit| (1..=LONGEST).contains(&limit))
        })
    }

    /// What becomes of lower case.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Number of different bases that are learned: 4, in the plain case 8.
    pub fn bases(&self) -> u32 {
        match self.case {
            Case::Masked => 4,
            Case::Plain => 8,
        }
    }

    /// The merges to fix before learning, in training ids: runs of N of 2, 4, …, 2^15, in the plain
    /// case followed by those of n.
    ///
    /// They belong into `TrainConfig::initial_merges`. Without them a run of N is one token a byte,
    /// or training spends entries on it.
    pub fn initial_merges(&self) -> Vec<Pair> {
        match self.case {
            Case::Masked => n_run_merges(),
            Case::Plain => [run_merges(b'N', 0), run_merges(b'n', N_DOUBLINGS)].concat(),
        }
    }

    /// The bytes that stand for each other on the two strands, the smaller first: bases and ambiguity
    /// codes, in either case. They belong into `TrainConfig::complement` of a vocabulary that is to be
    /// closed under reverse complement.
    pub fn complement(&self) -> Vec<(u8, u8)> {
        let pairs = (0..=u8::MAX).map(|byte| (byte, dna::complement(byte)));
        pairs.filter(|(byte, other)| byte < other).collect()
    }

    /// The size to ask of the trainer for so many learned entries: bases and learned merges.
    ///
    /// Added to them are the other bytes and the runs of N, which stand for what is not learned.
    /// Special and added tokens come on top. Fewer entries than bases give the bases alone.
    ///
    /// ```
    /// use polytok_genome::Genome;
    ///
    /// // 4 bases and 4,092 merges; 252 other bytes; 15 runs of N.
    /// assert_eq!(Genome::masked().vocabulary_size(4096), 4096 + 252 + 15);
    /// ```
    pub fn vocabulary_size(&self, learned_entries: u32) -> u32 {
        let fixed = 256 - self.bases() + self.initial_merges().len() as u32;
        learned_entries.max(self.bases()).saturating_add(fixed)
    }

    /// Number of learned entries of a vocabulary: bases and merges behind the initial ones.
    pub fn learned_entries(&self, vocabulary: &Vocabulary) -> usize {
        let initial = vocabulary.provenance().config.initial_merges.len();
        self.bases() as usize + vocabulary.merges().len().saturating_sub(initial)
    }

    fn kind(&self, byte: u8) -> Kind {
        match byte {
            b'A' | b'C' | b'G' | b'T' => Kind::Bases,
            b'N' => Kind::Unknown,
            b'a' | b'c' | b'g' | b't' if self.case == Case::Plain => Kind::LowerBases,
            b'n' if self.case == Case::Plain => Kind::LowerUnknown,
            _ => Kind::Escape,
        }
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Bases,
    LowerBases,
    Unknown,
    LowerUnknown,
    Escape,
}

/// Bytes that are looked at together: whether all are of one run is told by a few comparisons of vectors.
const TOGETHER: usize = 64;

impl Kind {
    /// How many bytes of a run of this kind a sequence begins with; an escape is no run.
    fn run(self, bytes: &[u8]) -> usize {
        let [a, b, c, d] = match self {
            Kind::Bases => *b"ACGT",
            Kind::LowerBases => *b"acgt",
            Kind::Unknown => *b"NNNN",
            Kind::LowerUnknown => *b"nnnn",
            Kind::Escape => return 0,
        };
        let is = |byte: u8| (byte == a) | (byte == b) | (byte == c) | (byte == d);
        let all = |block: &&[u8]| block.iter().fold(true, |all, &byte| all & is(byte));
        let len = TOGETHER * bytes.chunks_exact(TOGETHER).take_while(all).count();
        len + bytes[len..].iter().take_while(|&&byte| is(byte)).count()
    }
}

impl Segmenter for Genome {
    fn id(&self) -> &str {
        &self.id
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let limit = self.limit.unwrap_or(LONGEST);
        let mut start = 0;
        while start < input.len() {
            let kind = self.kind(input[start]);
            let run = match kind {
                Kind::Escape => 1,
                _ => kind.run(&input[start..]),
            };
            let end = start + run;
            while start < end {
                let rest = end - start;
                let len = match kind {
                    Kind::Bases | Kind::LowerBases => rest.min(limit),
                    Kind::Unknown | Kind::LowerUnknown => 1 << rest.ilog2().min(N_DOUBLINGS),
                    Kind::Escape => rest,
                };
                emit(Span::new(start, start + len), Boundary::Hard);
                start += len;
            }
        }
    }

    fn cut(&self, input: &[u8], from: usize, _: Boundary) -> Option<usize> {
        // A run is cut from its left end, whatever comes before it and behind.
        let from = from.max(1);
        let (&before, rest) = input.get(from - 1..)?.split_first()?;
        let len = self.kind(before).run(rest);
        (len < rest.len()).then_some(from + len)
    }
}

/// The merges that make runs of 2, 4, …, 2^15 N, in training ids: a byte has its value, merge `i`
/// has `256 + i`. They are the initial merges of [`Genome::masked`].
///
/// A run of any length then takes one token for every 2^15 and at most fifteen more.
pub fn n_run_merges() -> Vec<Pair> {
    run_merges(b'N', 0)
}

fn run_merges(byte: u8, before: u32) -> Vec<Pair> {
    let half = |doubling| match doubling {
        0 => u32::from(byte),
        _ => 256 + before + doubling - 1,
    };
    (0..N_DOUBLINGS).map(|doubling| (half(doubling), half(doubling))).collect()
}
