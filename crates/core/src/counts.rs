//! What training sees of a corpus: its segments and how often each occurs.

use std::{cmp::Reverse, error::Error, fmt};

use crate::{
    multiset::{Member, Multiset},
    segment::Segmenter,
};

/// A blake3 digest.
pub type Digest = [u8; 32];

/// Segments longer than this many bytes are kept as sequences and not deduplicated: sections and
/// chromosomes hardly ever repeat, and hashing them would cost a copy and a pass for nothing.
pub(crate) const LONGEST_DEDUPLICATED: usize = 256;

/// The digest of a corpus whose documents have these digests, in any order: of the sorted digests.
pub fn corpus_digest(mut documents: Vec<Digest>) -> Digest {
    documents.sort_unstable();
    *blake3::hash(documents.as_flattened()).as_bytes()
}

/// How often a segment occurs, and in how many documents.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Count {
    /// Occurrences, weights included.
    pub count: u64,
    /// Documents that hold it; stays at the maximum once there.
    pub documents: u32,
    /// Number, in this collection and modulo 2^32, of the last document that held it.
    pub(crate) last: u32,
}

impl Count {
    /// Counts `weight` more in a document.
    pub(crate) fn add(&mut self, weight: u64, document: u32) {
        self.count = self.count.saturating_add(weight);
        if self.last != document {
            self.last = document;
            self.documents = self.documents.saturating_add(1);
        }
    }

    /// Adds the count of other documents.
    ///
    /// The next document has a number above all stamps: those of `self` are numbers of its own
    /// documents, and entries that came from elsewhere alone have none.
    pub(crate) fn join(&mut self, other: Count) {
        self.count = self.count.saturating_add(other.count);
        self.documents = self.documents.saturating_add(other.documents);
    }
}

/// A multiset of segments with document frequencies.
///
/// Collections of parts of a corpus [`merge`](SegmentCounts::merge) into that of the whole, in any
/// order and grouping; training depends on nothing else. Memory is linear in the distinct segments
/// of up to 256 bytes and in the total length of the longer ones, which are kept one by one.
#[derive(Clone, Debug)]
pub struct SegmentCounts {
    segmenter: String,
    segments: Multiset,
    sequences: Vec<(Box<[u8]>, u64)>,
    documents: Vec<Digest>,
    bytes: u64,
}

impl SegmentCounts {
    /// An empty collection of segments of the named segmenter.
    pub fn new(segmenter: &str) -> SegmentCounts {
        SegmentCounts {
            segmenter: segmenter.to_owned(),
            segments: Multiset::default(),
            sequences: Vec::new(),
            documents: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds the segments of a document.
    ///
    /// # Errors
    ///
    /// If the segmenter is not the one that the collection is for.
    pub fn add_document(
        &mut self,
        segmenter: &dyn Segmenter,
        document: &[u8],
    ) -> Result<(), SegmenterMismatch> {
        SegmenterMismatch::check(&self.segmenter, segmenter.id())?;
        self.begin_document(document);
        let number = self.document_number();
        let mut start = 0;
        segmenter.segment_ends(document, &mut |ends| {
            for end in ends {
                self.insert_part(document, start, end.at(), 1, number);
                start = end.at();
            }
        });
        Ok(())
    }

    /// Begins a document whose segments are inserted one by one.
    pub(crate) fn begin_document(&mut self, document: &[u8]) {
        self.documents.push(*blake3::hash(document).as_bytes());
        self.bytes += document.len() as u64;
    }

    /// Adds one segment `weight` times, as a document of its own.
    pub fn add_segment(&mut self, segment: &[u8], weight: u64) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(segment).update(&weight.to_le_bytes());
        self.documents.push(*hasher.finalize().as_bytes());
        self.bytes = self.bytes.saturating_add(weight.saturating_mul(segment.len() as u64));
        self.insert(segment, weight);
    }

    /// Adds a segment of the document begun last.
    pub(crate) fn insert(&mut self, segment: &[u8], weight: u64) {
        self.insert_part(segment, 0, segment.len(), weight, self.document_number());
    }

    /// Adds the segment `input[start..end]` of a document.
    #[inline]
    fn insert_part(&mut self, input: &[u8], start: usize, end: usize, weight: u64, document: u32) {
        if end - start <= LONGEST_DEDUPLICATED {
            self.segments.add(input, start, end, weight, document);
        } else {
            self.sequences.push((input[start..end].into(), weight));
        }
    }

    fn document_number(&self) -> u32 {
        self.documents.len() as u32
    }

    /// Adds all of another collection, of other documents.
    ///
    /// # Errors
    ///
    /// If the other collection is for another segmenter.
    pub fn merge(&mut self, mut other: SegmentCounts) -> Result<(), SegmenterMismatch> {
        SegmenterMismatch::check(&self.segmenter, &other.segmenter)?;
        self.segments.merge(other.segments);
        self.sequences.append(&mut other.sequences);
        self.documents.append(&mut other.documents);
        self.bytes = self.bytes.saturating_add(other.bytes);
        Ok(())
    }

    /// Name of the segmenter that made the segments.
    pub fn segmenter(&self) -> &str {
        &self.segmenter
    }

    /// The count of a segment of up to 256 bytes.
    pub fn get(&self, segment: &[u8]) -> Option<Count> {
        self.segments.get(segment)
    }

    /// Number of documents added.
    pub fn documents(&self) -> u64 {
        self.documents.len() as u64
    }

    /// Number of bytes added, weights included.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Digest of the corpus: of the sorted digests of its documents, so their order is no matter.
    pub fn digest(&self) -> Digest {
        corpus_digest(self.documents.clone())
    }

    pub(crate) fn document_digests(&self) -> &[Digest] {
        &self.documents
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = Member<'_>> {
        self.segments.members()
    }

    pub(crate) fn sequences(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.sequences.iter().map(|(sequence, weight)| (&**sequence, *weight))
    }

    /// Documents and their bytes, of an empty collection.
    pub(crate) fn set_documents(&mut self, documents: Vec<Digest>, bytes: u64) {
        (self.documents, self.bytes) = (documents, bytes);
    }

    /// Adds a segment that is not there, as it was counted.
    pub(crate) fn add_counted(&mut self, segment: &[u8], count: u64, documents: u32) {
        self.segments.set(segment, Count { count, documents, last: 0 });
    }

    /// Adds a long segment as it was counted.
    pub(crate) fn add_sequence(&mut self, sequence: Vec<u8>, weight: u64) {
        self.sequences.push((sequence.into(), weight));
    }

    /// Cells of all segments that training sees, with a wall behind each: as many to a segment as
    /// symbols of `width` bytes.
    pub(crate) fn cells(&self, width: usize) -> usize {
        let lens = self.members().map(|member| member.bytes().len());
        let lens = lens.chain(self.heavy_sequences().map(|(sequence, _)| sequence.len()));
        lens.map(|len| len / width + 1).sum()
    }

    /// The segments that training sees, but for the sequences: those in which something can merge.
    fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.segments.members().filter(|member| member.bytes().len() > 1 && member.count.count > 0)
    }

