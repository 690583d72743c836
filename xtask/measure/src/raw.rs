//! Own vocabularies on whole files, where nothing is cut before it is merged: by their merges, and by the
//! fewest of their tokens.

use std::sync::Arc;

use crate::{
    clock::median,
    contestant::{Field, Judge},
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    job::{Job, Work},
};

pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    let mut measured = Vec::new();
    for (model, text) in job.pairs_of_own() {
        measured.extend([(model.read()?, text), (model.by_fewest()?.read()?, text)]);
    }
    for (model, text) in measured {
        let documents = text.documents()?;
        let of = Subject::new(Work::Raw, &model.name, &text.name, &documents);
        let judge = Judge::of(field, &model);
        let admitted = judge.admitted(job, field, &documents, |name, why| {
            figures.add(of, "files", name, Finding::Refused(why));
        });
        let documents = Arc::new(documents);
        let mut turns = Vec::new();
        for contestant in admitted {
            if let Some(seat) = contestant.seat(&model)? {
                turns.push((contestant, seat, Vec::new()));
            }
        }
        for _ in 0..job.rounds.max(1) {
            for (_, seat, times) in &mut turns {
                times.extend(seat.encode_all(&documents)?);
            }
        }
        for (contestant, _, times) in turns {
            figures.add(of, "files", contestant.name(), Finding::Seconds(median(times)));
        }
    }
    Ok(())
}
