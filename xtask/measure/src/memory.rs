//! Most memory of a process that loads and encodes.

use crate::{
    contestant::Field,
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    job::{Job, ModelFile, Solo, Text, Work},
    solo::{Process, Told},
};

pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    for (model, text) in job.examples() {
        let documents = text.documents()?;
        let of = Subject::new(Work::Memory, &model.name, &text.name, &documents);
        for contestant in field.contestants.iter().filter(|one| job.wants(one.name())) {
            // Python and its libraries would be most of what is seen of a wheel.
            if contestant.loader().is_none() {
                continue;
            }
            let Some(seat) = contestant.seat(&model.read()?)? else { continue };
            drop(seat);
            let name = contestant.name();
            let mut add = |part: &str, told: Told| {
                if let Some(kibibytes) = told.kibibytes {
                    figures.add(of, part, name, Finding::Kibibytes(kibibytes));
                }
            };
            let solo = solo(name, model, text);
            let (mut process, loaded) = Process::start(field, &solo, &job.folder)?;
            add("loaded", loaded);
            process.go()?;
            add("encoded", process.told()?);
        }
    }
    Ok(())
}

pub(crate) fn solo(contestant: &str, model: &ModelFile, text: &Text) -> Solo {
    Solo { contestant: contestant.to_owned(), model: model.clone(), text: text.clone() }
}
