//! Finding cuts: places at which the two sides of a text are segmented apart.

use std::{error::Error, fmt};

use crate::{
    segment::{Boundary, Segmenter, Span, segments},
    vocabulary::Vocabulary,
};

/// Bytes on either side of a cut by which it is told, at most; see
/// [`Segmenter::cut`](crate::Segmenter::cut).
pub const CUT_CONTEXT: usize = 16;

/// Bytes of the windows that [`Segmenter::spare`](crate::Segmenter::spare) is asked for.
pub const SPARE_WINDOW: usize = 128;

/// How firm the boundary at a cut must be for a vocabulary: tokens of a second stage cross soft ones.
pub(crate) fn firmness(vocabulary: &Vocabulary) -> Boundary {
    if vocabulary.in_stages() { Boundary::Hard } else { Boundary::Soft }
}

/// The last cut at or before `to`; looks at twice as many bytes as lie between, and some.
pub(crate) fn last_cut(
    segmenter: &dyn Segmenter,
    input: &[u8],
    to: usize,
    firmness: Boundary,
) -> Option<usize> {
    let mut end = to + 1;
    let mut reach = 4 * CUT_CONTEXT;
    loop {
        let start = end.saturating_sub(reach);
        // Cuts of a part are cuts of the whole; those in its first and last bytes may be missed.
        let part =
            Span::new(start.saturating_sub(CUT_CONTEXT), (end + CUT_CONTEXT).min(input.len()));
        let (mut at, mut found) = (start, None);
        while at < end
            && let Some(cut) = segmenter.cut(part.of(input), at - part.start, firmness)
            && part.start + cut < end
        {
            found = Some(part.start + cut);
            at = part.start + cut + 1;
        }
        if found.is_some() || start == 0 {
            return found;
        }
        end = start;
        reach *= 2;
    }
}

/// Cuts an input into parts of about `len` bytes, or more where no [cut](Segmenter::cut) is near; the
/// parts may be segmented apart.
///
/// Looks for each cut no further than an eighth of `len`, and goes on `len` bytes later if there is none.
pub fn cut_apart(
    segmenter: &dyn Segmenter,
    input: &[u8],
    len: usize,
    firmness: Boundary,
) -> Vec<Span> {
    let len = len.max(1);
    let (mut parts, mut start, mut from) = (Vec::new(), 0, len);
    while from < input.len() {
        let end = (from + len / 8 + 1).min(input.len());
        match segmenter.cut(&input[start..end], from - start, firmness) {
            Some(cut) => {
                parts.push(Span::new(start, start + cut));
                start += cut;
                from = start + len;
            }
            None => from += len,
        }
    }
    parts.push(Span::new(start, input.len()));
    parts
}

/// Tests that the cuts a segmenter names in a part of an input keep the contract of [`Segmenter::cut`]: they
/// are cuts of the input, and told by the bytes around them.
///
/// Costs segmenting the input for each cut.
///
/// # Errors
///
/// [`CutError`] names the first that is none.
pub fn check_cuts(segmenter: &dyn Segmenter, input: &[u8], part: Span) -> Result<(), CutError> {
    let (whole, text) = (segments(segmenter, input), part.of(input));
    for firmness in [Boundary::Soft, Boundary::Hard] {
        let mut from = 0;
        while let Some(at) = segmenter.cut(text, from, firmness) {
            let error = |wrong| Err(CutError { at: part.start + at, firmness, wrong });
            if at < from || at == 0 || at >= text.len() {
                return error("is none within the part");
            }
            let near =
                Span::new(at.saturating_sub(CUT_CONTEXT), (at + CUT_CONTEXT).min(text.len()));
            let again = segmenter.cut(near.of(text), at - near.start, firmness);
            if again != Some(at - near.start) {
                return error("is not told by the bytes around it");
            }
            let (before, behind) = input.split_at(part.start + at);
            let mut parts = segments(segmenter, before);
            let Some(last) = parts.len().checked_sub(1) else {
                return error("does not part the segments");
            };
            let moved = |span: Span| Span::new(span.start + before.len(), span.end + before.len());
            let behind = segments(segmenter, behind).into_iter();
            parts.extend(behind.map(|(span, boundary)| (moved(span), boundary)));
            // Nothing is said of the boundary at the cut but how firm it is.
            let found = whole.get(last).map(|&(_, boundary)| boundary);
            parts[last].1 = found.unwrap_or(Boundary::Hard);
            if parts != whole || firmness == Boundary::Hard && found != Some(Boundary::Hard) {
                return error("does not part the segments");
            }
            from = at + 1;
        }
    }
    Ok(())
}

/// A cut that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CutError {
    /// Its place in the input, in bytes.
    pub at: usize,
    /// How firm it was asked to be.
    pub firmness: Boundary,
    wrong: &'static str,
}

impl fmt::Display for CutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CutError { at, firmness, wrong } = self;
        write!(f, "the cut at byte {at}, asked to be {firmness:?}, {wrong}")
    }
}

impl Error for CutError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words behind spaces, or no segments at all, and the cut that it names.
    struct Named(bool, fn(&[u8], usize) -> Option<usize>);

    impl Segmenter for Named {
        fn id(&self) -> &str {
            "named-1"
        }

        fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
            let mut start = 0;
            for word in input.split_inclusive(|&byte| byte == b' ').filter(|_| self.0) {
                emit(Span::new(start, start + word.len()), Boundary::Soft);
                start += word.len();
            }
        }

        fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
            if firmness == Boundary::Hard { None } else { (self.1)(input, from) }
        }
    }

    fn behind_space(input: &[u8], from: usize) -> Option<usize> {
        (from.max(1)..input.len()).find(|&at| input[at - 1] == b' ')
    }

    #[test]
    fn cuts_that_are_none_are_told() {
        let check = |named: &dyn Segmenter| {
            let input = b"one two three four five";
            check_cuts(named, input, Span::new(0, input.len()))
                .map_err(|error| (error.at, error.wrong))
        };
        assert_eq!(check(&Named(true, behind_space)), Ok(()));
        let outside = Err((23, "is none within the part"));
        assert_eq!(check(&Named(true, |input, _| Some(input.len()))), outside);
        let far = Err((4, "is not told by the bytes around it"));
        assert_eq!(
            check(
                &Named(true, |input, from| behind_space(input, from).filter(|_| input.len() > 20))
            ),
            far
        );
        let within = |input: &[u8], from: usize| (from.max(1) < input.len()).then_some(from.max(1));
        assert_eq!(check(&Named(true, within)), Err((1, "does not part the segments")));
        assert_eq!(check(&Named(false, behind_space)), Err((4, "does not part the segments")));
    }
}
