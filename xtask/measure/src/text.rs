//! Public vocabularies on texts.

use crate::{
    clock::median,
    contestant::{Field, Judge},
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    job::{Job, Work},
    seat::Seat,
};

/// The first pass over a text, in states that are new, and the median of further passes.
pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    for model in &job.ranks {
        let model = model.read()?;
        let judge = Judge::of(field, &model);
        for text in &job.texts {
            let documents = [text.whole()?];
            let of = Subject::new(Work::Text, &model.name, &text.name, &documents);
            let admitted = judge.admitted(job, field, &documents, |name, why| {
                figures.add(of, "first", name, Finding::Refused(why));
            });
            let [document] = documents;
            let mut turns: Vec<Turn> = (0..admitted.len()).map(|_| Turn::default()).collect();
            for _ in 0..job.states.max(1) {
                for (contestant, turn) in admitted.iter().zip(&mut turns) {
                    // The old state goes before the new one comes: two would crowd each other.
                    turn.seat = None;
                    turn.seat = contestant.seat(&model)?;
                    if let Some(seat) = &mut turn.seat {
                        turn.first.push(seat.encode(&document)?);
                    }
                }
            }
            for _ in 0..job.rounds.max(1) {
                for turn in &mut turns {
                    if let Some(seat) = &mut turn.seat {
                        turn.warm.push(seat.encode(&document)?);
                    }
                }
            }
            for (contestant, turn) in admitted.iter().zip(turns) {
                let name = contestant.name();
                figures.add(of, "first", name, Finding::Seconds(median(turn.first)));
                figures.add(of, "warm", name, Finding::Seconds(median(turn.warm)));
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Turn {
    seat: Option<Box<dyn Seat>>,
    first: Vec<f64>,
    warm: Vec<f64>,
}
