//! Encoding pieces: the tables of a list of merges, and which way a piece of which kind goes.

use std::sync::OnceLock;

use hashbrown::HashMap;

use crate::{
    ahead::{self, Ahead, Asked, Found, UNKEPT},
    backtrack::{Backtracker, Scratch},
    kept::{self, Kept},
    key,
    known::Known,
    last_tokens::Chains,
    memory::{self, Memory},
    merge::Pair,
    segment::{End, Segmenter},
    short::{self, Filter},
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
    fn many(&mut self, ids: &[u32]);
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
    filter: Filter,
    /// Made when the first piece comes.
    known: OnceLock<Known>,
    /// Made for the first encoding that goes on.
    chains: OnceLock<Chains>,
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
            filter: Filter::new(merges),
            search,
            known: OnceLock::new(),
            chains: OnceLock::new(),
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

    fn known(&self) -> &Known {
        let n_merged = self.search.len();
        self.known.get_or_init(|| {
            let whole = self.whole.iter().map(|(piece, &id)| (&**piece, id));
            let merged = (0..n_merged)
                .filter(|&token| self.search.is_reachable(token))
                .map(|token| (self.tokens.get(token), self.ids.of(token)));
            // What is whole goes first, so that it is found in place of the token of its bytes. Of
            // pieces with different bytes the order does not show.
            Known::new(whole.chain(merged), self.whole.len() + n_merged as usize)
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
        let Memory { kept, scratch, spare, ahead, mark, .. } = memory;
        let Ahead { asked, missing, ready } = &mut **ahead;
        let mut start = at;
        for ends in ends.chunks(ahead::AHEAD) {
            let asked = &mut asked[..ends.len()];
            let mut touched = 0;
            for (asked, end) in asked.iter_mut().zip(ends) {
                let end = end.at();
                let len = end - start;
                let key = if len <= key::LONGEST {
                    key::key(input, start, len) | *mark
                } else if len <= kept::LONGEST {
                    key::long(&input[start..end]) | *mark
                } else {
                    UNKEPT
                };
                let home = kept.home(key);
                touched |= kept.touch(home);
                *asked = Asked { key, home, start, found: Found::Not };
                start = end;
            }
            std::hint::black_box(touched);
            let mut n = 0;
            for (asked, i) in asked.iter_mut().zip(0..) {
                match kept.at_home(asked.key, asked.home) {
                    Some(place) => asked.found = Found::At(place),
                    None => {
                        missing[n] = i;
                        n += 1;
                    }
                }
            }
            let missing = &missing[..n];
            let piece = |i: usize, asked: &Asked| &input[asked.start..ends[i].at()];
            if !missing.is_empty() {
                self.find(kept, scratch, spare, asked, missing, piece);
            }
            let mut n = 0;
            for (i, asked) in asked.iter().enumerate() {
                if let Found::At(place) = asked.found
                    && let Some((ids, count)) = kept.ids(place)
                {
                    ready[n..n + kept::IDS].copy_from_slice(&ids);
                    n += count;
                    continue;
                }
                sink.many(&ready[..n]);
                n = 0;
                let ids = match asked.found {
                    Found::At(place) => kept.encoding(place, piece(i, asked)),
                    Found::Made(at, len) => spare.get(at as usize..(at + len) as usize),
                    Found::Not => None,
                };
                match ids {
                    Some(ids) => sink.many(ids),
                    None => sink.unkept(self, piece(i, asked), scratch),
                }
            }
            sink.many(&ready[..n]);
            for &i in missing {
                if let Asked { key, found: Found::Made(at, len), .. } = asked[i] {
                    kept.put(key, piece(i, &asked[i]), &spare[at as usize..(at + len) as usize]);
                }
            }
        }
    }

    /// Finds the encodings of pieces that are not in their lines, or makes them.
    #[inline(never)]
    fn find<'a>(
        &self,
        kept: &Kept,
        scratch: &mut Scratch,
        spare: &mut Vec<u32>,
        asked: &mut [Asked],
        missing: &[usize],
        piece: impl Fn(usize, &Asked) -> &'a [u8],
    ) {
        let known = self.known();
        let touched = missing.iter().fold(0, |all, &i| all | known.touch(asked[i].key));
        std::hint::black_box(touched);
        spare.clear();
        for &i in missing {
            let asked = &mut asked[i];
            if asked.key == UNKEPT {
                continue;
            }
            if let Some(place) = kept.beside(asked.key, asked.home) {
                asked.found = Found::At(place);
                continue;
            }
            let (from, piece) = (spare.len(), piece(i, asked));
            match known.get(piece) {
                Some(id) => spare.push(id),
                None => self.append(piece, scratch, spare),
            }
            // Pieces that are kept have few bytes.
            asked.found = Found::Made(from as u32, (spare.len() - from) as u32);
        }
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
        self.whole(piece).map_or_else(|| self.search.count(piece, scratch), |_| 1)
    }

    /// Appends the encoding of a piece.
    fn append(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        match self.whole(piece) {
            Some(id) => ids.push(id),
            None => self.append_merged(piece, scratch, ids),
        }
    }

    /// Appends what merges make of a piece.
    pub(crate) fn append_merged(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let from = ids.len();
        if piece.len() <= SHORT {
            short::encode(&self.filter, self.search.pairs(), piece, ids);
        } else {
            self.search.encode(piece, scratch, ids);
        }
        self.ids.map(&mut ids[from..]);
    }

    /// Encodes one piece.
    pub(crate) fn encode_one(&self, piece: &[u8], memory: &mut Memory, sink: &mut impl Sink) {
        let Memory { kept, scratch, spare, .. } = memory;
        if piece.len() > kept::LONGEST {
            return sink.unkept(self, piece, scratch);
        }
        let key = key::any(piece) | memory.mark;
        if let Some(ids) = kept.get(key, piece) {
            return sink.many(ids);
        }
        spare.clear();
        match self.known().get(piece) {
            Some(id) => spare.push(id),
            None => self.append(piece, scratch, spare),
        }
        sink.many(spare);
        kept.put(key, piece, spare);
    }

    /// The forest of last tokens, which encodings that go on need.
    pub(crate) fn chains(&self) -> &Chains {
        self.chains.get_or_init(|| Chains::new(&self.search))
    }
}
