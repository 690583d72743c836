//! Where two encodings meet.
//!
//! Two encodings, one behind the other, are the encoding of all their bytes if the tokens at the seam
//! fit, that is encode to themselves: no merge crosses a border unless it would cross it between the
//! two tokens alone. If they do not fit, tokens are taken off on both sides, 1, 2, 4 and so on, and
//! their bytes encoded anew, until both new seams fit. In the end all bytes are encoded anew, so
//! this ends; on text it takes a handful of tokens.

use crate::{backtrack::Scratch, segment::Span, vocabulary::Vocabulary};

impl Vocabulary {
    /// Whether two tokens of the first stage, one behind the other, encode to themselves, if each
    /// does.
    pub(crate) fn fits(&self, left: u32, right: u32) -> bool {
        let shift = self.shift();
        let search = self.pieces.search().expect("only encodings by merges are joined");
        search.fits(left - shift, right - shift)
    }

    /// Bytes of a token that stands in an encoding.
    pub(crate) fn token_len(&self, id: u32) -> usize {
        self.token(id).map_or(0, <[u8]>::len)
    }
}

/// What becomes of two encodings that meet.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seam {
    /// Tokens to take off the end of the left one.
    pub(crate) left: usize,
    /// Tokens to take off the beginning of the right one.
    pub(crate) right: usize,
    /// Tokens to put between.
    pub(crate) between: Vec<u32>,
}

/// Joins the encodings of two texts by merges alone, around bytes between them, which may be none.
///
/// `left` and `right` give the tokens by their distance from these bytes, from 0; `text` are the bytes of
/// all, and those of `between` are not encoded yet.
pub(crate) fn join(
    vocabulary: &Vocabulary,
    scratch: &mut Scratch,
    text: &[u8],
    between: Span,
    left: &dyn Fn(usize) -> Option<u32>,
    right: &dyn Fn(usize) -> Option<u32>,
) -> Seam {
    let fit = |left: Option<u32>, right: Option<u32>| match (left, right) {
        (Some(left), Some(right)) => vocabulary.fits(left, right),
        _ => true,
    };
    let mut seam = Seam::default();
    let (Span { mut start, mut end }, mut window) = (between, 1);
    loop {
        seam.between.clear();
        vocabulary.encode_merged(&text[start..end], scratch, &mut seam.between);
        let (before, after) = (left(seam.left), right(seam.right));
        let joined = match (seam.between.first(), seam.between.last()) {
            (Some(&first), Some(&last)) => fit(before, Some(first)) && fit(Some(last), after),
            _ => fit(before, after),
        };
        if joined {
            return seam;
        }
        while seam.left < window
            && let Some(id) = left(seam.left)
        {
            start -= vocabulary.token_len(id);
            seam.left += 1;
        }
        while seam.right < window
            && let Some(id) = right(seam.right)
        {
            end += vocabulary.token_len(id);
            seam.right += 1;
        }
        window *= 2;
    }
}
