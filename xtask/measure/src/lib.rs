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
mod wheel;

pub use clock::bind_to_one_core;
pub use contestant::{Contestant, Document, Encoder, Field, InProcess, Loader};
pub use failure::{Failure, Outcome};
pub use figure::{Figure, Figures, Finding};
pub use job::{Job, Model, ModelFile, Solo, Text, Work};
pub use polytok::polytok;
pub use seat::{Seat, ThreadSeat};
pub use solo::solo;
pub use wheel::Wheel;

/// Does all works of a job.
///
/// # Errors
///
/// [`Failure`] if a file of the job cannot be read or a process not be started. Contestants that
/// fail do not end a job; their figures say so.
pub fn run(job: &Job, field: &Field) -> Outcome<Vec<Figure>> {
    let mut figures = Figures::default();
    for &work in &job.works {
        match work {
            // Two processes and two threads need more than one core.
            Work::Cores => cores::measure(job, field, &mut figures)?,
            Work::Memory => memory::measure(job, field, &mut figures)?,
            work => clock::on_one_core(|| match work {
                Work::Text => text::measure(job, field, &mut figures),
                Work::Runs => runs::measure(job, field, &mut figures),
                Work::Short => short::measure(job, field, &mut figures),
                Work::Raw => raw::measure(job, field, &mut figures),
                Work::Decode => decode::measure(job, field, &mut figures),
                Work::Load | Work::Cores | Work::Memory => {
                    load::measure(job, field, &mut figures)
                }
            })?,
        }
    }
    Ok(figures.into_rows())
}
