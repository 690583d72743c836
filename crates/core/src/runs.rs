//! What the second stage of a training sees of a corpus: runs of tokens and how often they occur.

use crate::{
    config::SecondStage,
    counts::{Digest, SegmentCounts, SegmenterMismatch},
    memory::Memory,
    segment::{Boundary, Segmenter, Span},
    train_error::TrainError,
    vocabulary::Vocabulary,
};

/// A multiset of runs of tokens: stretches between hard boundaries, encoded by the first stage, and
/// cut at every token that can be no part of a token of the second stage.
///
/// Most runs are short and come again, so they are counted like segments, and training on them costs
/// what it costs on segments; what is merged, and how often, is what it would be on the documents.
/// Collections of parts of a corpus [`merge`](RunCounts::merge) into that of the whole.
#[derive(Debug)]
pub struct RunCounts {
    /// The vocabulary of the first stage.
    first: Vocabulary,
    /// By training id: whether a token may be a part of one of the second stage.
    live: Vec<bool>,
    /// Segments of this are ids, four bytes each.
    runs: SegmentCounts,
}

impl RunCounts {
    /// An empty collection for a vocabulary whose first stage is done.
    ///
    /// # Errors
    ///
    /// [`TrainError::Checkpoint`] if the vocabulary was trained without a second stage in its
    /// settings, or ends before that begins.
    pub fn new(vocabulary: &Vocabulary) -> Result<RunCounts, TrainError> {
        let rules = vocabulary.provenance().config.second_stage.as_ref();
        let rules = rules.ok_or(TrainError::Checkpoint)?;
        let stage = vocabulary.second_stage().map(|stage| stage as usize);
        let merges = stage.unwrap_or(vocabulary.merges().len());
        let first = Vocabulary::new(
            vocabulary.provenance().of_learning(),
            vocabulary.merges()[..merges].to_vec(),
            vocabulary.merge_counts()[..merges].to_vec(),
        )?;
        let live =
            (0..256 + merges as u32).map(|id| rules.allows(first.pieces.tokens.get(id))).collect();
        let runs = SegmentCounts::new(&first.provenance().segmenter);
        Ok(RunCounts { first, live, runs })
    }

    /// An empty collection for the same vocabulary.
    #[must_use]
    pub fn empty_like(&self) -> RunCounts {
        RunCounts {
            first: self.first.clone(),
            live: self.live.clone(),
            runs: SegmentCounts::new(self.runs.segmenter()),
        }
    }

    /// Adds the runs of a document.
    ///
    /// # Errors
    ///
    /// If the segmenter is not that of the vocabulary.
    pub fn add_document(
        &mut self,
        segmenter: &dyn Segmenter,
        document: &[u8],
    ) -> Result<(), SegmenterMismatch> {
        SegmenterMismatch::check(self.runs.segmenter(), segmenter.id())?;
        self.runs.begin_document(document);
        let RunCounts { first, live, runs } = self;
        let (mut run, mut ids) = (Vec::new(), Vec::new());
        first.with_memory(|memory: &mut Memory| {
            let mut at = 0;
            segmenter.segment_ends(document, &mut |ends| {
                for end in ends {
                    ids.clear();
                    first.encode_segment(document, Span::new(at, end.at()), memory, &mut ids);
                    at = end.at();
                    for id in ids.drain(..) {
                        let id = id - first.shift();
                        if live.get(id as usize) == Some(&true) {
                            run.extend(id.to_le_bytes());
                        } else {
                            flush(&mut run, runs);
                        }
                    }
                    if end.boundary() == Boundary::Hard {
                        flush(&mut run, runs);
                    }
                }
            });
        });
        flush(&mut run, runs);
        Ok(())
    }

    /// Adds all of another collection, of other documents and the same vocabulary.
    ///
    /// # Errors
    ///
    /// If the other collection is for another segmenter.
    pub fn merge(&mut self, other: RunCounts) -> Result<(), SegmenterMismatch> {
        self.runs.merge(other.runs)
    }

    /// Digest of the corpus, as [`SegmentCounts::digest`] gives it.
    pub fn digest(&self) -> Digest {
        self.runs.digest()
    }

    pub(crate) fn first(&self) -> &Vocabulary {
        &self.first
    }

    /// Cells of all runs, with a wall behind each.
    pub(crate) fn cells(&self) -> usize {
        self.runs.cells(4)
    }

    /// Calls for all runs with their weights, heaviest first.
    pub(crate) fn drain(self, each: &mut dyn FnMut(&[u32], u64)) {
        let mut ids = Vec::new();
        self.runs.drain_pieces(&mut |run, weight| {
            ids.clear();
            ids.extend(
                run.chunks_exact(4).map(|id| u32::from_le_bytes([id[0], id[1], id[2], id[3]])),
            );
            each(&ids, weight);
        });
    }
}

/// Counts a run of two tokens and more, and begins the next.
fn flush(run: &mut Vec<u8>, runs: &mut SegmentCounts) {
    if run.len() > 4 {
        runs.insert(run, 1);
    }
    run.clear();
}

impl SecondStage {
    /// Whether a token of the second stage may have these bytes.
    ///
    /// What holds them may not, if they may not.
    pub(crate) fn allows(&self, token: &[u8]) -> bool {
        let holds = |part: &String| !part.is_empty() && find(token, part.as_bytes()).is_some();
        let few = self.max_words == 0 || self.words(token) <= self.max_words;
        few && !self.forbidden.iter().any(holds)
    }

    /// Number of words.
    fn words(&self, token: &[u8]) -> u32 {
        let (mut words, mut at, mut inside) = (0, 0, false);
        while at < token.len() {
            let separates =
                |part: &&String| !part.is_empty() && token[at..].starts_with(part.as_bytes());
            match self.separators.iter().find(separates) {
                Some(separator) => {
                    (at, inside) = (at + separator.len(), false);
                }
                None => {
                    words += u32::from(!inside);
                    (at, inside) = (at + 1, true);
                }
            }
        }
        words
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
