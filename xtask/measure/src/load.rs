//! From the bytes of a file to the first ids, each time in a new process.

use crate::{
    clock::median,
    contestant::Field,
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    job::{Job, Work},
    memory::solo,
    solo::Process,
};

/// Reading the file is not timed; nor is what a contestant needs instead of it, a conversion of the
/// rank file to JSON, say.
pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    let mut measured = Vec::new();
    if let Some(text) = job.texts.first() {
        measured.extend(job.ranks.iter().map(|model| (model.clone(), text)));
    }
    if let Some(text) = job.raws.first() {
        for model in &job.own {
            measured.extend([(model.clone(), text), (model.by_fewest()?, text)]);
        }
    }
    for (model, text) in &measured {
        let file = model.read()?.file.len();
        let of = Subject {
            work: Work::Load,
            vocabulary: &model.name,
            input: "file",
            bytes: file,
            items: 1,
        };
        let mut turns = Vec::new();
        for contestant in field.contestants.iter().filter(|one| job.wants(one.name())) {
            // Once for nothing: the disk is warm then, and conversions are done.
            if contestant.loader().is_some() && contestant.seat(&model.read()?)?.is_some() {
                turns.push((contestant, Vec::new()));
            }
        }
        for _ in 0..job.rounds.max(1) {
            for (contestant, times) in &mut turns {
                let solo = solo(contestant.name(), model, text);
                times.push(Process::start(field, &solo, &job.folder)?.1.seconds);
            }
        }
        for (contestant, times) in turns {
            figures.add(of, "load", contestant.name(), Finding::Seconds(median(times)));
        }
    }
    Ok(())
}
