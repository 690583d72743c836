//! Two threads against two processes with one thread each, that do the same at the same time.

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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(TWO).build();
    let pool = pool.map_err(Failure::about("thread pool"))?;
    for (model, text) in job.examples() {
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
        let (mut apart, mut batch, mut parallel) = (Vec::new(), Vec::new(), Vec::new());
        // The first round fills caches and does not count.
        for round in 0..=job.rounds.max(1) {
            for process in &mut processes {
                process.go()?;
            }
            let mut slowest = 0.0;
            for process in &mut processes {
                slowest = f64::max(slowest, process.told()?.seconds);
            }
            let (together, ids) = clock::wall(|| pool.install(|| tokenizer.encode_batch(&inputs)));
            std::hint::black_box(ids);
            let (one, ids) =
                clock::wall(|| pool.install(|| tokenizer.encode_parallel(&whole.bytes)));
            if round > 0 {
                apart.push(slowest / TWO as f64);
                batch.push(together);
                std::hint::black_box(ids);
                parallel.push(one);
            }
        }
        figures.add(of, "processes", "polytok", Finding::Seconds(median(apart)));
        figures.add(of, "batch", "polytok", Finding::Seconds(median(batch)));
        figures.add(of, "one document", "polytok", Finding::Seconds(median(parallel)));
    }
    Ok(())
}
