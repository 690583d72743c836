//! From ids to bytes.

use std::sync::Arc;

use crate::{
    clock::median,
    contestant::{Field, Judge},
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    job::{Job, Model, Text, Work},
};

pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    for model in &job.ranks {
        let model = model.read()?;
        for text in &job.texts {
            decode(job, field, &model, text, figures)?;
        }
    }
    for (model, text) in job.pairs_of_own() {
        decode(job, field, &model.read()?, text, figures)?;
    }
    Ok(())
}

fn decode(job: &Job, field: &Field, model: &Model, text: &Text, figures: &mut Figures) -> Outcome {
    let documents = [text.whole()?];
    let of = Subject::new(Work::Decode, &model.name, &text.name, &documents);
    let judge = Judge::of(field, model);
    let admitted = judge.admitted(job, field, &documents, |name, why| {
        figures.add(of, "decode", name, Finding::Refused(why));
    });
    let mut turns = Vec::new();
    for contestant in admitted {
        let Some(mut seat) = contestant.seat(model)? else { continue };
        let ids = Arc::new(seat.ids(&documents[0])?);
        match seat.decode(Arc::clone(&ids))? {
            Some(bytes) if bytes == *documents[0].bytes => {
                turns.push((contestant, seat, ids, Vec::new()));
            }
            Some(_) => {
                let why = "wrong bytes".to_owned();
                figures.add(of, "decode", contestant.name(), Finding::Refused(why));
            }
            None => {}
        }
    }
    for _ in 0..job.rounds.max(1) {
        for (_, seat, ids, times) in &mut turns {
            times.extend(seat.decode_time(Arc::clone(ids))?);
        }
    }
    for (contestant, _, _, times) in turns {
        figures.add(of, "decode", contestant.name(), Finding::Seconds(median(times)));
    }
    Ok(())
}
