//! Encoding pieces: the tables of a list of merges, and which way a piece of which kind goes.

use std::sync::OnceLock;

use hashbrown::HashMap;

use crate::{
    backtrack::{Backtracker, Scratch},
    key::{self, Key},
    known::{self, Known},
    memory::{self, Memory},
    merge::Pair,
    segment::{End, Segmenter},
    short,
};

/// Pieces of up to this many bytes are merged by a scan, longer ones searched for.
const SHORT: usize = 16;

/// From training ids to those that are given out.
#[derive(Clone, Debug)]
pub(crate) enum Ids {
    /// All moved up by the same.
    Shift(u32),
    /// One by one.
    Table(Box<[u32]>),
}

impl Ids {
    #[inline]
    pub(crate) fn of(&self, training_id: u32) -> u32 {
        match self {
            Ids::Shift(shift) => training_id + shift,
            Ids::Table(table) => table[training_id as usize],
        }
    }

    fn map(&self, ids: &mut [u32]) {
        match self {
            Ids::Shift(0) => {}
            Ids::Shift(shift) => ids.iter_mut().for_each(|id| *id += shift),
            Ids::Table(table) => ids.iter_mut().for_each(|id| *id = table[*id as usize]),
        }
    }
}

/// Where the ids of an encoding go.
pub(crate) trait Sink {
    fn one(&mut self, id: u32);
    fn many(&mut self, ids: &[u32]);
    /// Takes the encoding of a piece that is not kept.
    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], memory: &mut Memory);
}

impl Sink for Vec<u32> {
    #[inline(always)]
    fn one(&mut self, id: u32) {
        self.push(id);
    }

    #[inline(always)]
    fn many(&mut self, ids: &[u32]) {
        match ids {
            &[a, b] => self.extend_from_slice(&[a, b]),
            _ => self.extend_from_slice(ids),
        }
    }

    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], memory: &mut Memory) {
        pieces.append(piece, memory.room().0, self);
    }
}

/// The number of ids.
impl Sink for usize {
    #[inline(always)]
    fn one(&mut self, _: u32) {
        *self += 1;
    }

    #[inline(always)]
    fn many(&mut self, ids: &[u32]) {
        *self += ids.len();
    }

    fn unkept(&mut self, pieces: &Pieces, piece: &[u8], memory: &mut Memory) {
        pieces.encode_anew(piece, memory);
        *self += memory.spare().len();
    }
}

/// The bytes of the 256 byte tokens and of all merges, by training id.
#[derive(Clone, Debug)]
pub(crate) struct TokenBytes {
    pub(crate) arena: Vec<u8>,
    /// Where each token begins in `arena`, and the end of the last.
    pub(crate) starts: Vec<u32>,
}

impl TokenBytes {
    pub(crate) fn get(&self, training_id: u32) -> &[u8] {
        let i = training_id as usize;
        &self.arena[self.starts[i] as usize..self.starts[i + 1] as usize]
    }
}

/// Merges over bytes, made ready to encode pieces.
#[derive(Debug)]
pub(crate) struct Pieces {
    pub(crate) tokens: TokenBytes,
    ids: Ids,
    /// Pieces that are taken whole, whatever merges give.
    whole: HashMap<Box<[u8]>, u32>,
    longest_whole: usize,
    pub(crate) search: Backtracker,
    /// Made when the first piece comes.
    known: OnceLock<Known>,
    owner: u32,
}

impl Pieces {
    /// Builds the tables of merges in the order of their ranks. `tokens` may hold more tokens than
    /// merges make, behind those; `whole` are pieces that are taken whole, with the ids given out.
    pub(crate) fn new(
        merges: &[Pair],
        tokens: TokenBytes,
        ids: Ids,
        whole: HashMap<Box<[u8]>, u32>,
    ) -> Pieces {
        let search = Backtracker::new(merges, |training_id| tokens.get(training_id));
        let mut pieces = Pieces {
            tokens,
            ids,
            whole: HashMap::new(),
            longest_whole: 0,
            search,
            known: OnceLock::new(),
            owner: memory::new_owner(),
        };
        pieces.set_whole(whole);
        pieces
    }

    /// Sets the pieces that are taken whole, before any is encoded.
    pub(crate) fn set_whole(&mut self, whole: HashMap<Box<[u8]>, u32>) {
        self.longest_whole = whole.keys().map(|piece| piece.len()).max().unwrap_or(0);
        self.whole = whole;
    }

    /// The ids as they are given out.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    fn known(&self, n_merged: usize) -> &Known {
        self.known.get_or_init(|| {
            let whole = self.whole.iter().map(|(piece, &id)| (&**piece, id));
            let merged = (0..n_merged as u32)
                .filter(|&token| self.search.is_reachable(token))
                .map(|token| (self.tokens.get(token), self.ids.of(token)));
            // What is whole goes first, so that it is found in place of the token of its bytes. Of
            // pieces with different bytes the order does not show.
            Known::new(whole.chain(merged), self.whole.len() + n_merged)
        })
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
    pub(crate) fn encode_ends(
        &self,
        input: &[u8],
        at: usize,
        ends: &[End],
        memory: &mut Memory,
        sink: &mut impl Sink,
    ) {
        let known = self.known(self.search.len());
        let mut start = at;
        for &end in ends {
            let end = end.at();
            let len = end - start;
            if len <= key::LONGEST {
                let key = key::key(input, start, len);
                let hash = key::hash(key);
                if len <= known::LONGEST
                    && let Some(id) = known.get(key, hash)
                {
                    sink.one(id);
                } else if let Some(ids) = memory.get(key, hash) {
                    sink.many(ids);
                } else {
                    sink.many(self.encode_short(&input[start..end], key, hash, memory));
                }
            } else if len <= memory::LONGEST {
                sink.many(self.encode_long(&input[start..end], memory));
            } else {
                sink.unkept(self, &input[start..end], memory);
            }
            start = end;
        }
    }

    /// The encoding of a piece with a key, which from now on is kept.
    #[inline(never)]
    fn encode_short<'m>(
        &self,
        piece: &[u8],
        key: Key,
        hash: u64,
        memory: &'m mut Memory,
    ) -> &'m [u32] {
        self.encode_anew(piece, memory);
        memory.put(key, hash);
        memory.spare()
    }

    /// The encoding of a piece without a key.
    #[inline(never)]
    fn encode_long<'m>(&self, piece: &[u8], memory: &'m mut Memory) -> &'m [u32] {
        let hash = key::hash_long(piece);
        if memory.get_long(piece, hash).is_none() {
            self.encode_anew(piece, memory);
            memory.put_long(piece, hash);
            return memory.spare();
        }
        memory.get_long(piece, hash).unwrap_or_default()
    }

    /// Encodes a piece into the room of the memory.
    fn encode_anew(&self, piece: &[u8], memory: &mut Memory) {
        let (scratch, ids) = memory.room();
        self.append(piece, scratch, ids);
    }

    /// Appends the encoding of a piece.
    fn append(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        if piece.len() <= self.longest_whole
            && let Some(&id) = self.whole.get(piece)
        {
            return ids.push(id);
        }
        let from = ids.len();
        if piece.len() <= SHORT {
            short::encode(self.search.pairs(), piece, ids);
        } else {
            self.search.encode(piece, scratch, ids);
        }
        self.ids.map(&mut ids[from..]);
    }
}
