//! How a vocabulary encodes one segment: which way for which length.

use crate::{
    backtrack::{self, Backtracker, Scratch},
    memory::{self, Memory},
    merge::Pair,
    segment::Span,
    vocabulary::Vocabulary,
};

/// Segments of up to this many bytes are merged by a scan, longer ones searched for.
const SHORT: usize = 64;

/// Tokens of more bytes together are not searched for, since the tables take up to forty times as
/// much to build: a file of some kilobytes must not ask for gigabytes.
const SEARCHED: usize = 1 << 22;

impl Vocabulary {
    /// Calls `run` with the memory of this thread for this vocabulary.
    pub(crate) fn with_memory<R>(&self, run: impl FnOnce(&mut Memory) -> R) -> R {
        memory::with(self.owner, run)
    }

    /// Appends the encoding of one segment of `input`.
    #[inline]
    pub(crate) fn encode_segment(
        &self,
        input: &[u8],
        span: Span,
        memory: &mut Memory,
        ids: &mut Vec<u32>,
    ) {
        let Some(key) = memory::key(input, span) else {
            return self.encode_unkept(span.of(input), memory.scratch(), ids);
        };
        if !memory.get(key, ids) {
            let from = ids.len();
            self.encode_unkept(span.of(input), memory.scratch(), ids);
            memory.put(key, &ids[from..]);
        }
    }

    fn encode_unkept(&self, segment: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        match self.added_token(segment) {
            Some(id) => ids.push(id),
            None => self.encode_merged(segment, scratch, ids),
        }
    }

    /// Appends what the merges of the first stage make of some bytes, added tokens apart.
    pub(crate) fn encode_merged(&self, segment: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let shift = self.shift();
        if segment.len() <= SHORT {
            self.merge_segment(segment, ids);
        } else {
            let found = self.backtracker().is_some_and(|tables| {
                tables.encode(segment, &self.first_stage_table, shift, scratch, ids)
            });
            if !found {
                self.merge_segment(segment, ids);
            }
        }
    }

    /// The added token that a segment of these bytes is.
    #[inline]
    pub(crate) fn added_token(&self, segment: &[u8]) -> Option<u32> {
        let known = segment.len() <= self.longest;
        known.then(|| self.added.get(segment)).flatten().map(|&token| token + self.shift())
    }

    fn merge_segment(&self, segment: &[u8], ids: &mut Vec<u32>) {
        let (from, shift) = (ids.len(), self.shift());
        ids.extend(segment.iter().map(|&byte| u32::from(byte) + shift));
        self.first_stage_table.apply(ids, from);
    }

    /// The merges of the first stage.
    pub(crate) fn first_stage(&self) -> &[Pair] {
        &self.merges[..self.second_stage.map_or(self.merges.len(), |stage| stage as usize)]
    }

    fn backtracker(&self) -> Option<&Backtracker> {
        let merges = self.first_stage();
        let bytes = self.starts[256 + merges.len()] as usize;
        (bytes <= SEARCHED).then(|| {
            self.backtracker.get_or_init(|| {
                Backtracker::new(merges, &self.first_stage_table, self.shift(), |training_id| {
                    self.token(training_id + self.shift()).unwrap_or_default()
                })
            })
        })
    }

    /// Applies the merges of the second stage to tokens between hard boundaries.
    pub(crate) fn merge_across(&self, ids: &mut Vec<u32>, from: usize) {
        self.second_stage_table.apply(ids, from);
    }

    /// Ids of the byte and merge tokens that a segment of their own bytes does not encode to.
    ///
    /// Empty for a vocabulary trained without options. Tokens of the second stage are left out: a
    /// single segment never makes them.
    pub fn unreachable(&self) -> Vec<u32> {
        let unreachable =
            backtrack::unreachable(self.first_stage(), &self.first_stage_table, self.shift());
        unreachable.into_iter().map(|training_id| training_id + self.shift()).collect()
    }
}
