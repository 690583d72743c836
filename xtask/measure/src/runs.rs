//! A megabyte, and two, without a place to split: what costs more than twice as much is not linear.
//!
//! Some remember pieces of any length: what they have seen once they look up. Every pass is thus in
//! a new state, that has seen a shorter run of the same kind, so that what is made at the first
//! call is there.

use crate::{
    clock::median,
    contestant::{Contestant, Document, Field, Judge, right},
    failure::{Failure, Outcome},
    figure::{Figures, Finding, Subject},
    inputs::{Numbers, RUNS, written},
    job::{Job, Model, Work},
};

/// Nobody is waited for longer than about this, in seconds.
const PATIENCE: f64 = 30.0;

pub(crate) fn measure(job: &Job, field: &Field, figures: &mut Figures) -> Outcome {
    for model in &job.ranks {
        let model = model.read()?;
        let judge = Judge::of(field, &model);
        for (name, make) in RUNS {
            let path = |part: &str| job.folder.join(format!("run-{part}"));
            let make = |part: &str, len| written(make(&mut Numbers::new(), len), &path(part));
            let lengths = [make("once", job.run_bytes)?, make("twice", 2 * job.run_bytes)?];
            let probes = [make("16th", job.run_bytes / 16)?, make("8th", job.run_bytes / 8)?];
            let subject = |documents| Subject::new(Work::Runs, &model.name, name, documents);
            let refuse = |figures: &mut Figures, who: &str, why: String| {
                figures.add(subject(&lengths[..1]), "once", who, Finding::Refused(why));
            };
            let expected = judge.expected(&lengths);
            let mut turns = Vec::new();
            for contestant in field.contestants.iter().filter(|one| job.wants(one.name())) {
                match admit(&**contestant, &model, &probes, &lengths, expected.as_deref()) {
                    Ok(true) => turns.push((contestant, [vec![], vec![]])),
                    Ok(false) => {}
                    Err(failure) => refuse(figures, contestant.name(), failure.to_string()),
                }
            }
            for _ in 0..job.states.max(1) {
                for (contestant, times) in &mut turns {
                    let Some(mut seat) = contestant.seat(&model)? else { continue };
                    seat.encode(&probes[0])?;
                    for (document, times) in lengths.iter().zip(times) {
                        times.push(seat.encode(document)?);
                    }
                }
            }
            for (contestant, [once, twice]) in turns {
                let finding = |times| Finding::Seconds(median(times));
                figures.add(subject(&lengths[..1]), "once", contestant.name(), finding(once));
                figures.add(subject(&lengths[1..]), "twice", contestant.name(), finding(twice));
            }
        }
    }
    Ok(())
}

/// Whether a contestant knows the vocabulary; an error if it gives other ids than expected, or is
/// going to take for ever.
fn admit(
    contestant: &dyn Contestant,
    model: &Model,
    probes: &[Document; 2],
    lengths: &[Document; 2],
    expected: Option<&[Vec<u32>]>,
) -> Outcome<bool> {
    let Some(mut seat) = contestant.seat(model)? else { return Ok(false) };
    let [short, long] = probes;
    let (short, long) = (seat.encode(short)?, seat.encode(long)?);
    // Three times as long for twice the length: 16 times the length takes well over 100 times.
    let ahead = long * 16.0 * 16.0;
    if long > 3.0 * short && ahead > PATIENCE {
        let megabytes = lengths[1].bytes.len() as f64 / 1e6;
        let message = format!("not linear: {megabytes:.1} MB would take about {ahead:.0} s");
        return Err(Failure::Refused(message));
    }
    right(&mut *seat, lengths, expected)?;
    Ok(true)
}
