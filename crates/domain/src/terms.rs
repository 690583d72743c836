//! Terms of the user's own as segments of their own.

use std::{cmp::Reverse, error::Error, fmt};

use aho_corasick::AhoCorasick;
use polytok_core::{Boundary, Segmenter, Span};

use crate::cursor::{ends_with_word, starts_with_word};

/// A segmenter that cuts given terms out and leaves the rest to another.
///
/// A term is cut out where neither of its ends lies inside a word, that is, between two letters or
/// digits: `10-K` is in `the 10-K.` but not in `110-K`, `<div` is in `x<div ` but not in `<divx`.
/// Of the occurrences that overlap the leftmost counts, and of those that start at one place the
/// longest. The boundaries of a term are hard. Text between terms is given to the inner segmenter
/// piece by piece.
///
/// Give the same terms to [`TrainConfig::added`](polytok_core::TrainConfig::added), and each
/// becomes one token. The id of the segmenter names the inner one and the terms, so a vocabulary is
/// never used with other terms.
///
/// The time is linear in the input for a given list of terms: each place is looked at once for
/// every term that ends there.
#[derive(Clone, Debug)]
pub struct WithTerms<S> {
    inner: S,
    terms: AhoCorasick,
    id: String,
}

impl<S: Segmenter> WithTerms<S> {
    /// Cuts `terms` out; their order and repetitions do not matter.
    ///
    /// # Errors
    ///
    /// [`TermsError`] if a term is empty or the list is too large to be searched for.
    pub fn new<T: AsRef<[u8]>>(
        inner: S,
        terms: impl IntoIterator<Item = T>,
    ) -> Result<WithTerms<S>, TermsError> {
        let mut terms: Vec<T> = terms.into_iter().collect();
        if let Some(at) = terms.iter().position(|term| term.as_ref().is_empty()) {
            return Err(TermsError::Empty { at });
        }
        terms.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
        terms.dedup_by(|a, b| a.as_ref() == b.as_ref());
        let mut hasher = blake3::Hasher::new();
        for term in &terms {
            let term = term.as_ref();
            hasher.update(&(term.len() as u64).to_le_bytes()).update(term);
        }
        let digest = hasher.finalize().to_hex();
        let id = format!("{}+terms-1:{}", inner.id(), &digest[..16]);
        let terms = AhoCorasick::new(&terms).map_err(|_| TermsError::TooLarge)?;
        Ok(WithTerms { inner, terms, id })
    }

    /// The places at which terms are cut out, from left to right.
    pub fn find(&self, input: &[u8]) -> Vec<Span> {
        let mut all: Vec<Span> = self
            .terms
            .find_overlapping_iter(input)
            .map(|found| Span::new(found.start(), found.end()))
            .filter(|&span| !splits_word(input, span.start) && !splits_word(input, span.end))
            .collect();
        all.sort_unstable_by_key(|span| (span.start, Reverse(span.end)));
        let mut end = 0;
        all.retain(|span| {
            let free = span.start >= end;
            if free {
                end = span.end;
            }
            free
        });
        all
    }
}

/// Whether a letter or digit stands on both sides of `at`.
fn splits_word(input: &[u8], at: usize) -> bool {
    ends_with_word(&input[..at]) && starts_with_word(&input[at..])
}

impl<S: Segmenter> Segmenter for WithTerms<S> {
    fn id(&self) -> &str {
        &self.id
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut done = 0;
        for term in self.find(input) {
            self.inner_segments(input, Span::new(done, term.start), emit);
            emit(term, Boundary::Hard);
            done = term.end;
        }
        self.inner_segments(input, Span::new(done, input.len()), emit);
    }
}

impl<S: Segmenter> WithTerms<S> {
    fn inner_segments(&self, input: &[u8], gap: Span, emit: &mut dyn FnMut(Span, Boundary)) {
        self.inner.segment(gap.of(input), &mut |span, boundary| {
            let span = Span::new(gap.start + span.start, gap.start + span.end);
            emit(span, if span.end == gap.end { Boundary::Hard } else { boundary });
        });
    }
}

/// A list of terms cannot be cut out.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TermsError {
    /// A term is empty.
    Empty {
        /// Its place in the list.
        at: usize,
    },
    /// The list is too large to be searched for.
    TooLarge,
}

impl fmt::Display for TermsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TermsError::Empty { at } => write!(f, "term {at} is empty"),
            TermsError::TooLarge => write!(f, "the list of terms is too large to be searched for"),
        }
    }
}

impl Error for TermsError {}
