//! Encoding pieces: the tables of a list of merges, and which way a piece of which kind goes.

use std::{ops::Range, sync::OnceLock};

use hashbrown::HashMap;

use crate::{
    ahead,
    backtrack::{Backtracker, Scratch},
    fewest::{
        Fewest, Stretches,
        edit::{Change, Encoded},
    },
    joints::Joints,
    known::Known,
    last_tokens::Chains,
    listed::Listed,
    long::Long,
    marked::Marked,
    memory::{self, Memory},
    merge::Pair,
    segment::{Boundary, End, Segmenter, Span},
    short,
    token_bytes::TokenBytes,
};

/// From training ids to those that are given out.
#[derive(Clone, Debug)]
pub(crate) enum Ids {
    /// All moved up by the same.
    Shift(u32),
    /// Bytes one by one, the others as they are: so it is in rank files.
    Bytes(Box<[u32; 256]>),
    /// One by one.
    Table(Box<[u32]>),
}

impl Ids {
    /// Ids by training id, of all bytes and the merges behind them.
    pub(crate) fn new(ids: Vec<u32>) -> Ids {
        let (bytes, merged) = ids.split_at(256);
        match bytes.try_into() {
            Ok(bytes) if merged.iter().zip(256..).all(|(&id, own)| id == own) => {
                Ids::Bytes(Box::new(bytes))
            }
            _ => Ids::Table(ids.into_boxed_slice()),
        }
    }

    #[inline]
    pub(crate) fn of(&self, training_id: u32) -> u32 {
        match self {
            Ids::Shift(shift) => training_id + shift,
            Ids::Bytes(table) => table.get(training_id as usize).copied().unwrap_or(training_id),
            Ids::Table(table) => table[training_id as usize],
        }
    }

    pub(crate) fn map(&self, ids: &mut [u32]) {
        match self {
            Ids::Shift(0) => {}
            Ids::Shift(shift) => ids.iter_mut().for_each(|id| *id += shift),
            Ids::Bytes(_) => ids.iter_mut().for_each(|id| *id = self.of(*id)),
            Ids::Table(table) => ids.iter_mut().for_each(|id| *id = table[*id as usize]),
        }
    }
}

/// Where the ids of an encoding go.
pub(crate) trait Sink {
    /// Whether hard boundaries matter to it.
    const TOLD: bool = false;
    fn many(&mut self, ids: &[u32]);
    /// A hard boundary comes behind what was taken so far.
    fn ended(&mut self) {}
    /// Takes the encoding of a piece that is not kept.
    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], scratch: &mut Scratch);
}

impl Sink for Vec<u32> {
    #[inline(always)]
    fn many(&mut self, ids: &[u32]) {
        self.extend_from_slice(ids);
    }

    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], scratch: &mut Scratch) {
        pieces.append(piece, scratch, self);
    }
}

/// The number of ids.
impl Sink for usize {
    #[inline(always)]
    fn many(&mut self, ids: &[u32]) {
        *self += ids.len();
    }

    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], scratch: &mut Scratch) {
        *self += pieces.count_unkept(piece, scratch);
    }
}

/// Merges over bytes, made ready to encode pieces.
#[derive(Debug)]
pub(crate) struct Pieces {
    pub(crate) tokens: TokenBytes,
    ids: Ids,
    /// Pieces that are taken whole, whatever merges give.
    pub(crate) whole: HashMap<Box<[u8]>, u32>,
    longest_whole: usize,
    /// The tables of the merges; none if the number of tokens decides, not they.
    search: Option<Backtracker>,
    /// How many of the tokens are bytes and those of merges.
    merged: u32,
    /// Made when it is first asked for.
    fewest: OnceLock<Fewest>,
    /// Made when much that is new has come.
    pub(crate) known: OnceLock<Known>,
    /// Made when many pieces have come that may have parts.
    pub(crate) joints: OnceLock<Joints>,
    pub(crate) long: Long,
    owner: u32,
}

impl Pieces {
    /// Builds the tables of merges in the order of their ranks. `tokens` may hold more tokens than
    /// merges make, behind those.
    pub(crate) fn new(merges: &[Pair], tokens: TokenBytes, ids: Ids) -> Pieces {
        let search = Backtracker::new(merges, &tokens, || Listed::new(merges, &tokens));
        Pieces::with_search(search, tokens, ids)
    }

