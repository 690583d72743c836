//! Tokens that come in pairs: each with its reverse complement.

use super::{Limits, tokens::Tokens};
use crate::{complement::Complement, merge::Pair};

/// Which merge must follow which, so that every token has its reverse complement among the tokens.
///
/// (a, b) is followed by the pair of the complements, (b', a'), unless its bytes are their own reverse
/// complement. Then (b', a') is the same pair, or one that gives the same bytes and is refused.
#[derive(Debug, Default)]
pub(crate) struct Closure {
    /// By token; empty if nothing is asked for.
    complements: Vec<u32>,
    /// The pair that is merged next, whatever its count.
    forced: Option<Pair>,
}

impl Closure {
    /// The tokens there are must be closed.
    pub(crate) fn new(complement: Option<&Complement>, tokens: &Tokens) -> Closure {
        let complements =
            complement.map_or(Vec::new(), |complement| tokens.complements(complement));
        Closure { complements, forced: None }
    }

    /// How many tokens must have room for a merge to be made.
    pub(crate) fn step(&self) -> usize {
        if self.complements.is_empty() { 1 } else { 2 }
    }

    /// Takes note of a pair that has become the last token; returns the pair that must follow it.
    pub(crate) fn follows(
        &mut self,
        (left, right): Pair,
        tokens: &Tokens,
        limits: &Limits,
    ) -> Option<Pair> {
        let complement = limits.complement.as_ref()?;
        let new = tokens.len() as u32 - 1;
        if tokens.is_own_complement((left, right), complement) {
            self.complements.push(new);
            return None;
        }
        // The token that follows.
        self.complements.extend([new + 1, new]);
        Some((self.complements[right as usize], self.complements[left as usize]))
    }

    pub(crate) fn force(&mut self, pair: Pair) {
        self.forced = Some(pair);
    }

    pub(crate) fn take(&mut self) -> Option<Pair> {
        self.forced.take()
    }
}
