//! What a process does that trains.

use std::{
    fmt::Write,
    fs::File,
    io::{BufReader, Read},
    path::Path,
    time::Instant,
};

use polytok_core::{
    SegmentCounts, Segmenter, SegmenterMismatch, TrainConfig, TrainOptions, Vocabulary, Whole,
};
use polytok_text::Gpt2;
use rayon::prelude::*;

use super::training::{Input, Pieces, Told, Training};
use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Bytes of documents that a thread is given at once.
const BATCH: usize = 4 << 20;

/// Does the training of a file, and prints what it took.
pub(crate) fn solo(path: &Path) -> Outcome {
    let file = files::read(path)?;
    let training: Training =
        serde_json::from_slice(&file).map_err(Failure::about(path.display()))?;
    if training.bound {
        measure::bind_to_one_core();
    }
    if let Some(bytes) = training.memory
        && !measure::limit_memory(bytes)
    {
        return Err(Failure::Wrong("memory cannot be limited here".to_owned()));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(training.threads).build();
    let pool = pool.map_err(Failure::about("thread pool"))?;
    let (before, started) = (measure::spent().unwrap_or_default(), Instant::now());
    let vocabulary = pool.install(|| {
        let counts = count(&training.input)?;
        // A sixteenth is for what the process has beside its tables.
        let memory = training.memory.map(|bytes| bytes - bytes / 16);
        learn(counts, &config(training.merges, training.min_count)?, TrainOptions { memory })
    })?;
    let (wall_seconds, after) = (started.elapsed().as_secs_f64(), measure::spent());
    let after = after.unwrap_or_default();
    let told = Told {
        user_seconds: after.user - before.user,
        system_seconds: after.system - before.system,
        wall_seconds,
        kibibytes: measure::peak(),
        merges: vocabulary.merges().len(),
    };
    files::write(&training.out, lines(&vocabulary).as_bytes())?;
    let line = serde_json::to_string(&told).map_err(Failure::about("training"))?;
    files::print(line + "\n")
}

/// Settings for a vocabulary without special tokens.
pub(crate) fn config(merges: usize, min_count: u64) -> Outcome<TrainConfig> {
    let size = u32::try_from(256 + merges).map_err(Failure::about("merges"))?;
    Ok(TrainConfig { vocabulary_size: size, min_count, ..TrainConfig::default() })
}

fn learn(
    counts: SegmentCounts,
    config: &TrainConfig,
    options: TrainOptions,
) -> Outcome<Vocabulary> {
    let training = polytok_core::Training::new(counts, config, options);
    let mut training = training.map_err(Failure::about("training"))?;
    while training.step().is_some() {}
    training.vocabulary().map_err(Failure::about("training"))
}

/// Counts the segments of documents on all threads of the current pool, without holding more of the
/// file than they are at.
pub(crate) fn count(input: &Input) -> Outcome<SegmentCounts> {
    let segmenter: &dyn Segmenter = match input.pieces {
        Pieces::Gpt2 => &Gpt2,
        Pieces::Whole => &Whole,
    };
    let file = File::open(&input.path).map_err(Failure::about(input.path.display()))?;
    let mut file = BufReader::new(file);
    let (mut start, mut ends) = (0, &input.ends[..]);
    let threads = rayon::current_num_threads();
    let mut parts = vec![SegmentCounts::new(segmenter.id()); threads];
    let mut batch: Vec<Vec<u8>> = Vec::new();
    while !ends.is_empty() {
        let (mut bytes, mut documents) = (0, 0);
        while let Some((&end, rest)) = ends.split_first().filter(|_| bytes < BATCH * threads) {
            // Memory is used again: asking for it is no work of a training.
            if batch.len() == documents {
                batch.push(Vec::new());
            }
            let document = &mut batch[documents];
            document.resize(end - start, 0);
            file.read_exact(document).map_err(Failure::about(input.path.display()))?;
            bytes += end - start;
            documents += 1;
            (start, ends) = (end, rest);
        }
        let share = documents.div_ceil(threads);
        let counted: Result<(), SegmenterMismatch> = parts
            .par_iter_mut()
            .zip(batch[..documents].par_chunks(share))
            .try_for_each(|(counts, documents)| {
                documents.iter().try_for_each(|document| counts.add_document(segmenter, document))
            });
        counted.map_err(Failure::about(&input.name))?;
    }
    drop(batch);
    let mut counts = SegmentCounts::new(segmenter.id());
    for part in parts {
        counts.merge(part).map_err(Failure::about(&input.name))?;
    }
    Ok(counts)
}

/// Both halves of each merge in hexadecimal.
fn lines(vocabulary: &Vocabulary) -> String {
    let mut lines = String::new();
    for &(left, right) in vocabulary.merges() {
        for (half, end) in [(left, ' '), (right, '\n')] {
            let id = vocabulary.id_of(half);
            for byte in id.and_then(|id| vocabulary.token(id)).unwrap_or_default() {
                let _ = write!(lines, "{byte:02x}");
            }
            lines.push(end);
        }
    }
    lines
}
