//! Encodings by the fewest tokens that are the same on both strands.

use polytok_core::Vocabulary;

use crate::{
    segment::Genome,
    strand::{Strand, reverse_complement},
    tokenizer::{GenomeEncoding, GenomeTokenizer},
};

/// Bases to either side that tell the strands of a stretch apart that is its own reverse complement.
const FLANK: usize = 64;

impl GenomeTokenizer {
    /// Encodes a sequence as it is given by the fewest tokens there can be, alike on both strands; none
    /// for k-mers, and for a vocabulary that is not closed under reverse complement.
    ///
    /// The reverse complement of the sequence has the complements of the same tokens, in the opposite
    /// order, unless it is the sequence itself. Decoding is [`decode`](GenomeTokenizer::decode).
    ///
    /// Where all shortest paths have but one border after the same number of tokens, the sequence is
    /// cut. Of each stretch between two such borders there are two paths to choose from, the one whose
    /// last tokens are longest and the one whose first are, which are each other's on the two strands.
    /// It is the former if the stretch comes before its reverse complement, compared from the middle to
    /// the right end, the latter if behind. Of a stretch that is its own, the 64 bases around it decide,
    /// from inside out, and then the end that is nearer. So the choice is made locally, where the canonical strand of a
    /// whole sequence may change all tokens with one base.
    ///
    /// A limit of the segmenter does not count. Takes linear time and some 20 bytes of memory a base.
    pub fn encode_symmetric(&self, sequence: &[u8]) -> Option<GenomeEncoding> {
        let vocabulary = self.tokenizer()?.vocabulary();
        // Tokens of other bytes are those of runs of N and of single bytes, so no token lies across the
        // segments of a rule of this crate.
        Genome::from_id(self.tokenizer()?.segmenter().id())?;
        vocabulary.complement_of(vocabulary.id_of(0)?)?;
        let (folded, mask) = self.folded(sequence);
        let ids = Sides::new(vocabulary, &folded).encode();
        Some(GenomeEncoding { ids, mask, strand: Strand::Forward })
    }
}

/// A sequence from both ends.
struct Sides<'a> {
    vocabulary: &'a Vocabulary,
    sequence: &'a [u8],
    /// The fewest tokens from the beginning to each place, and from each place to the end.
    before: Vec<u32>,
    behind: Vec<u32>,
    /// The longest tokens of a shortest path that end, or begin, at each place.
    last: Vec<u32>,
    first: Vec<u32>,
}

impl<'a> Sides<'a> {
    fn new(vocabulary: &'a Vocabulary, sequence: &'a [u8]) -> Sides<'a> {
        let forward = vocabulary.fewest_paths(sequence);
        // All complements are tokens, so what goes on to the end is what comes from the beginning of
        // the other strand.
        let mut reverse = vocabulary.fewest_paths(&reverse_complement(sequence));
        reverse.counts.reverse();
        reverse.lasts.reverse();
        let complement = |&id: &u32| vocabulary.complement_of(id).unwrap_or(id);
        Sides {
            vocabulary,
            sequence,
            before: forward.counts,
            behind: reverse.counts,
            last: forward.lasts,
            first: reverse.lasts.iter().map(complement).collect(),
        }
    }

    fn encode(&self) -> Vec<u32> {
        let mut ids = Vec::new();
        let cuts = self.cuts();
        for cut in cuts.windows(2) {
            let (start, end) = (cut[0], cut[1]);
            let (from_left, from_right) =
                (self.first_longest(start, end), self.last_longest(start, end));
            ids.extend(if from_left != from_right && self.is_forward(start, end) {
                from_right
            } else {
                from_left
            });
        }
        ids
    }

    /// The places that all shortest paths go through: alone after their number of tokens.
    fn cuts(&self) -> Vec<usize> {
        let all = self.behind[0];
        let mut alike = vec![0u32; all as usize + 1];
        let on_path = |&at: &usize| self.before[at] + self.behind[at] == all;
        for at in (0..self.before.len()).filter(on_path) {
            alike[self.before[at] as usize] += 1;
        }
        let alone = |&at: &usize| alike[self.before[at] as usize] == 1;
        (0..self.before.len()).filter(on_path).filter(alone).collect()
    }

    fn last_longest(&self, start: usize, mut end: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        while end > start {
            let id = self.last[end - 1];
            end -= self.len(id);
            ids.push(id);
        }
        ids.reverse();
        ids
    }

    fn first_longest(&self, mut start: usize, end: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        while start < end {
            let id = self.first[start];
            start += self.len(id);
            ids.push(id);
        }
        ids
    }

    fn len(&self, id: u32) -> usize {
        self.vocabulary.token(id).map_or(1, <[u8]>::len)
    }

    /// Whether a stretch is seen from its forward strand: false for one of two strands, unless all of the
    /// sequence is its own reverse complement.
    fn is_forward(&self, start: usize, end: usize) -> bool {
        let (left, right) = (start, self.sequence.len() - end);
        let flank = FLANK.min(left).min(right);
        let near = &self.sequence[start - flank..end + flank];
        let order = from_inside(&self.sequence[start..end])
            .then_with(|| from_inside(near))
            .then(left.cmp(&right))
            .then_with(|| from_inside(self.sequence));
        order.is_le()
    }
}

/// How a stretch compares with its reverse complement, from the middle to the ends.
fn from_inside(stretch: &[u8]) -> std::cmp::Ordering {
    let reverse = reverse_complement(stretch);
    let half = stretch.len() / 2;
    // The second half of the one says what the first of the other does.
    stretch[half..].cmp(&reverse[half..])
}
