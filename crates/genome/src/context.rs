//! How predictable each base of a sequence is from those before it.

use std::{error::Error, fmt};

/// Longest context: four counts of 16 bits for each of 4^11 contexts take 32 MiB.
const LONGEST: u32 = 11;

/// Counts of bases by the `order` bases before them.
///
/// Only runs of A, C, G and T in upper case count: other bytes end a context. Counts stay at 65,535
/// once there.
#[derive(Clone, Debug)]
pub struct ContextModel {
    order: u32,
    /// By context, the first base most significant, and then by base.
    counts: Vec<u16>,
}

impl ContextModel {
    /// A model without counts, of contexts of `order` bases, 1 to 11; takes 8 bytes for each of the
    /// 4^`order` contexts.
    ///
    /// # Errors
    ///
    /// If the order is out of range.
    pub fn new(order: u32) -> Result<ContextModel, ContextError> {
        if !(1..=LONGEST).contains(&order) {
            return Err(ContextError { order });
        }
        Ok(ContextModel { order, counts: vec![0; 4 << (2 * order)] })
    }

    /// Number of bases of a context.
    pub fn order(&self) -> u32 {
        self.order
    }

    /// Counts the bases of a sequence.
    pub fn add(&mut self, sequence: &[u8]) {
        let mut context = Context::new(self.order);
        for &byte in sequence {
            if let Some(slot) = context.next(byte) {
                let count = &mut self.counts[slot];
                *count = count.saturating_add(1);
            }
        }
    }

    /// Surprise of every base, in 65,536ths of a bit: -log2 of the share of the base behind its
    /// context, where half an occurrence is added to each of the four counts (Krichevsky and Trofimov
    /// 1981, "The performance of universal encoding"). None for what is no base.
    ///
    /// Two bits where the context is not whole, as at the start of a run of bases. Computed in integers,
    /// so that it is the same on every machine.
    pub fn surprise(&self, sequence: &[u8]) -> Vec<Option<u32>> {
        let mut context = Context::new(self.order);
        let mut bits = |byte: u8| {
            let Some(_) = code(byte) else {
                context.next(byte);
                return None;
            };
            let Some(slot) = context.next(byte) else { return Some(2 * BIT) };
            let of = &self.counts[slot & !3..(slot & !3) + 4];
            let all: u32 = of.iter().map(|&count| u32::from(count)).sum();
            // Both doubled, since halves are added.
            Some(log2(2 * all + 4) - log2(2 * u32::from(self.counts[slot]) + 1))
        };
        sequence.iter().map(|&byte| bits(byte)).collect()
    }
}

/// A bit of surprise.
const BIT: u32 = 1 << 16;

/// The logarithm to base 2 of a number from 1 on, in 65,536ths, rounded down: digit by digit, since a
/// square has twice the logarithm.
fn log2(number: u32) -> u32 {
    let whole = number.ilog2();
    // Between 1 and 2, with 31 digits behind the point.
    let mut rest = u64::from(number) << (31 - whole);
    let mut log = whole;
    for _ in 0..16 {
        rest = (rest * rest) >> 31;
        log <<= 1;
        if rest >> 32 != 0 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

/// The bases before a place.
struct Context {
    order: u32,
    /// The last bases, four to a byte; more than the order has are cut when it is used.
    bases: usize,
    /// How many of them belong to the run.
    known: u32,
}

impl Context {
    fn new(order: u32) -> Context {
        Context { order, bases: 0, known: 0 }
    }

    /// Goes on by a byte; the number of its count, if it is a base and its context whole.
    fn next(&mut self, byte: u8) -> Option<usize> {
        let Some(code) = code(byte) else {
            self.known = 0;
            return None;
        };
        let slot = (self.bases << 2 | code) & ((4 << (2 * self.order)) - 1);
        let whole = self.known >= self.order;
        (self.bases, self.known) = (slot, self.known.saturating_add(1));
        whole.then_some(slot)
    }
}

fn code(base: u8) -> Option<usize> {
    b"ACGT".iter().position(|&letter| letter == base)
}

/// The order of a model is out of range.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContextError {
    /// The order.
    pub order: u32,
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contexts of {} bases: 1 to {LONGEST} are possible", self.order)
    }
}

impl Error for ContextError {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// From all windows, as one would say it.
    fn plainly(order: usize, trained: &[u8], sequence: &[u8]) -> Vec<Option<f64>> {
        let is_base = |window: &[u8]| window.iter().all(|byte| b"ACGT".contains(byte));
        let mut counts: BTreeMap<&[u8], f64> = BTreeMap::new();
        for window in trained.windows(order + 1).filter(|window| is_base(window)) {
            *counts.entry(window).or_default() += 1.0;
        }
        let count = |window: &[u8]| counts.get(window).copied().unwrap_or(0.0) + 0.5;
        (0..sequence.len())
            .map(|at| {
                if !is_base(&sequence[at..=at]) {
                    return None;
                }
                let Some(window) = at.checked_sub(order).map(|start| &sequence[start..=at]) else {
                    return Some(2.0);
                };
                if !is_base(window) {
                    return Some(2.0);
                }
                let others = b"ACGT".map(|base| [&window[..order], &[base]].concat());
                let all: f64 = others.iter().map(|window| count(window)).sum();
                Some((all / count(window)).log2())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn surprise_is_what_counting_windows_gives(
            trained in "[ACGTN]{0,200}",
            sequence in "[ACGTNa]{0,60}",
            order in 1u32..5,
        ) {
            let mut model = ContextModel::new(order).unwrap();
            model.add(trained.as_bytes());
            let found = model.surprise(sequence.as_bytes());
            let expected = plainly(order as usize, trained.as_bytes(), sequence.as_bytes());
            prop_assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert_eq!(found.is_some(), expected.is_some());
                let bits = f64::from(found.unwrap_or(0)) / f64::from(BIT);
                prop_assert!((bits - expected.unwrap_or(0.0)).abs() < 2.0 / f64::from(BIT));
            }
        }
    }

    #[test]
    fn logarithms_are_right_to_the_last_digit() {
        for number in (1..5000).chain([65_535, 65_536, 131_072, 524_287, u32::MAX]) {
            let exact = f64::from(number).log2() * f64::from(BIT);
            let found = f64::from(log2(number));
            assert!(found <= exact + 1e-6 && exact < found + 1.001, "{number}: {found} {exact}");
        }
    }

    #[test]
    fn orders_are_bounded() {
        for order in [0, 12, u32::MAX] {
            assert_eq!(ContextModel::new(order).unwrap_err(), ContextError { order });
        }
    }
}
