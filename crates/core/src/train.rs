//! Learning a vocabulary from counts.

use crate::{
    backtrack::Scratch,
    config::TrainConfig,
    counts::SegmentCounts,
    engine::{Array, Cell, Engine, Learned, Limits, Tuning},
    merge::Pair,
    provenance::Provenance,
    train_error::TrainError,
    vocabulary::{MAX_MERGES, MAX_TOKEN_LEN, MAX_TOTAL_LEN, Vocabulary},
    vocabulary_error::VocabularyError,
};

/// Cells below which a shard of the corpus is not worth a thread.
const SHARD: usize = 1 << 16;
/// Bytes for lists that are always allowed, unless there is a limit.
const ROOM: usize = 1 << 26;

/// How far a training is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Merges learned so far.
    pub merges: usize,
    /// Merges wanted.
    pub wanted: usize,
    /// Occurrences of the last pair merged.
    pub count: u64,
    /// Bytes of the tables of the training, as far as they follow the corpus.
    pub memory: usize,
}

/// How to train: settings that change cost and memory but no result.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TrainOptions {
    /// Bytes of memory that training may take, beside the counts while they are laid out; without a
    /// limit about five bytes a byte of the distinct segments, and 64 MiB.
    pub memory: Option<u64>,
}

/// Learns a vocabulary from segment counts.
///
/// The rule is that of greedy byte-pair encoding (Gage 1994, "A new algorithm for data
/// compression"; Sennrich, Haddow and Birch 2016, "Neural machine translation of rare words with
/// subword units", section 3.2): merge the most frequent pair, of equally frequent ones that with
/// the smaller left, then the smaller right training id; replace its occurrences from the left;
/// repeat. A pair whose bytes are those of a token there already is passed over. The result is a
/// function of the multiset of segments and the settings. It has fewer entries than asked for if
/// the corpus runs out of pairs that occur `min_count` times, or if the tokens would have more than
/// [`MAX_TOTAL_LEN`](crate::MAX_TOTAL_LEN) bytes together.
///
/// Costs time linear in the total length of the distinct segments but for logarithmic factors, for
/// words and for sequences of any length alike; [`Training`] says what it costs in memory. Runs on
/// the threads of the pool it is called in.
///
/// # Errors
///
/// [`TrainError`] if the settings contradict themselves, or all segments with their weights have
/// 2^64 bytes.
pub fn train(counts: &SegmentCounts, config: &TrainConfig) -> Result<Vocabulary, TrainError> {
    train_with(counts, config, &mut |_| ())
}

