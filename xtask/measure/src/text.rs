//! Public vocabularies on texts.

use crate::{
    clock::median,
    contestant::{Document, Field, Judge},
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    inputs::{strings, written},
    job::{Job, Text, Work},
    seat::Seat,
};

/// Bytes of another text that a state has seen, where what is made once is not to count.
const SEEN: usize = 64_000;

/// The first pass over a text, in states that are new and in states that have seen a little of
/// another text, and the median of further passes.
///
/// Some make tables and caches of tens of milliseconds at the first call, which is much of a pass
/// over a few megabytes; who encodes for longer does not see them.
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
            let other = other(job, text)?;
            for _ in 0..job.states.max(1) {
                for (contestant, turn) in admitted.iter().zip(&mut turns) {
                    for seen in [None, other.as_ref()] {
                        // The old state goes before the new one comes: two would crowd each other.
                        turn.seat = None;
                        turn.seat = contestant.seat(&model)?;
                        let Some(seat) = &mut turn.seat else { continue };
                        match seen {
                            None => turn.first.push(seat.encode(&document)?),
                            Some(other) => {
                                seat.encode(other)?;
                                turn.unseen.push(seat.encode(&document)?);
                            }
                        }
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
                if !turn.unseen.is_empty() {
                    figures.add(of, "unseen", name, Finding::Seconds(median(turn.unseen)));
                }
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
    unseen: Vec<f64>,
    warm: Vec<f64>,
}

/// The beginning of another text, if there is one.
fn other(job: &Job, text: &Text) -> Outcome<Option<Document>> {
    let Some(other) = job.texts.iter().find(|other| other.name != text.name) else {
        return Ok(None);
    };
    let start = strings(&other.whole()?.bytes, SEEN, 1).into_iter().next();
    start.map(|start| written(start.bytes.to_vec(), &job.folder.join("seen"))).transpose()
}
