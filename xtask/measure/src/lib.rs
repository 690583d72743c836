//! How tokenizers are measured against each other.
//!
//! A [`Job`] names vocabularies, inputs and works; a [`Field`] holds those who take part. Ids are
//! compared with those of the oracle before anything is timed, and whoever differs is reported
//! instead of timed. Those who are timed take turns, so that noise of the machine hits all alike.
//!
//! Work on one core is timed by the processor time of the process, on one core that the process
//! binds itself to: what else runs on the machine does not count, and nobody gets a second core
//! without saying so. Work on several cores is timed by the clock on the wall.

mod clock;
mod contestant;
mod cores;
mod decode;
mod failure;
mod figure;
mod inputs;
mod job;
mod load;
mod memory;
mod polytok;
mod raw;
mod runs;
mod seat;
mod short;
mod solo;
mod text;
mod usage;
mod wheel;

pub use clock::bind_to_one_core;
pub use contestant::{Contestant, Document, Encoder, Field, InProcess, Loader};
pub use failure::{Failure, Outcome};
pub use figure::{Figure, Finding};
pub use inputs::Numbers;

use figure::Figures;
pub use job::{Job, Model, ModelFile, Solo, Text, Work};
pub use polytok::polytok;
pub use seat::{Seat, ThreadSeat};
pub use solo::solo;
pub use usage::{Spent, limit_memory, peak, spent};
pub use wheel::Wheel;

/// Does all works of a job, and writes the figures after each of them.
///
/// # Errors
///
/// [`Failure`] if a file of the job cannot be read or written, or a process not be started. The
/// other works are done all the same. Contestants that give wrong ids or give up are no failure:
/// their figures say so.
pub fn run(job: &Job, field: &Field) -> Outcome {
    let mut figures = Figures::default();
    let mut failed = None;
    for &work in &job.works {
        if let Err(failure) = one(work, job, field, &mut figures) {
            failed.get_or_insert(failure);
        }
        let json = serde_json::to_vec(&figures).map_err(Failure::about("figures"))?;
        std::fs::write(&job.figures, json).map_err(Failure::about(job.figures.display()))?;
    }
    failed.map_or(Ok(()), Err)
}

fn one(work: Work, job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    let measure = match work {
        Work::Text => text::measure,
        Work::Runs => runs::measure,
        Work::Short => short::measure,
        Work::Raw => raw::measure,
        Work::Decode => decode::measure,
        Work::Load => load::measure,
        Work::Memory => memory::measure,
        // Two processes and two threads need more than one core.
        Work::Cores => return cores::measure(job, field, figures),
    };
    clock::on_one_core(|| measure(job, field, figures))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::*;

    struct Bytes(u32);

    impl Encoder for Bytes {
        fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
            ids.extend(input.iter().map(|&byte| u32::from(byte) + self.0));
            Ok(())
        }
    }

    fn right(_: &Model) -> Outcome<Option<Box<dyn Encoder>>> {
        Ok(Some(Box::new(Bytes(0))))
    }

    fn wrong(_: &Model) -> Outcome<Option<Box<dyn Encoder>>> {
        Ok(Some(Box::new(Bytes(1))))
    }

    fn panics(_: &Model) -> Outcome<Option<Box<dyn Encoder>>> {
        struct Panics;
        impl Encoder for Panics {
            fn encode_into(&self, _: &[u8], _: &mut Vec<u32>) -> Outcome {
                panic!("on purpose")
            }
        }
        Ok(Some(Box::new(Panics)))
    }

    /// Whoever gives other ids than the oracle is reported instead of timed, as is who panics.
    #[test]
    fn wrong_ids_are_not_timed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("text"), "ab").unwrap();
        std::fs::write(path("ranks"), "").unwrap();
        let text =
            Text { name: "t".into(), path: path("text"), ends: vec![2], vocabularies: vec![] };
        let job = Job {
            works: vec![Work::Text],
            contestants: vec![],
            ranks: vec![ModelFile { name: "v".into(), path: path("ranks"), ranks: true }],
            own: vec![],
            texts: vec![text],
            raws: vec![],
            rounds: 1,
            states: 1,
            run_bytes: 1,
            folder: folder.path().to_owned(),
            wheels: None,
            figures: path("figures"),
        };
        let contestants = [("right", right as Loader), ("wrong", wrong), ("panics", panics)];
        let boxed = |(name, load)| Box::new(InProcess { name, load }) as Box<dyn Contestant>;
        let contestants = contestants.map(boxed).into_iter().collect();
        // An oracle that gives up is passed over.
        let field = Field { contestants, oracles: vec![panics, right], again: vec![] };
        run(&job, &field).unwrap();
        let figures: Vec<Figure> =
            serde_json::from_slice(&std::fs::read(path("figures")).unwrap()).unwrap();
        let names: Vec<&str> = figures.iter().map(|figure| &*figure.contestant).collect();
        assert_eq!(names, ["wrong", "panics", "right", "right"]);
        let why = "wrong ids: document 0, id 0 is 98 instead of 97";
        assert_eq!(figures[0].finding, Finding::Refused(why.into()));
        assert_eq!(figures[1].finding, Finding::Refused("gave up".into()));
        assert!(figures[2..].iter().all(|figure| figure.megabytes_per_second().is_some()));
    }
}