/// [`train`], with a call after every few merges.
///
/// # Errors
///
/// As [`train`].
pub fn train_with(
    counts: &SegmentCounts,
    config: &TrainConfig,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vocabulary, TrainError> {
    let plan = Plan::new(counts, config, Vec::new(), Vec::new())?;
    let layout = plan.layout(counts.cells(), TrainOptions::default())?;
    let mut training = plan.begin(layout, |push| {
        for (piece, weight) in counts.pieces() {
            push(piece, weight);
        }
    })?;
    while let Some(now) = training.step() {
        progress(now);
    }
    training.vocabulary()
}

/// A training under way: [`train`] in steps, which can be watched, stopped and taken up again.
///
/// Takes two bytes of memory a byte of the distinct segments while there are fewer than 65,534
/// tokens, four behind that, and as much as [`TrainOptions`] allow for lists of places. The more
/// room lists have, the fewer passes over the corpus are needed; the result is the same.
///
/// ```
/// use polytok_core::{SegmentCounts, TrainConfig, TrainOptions, Training};
///
/// let mut counts = SegmentCounts::new("test");
/// counts.add_segment(b"banana bandana", 3);
/// let config = TrainConfig { vocabulary_size: 262, ..TrainConfig::default() };
/// let mut training = Training::new(counts.clone(), &config, TrainOptions::default())?;
/// training.step();
/// let checkpoint = training.vocabulary()?;
/// let mut again = Training::resume(counts, &checkpoint, TrainOptions::default())?;
/// while let Some(progress) = again.step() {
///     assert!(progress.merges <= progress.wanted);
/// }
/// assert_eq!(again.vocabulary()?.len(), 262);
/// # Ok::<(), polytok_core::TrainError>(())
/// ```
#[derive(Debug)]
pub struct Training {
    provenance: Provenance,
    wanted: usize,
    merges: Vec<Pair>,
    counts: Vec<u64>,
    /// Of all tokens together.
    bytes: usize,
    engine: Width,
    bound: u64,
    done: bool,
}

/// Cells of 16 bits, as long as ids fit.
#[derive(Debug)]
enum Width {
    Narrow(Box<Engine<u16>>),
    Wide(Box<Engine<u32>>),
}

impl Training {
    /// Lays out the corpus. The counts are taken apart on the way, so that they and the array hardly
    /// take memory at the same time.
    ///
    /// # Errors
    ///
    /// As [`train`], and [`TrainError::Memory`] if the limit is too low.
    pub fn new(
        counts: SegmentCounts,
        config: &TrainConfig,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        Plan::new(&counts, config, Vec::new(), Vec::new())?.begin_with(counts, options)
    }

    /// Goes on from a vocabulary that [`vocabulary`](Training::vocabulary) gave before the training
    /// was done. The result is that of one that was never interrupted.
    ///
    /// # Errors
    ///
    /// [`TrainError::Checkpoint`] if the vocabulary is of other counts, and as [`Training::new`].
    pub fn resume(
        counts: SegmentCounts,
        checkpoint: &Vocabulary,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        let config = &checkpoint.provenance().config;
        let (merges, learned) = (checkpoint.merges().to_vec(), checkpoint.merge_counts().to_vec());
        let plan = Plan::new(&counts, config, merges, learned)?;
        if plan.provenance != *checkpoint.provenance() || checkpoint.second_stage().is_some() {
            return Err(TrainError::Checkpoint);
        }
        plan.begin_with(counts, options)
    }

    /// Learns some merges; none once the training is done.
    pub fn step(&mut self) -> Option<Progress> {
        let most = if self.done { 0 } else { self.wanted - self.merges.len() };
        let learned = if most == 0 { Vec::new() } else { self.engine.step(most) };
        self.done = learned.is_empty();
        let &(_, count) = learned.last()?;
        for (pair, count) in learned {
            self.bytes += self.engine.token_len(self.merges.len());
            if self.bytes > MAX_TOTAL_LEN {
                self.done = true;
                break;
            }
            self.merges.push(pair);
            self.counts.push(count);
        }
        let (merges, wanted) = (self.merges.len(), self.wanted);
        Some(Progress { merges, wanted, count, memory: self.engine.memory() })
    }

    /// Bytes of memory that the tables of the training are meant to keep below.
    pub fn memory_bound(&self) -> u64 {
        self.bound
    }

    /// The vocabulary of the merges learned so far: the result of the training once it is done,
    /// before that a checkpoint.
    ///
    /// # Errors
    ///
    /// [`TrainError::Vocabulary`] if added or special tokens contradict what was learned.
    pub fn vocabulary(&self) -> Result<Vocabulary, TrainError> {
        let (merges, counts) = (self.merges.clone(), self.counts.clone());
        Ok(Vocabulary::new(self.provenance.clone(), merges, counts)?)
    }
}

impl Width {
    fn step(&mut self, most: usize) -> Vec<Learned> {
        if let Width::Narrow(engine) = self
            && let Some(wide) = engine.widened_if_full(most)
        {
            *self = Width::Wide(Box::new(wide));
        }
        match self {
            Width::Narrow(engine) => engine.step(most),
            Width::Wide(engine) => engine.step(most),
        }
    }

    fn memory(&self) -> usize {
        match self {
            Width::Narrow(engine) => engine.memory(),
            Width::Wide(engine) => engine.memory(),
        }
    }

    /// Bytes of the token of a merge.
    fn token_len(&self, merge: usize) -> usize {
        match self {
            Width::Narrow(engine) => engine.token_len(256 + merge),
            Width::Wide(engine) => engine.token_len(256 + merge),
        }
    }
}

/// A training before the corpus is laid out.
struct Plan {
    provenance: Provenance,
    wanted: usize,
    merges: Vec<Pair>,
    counts: Vec<u64>,
    /// Encodes by the merges there are, with training ids.
    encoder: Vocabulary,
    limits: Limits,
}

/// How the corpus is laid out.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Cells of all pieces and their walls, before any merge.
    cells: usize,
    shards: usize,
    /// Bytes for lists.
    room: usize,
    bound: u64,
    narrow: bool,
}

