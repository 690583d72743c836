//! Two threads against two processes with one thread each, that do the same at the same time.

use polytok_core::Batch;

use crate::{
    clock::{self, median},
    contestant::Field,
    failure::{Failure, Outcome},
    figure::{Figures, Finding, Subject},
    job::{Job, Work},
    memory::solo,
    polytok::Loaded,
    solo::Process,
};

/// Threads, and processes.
const TWO: usize = 2;

/// All times are of the clock on the wall, and for all documents once: two processes that do them
/// once each have half their time counted.
pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    if !job.wants("polytok") {
        return Ok(());
    }
    for (model, text) in job.examples() {
        // As the processes: threads that have kept nothing of the vocabulary before.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(TWO).build();
        let pool = pool.map_err(Failure::about("thread pool"))?;
        let documents = text.documents()?;
        let whole = text.whole()?;
        let of = Subject::new(Work::Cores, &model.name, &text.name, &documents);
        let tokenizer = Loaded::load(&model.read()?)?;
        let inputs: Vec<&[u8]> = documents.iter().map(|document| &document.bytes[..]).collect();
        let alone = solo("polytok", model, text);
        let mut processes = Vec::new();
        for _ in 0..TWO {
            processes.push(Process::start(field, &alone, &job.folder)?.0);
        }
        let (mut batch, mut ids) = (Batch::default(), Vec::new());
        let mut apart = Vec::new();
        let mut together: [Vec<f64>; 4] = Default::default();
        // The first round fills caches and does not count.
        for round in 0..=job.rounds.max(1) {
            for process in &mut processes {
                process.go()?;
            }
            let mut slowest = 0.0;
            for process in &mut processes {
                slowest = f64::max(slowest, process.told()?.seconds);
            }
            // Into memory that is new, then into what the round before has left, as the processes do.
            let fresh = clock::wall(|| {
                pool.install(|| tokenizer.encode_batch(&inputs, &mut Batch::default()));
            });
            let again =
                clock::wall(|| pool.install(|| tokenizer.encode_batch(&inputs, &mut batch)));
            let one_fresh = clock::wall(|| {
                pool.install(|| tokenizer.encode_parallel(&whole.bytes, &mut Vec::new()));
            });
            let one_again =
                clock::wall(|| pool.install(|| tokenizer.encode_parallel(&whole.bytes, &mut ids)));
            if round > 0 {
                apart.push(slowest / TWO as f64);
                for (times, (seconds, ())) in
                    together.iter_mut().zip([again, fresh, one_again, one_fresh])
                {
                    times.push(seconds);
                }
            }
        }
        figures.add(of, "processes", "polytok", Finding::Seconds(median(apart)));
        for (name, times) in
            ["batch", "batch, new memory", "one document", "one document, new memory"]
                .into_iter()
                .zip(together)
        {
            figures.add(of, name, "polytok", Finding::Seconds(median(times)));
        }
    }
    Ok(())
}
