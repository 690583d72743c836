//! Where merges may not cross: the one thing a modality decides.

use std::{error::Error, fmt};

/// A half-open range of byte offsets into a document.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// Number of bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The bytes of `input` that the range covers.
    ///
    /// # Panics
    ///
    /// If the range does not lie within `input`.
    pub fn of(self, input: &[u8]) -> &[u8] {
        &input[self.start..self.end]
    }
}

/// How firm the end of a segment is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Boundary {
    /// No merge ever crosses it.
    Hard,
    /// Merges of the second stage may cross it: this is where tokens of several words come from.
    Soft,
}

/// Where a segment ends and how firm the boundary there is, in one word.
///
/// No slice is longer than `isize::MAX`, so an offset leaves a bit for the boundary: the lowest, set
/// if it is soft.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct End(usize);

impl End {
    /// The end of a segment, as a byte offset, and its boundary.
    pub const fn new(at: usize, boundary: Boundary) -> End {
        match boundary {
            Boundary::Hard => End(at << 1),
            Boundary::Soft => End(at << 1 | 1),
        }
    }

    /// Offset after the last byte of the segment.
    pub const fn at(self) -> usize {
        self.0 >> 1
    }

    /// How firm the boundary is.
    pub const fn boundary(self) -> Boundary {
        if self.0 & 1 == 0 { Boundary::Hard } else { Boundary::Soft }
    }
}

/// Ends that are handed on together: long enough to hide a call and a wait for memory, short enough
/// to stay in the first-level cache.
pub const ENDS: usize = 256;

/// Says where merges may not cross.
///
/// # Contract
///
/// The spans handed to `emit` partition the input: the first starts at 0, each next one starts
/// where the one before ended, none is empty, and the last ends at `input.len()`. An empty input
/// has no segment. Nothing is dropped or rewritten, which is what makes every tokenizer lossless.
/// The result depends on `input` alone. The boundary given with a span is the one at its end; the
/// end of the input counts as hard whatever is given there.
///
/// [`check_partition`] tests the contract. Breaking it gives wrong tokens or a panic, never
/// undefined behavior.
pub trait Segmenter: Send + Sync {
    /// Name and revision of the rule, such as `text-1`.
    ///
    /// It is written into every vocabulary trained with the rule and compared when the vocabulary
    /// is used. Change the revision whenever any cut changes, since old vocabularies no longer fit.
    /// Parameters that move cuts are part of the name.
    fn id(&self) -> &str;

    /// Calls `emit` with each segment of `input` and the boundary at its end, from left to right.
    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary));

    /// Calls `emit` with the ends of the same segments, many at a time, from left to right.
    ///
    /// Encoding uses this. The provided method collects up to [`ENDS`] of them from
    /// [`segment`](Segmenter::segment); override it where ends are found together.
    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        let mut ends = [End(0); ENDS];
        let mut n = 0;
        self.segment(input, &mut |span, boundary| {
            ends[n] = End::new(span.end, boundary);
            n += 1;
            if n == ENDS {
                emit(&ends);
                n = 0;
            }
        });
        if n > 0 {
            emit(&ends[..n]);
        }
    }

    /// The first place at or after `from`, within `input`, at which `input` is provably cut, by a
    /// boundary at least as firm as asked for; none if no place is known to be.
    ///
    /// At a cut, both sides may be segmented apart: this gives the segments of the whole, and their
    /// boundaries, but for the one at the cut. A cut is told by the bytes around it, at most
    /// [`CUT_CONTEXT`](crate::CUT_CONTEXT) on either side and all of them in `input`: wherever else
    /// these bytes stand together, there is a cut too. So the answer for a part of a text holds for
    /// the text. Neither 0 nor `input.len()` is a cut.
    ///
    /// This is what lets one text be encoded on several cores, edited, and gone on with, at the
    /// cost of what changes. Costs at most the bytes from `from` to the answer, or to the end.
    fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
        let _ = (input, from, firmness);
        None
    }

    /// Whether every input is one segment.
    fn is_whole(&self) -> bool {
        false
    }

    /// A span of `window` that provably makes no difference to where cuts are; none if none is known.
    ///
    /// For all bytes x before the window and y behind it: the span lies in one segment, without
    /// touching its ends; and leaving the bytes of the span out of the input takes them out of that
    /// segment and changes nothing else, neither segments nor boundaries.
    ///
    /// This is what lets a long segment be gone on with byte by byte, without being looked at each
    /// time. It is asked for windows of [`SPARE_WINDOW`](crate::SPARE_WINDOW) bytes.
    fn spare(&self, window: &[u8]) -> Option<Span> {
        let _ = window;
        None
    }
}

