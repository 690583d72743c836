//! The split of GPT-2, r50k and p50k.

use polytok_core::{Boundary, Segmenter, Span};

use super::{LETTERS, NUMBERS, OTHERS, Whitespace, contraction, pieces, whitespace};
use crate::class::{Class, run, symbol};

/// The split of GPT-2, which r50k and p50k share and which Hugging Face calls `ByteLevel`.
///
/// On valid UTF-8 the segments are the matches of
///
/// ```text
/// '(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s
/// ```
///
/// (tiktoken-rs 0.12.1; the same matches as those of the pattern published with GPT-2 in 2019). Everywhere else a byte that is not UTF-8 counts as punctuation. All boundaries are
/// hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gpt2;

impl Segmenter for Gpt2 {
    fn id(&self) -> &str {
        "gpt2-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        pieces(input, emit, next);
    }

    crate::cut::by!(gpt2);
}

#[inline]
fn next(input: &[u8], at: usize) -> usize {
    if input[at] == b'\''
        && let Some(end) = contraction(input, at)
    {
        return end;
    }
    let start = at + usize::from(input[at] == b' ');
    let Some((class, len)) = symbol(input, start) else { return start };
    match class {
        Class::Upper | Class::Lower | Class::Letter => run(input, start + len, &LETTERS),
        Class::Number | Class::NumberOther => run(input, start + len, &NUMBERS),
        Class::Space | Class::Newline => whitespace(input, at, Whitespace::Plain),
        _ => run(input, start + len, &OTHERS),
    }
}