    /// As [`new`](Pieces::new), with the tables of the merges.
    pub(crate) fn with_search(search: Backtracker, tokens: TokenBytes, ids: Ids) -> Pieces {
        Pieces::with(search.len(), Some(search), tokens, ids)
    }

    /// Encodings are those of the fewest tokens, of the first `merged`.
    pub(crate) fn by_fewest(merged: u32, tokens: TokenBytes, ids: Ids) -> Pieces {
        Pieces::with(merged, None, tokens, ids)
    }

    fn with(merged: u32, search: Option<Backtracker>, tokens: TokenBytes, ids: Ids) -> Pieces {
        Pieces {
            tokens,
            ids,
            whole: HashMap::new(),
            longest_whole: 0,
            search,
            merged,
            fewest: OnceLock::new(),
            known: OnceLock::new(),
            joints: OnceLock::new(),
            long: Long::default(),
            owner: memory::new_owner(),
        }
    }

    /// Sets the pieces that are taken whole, with the ids given out, before any is encoded.
    pub(crate) fn set_whole(&mut self, whole: HashMap<Box<[u8]>, u32>) {
        self.longest_whole = whole.keys().map(|piece| piece.len()).max().unwrap_or(0);
        self.whole = whole;
    }

    /// Whether encodings are what merges give.
    pub(crate) fn by_merges(&self) -> bool {
        self.search.is_some()
    }

    /// The tables of the merges, which only encodings by merges need.
    pub(crate) fn search(&self) -> Option<&Backtracker> {
        self.search.as_ref()
    }

    /// How many of the tokens are bytes and those of merges; training ids of these are below it.
    pub(crate) fn merged(&self) -> u32 {
        self.merged
    }

    /// What finds the fewest tokens, of bytes and merges.
    pub(crate) fn fewest(&self) -> &Fewest {
        self.fewest.get_or_init(|| Fewest::new(self.merged, |token| self.tokens.get(token)))
    }

    /// Whether the bytes of a token, a byte or of a merge, encode to it.
    pub(crate) fn is_reachable(&self, token: u32) -> bool {
        self.search().is_none_or(|search| search.is_reachable(token))
    }

    /// The ids as they are given out.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Encodes the segments of an input, all by themselves.
    pub(crate) fn encode(&self, segmenter: &dyn Segmenter, input: &[u8], sink: &mut impl Sink) {
        memory::with(self.owner, |memory| {
            let mut at = 0;
            segmenter.segment_ends(input, &mut |ends| {
                self.encode_ends(input, at, ends, memory, sink);
                at = ends.last().map_or(at, |end| end.at());
            });
        });
    }

    /// Calls `run` with what encodes pieces one by one.
    pub(crate) fn with_memory<R>(&self, run: impl FnOnce(&mut Memory) -> R) -> R {
        memory::with(self.owner, run)
    }

    /// Encodes the pieces of `input` that begin at `at` and end at `ends`.
    #[inline]
    fn encode_ends<S: Sink>(
        &self,
        input: &[u8],
        mut at: usize,
        ends: &[End],
        memory: &mut Memory,
        sink: &mut S,
    ) {
        for ends in ends.chunks(ahead::PIECES) {
            let Memory { kept, making, ahead, marker, new, .. } = memory;
            ahead.ask(kept, marker, input, at, ends);
            // A text that is new stays so for a while.
            ahead.missing_asked = std::mem::take(new);
            if ahead.missing_asked {
                ahead.prefetch_missing(kept, self.known(making), 0..ends.len());
            }
            let mut done = 0;
            while done < ends.len() {
                let hard = |end: &End| S::TOLD && end.boundary() == Boundary::Hard;
                let stop = ends[done..].iter().position(hard);
                let pieces = done..stop.map_or(ends.len(), |last| done + last + 1);
                self.encode_asked(input, at, ends, pieces.clone(), memory, sink);
                if stop.is_some() {
                    sink.ended();
                }
                done = pieces.end;
            }
            at = ends.last().map_or(at, |end| end.at());
        }
    }

