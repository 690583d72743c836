//! Units of a sequence that grow where it is predictable.

use std::{cmp::Ordering, error::Error, fmt};

use polytok_core::Span;

use crate::ContextModel;

/// Units that are compared with each other, at most.
const WINDOW: usize = 16;

/// Cuts a sequence into units by how predictable its bases are, to a given number of units.
///
/// The counterpart, without a network, of the merging encoder of MergeDNA (2025): four rounds of
/// merging within windows of 16 units, to a budget. Every byte begins as a unit. In each round windows
/// are laid from the left, and each offers disjoint pairs of neighbors: again and again that whose
/// bases have the least mean surprise under a [`ContextModel`], the left one of equals, as long as
/// there is any. Of all that are offered the best become units, as many as it takes to come to the
/// budget by the last round. A byte that is no base stays alone.
///
/// So units are long where a sequence repeats or is of few letters, and short where it is like nothing
/// before. The number of units is the budget to the unit, unless bytes that are no bases or a budget
/// near 1/16 leave too few pairs; what is not empty has one at least. Deterministic; takes O(n log n) for n bytes.
#[derive(Clone, Copy, Debug)]
pub struct Merging<'a> {
    model: &'a ContextModel,
    budget: f64,
}

/// A sequence as units.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Units {
    /// Where each unit ends, ascending; the first begins at 0.
    ends: Vec<usize>,
}

/// A unit that may still grow.
#[derive(Clone, Copy, Debug)]
struct Unit {
    end: usize,
    bases: u64,
    /// Of all its bases together; none for what is no base.
    surprise: Option<u64>,
}

impl<'a> Merging<'a> {
    /// Merges to `budget` units a byte, at least 1/16 and at most 1; the paper draws 0.4 to 0.6.
    ///
    /// # Errors
    ///
    /// If the budget is out of range.
    pub fn new(model: &'a ContextModel, budget: f64) -> Result<Merging<'a>, BudgetError> {
        if (0.0625..=1.0).contains(&budget) {
            Ok(Merging { model, budget })
        } else {
            Err(BudgetError { budget })
        }
    }

    /// The units of a sequence.
    pub fn units(&self, sequence: &[u8]) -> Units {
        let surprise = self.model.surprise(sequence);
        let mut units: Vec<Unit> = surprise
            .into_iter()
            .zip(1..)
            .map(|(surprise, end)| Unit { end, bases: 1, surprise: surprise.map(u64::from) })
            .collect();
        // Every round leaves the same share; square roots are the same on every machine.
        let half = self.budget.sqrt();
        let quarter = half.sqrt();
        for share in [quarter, half, half * quarter, self.budget] {
            let target = (share * sequence.len() as f64).round() as usize;
            units = merge(&units, units.len().saturating_sub(target));
        }
        Units { ends: units.iter().map(|unit| unit.end).collect() }
    }
}

/// A pair that a window offers: the sum and the number of its bases, and its place.
type Pair = (u64, u64, usize);

/// One round: the best `wanted` of the pairs that the windows offer.
fn merge(units: &[Unit], wanted: usize) -> Vec<Unit> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (number, window) in units.chunks(WINDOW).enumerate() {
        offer(window, number * WINDOW, &mut pairs);
    }
    pairs.sort_unstable_by(order);
    let mut begins = vec![false; units.len()];
    pairs.iter().take(wanted).for_each(|&(_, _, at)| begins[at] = true);
    let mut merged = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        if begins[at] {
            merged.push(joined(units[at], units[at + 1]));
            at += 2;
        } else {
            merged.push(units[at]);
            at += 1;
        }
    }
    merged
}

/// Adds disjoint pairs of a window that begins with unit number `first`, the best before others.
fn offer(window: &[Unit], first: usize, pairs: &mut Vec<Pair>) {
    let pair = |at: usize| {
        let unit = joined(window[at], window[at + 1]);
        Some((unit.surprise?, unit.bases, at))
    };
    let mut all: Vec<Pair> = (0..window.len() - 1).filter_map(pair).collect();
    all.sort_unstable_by(order);
    let mut taken = [false; WINDOW];
    for (surprise, bases, at) in all {
        if !taken[at] && !taken[at + 1] {
            (taken[at], taken[at + 1]) = (true, true);
            pairs.push((surprise, bases, first + at));
        }
    }
}

/// By mean surprise, then by place.
fn order(a: &Pair, b: &Pair) -> Ordering {
    let (left, right) = (u128::from(a.0) * u128::from(b.1), u128::from(b.0) * u128::from(a.1));
    left.cmp(&right).then(a.2.cmp(&b.2))
}

fn joined(a: Unit, b: Unit) -> Unit {
    let surprise = a.surprise.zip(b.surprise).map(|(a, b)| a + b);
    Unit { end: b.end, bases: a.bases + b.bases, surprise }
}

impl Units {
    /// Number of units.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the sequence is empty.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where each unit lies, in bytes of the sequence.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| Span::new(start, end))
    }

    /// The number of the unit that a byte of the sequence is in.
    pub fn unit_of(&self, byte: usize) -> Option<usize> {
        let unit = self.ends.partition_point(|&end| end <= byte);
        (unit < self.ends.len()).then_some(unit)
    }

    /// Gives every byte of the sequence what its unit has: a row of the sequence's length.
    ///
    /// # Panics
    ///
    /// If there are not as many values as units.
    pub fn unmerge<T: Clone>(&self, values: &[T]) -> Vec<T> {
        assert_eq!(values.len(), self.len(), "a value for each unit");
        let mut all = Vec::with_capacity(self.ends.last().copied().unwrap_or(0));
        for (span, value) in self.spans().zip(values) {
            all.extend(std::iter::repeat_n(value.clone(), span.len()));
        }
        all
    }
}

/// A budget is out of range.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetError {
    /// Units a byte.
    pub budget: f64,
}

impl fmt::Display for BudgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a budget of {} units a byte: 1/16 to 1 are possible", self.budget)
    }
}

impl Error for BudgetError {}
