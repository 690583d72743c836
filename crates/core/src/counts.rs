//! What training sees of a corpus: its segments and how often each occurs.

use std::{error::Error, fmt};

use hashbrown::HashMap;

use crate::segment::Segmenter;

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
    /// Number, in this collection, of the last document that held it.
    last: u64,
}

/// A multiset of segments with document frequencies.
///
/// Collections of parts of a corpus [`merge`](SegmentCounts::merge) into that of the whole, in any
/// order and grouping; training depends on nothing else. Memory is linear in the distinct segments
/// of up to 256 bytes and in the total length of the longer ones, which are kept one by one.
#[derive(Clone, Debug)]
pub struct SegmentCounts {
    segmenter: String,
    segments: HashMap<Box<[u8]>, Count>,
    sequences: Vec<(Box<[u8]>, u64)>,
    documents: Vec<Digest>,
    bytes: u64,
}

impl SegmentCounts {
    /// An empty collection of segments of the named segmenter.
    pub fn new(segmenter: &str) -> SegmentCounts {
        SegmentCounts {
            segmenter: segmenter.to_owned(),
            segments: HashMap::new(),
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
        segmenter.segment(document, &mut |span, _| self.insert(span.of(document), 1));
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
        if segment.len() > LONGEST_DEDUPLICATED {
            self.sequences.push((segment.into(), weight));
            return;
        }
        let document = self.documents.len() as u64;
        let count = match self.segments.get_mut(segment) {
            Some(count) => count,
            None => self.segments.entry(segment.into()).or_default(),
        };
        count.count = count.count.saturating_add(weight);
        if count.last != document {
            count.last = document;
            count.documents = count.documents.saturating_add(1);
        }
    }

    /// Adds all of another collection, of other documents.
    ///
    /// # Errors
    ///
    /// If the other collection is for another segmenter.
    pub fn merge(&mut self, mut other: SegmentCounts) -> Result<(), SegmenterMismatch> {
        SegmenterMismatch::check(&self.segmenter, &other.segmenter)?;
        if self.segments.len() < other.segments.len() {
            std::mem::swap(self, &mut other);
        }
        for (segment, theirs) in other.segments.drain() {
            let ours = self.segments.entry(segment).or_default();
            ours.count = ours.count.saturating_add(theirs.count);
            ours.documents = ours.documents.saturating_add(theirs.documents);
        }
        // The next document has a number above all stamps: those of `self` are numbers of its own
        // documents, and entries that came from `other` alone have none.
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
        self.segments.get(segment).copied()
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

    pub(crate) fn segments(&self) -> impl Iterator<Item = (&[u8], &Count)> {
        self.segments.iter().map(|(segment, count)| (&**segment, count))
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
        self.segments.insert(segment.into(), Count { count, documents, last: 0 });
    }

    /// Adds a long segment as it was counted.
    pub(crate) fn add_sequence(&mut self, sequence: Vec<u8>, weight: u64) {
        self.sequences.push((sequence.into(), weight));
    }

    /// Length of all segments that training sees, with a mark behind each.
    pub(crate) fn cells(&self) -> usize {
        self.pieces().iter().map(|(piece, _)| piece.len() + 1).sum()
    }

    /// Calls for all segments with their weights, heaviest first, and lets go of them on the way.
    pub(crate) fn drain_pieces(mut self, each: &mut dyn FnMut(&[u8], u64)) {
        // The last first: what was allocated last is given back to the system most easily.
        let mut sequences = std::mem::take(&mut self.sequences);
        sequences.reverse();
        sequences.sort_by_key(|&(_, weight)| std::cmp::Reverse(weight));
        let mut sequences = sequences.into_iter().peekable();
        for (piece, weight) in self.pieces() {
            while let Some((sequence, weight)) = sequences.next_if(|next| next.1 >= weight) {
                if weight > 0 {
                    each(&sequence, weight);
                }
            }
            each(piece, weight);
        }
        for (sequence, weight) in sequences {
            if weight > 0 {
                each(&sequence, weight);
            }
        }
    }

    /// All segments with their weights, heaviest first; the order of equally heavy ones is open.
    pub(crate) fn pieces(&self) -> Vec<(&[u8], u64)> {
        let mut pieces: Vec<(&[u8], u64)> = Vec::with_capacity(self.segments.len());
        pieces.extend(self.segments.iter().map(|(segment, count)| (&**segment, count.count)));
        pieces.extend(self.sequences.iter().map(|(sequence, weight)| (&**sequence, *weight)));
        pieces.retain(|&(piece, weight)| piece.len() > 1 && weight > 0);
        pieces.sort_by_key(|&(_, weight)| std::cmp::Reverse(weight));
        pieces
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
