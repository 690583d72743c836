//! The words of UAX #29 over bytes.

use polytok_core::{Boundary, check_partition, segments};
use polytok_text::Words;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::symbols::mixed;

fn ends(input: &[u8]) -> Vec<usize> {
    let segments = segments(&Words, input);
    assert!(segments.iter().all(|&(_, boundary)| boundary == Boundary::Hard));
    segments.iter().map(|(span, _)| span.end).collect()
}

#[test]
fn examples() {
    let shown = |input: &[u8]| {
        let words = segments(&Words, input);
        let words: Vec<_> =
            words.iter().map(|(s, _)| String::from_utf8_lossy(s.of(input))).collect();
        words.join("|")
    };
    assert_eq!(shown("The “quick” fox can't".as_bytes()), "The| |“|quick|”| |fox| |can't");
    assert_eq!(shown("3.14  中文\r\n".as_bytes()), "3.14|  |中|文|\r\n");
    assert_eq!(shown("カタカナ ภาษา 말이".as_bytes()), "カタカナ| |ภ|า|ษ|า| |말이");
    assert_eq!(shown(b"a\xffb\xe4\xb8."), "a|\u{fffd}|b|\u{fffd}|\u{fffd}|.");
    assert_eq!(shown(b""), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn text_is_cut_as_by_the_standard(text in any::<String>()) {
        let expected: Vec<usize> =
            text.split_word_bound_indices().map(|(at, word)| at + word.len()).collect();
        prop_assert_eq!(ends(text.as_bytes()), expected);
    }

    /// What stands between bad bytes is cut as if it stood alone.
    #[test]
    fn bad_bytes_are_segments(input in mixed(), bad in 0xf8u8.., more in mixed()) {
        check_partition(&Words, &input).unwrap();
        let all = [&input[..], &[bad], &more].concat();
        let after = input.len() + 1;
        let mut expected = ends(&input);
        expected.push(after);
        expected.extend(ends(&more).iter().map(|end| after + end));
        prop_assert_eq!(ends(&all), expected);
    }
}
