//! Encoding segment by segment, up to hard boundaries where there is a second stage.

use std::vec::Drain;

use crate::{
    memory::Memory,
    segment::{Boundary, End, Span},
    together::Waiting,
    vocabulary::Vocabulary,
};

/// The end of an encoding that is under way: what may change of it, as the last hard boundary is behind.
#[derive(Debug)]
pub(crate) struct Stretch<'a> {
    vocabulary: &'a Vocabulary,
    /// Ids in front of this place change no more.
    settled: usize,
    /// Segments of which there are no ids yet.
    waiting: Waiting,
}

impl<'a> Stretch<'a> {
    /// Of a text that begins at a place of the input, without ids yet.
    pub(crate) fn new(vocabulary: &'a Vocabulary, start: usize) -> Stretch<'a> {
        Stretch { vocabulary, settled: 0, waiting: Waiting::from(start) }
    }

    /// Appends the encoding of the next segment, and of what it completes.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        span: Span,
        boundary: Boundary,
        memory: &mut Memory,
        ids: &mut Vec<u32>,
    ) {
        if self.vocabulary.by_fewest_across() {
            let (pieces, scratch) = (&self.vocabulary.pieces, &mut memory.making.scratch);
            self.waiting.push(pieces, input, End::new(span.end, boundary), scratch, ids);
            if boundary == Boundary::Hard {
                self.close(input, memory, ids);
            }
        } else {
            self.vocabulary.encode_segment(input, span, memory, ids);
            self.ended(boundary, ids);
        }
    }

    /// Goes on behind a segment of which the ids were appended, by the merges of the first stage.
    pub(crate) fn ended(&mut self, boundary: Boundary, ids: &mut Vec<u32>) {
        if self.vocabulary.stops_at(boundary) {
            self.vocabulary.merge_across(ids, self.settled);
            self.settled = ids.len();
        }
    }

    /// Ends the text: its end is hard, whatever was said of it.
    pub(crate) fn close(&mut self, input: &[u8], memory: &mut Memory, ids: &mut Vec<u32>) {
        let scratch = &mut memory.making.scratch;
        self.waiting.flush(&self.vocabulary.pieces, input, scratch, ids);
        self.ended(Boundary::Hard, ids);
    }

    /// How many ids change no more, whatever follows.
    pub(crate) fn settled(&self) -> usize {
        self.settled
    }

    /// Takes the ids that change no more.
    pub(crate) fn take<'i>(&mut self, ids: &'i mut Vec<u32>) -> Drain<'i, u32> {
        ids.drain(..std::mem::take(&mut self.settled))
    }
}
