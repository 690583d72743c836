//! Words of UAX #29.

use polytok_core::{Boundary, Segmenter, Span};
use unicode_segmentation::UnicodeSegmentation as _;

/// Words as *Unicode Text Segmentation* (UAX #29, §4.1, default rules) bounds them.
///
/// Everything between two word boundaries is a segment: words, numbers with their separators, runs
/// of spaces, single punctuation marks. Scripts that write no spaces are cut at every character
/// (Chinese, hiragana, Thai), which is all that the default rules do without a dictionary. A byte
/// that is no part of well-formed UTF-8 is a segment by itself, and the text on either side of it
/// is bounded as if it stood alone. All boundaries are hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words;

impl Segmenter for Words {
    fn id(&self) -> &str {
        "words-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut at = 0;
        let mut emit = |len: usize| {
            emit(Span::new(at, at + len), Boundary::Hard);
            at += len;
        };
        // Validates every byte once, however many bad ones there are.
        for chunk in input.utf8_chunks() {
            chunk.valid().split_word_bounds().for_each(|word| emit(word.len()));
            chunk.invalid().iter().for_each(|_| emit(1));
        }
    }

    crate::cut::by!(words);
}
