//! From counts to an engine: checks the settings, shares out the memory, lays out the corpus.

use crate::{
    across::Across,
    backtrack::Scratch,
    complement::Complement,
    config::TrainConfig,
    counts::SegmentCounts,
    engine::{Array, Cell, Engine, Learned, Limits, Tuning, counting},
    merge::Pair,
    provenance::Provenance,
    runs::RunCounts,
    train_error::TrainError,
    training::{TrainOptions, Training},
    vocabulary::{MAX_MERGES, MAX_TOKEN_LEN, Vocabulary},
    vocabulary_error::VocabularyError,
};

/// Cells below which a shard of the corpus is not worth a thread.
const SHARD: usize = 1 << 16;
/// Bytes for lists that are always allowed, unless there is a limit.
const ROOM: usize = 1 << 26;

/// Cells of 16 bits, as long as ids fit.
#[derive(Debug)]
pub(crate) enum Width {
    Narrow(Box<Engine<u16>>),
    Wide(Box<Engine<u32>>),
}

impl Width {
    pub(crate) fn step(&mut self, most: usize) -> Vec<Learned> {
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

    pub(crate) fn memory(&self) -> usize {
        match self {
            Width::Narrow(engine) => engine.memory(),
            Width::Wide(engine) => engine.memory(),
        }
    }

    /// Bytes of the token of a merge.
    pub(crate) fn token_len(&self, merge: usize) -> usize {
        match self {
            Width::Narrow(engine) => engine.token_len(256 + merge),
            Width::Wide(engine) => engine.token_len(256 + merge),
        }
    }
}

/// A training before the corpus is laid out.
pub(crate) struct Plan {
    pub(crate) provenance: Provenance,
    wanted: usize,
    merges: Vec<Pair>,
    counts: Vec<u64>,
    /// Merges of the first stage, if this is the second.
    second_stage: Option<u32>,
    /// Encodes by the merges there are, with training ids.
    encoder: Vocabulary,
    /// The merges of the second stage that there are.
    across: Across,
    limits: Limits,
}

/// A segment, or a run of tokens.
pub(crate) enum Piece<'a> {
    Segment(&'a [u8]),
    Run(&'a [u32]),
}

/// How the corpus is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
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
    pub(crate) fn new(
        counts: &SegmentCounts,
        config: &TrainConfig,
        mut merges: Vec<Pair>,
        mut learned: Vec<u64>,
    ) -> Result<Plan, TrainError> {
        if config.second_stage.is_some() && !config.complement.is_empty() {
            return Err(TrainError::ComplementAcross);
        }
        let wanted = wanted(config)?;
        if merges.is_empty() {
            merges.clone_from(&config.initial_merges);
            learned = vec![0; merges.len()];
        }
        let provenance = Provenance {
            segmenter: counts.segmenter().to_owned(),
            config: config.clone(),
            corpus: counts.digest(),
            documents: counts.documents(),
            bytes: counts.bytes(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            refused: None,
        };
        Vocabulary::new(provenance.clone(), merges.clone(), learned.clone())?;
        Plan::with(provenance, wanted, merges, learned, None)
    }

    /// Goes on from a vocabulary whose first stage is done.
    pub(crate) fn of_second_stage(
        runs: &RunCounts,
        vocabulary: &Vocabulary,
    ) -> Result<Plan, TrainError> {
        let provenance = vocabulary.provenance();
        let (first, merges) = (runs.first().merges(), vocabulary.merges());
        let stage = first.len() as u32;
        let begun = vocabulary.second_stage().unwrap_or(merges.len() as u32);
        if begun != stage || !merges.starts_with(first) || runs.digest() != provenance.corpus {
            return Err(TrainError::Checkpoint);
        }
        let config = TrainConfig { second_stage: None, ..provenance.config.clone() };
        let wanted = wanted(&config)?;
        let learned = vocabulary.merge_counts().to_vec();
        let mut plan =
            Plan::with(provenance.clone(), wanted, merges.to_vec(), learned, Some(stage))?;
        plan.limits.across.clone_from(&provenance.config.second_stage);
        plan.across = Across::new(&merges[first.len()..], 256 + stage);
        Ok(plan)
    }

    fn with(
        provenance: Provenance,
        wanted: usize,
        merges: Vec<Pair>,
        counts: Vec<u64>,
        second_stage: Option<u32>,
    ) -> Result<Plan, TrainError> {
        let config = &provenance.config;
        let mut plain = provenance.of_learning();
        plain.config.specials.clear();
        plain.config.added.clear();
        let encoder = Vocabulary::new(plain, merges.clone(), counts.clone())?;
        let limits = Limits {
            min_count: config.min_count.max(1),
            max_token_len: config.max_token_len.min(MAX_TOKEN_LEN) as usize,
            runs: config.runs,
            whole_characters: config.whole_characters,
            across: None,
            complement: Complement::new(&config.complement)?,
            order: config.ties.order(),
            tuning: Tuning::default(),
        };
        let across = Across::new(&[], 256);
        Ok(Plan { provenance, wanted, merges, counts, second_stage, encoder, across, limits })
    }

    /// Shares out the memory.
    pub(crate) fn layout(
        &self,
        cells: usize,
        options: TrainOptions,
    ) -> Result<Placement, TrainError> {
        let cells = if self.limits.complement.is_some() { 2 * cells } else { cells };
        let shards = rayon::current_num_threads().min(cells / SHARD).max(1);
        let narrow = 256 + self.merges.len() <= <u16 as Cell>::IDS;
        let array = cells * if narrow { 2 } else { 4 };
        let fixed = array + counting(cells, shards);
        let least = fixed + cells / 4 + ROOM / 16;
        let usual = fixed + (2 * cells).max(ROOM);
        let bound = match options.memory {
            Some(limit) if limit < least as u64 => {
                return Err(TrainError::Memory { limit, needed: least as u64 });
            }
            Some(limit) => limit.min(usual as u64),
            None => usual as u64,
        };
        Ok(Placement { cells, shards, room: bound as usize - fixed, bound, narrow })
    }

    pub(crate) fn begin_with(
        self,
        counts: SegmentCounts,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        let layout = self.layout(counts.cells(1), options)?;
        self.begin(layout, |push| {
            counts.drain_pieces(&mut |segment, weight| push(Piece::Segment(segment), weight));
        })
    }

    pub(crate) fn begin_runs(
        self,
        runs: RunCounts,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        let layout = self.layout(runs.cells(), options)?;
        self.begin(layout, |push| {
            runs.drain(&mut |run, weight| push(Piece::Run(run), weight));
        })
    }

    /// Lays out the pieces, which come heaviest first.
    pub(crate) fn begin(
        mut self,
        layout: Placement,
        pieces: impl FnOnce(&mut dyn FnMut(Piece<'_>, u64)),
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
            second_stage: self.second_stage,
            engine,
            bound: layout.bound,
            done: false,
        })
    }

    fn lay_out<C: Cell>(
        &self,
        layout: Placement,
        pieces: impl FnOnce(&mut dyn FnMut(Piece<'_>, u64)),
        occurrences: &mut u128,
    ) -> Engine<C> {
        let share = layout.cells.div_ceil(layout.shards);
        let mut arrays = vec![Array::with_capacity(share)];
        let (mut laid, mut scratch) = (0, Scratch::default());
        let (mut ids, mut reversed) = (Vec::new(), Vec::new());
        pieces(&mut |piece, weight| {
            if laid >= arrays.len() * share {
                arrays.push(Array::with_capacity(share));
            }
            let array = arrays.last_mut().expect("there is one from the start");
            let mut lay = |segment: &[u8]| {
                if self.merges.is_empty() {
                    array.push(segment.iter().map(|&byte| byte.into()), weight);
                } else {
                    ids.clear();
                    self.encoder.encode_merged(segment, &mut scratch, &mut ids);
                    array.push(ids.iter().copied(), weight);
                }
                segment.len()
            };
            let cells = match piece {
                Piece::Segment(segment) => match &self.limits.complement {
                    None => lay(segment),
                    Some(complement) => {
                        reversed.clear();
                        reversed.extend(complement.reverse(segment));
                        // The wall behind the first strand is another cell.
                        lay(segment) + lay(&reversed) + 1
                    }
                },
                Piece::Run(run) => {
                    ids.clear();
                    ids.extend_from_slice(run);
                    self.across.apply(&mut ids, 0);
                    array.push(ids.iter().copied(), weight);
                    run.len()
                }
            };
            laid += cells + 1;
            *occurrences += cells as u128 * u128::from(weight);
        });
        Engine::new(arrays, &self.merges, self.limits.clone())
    }
}

/// Merges that settings ask for, in the first stage if there are two.
fn wanted(config: &TrainConfig) -> Result<usize, TrainError> {
    let fixed = 256 + config.added.len() + config.specials.len();
    let size = match &config.second_stage {
        Some(stage) => stage.after.min(config.vocabulary_size),
        None => config.vocabulary_size,
    };
    let initial = config.initial_merges.len();
    let wanted = (size as usize).checked_sub(fixed).filter(|&wanted| wanted >= initial);
    let wanted = wanted.ok_or(TrainError::VocabularyTooSmall { size, needed: fixed + initial })?;
    if wanted > MAX_MERGES {
        return Err(VocabularyError::TooLarge.into());
    }
    Ok(wanted)
}
