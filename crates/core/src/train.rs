//! Learning a vocabulary from counts.

use crate::{
    config::TrainConfig,
    counts::SegmentCounts,
    plan::{Piece, Plan},
    train_error::TrainError,
    training::{Progress, TrainOptions},
    vocabulary::Vocabulary,
};

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
/// words and for sequences of any length alike; [`Training`](crate::Training) says what it costs in memory. Runs on
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
    let layout = plan.layout(counts.cells(1), TrainOptions::default())?;
    let mut training = plan.begin(layout, |push| {
        counts.each_piece(&mut |piece, weight| push(Piece::Segment(piece), weight));
    })?;
    while let Some(now) = training.step() {
        progress(now);
    }
    training.vocabulary()
}
