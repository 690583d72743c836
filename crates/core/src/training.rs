//! A training in steps.

use crate::{
    config::TrainConfig,
    counts::SegmentCounts,
    merge::Pair,
    plan::{Plan, Width},
    provenance::Provenance,
    runs::RunCounts,
    train_error::TrainError,
    vocabulary::{MAX_TOTAL_LEN, Vocabulary},
};

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

/// A training under way: [`train`](crate::train) in steps, which can be watched, stopped and taken up again.
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
    pub(crate) provenance: Provenance,
    /// Merges of the stages that this training is of.
    pub(crate) wanted: usize,
    pub(crate) merges: Vec<Pair>,
    pub(crate) counts: Vec<u64>,
    /// Merges of the first stage, if this is the second.
    pub(crate) second_stage: Option<u32>,
    /// Of all tokens together.
    pub(crate) bytes: usize,
    pub(crate) engine: Width,
    pub(crate) bound: u64,
    pub(crate) done: bool,
}

impl Training {
    /// Lays out the corpus. The counts are taken apart on the way, so that they and the array hardly
    /// take memory at the same time.
    ///
    /// # Errors
    ///
    /// As [`train`](crate::train), and [`TrainError::Memory`] if the limit is too low.
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

    /// Goes on across segments: with the second stage, from the result of the first or from a
    /// checkpoint of the second.
    ///
    /// # Errors
    ///
    /// [`TrainError::Checkpoint`] if the runs are of another vocabulary or corpus, and as
    /// [`Training::new`].
    pub fn second_stage(
        runs: RunCounts,
        vocabulary: &Vocabulary,
        options: TrainOptions,
    ) -> Result<Training, TrainError> {
        Plan::of_second_stage(&runs, vocabulary)?.begin_runs(runs, options)
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
        let (provenance, stage) = (self.provenance.clone(), self.second_stage);
        Ok(Vocabulary::with_stages(provenance, merges, counts, stage)?)
    }
}
