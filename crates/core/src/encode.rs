//! How a vocabulary encodes the segments of an input.

use crate::{
    across::Across,
    backtrack::Scratch,
    memory::Memory,
    pieces::{Pieces, Sink},
    segment::{Boundary, Segmenter, Span},
    stretch::Stretch,
    together::StretchSink,
    vocabulary::Vocabulary,
};

/// Ids of which those between hard boundaries are merged.
struct Runs<'a> {
    across: &'a Across,
    ids: &'a mut Vec<u32>,
    /// Where those begin that are not merged yet.
    from: usize,
    /// How many there were, if they are counted and not kept.
    counted: Option<usize>,
}

impl Sink for Runs<'_> {
    const TOLD: bool = true;

    #[inline(always)]
    fn many(&mut self, ids: &[u32]) {
        self.ids.extend_from_slice(ids);
    }

    fn ended(&mut self) {
        self.across.apply(self.ids, self.from);
        if let Some(count) = &mut self.counted {
            *count += self.ids.len();
            self.ids.clear();
        }
        self.from = self.ids.len();
    }

    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], scratch: &mut Scratch) {
        pieces.append(piece, scratch, self.ids);
    }
}

impl Vocabulary {
    /// Calls `run` with the memory of this thread for this vocabulary.
    pub(crate) fn with_memory<R>(&self, run: impl FnOnce(&mut Memory) -> R) -> R {
        self.pieces.with_memory(run)
    }

    /// Appends the encoding of one segment of `input`.
    pub(crate) fn encode_segment(
        &self,
        input: &[u8],
        span: Span,
        memory: &mut Memory,
        ids: &mut Vec<u32>,
    ) {
        self.pieces.encode_one(span.of(input), memory, ids);
    }

    /// Whether the encoding of a segment is what merges give: then it can be gone on with at its end, and
    /// two can be joined by looking at the tokens where they meet.
    pub(crate) fn by_merges(&self) -> bool {
        self.pieces.by_merges()
    }

    /// Whether segments between hard boundaries are not encoded all by themselves.
    pub(crate) fn in_stages(&self) -> bool {
        self.second_stage.is_some()
    }

    /// Whether no token lies across a boundary, so that both sides are encoded apart.
    pub(crate) fn stops_at(&self, boundary: Boundary) -> bool {
        boundary == Boundary::Hard || !self.in_stages()
    }

    /// Whether they have the fewest tokens, across soft boundaries.
    pub(crate) fn by_fewest_across(&self) -> bool {
        self.in_stages() && !self.by_merges()
    }

    /// Whether merges of one stage are all there is, so that what is said of a segment is said of a text
    /// of one segment.
    pub(crate) fn by_one_stage(&self) -> bool {
        !self.in_stages() && self.by_merges()
    }

    /// The added token that a segment of these bytes is.
    pub(crate) fn added_token(&self, segment: &[u8]) -> Option<u32> {
        self.pieces.whole(segment)
    }

    /// Appends the encoding of some bytes by the first stage, added tokens apart.
    pub(crate) fn encode_merged(&self, segment: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        self.pieces.append_merged(segment, scratch, ids);
    }

    /// Appends the ids of an input.
    pub(crate) fn encode_into(&self, segmenter: &dyn Segmenter, input: &[u8], ids: &mut Vec<u32>) {
        if let Some(across) = &self.across {
            let mut runs = Runs { across, from: ids.len(), ids, counted: None };
            self.pieces.encode(segmenter, input, &mut runs);
            runs.ended();
        } else {
            self.encode_at_once(segmenter, input, ids);
        }
    }

    /// Ids at the start of an input: at least `most` of them that do not change whatever follows, or
    /// all. Segments behind them are not encoded.
    pub(crate) fn encode_up_to(
        &self,
        segmenter: &dyn Segmenter,
        input: &[u8],
        most: usize,
    ) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut stretch = Stretch::new(self, 0);
        self.with_memory(|memory| {
            let mut at = 0;
            segmenter.segment_ends(input, &mut |ends| {
                for end in ends {
                    if stretch.settled() >= most {
                        return;
                    }
                    let span = Span::new(at, end.at());
                    stretch.push(input, span, end.boundary(), memory, &mut ids);
                    at = end.at();
                }
            });
            stretch.close(input, memory, &mut ids);
        });
        ids
    }

    /// The number of ids of an input.
    pub(crate) fn count(&self, segmenter: &dyn Segmenter, input: &[u8]) -> usize {
        if let Some(across) = &self.across {
            let mut runs = Runs { across, from: 0, ids: &mut Vec::new(), counted: Some(0) };
            self.pieces.encode(segmenter, input, &mut runs);
            runs.ended();
            return runs.counted.unwrap_or(0);
        }
        let mut count = 0;
        self.encode_at_once(segmenter, input, &mut count);
        count
    }

    /// Encodes an input without merges of a second stage.
    fn encode_at_once(&self, segmenter: &dyn Segmenter, input: &[u8], sink: &mut impl StretchSink) {
        match self.by_fewest_across() {
            true => self.pieces.encode_stretches(segmenter, input, sink),
            false => self.pieces.encode(segmenter, input, sink),
        }
    }

    /// Applies the merges of the second stage, if there are any, to tokens between hard boundaries.
    pub(crate) fn merge_across(&self, ids: &mut Vec<u32>, from: usize) {
        if let Some(across) = &self.across {
            across.apply(ids, from);
        }
    }

    /// Ids of the byte and merge tokens that a segment of their own bytes does not encode to.
    ///
    /// Empty for a vocabulary trained without options. Tokens of the second stage are left out: a
    /// single segment never makes them.
    pub fn unreachable(&self) -> Vec<u32> {
        (0..self.pieces.merged())
            .filter(|&training_id| !self.pieces.is_reachable(training_id))
            .map(|training_id| self.pieces.ids().of(training_id))
            .collect()
    }
}
