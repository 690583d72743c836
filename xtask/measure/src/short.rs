//! Strings of about 100 bytes: warm, and in states that are new.

use std::sync::Arc;

use crate::{
    clock::median,
    contestant::{Field, Judge},
    failure::Outcome,
    figure::{Figures, Finding, Subject},
    inputs::strings,
    job::{Job, Work},
};

/// Bytes of a string.
const LEN: usize = 100;
/// Strings in all.
const STRINGS: usize = 20_000;
/// Strings that a new state gets before the next one comes.
const COLD: usize = 1_000;

/// A state is new with a tokenizer that is loaded again, on a new thread: no cache survives that,
/// whatever it belongs to. Loading is not timed, all else is.
pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    for model in &job.ranks {
        let model = model.read()?;
        let judge = Judge::of(field, &model);
        for text in &job.texts {
            let all = strings(&text.whole()?.bytes, LEN, STRINGS);
            let of = Subject::new(Work::Short, &model.name, &text.name, &all);
            let admitted = judge.admitted(job, field, &all, |name, why| {
                figures.add(of, "warm", name, Finding::Refused(why));
            });
            let chunks: Vec<_> = all.chunks(COLD).map(|chunk| Arc::new(chunk.to_vec())).collect();
            let all = Arc::new(all);
            let mut turns = Vec::new();
            for contestant in admitted {
                if let Some(mut seat) = contestant.seat(&model)? {
                    seat.encode_all(&all)?;
                    turns.push((contestant, seat, Vec::new(), Vec::new()));
                }
            }
            for _ in 0..job.rounds.max(1) {
                for (_, seat, warm, _) in &mut turns {
                    warm.extend(seat.encode_all(&all)?);
                }
            }
            for chunk in chunks.iter().take(2 * job.states.max(1)) {
                for (contestant, _, _, cold) in &mut turns {
                    if let Some(mut seat) = contestant.seat(&model)? {
                        cold.extend(seat.encode_all(chunk)?);
                    }
                }
            }
            let chunk = chunks.first().map_or(&[][..], |chunk| chunk);
            let chunk = Subject::new(Work::Short, &model.name, &text.name, chunk);
            for (contestant, _, warm, cold) in turns {
                figures.add(of, "warm", contestant.name(), Finding::Seconds(median(warm)));
                figures.add(chunk, "cold", contestant.name(), Finding::Seconds(median(cold)));
            }
        }
    }
    Ok(())
}