    fn heavy_sequences(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.sequences().filter(|&(_, weight)| weight > 0)
    }

    /// Calls for all segments with their weights, heaviest first; the order of equally heavy ones is
    /// open.
    pub(crate) fn each_piece(&self, each: &mut dyn FnMut(&[u8], u64)) {
        let mut sequences: Vec<(&[u8], u64)> = self.heavy_sequences().collect();
        sequences.sort_by_key(|&(_, weight)| Reverse(weight));
        self.each_with(sequences.into_iter(), each);
    }

    /// The same, and lets go of the sequences on the way.
    pub(crate) fn drain_pieces(mut self, each: &mut dyn FnMut(&[u8], u64)) {
        let mut sequences = std::mem::take(&mut self.sequences);
        sequences.retain(|&(_, weight)| weight > 0);
        // The last first: what was allocated last is given back to the system most easily.
        sequences.reverse();
        sequences.sort_by_key(|&(_, weight)| Reverse(weight));
        self.each_with(sequences.into_iter(), each);
    }

    /// Calls for the segments and for these sequences, which come heaviest first.
    fn each_with<S: AsRef<[u8]>>(
        &self,
        sequences: impl Iterator<Item = (S, u64)>,
        each: &mut dyn FnMut(&[u8], u64),
    ) {
        let mut members: Vec<Member<'_>> = self.members().collect();
        members.sort_unstable_by_key(|member| Reverse(member.count.count));
        let mut sequences = sequences.peekable();
        for member in members {
            while let Some((sequence, weight)) =
                sequences.next_if(|next| next.1 >= member.count.count)
            {
                each(sequence.as_ref(), weight);
            }
            each(member.bytes(), member.count.count);
        }
        for (sequence, weight) in sequences {
            each(sequence.as_ref(), weight);
        }
    }
}

/// A segmenter other than the one that counts or a vocabulary were made with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SegmenterMismatch {
    /// Name of the segmenter that was expected.
    pub expected: String,
    /// Name of the segmenter that was given.
    pub found: String,
}

impl SegmenterMismatch {
    pub(crate) fn check(expected: &str, found: &str) -> Result<(), SegmenterMismatch> {
        if expected == found {
            return Ok(());
        }
        Err(SegmenterMismatch { expected: expected.to_owned(), found: found.to_owned() })
    }
}

impl fmt::Display for SegmenterMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SegmenterMismatch { expected, found } = self;
        write!(f, "made with segmenter {expected}, not with {found}")
    }
}

impl Error for SegmenterMismatch {}