impl Plan {
    /// Checks the settings, and that `merges`, or the initial ones if there are none, make a
    /// vocabulary.
    fn new(
        counts: &SegmentCounts,
        config: &TrainConfig,
        mut merges: Vec<Pair>,
        mut learned: Vec<u64>,
    ) -> Result<Plan, TrainError> {
        let fixed = 256 + config.added.len() + config.specials.len();
        let initial = &config.initial_merges;
        let wanted = (config.vocabulary_size as usize)
            .checked_sub(fixed)
            .filter(|&wanted| wanted >= initial.len())
            .ok_or(TrainError::VocabularyTooSmall {
                size: config.vocabulary_size,
                needed: fixed + initial.len(),
            })?;
        if wanted > MAX_MERGES {
            return Err(VocabularyError::TooLarge.into());
        }
        if merges.is_empty() {
            merges.clone_from(initial);
            learned = vec![0; merges.len()];
        }
        let provenance = Provenance {
            segmenter: counts.segmenter().to_owned(),
            config: config.clone(),
            corpus: counts.digest(),
            documents: counts.documents(),
            bytes: counts.bytes(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        Vocabulary::new(provenance.clone(), merges.clone(), learned.clone())?;
        let plain = TrainConfig { specials: Vec::new(), added: Vec::new(), ..config.clone() };
        let plain = Provenance { config: plain, ..provenance.clone() };
        let encoder = Vocabulary::new(plain, merges.clone(), learned.clone())?;
        let limits = Limits {
            min_count: config.min_count.max(1),
            max_token_len: config.max_token_len.min(MAX_TOKEN_LEN) as usize,
            runs: config.runs,
            whole_characters: config.whole_characters,
            order: config.ties.order(),
            tuning: Tuning::default(),
        };
        Ok(Plan { provenance, wanted, merges, counts: learned, encoder, limits })
    }

    /// Shares out the memory.
    fn layout(&self, cells: usize, options: TrainOptions) -> Result<Layout, TrainError> {
        let shards = rayon::current_num_threads().min(cells / SHARD).max(1);
        let narrow = 256 + self.merges.len() <= <u16 as Cell>::IDS;
        let array = cells * if narrow { 2 } else { 4 };
        let fixed = array + Engine::<u16>::counting(cells, shards);
        let least = fixed + cells / 4 + ROOM / 16;
        let usual = fixed + (2 * cells).max(ROOM);
        let bound = match options.memory {
            Some(limit) if limit < least as u64 => {
                return Err(TrainError::Memory { limit, needed: least as u64 });
            }
            Some(limit) => limit.min(usual as u64),
            None => usual as u64,
        };
        Ok(Layout { cells, shards, room: bound as usize - fixed, bound, narrow })
    }

    fn begin_with(
        self,
        counts: SegmentCounts,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        let layout = self.layout(counts.cells(), options)?;
        self.begin(layout, |push| counts.drain_pieces(push))
    }

    /// Lays out the pieces, which come heaviest first.
    fn begin(
        mut self,
        layout: Layout,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8], u64)),
    ) -> Result<Training, TrainError> {
        self.limits.tuning.room = layout.room;
        let mut occurrences = 0u128;
        let engine = if layout.narrow {
            Width::Narrow(Box::new(self.lay_out(layout, pieces, &mut occurrences)))
        } else {
            Width::Wide(Box::new(self.lay_out(layout, pieces, &mut occurrences)))
        };
        if occurrences > u128::from(u64::MAX) {
            return Err(TrainError::CountsTooLarge);
        }
        Ok(Training {
            provenance: self.provenance,
            wanted: self.wanted,
            bytes: self.encoder.token_bytes(),
            merges: self.merges,
            counts: self.counts,
            engine,
            bound: layout.bound,
            done: false,
        })
    }

    fn lay_out<C: Cell>(
        &self,
        layout: Layout,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8], u64)),
        occurrences: &mut u128,
    ) -> Engine<C> {
        let share = layout.cells.div_ceil(layout.shards);
        let mut arrays = vec![Array::with_capacity(share)];
        let (mut laid, mut scratch, mut ids) = (0, Scratch::default(), Vec::new());
        pieces(&mut |piece, weight| {
            *occurrences += piece.len() as u128 * u128::from(weight);
            if laid >= arrays.len() * share {
                arrays.push(Array::with_capacity(share));
            }
            laid += piece.len() + 1;
            let array = arrays.last_mut().expect("there is one from the start");
            if self.merges.is_empty() {
                array.push(piece.iter().map(|&byte| byte.into()), weight);
            } else {
                ids.clear();
                self.encoder.encode_merged(piece, &mut scratch, &mut ids);
                array.push(ids.iter().copied(), weight);
            }
        });
        Engine::new(arrays, &self.merges, self.limits.clone())
    }
}
