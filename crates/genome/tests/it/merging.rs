//! Units that grow where a sequence is predictable.

use polytok_core::Span;
use polytok_genome::{BudgetError, ContextModel, Merging};
use proptest::prelude::*;

/// The rule over again, with strings of units and without sharing code.
fn plainly(model: &ContextModel, budget: f64, sequence: &[u8]) -> Vec<Vec<u8>> {
    let surprise = model.surprise(sequence);
    let mut units: Vec<Vec<usize>> = (0..sequence.len()).map(|at| vec![at]).collect();
    // Exact: a mean is a fraction, compared by its product with all that a denominator can be.
    let mean = |a: &[usize], b: &[usize]| -> Option<u64> {
        let all: Option<u64> = a.iter().chain(b).map(|&at| surprise[at].map(u64::from)).sum();
        let bases = (a.len() + b.len()) as u64;
        Some(all? * (LCM / bases))
    };
    for round in 1..=4 {
        let share =
            [budget.sqrt().sqrt(), budget.sqrt(), budget.sqrt() * budget.sqrt().sqrt(), budget];
        let target = (share[round - 1] * sequence.len() as f64).round() as usize;
        let mut offered: Vec<(u64, usize)> = Vec::new();
        for (number, window) in units.chunks(16).enumerate() {
            let mut taken: Vec<usize> = Vec::new();
            loop {
                let best = (1..window.len())
                    .filter(|at| !taken.iter().any(|other| other.abs_diff(*at) < 2))
                    .filter_map(|at| Some((mean(&window[at - 1], &window[at])?, at)))
                    .min();
                let Some((mean, at)) = best else { break };
                taken.push(at);
                offered.push((mean, number * 16 + at));
            }
        }
        offered.sort_unstable();
        offered.truncate(units.len().saturating_sub(target));
        let mut next: Vec<Vec<usize>> = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            match next.last_mut().filter(|_| offered.iter().any(|&(_, other)| other == at)) {
                Some(last) => last.extend(unit),
                None => next.push(unit.clone()),
            }
        }
        units = next;
    }
    units.iter().map(|unit| unit.iter().map(|&at| sequence[at]).collect()).collect()
}

/// Of the numbers up to 16, the most bases of a unit after four rounds.
const LCM: u64 = 720_720;

fn model(order: u32, trained: &str) -> ContextModel {
    let mut model = ContextModel::new(order).unwrap();
    model.add(trained.as_bytes());
    model
}

proptest! {
    #[test]
    fn units_are_those_of_the_rule(
        trained in "[ACGT]{0,300}",
        sequence in prop_oneof!["[ACGTN]{0,200}", "[ACG]{0,10}(ACG|T){0,60}N?[ACGT]{0,40}"],
        order in 1u32..4,
        budget in 0.0625f64..=1.0,
    ) {
        let model = model(order, &trained);
        let units = Merging::new(&model, budget).unwrap().units(sequence.as_bytes());
        let found: Vec<Vec<u8>> =
            units.spans().map(|span| span.of(sequence.as_bytes()).to_vec()).collect();
        prop_assert_eq!(&found, &plainly(&model, budget, sequence.as_bytes()));
        prop_assert_eq!(found.concat(), sequence.as_bytes());
        let numbers: Vec<usize> = (0..units.len()).collect();
        let spread = units.unmerge(&numbers);
        for (byte, &unit) in spread.iter().enumerate() {
            prop_assert_eq!(units.unit_of(byte), Some(unit));
        }
        prop_assert_eq!(units.unit_of(sequence.len()), None);
    }

    /// Where all are bases the number of units is what the budget says; a base alone is a unit.
    #[test]
    fn the_budget_is_kept(sequence in "[ACGT]{0,2000}", budget in 0.25f64..=1.0) {
        let model = model(3, &sequence);
        let units = Merging::new(&model, budget).unwrap().units(sequence.as_bytes());
        let wanted = (budget * sequence.len() as f64).round() as usize;
        let wanted = wanted.max(sequence.len().min(1));
        prop_assert_eq!(units.len(), wanted);
    }
}

/// Repeats make long units, and what is like nothing else short ones.
#[test]
fn units_are_long_where_a_sequence_repeats() {
    let mut state = 7u64;
    let mut random = |bases: usize| -> Vec<u8> {
        (0..bases)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                b"ACGT"[(state >> 62) as usize]
            })
            .collect()
    };
    let repeat = b"ACGGT".repeat(100);
    let sequence = [random(500), repeat, random(500)].concat();
    let mut model = ContextModel::new(6).unwrap();
    model.add(&sequence);
    let units = Merging::new(&model, 0.4).unwrap().units(&sequence);
    let mean = |within: Span| {
        let of = units.spans().filter(|span| span.start >= within.start && span.end <= within.end);
        let lengths: Vec<usize> = of.map(Span::len).collect();
        lengths.iter().sum::<usize>() as f64 / lengths.len() as f64
    };
    let (plain, repeated) = (mean(Span::new(0, 500)), mean(Span::new(520, 980)));
    assert!(repeated > plain, "{repeated} {plain}");
}

#[test]
fn budgets_are_bounded() {
    let model = ContextModel::new(1).unwrap();
    for budget in [0.0, 0.06, 1.1, f64::INFINITY] {
        assert_eq!(Merging::new(&model, budget).unwrap_err(), BudgetError { budget });
    }
    assert!(Merging::new(&model, f64::NAN).is_err());
    assert!(Merging::new(&model, 1.0).unwrap().units(b"").is_empty());
}
