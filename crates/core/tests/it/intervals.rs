//! Parts of a text are counted as if they were alone.

use polytok_core::IntervalCounter;
use proptest::prelude::*;

use crate::samples::{choices, text, tokenizers};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_part_is_counted_as_if_alone(choices in choices(), text in text()) {
        for tokenizer in tokenizers(&choices) {
            let counter = IntervalCounter::new(&tokenizer, &text);
            for start in 0..=text.len() {
                for end in [start, start + 1, (start + text.len()) / 2, text.len()] {
                    let expected = (start <= end && end <= text.len())
                        .then(|| tokenizer.encode(&text[start..end]).len());
                    prop_assert_eq!(counter.count(start..end), expected, "{}..{}", start, end);
                }
            }
        }
    }
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "it is refused")]
fn a_part_outside_of_the_text_has_no_count() {
    for tokenizer in tokenizers(&(vec![], None, vec![], false)) {
        let counter = IntervalCounter::new(&tokenizer, b"ab");
        assert_eq!(counter.count(0..2), Some(2));
        assert_eq!(counter.count(2..2), Some(0));
        assert_eq!(counter.count(0..3), None);
        assert_eq!(counter.count(2..1), None);
        assert_eq!(counter.count(usize::MAX..usize::MAX), None);
    }
}
