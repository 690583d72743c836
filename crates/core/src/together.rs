//! The fewest tokens of what lies between hard boundaries, many short stretches together.
//!
//! Such a stretch rarely comes again as a whole, so nothing is kept of it; and it is too short for lanes of
//! its own (`lanes.rs`). So one path goes through many, with lanes that stop where stretches end.

use crate::{
    backtrack::Scratch,
    fewest::{Stretches, TOGETHER},
    making::Making,
    pieces::{Pieces, Sink},
    segment::{Boundary, End, Segmenter},
};

/// Where the ids of stretches go.
pub(crate) trait StretchSink: Sink {
    /// Takes the fewest tokens of stretches.
    fn fewest(&mut self, pieces: &Pieces, stretches: Stretches<'_>, scratch: &mut Scratch);
}

impl StretchSink for Vec<u32> {
    fn fewest(&mut self, pieces: &Pieces, stretches: Stretches<'_>, scratch: &mut Scratch) {
        pieces.append_fewest(stretches, scratch, self);
    }
}

/// The number of ids.
impl StretchSink for usize {
    fn fewest(&mut self, pieces: &Pieces, stretches: Stretches<'_>, scratch: &mut Scratch) {
        *self += pieces.fewest().count_stretches(stretches, &mut scratch.fewest);
    }
}

/// Segments that wait for being encoded: stretches that have ended, and one that is open.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Where the first of them begins. All else is counted from there.
    start: usize,
    /// Where stretches end.
    hard: Vec<usize>,
    /// Where segments end, those of the open stretch among them.
    ends: Vec<usize>,
}

impl Waiting {
    /// Nothing yet, of a text that begins at a place of the input.
    pub(crate) fn from(start: usize) -> Waiting {
        Waiting { start, ..Waiting::default() }
    }

    /// Nothing again, of a text that begins with the input; the room stays, but for that of a long stretch.
    fn forget(&mut self) {
        self.start = 0;
        for places in [&mut self.hard, &mut self.ends] {
            places.clear();
            places.shrink_to(TOGETHER);
        }
    }

    /// Where the open stretch begins.
    fn open(&self) -> usize {
        self.hard.last().copied().unwrap_or(0)
    }

    /// Where the last segment ends.
    fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Takes the next segment of an input.
    #[inline]
    pub(crate) fn push(
        &mut self,
        pieces: &Pieces,
        input: &[u8],
        end: End,
        scratch: &mut Scratch,
        sink: &mut impl StretchSink,
    ) {
        let start = self.start + self.len();
        if let Some(id) = pieces.whole(&input[start..end.at()]) {
            self.flush(pieces, input, scratch, sink);
            sink.many(&[id]);
            self.start = end.at();
            return;
        }
        self.ends.push(end.at() - self.start);
        if end.boundary() == Boundary::Hard {
            self.end(pieces, input, scratch, sink);
        }
    }

    /// Ends the open stretch.
    fn end(
        &mut self,
        pieces: &Pieces,
        input: &[u8],
        scratch: &mut Scratch,
        sink: &mut impl StretchSink,
    ) {
        let long = self.len() - self.open() > TOGETHER;
        if self.len() > TOGETHER {
            self.encode(pieces, input, scratch, sink);
        }
        if long {
            let text = &input[self.start..self.start + self.len()];
            sink.fewest(pieces, Stretches { text, hard: &[], ends: &self.ends }, scratch);
            self.start += text.len();
            self.ends.clear();
        } else if self.len() > self.open() {
            self.hard.push(self.len());
        }
    }

    /// Encodes the stretches that have ended.
    fn encode(
        &mut self,
        pieces: &Pieces,
        input: &[u8],
        scratch: &mut Scratch,
        sink: &mut impl StretchSink,
    ) {
        if self.hard.is_empty() {
            return;
        }
        let len = self.open();
        let segments = self.ends.partition_point(|&end| end <= len);
        let text = &input[self.start..self.start + len];
        let stretches = Stretches { text, hard: &self.hard, ends: &self.ends[..segments] };
        sink.fewest(pieces, stretches, scratch);
        self.start += len;
        self.hard.clear();
        self.ends.drain(..segments);
        self.ends.iter_mut().for_each(|end| *end -= len);
    }

    /// Ends the open stretch, and encodes all.
    pub(crate) fn flush(
        &mut self,
        pieces: &Pieces,
        input: &[u8],
        scratch: &mut Scratch,
        sink: &mut impl StretchSink,
    ) {
        self.end(pieces, input, scratch, sink);
        self.encode(pieces, input, scratch, sink);
    }
}

impl Pieces {
    /// Encodes what lies between the hard boundaries of an input by the fewest tokens.
    pub(crate) fn encode_stretches(
        &self,
        segmenter: &dyn Segmenter,
        input: &[u8],
        sink: &mut impl StretchSink,
    ) {
        self.with_memory(|memory| {
            let Making { scratch, waiting, .. } = &mut memory.making;
            // An encoding that panicked may have left some.
            waiting.forget();
            segmenter.segment_ends(input, &mut |ends| {
                for &end in ends {
                    waiting.push(self, input, end, scratch, sink);
                }
            });
            waiting.flush(self, input, scratch, sink);
            waiting.forget();
        });
    }
}