impl<S: Segmenter + ?Sized> Segmenter for Box<S> {
    fn id(&self) -> &str {
        (**self).id()
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        (**self).segment(input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        (**self).segment_ends(input, emit);
    }

    fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
        (**self).cut(input, from, firmness)
    }

    fn is_whole(&self) -> bool {
        (**self).is_whole()
    }

    fn spare(&self, window: &[u8]) -> Option<Span> {
        (**self).spare(window)
    }
}

/// The whole input as one segment: merges may go anywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole;

impl Segmenter for Whole {
    fn id(&self) -> &str {
        "whole-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        if !input.is_empty() {
            emit(Span::new(0, input.len()), Boundary::Hard);
        }
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn spare(&self, window: &[u8]) -> Option<Span> {
        (window.len() > 2).then(|| Span::new(1, window.len() - 1))
    }
}

/// Collects the segments of `input`.
pub fn segments(segmenter: &dyn Segmenter, input: &[u8]) -> Vec<(Span, Boundary)> {
    let mut all = Vec::new();
    segmenter.segment(input, &mut |span, boundary| all.push((span, boundary)));
    all
}

/// Tests that the segments of `input` keep the contract of [`Segmenter`].
///
/// # Errors
///
/// [`PartitionError`] names the first span that is empty, leaves a gap, overlaps or overshoots, or
/// the offset at which the segments end early.
pub fn check_partition(segmenter: &dyn Segmenter, input: &[u8]) -> Result<(), PartitionError> {
    let mut expected = 0;
    let mut wrong = None;
    segmenter.segment(input, &mut |span, _| {
        if wrong.is_none() && (span.start != expected || span.is_empty() || span.end > input.len())
        {
            wrong = Some(span);
        }
        expected = span.end;
    });
    match wrong {
        Some(span) => Err(PartitionError { at: span.start, span: Some(span) }),
        None if expected != input.len() => Err(PartitionError { at: expected, span: None }),
        None => Ok(()),
    }
}

/// The segments of an input do not partition it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PartitionError {
    /// Byte offset at which the partition breaks.
    pub at: usize,
    /// The span that breaks it; none if the segments end before the input does.
    pub span: Option<Span>,
}

impl fmt::Display for PartitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Some(span) => {
                write!(f, "segment {}..{} does not continue the partition", span.start, span.end)
            }
            None => write!(f, "the segments end at byte {}, before the input", self.at),
        }
    }
}

impl Error for PartitionError {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Wrong(&'static [(usize, usize)]);

    impl Segmenter for Wrong {
        fn id(&self) -> &str {
            "wrong-1"
        }

        fn segment(&self, _: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
            for &(start, end) in self.0 {
                emit(Span::new(start, end), Boundary::Hard);
            }
        }
    }

    #[test]
    fn broken_partitions_are_found() {
        let broken: [&'static [(usize, usize)]; 5] =
            [&[], &[(0, 2)], &[(0, 1), (2, 3)], &[(0, 2), (1, 3)], &[(0, 4)]];
        for spans in broken {
            assert!(check_partition(&Wrong(spans), b"abc").is_err(), "{spans:?}");
        }
        assert_eq!(check_partition(&Wrong(&[(0, 1), (1, 3)]), b"abc"), Ok(()));
        assert_eq!(check_partition(&Whole, b""), Ok(()));
        assert_eq!(check_partition(&Whole, b"abc"), Ok(()));
    }
}