    /// Encodes some of the pieces that were asked for, of which the first begins at `at`.
    #[inline(always)]
    fn encode_asked(
        &self,
        input: &[u8],
        at: usize,
        ends: &[End],
        pieces: Range<usize>,
        memory: &mut Memory,
        sink: &mut impl Sink,
    ) {
        let Memory { kept, making, ahead, marker, new, .. } = memory;
        let mut i = pieces.start;
        loop {
            i += ahead.collect(kept, i..pieces.end);
            if i == pieces.end {
                break;
            }
            let start = if i > 0 { ends[i - 1].at() } else { at };
            let span = Span::new(start, ends[i].at());
            let piece = span.of(input);
            let key = ahead.key(i);
            if kept.get(key, piece, |ids| ahead.add(ids, sink)).is_some() {
                // It was in another place.
            } else if key == Marked::UNKEPT {
                ahead.hand_on(sink);
                sink.unkept(self, piece, &mut making.scratch);
            } else {
                if !ahead.missing_asked {
                    ahead.prefetch_missing(kept, self.known(making), i..ends.len());
                    ahead.missing_asked = true;
                }
                *new = true;
                let ids = self.make(input, span, key, kept, marker, making);
                ahead.add(ids, sink);
                kept.put(key, piece, ids, input.len() - start);
            }
            i += 1;
        }
        ahead.hand_on(sink);
    }

    /// The id of a piece that is taken whole, whatever merges give.
    pub(crate) fn whole(&self, piece: &[u8]) -> Option<u32> {
        if piece.len() > self.longest_whole { None } else { self.whole.get(piece).copied() }
    }

    /// Bytes of the longest piece that is taken whole.
    pub(crate) fn longest_whole(&self) -> usize {
        self.longest_whole
    }

    /// The number of ids of a piece.
    fn count_unkept(&self, piece: &[u8], scratch: &mut Scratch) -> usize {
        if self.whole(piece).is_some() {
            return 1;
        }
        self.count_long(piece, scratch)
    }

    /// Appends the encoding of a piece.
    pub(crate) fn append(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        match self.whole(piece) {
            Some(id) => ids.push(id),
            None => self.append_merged(piece, scratch, ids),
        }
    }

    /// Appends what tokens make of a piece that is not taken whole.
    pub(crate) fn append_merged(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        if piece.len() <= short::LONGEST
            && let Some(search) = self.search()
        {
            return search.encode_short(piece, |token| self.ids.of(token), ids);
        }
        let from = ids.len();
        self.encode_long(piece, scratch, ids);
        self.ids.map(&mut ids[from..]);
    }

    /// Appends the fewest tokens of stretches, of whose segments none is taken whole.
    pub(crate) fn append_fewest(
        &self,
        stretches: Stretches<'_>,
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        let from = ids.len();
        self.fewest().encode_stretches(stretches, &mut scratch.fewest, ids);
        self.ids.map(&mut ids[from..]);
    }

    /// Appends the fewest tokens of a long text of one segment, not taken whole, on all threads of the current
    /// rayon pool.
    pub(crate) fn append_fewest_parallel(&self, text: &[u8], ids: &mut Vec<u32>) {
        let from = ids.len();
        self.encode_fewest_parallel(text, ids);
        self.ids.map(&mut ids[from..]);
    }

    /// What becomes of the fewest tokens of a segment, not taken whole, if a range of it is replaced. None if
    /// more of it must be known.
    pub(crate) fn replace_fewest(
        &self,
        encoded: Encoded<'_>,
        range: &Range<usize>,
        bytes: &[u8],
        scratch: &mut Scratch,
    ) -> Option<Change> {
        let mut change = self.fewest().replace(encoded, range, bytes, &mut scratch.fewest)?;
        self.ids.map(&mut change.ids);
        Some(change)
    }

    /// Encodes one piece.
    pub(crate) fn encode_one(&self, piece: &[u8], memory: &mut Memory, sink: &mut impl Sink) {
        let Memory { kept, making, marker, .. } = memory;
        let key = marker.of(piece);
        if key == Marked::UNKEPT {
            return sink.unkept(self, piece, &mut making.scratch);
        }
        if kept.get(key, piece, |ids| sink.many(ids)).is_some() {
            return;
        }
        let ids = self.make(piece, Span::new(0, piece.len()), key, kept, marker, making);
        sink.many(ids);
        kept.put(key, piece, ids, piece.len());
    }

    /// The forest of last tokens, which encodings by merges that go on need.
    pub(crate) fn chains(&self) -> &Chains {
        let search = || self.search().expect("only encodings by merges go on");
        self.long.chains(search())
    }
}
