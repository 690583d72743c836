//! Counting the tokens of parts of a text, each as if it were all there is.

use std::{fmt, ops::Range};

use crate::{
    cuts::{firmness, last_cut},
    last_tokens::Prefixes,
    stretch::Stretch,
    tokenizer::Tokenizer,
};

/// A text, prepared for the question how many tokens a part of it has by itself.
///
/// # Cost
///
/// Preparing costs as much as encoding, once. Memory, beside the text:
///
/// - with a segmenter that makes one segment of all ([`Whole`](crate::Whole)) 16 bytes for each byte
///   of text. A question encodes the part from its beginning until it meets a token that the
///   encoding of the text up to the end of the part has too; on text after a handful of tokens, in a row
///   of one letter perhaps never;
/// - with any other, 16 bytes for each segment. A question encodes what lies outside of the first and
///   the last [cut](crate::Segmenter::cut) of the part; all of it, if there is none.
///
/// For one segment with a second stage, or of 2^32 bytes or more, or where encodings have the
/// [fewest tokens](crate::Encoding::Fewest), every question encodes the part.
///
/// The first is the idea of van Antwerpen and Neubeck (2024), "So many tokens, so little time".
#[derive(Clone)]
pub struct IntervalCounter<'a> {
    tokenizer: Tokenizer,
    text: &'a [u8],
    sums: Sums,
}

#[derive(Clone)]
enum Sums {
    /// Of a text that is one segment.
    Paths(Paths),
    /// Of segments: where they end, and how many tokens there are up to there.
    Segments { ends: Vec<usize>, counts: Vec<usize> },
}

/// The tree of places in which each has above it the place where its last token begins: the way up
/// from a place goes through all borders of the encoding up to there.
#[derive(Clone)]
struct Paths {
    prefixes: Prefixes,
    /// The number of each place, from the root down.
    numbers: Vec<u32>,
    /// One more than the greatest number at or below each place.
    ends: Vec<u32>,
}

impl fmt::Debug for IntervalCounter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntervalCounter({:?}, {} bytes)", self.tokenizer, self.text.len())
    }
}

impl<'a> IntervalCounter<'a> {
    /// Prepares a text.
    pub fn new(tokenizer: &Tokenizer, text: &'a [u8]) -> IntervalCounter<'a> {
        let paths = tokenizer.segmenter().is_whole()
            && tokenizer.vocabulary().by_one_stage()
            && u32::try_from(text.len()).is_ok_and(|len| len < u32::MAX);
        let sums =
            if paths { Sums::Paths(Paths::new(tokenizer, text)) } else { sums(tokenizer, text) };
        IntervalCounter { tokenizer: tokenizer.clone(), text, sums }
    }

    /// The number of tokens of a part of the text, given in bytes, as
    /// [`Tokenizer::count`] gives it for the part alone; none if it does not lie in the text.
    pub fn count(&self, range: Range<usize>) -> Option<usize> {
        let part = self.text.get(range.clone())?;
        Some(match &self.sums {
            Sums::Paths(_) if self.tokenizer.vocabulary().added_token(part).is_some() => 1,
            Sums::Paths(paths) => paths.count(&self.tokenizer, self.text, range),
            Sums::Segments { ends, counts } => self
                .between_cuts(part, range.start, ends, counts)
                .unwrap_or_else(|| self.tokenizer.count(part)),
        })
    }

    /// The number of tokens of a part that has cuts.
    fn between_cuts(
        &self,
        part: &[u8],
        start: usize,
        ends: &[usize],
        counts: &[usize],
    ) -> Option<usize> {
        let (segmenter, firmness) =
            (self.tokenizer.segmenter(), firmness(self.tokenizer.vocabulary()));
        let first = segmenter.cut(part, 0, firmness)?;
        let last = last_cut(segmenter, part, part.len(), firmness)?;
        // A cut of the part is one of the text.
        let before = |cut: usize| ends.binary_search(&(start + cut)).ok().map(|at| counts[at]);
        let inner = before(last)?.checked_sub(before(first)?)?;
        let outer = self.tokenizer.count(&part[..first]) + self.tokenizer.count(&part[last..]);
        Some(outer + inner)
    }
}

/// The segments of a text, those between hard boundaries together if there is a second stage.
fn sums(tokenizer: &Tokenizer, text: &[u8]) -> Sums {
    let vocabulary = tokenizer.vocabulary();
    let (mut ends, mut counts, mut count, mut ids) = (Vec::new(), Vec::new(), 0, Vec::new());
    let mut stretch = Stretch::new(vocabulary, 0);
    vocabulary.with_memory(|memory| {
        tokenizer.segmenter().segment(text, &mut |span, boundary| {
            stretch.push(text, span, boundary, memory, &mut ids);
            if vocabulary.stops_at(boundary) {
                count += stretch.take(&mut ids).len();
                ends.push(span.end);
                counts.push(count);
            }
        });
    });
    Sums::Segments { ends, counts }
}

impl Paths {
    fn new(tokenizer: &Tokenizer, text: &[u8]) -> Paths {
        let chains = tokenizer.vocabulary().chains();
        let mut prefixes = Prefixes::new();
        text.iter().for_each(|&byte| {
            prefixes.push(chains, byte);
        });
        let above = |at: usize| at - prefixes.last(chains, at).1;
        let mut sizes = vec![1u32; text.len() + 1];
        for at in (1..=text.len()).rev() {
            sizes[above(at)] += sizes[at];
        }
        // The next free number below each place; in the end, all are taken.
        let (mut numbers, mut ends) = (vec![0; text.len() + 1], vec![1; text.len() + 1]);
        for at in 1..=text.len() {
            let above = above(at);
            numbers[at] = ends[above];
            ends[above] += sizes[at];
            ends[at] = numbers[at] + 1;
        }
        Paths { prefixes, numbers, ends }
    }

    /// Whether the encoding of `text[..end]` has a border at a place.
    fn passes(&self, end: usize, at: usize) -> bool {
        (self.numbers[at]..self.ends[at]).contains(&self.numbers[end])
    }

    fn count(&self, tokenizer: &Tokenizer, text: &[u8], part: Range<usize>) -> usize {
        let chains = tokenizer.vocabulary().chains();
        let rest = |at: usize| self.prefixes.count(part.end) - self.prefixes.count(at);
        if self.passes(part.end, part.start) {
            // A part of an encoding from border to border is one.
            return rest(part.start);
        }
        let mut own = Prefixes::new();
        for at in part.clone() {
            own.push(chains, text[at]);
            let at = at + 1;
            // Both have this token last, so what follows it in the one may follow it in the other.
            let same = own.last(chains, own.len()) == self.prefixes.last(chains, at);
            if same && self.passes(part.end, at) {
                return own.count(own.len()) + rest(at);
            }
        }
        own.count(own.len())
    }
}
