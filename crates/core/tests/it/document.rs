//! An edited text is encoded as if it were new.

use polytok_core::Document;
use proptest::{prelude::*, sample::Index};

use crate::samples::{choices, long_segments, text, tokenizers};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_edited_text_is_encoded_as_if_new(
        choices in choices(),
        text in text(),
        rows in 0usize..40,
        edits in prop::collection::vec((any::<Index>(), 0usize..20, text()), 1..8),
    ) {
        for tokenizer in tokenizers(&choices) {
            // Several chunks, but not always.
            let mut text = [&text[..], &b"ab ba abab b\naa ".repeat(rows * 20), &text].concat();
            let mut document = Document::new(&tokenizer, &text);
            let mut ids = tokenizer.encode(&text);
            for (start, len, bytes) in &edits {
                let start = start.index(text.len() + 1);
                let range = start..(start + len).min(text.len());
                let edit = document.replace(range.clone(), bytes).unwrap();
                text.splice(range, bytes.iter().copied());
                ids.splice(edit.replaced, edit.ids);
                prop_assert_eq!(&ids, &tokenizer.encode(&text));
                prop_assert!(document.ids().eq(ids.iter().copied()));
                prop_assert_eq!(document.text(), &text[..]);
                prop_assert_eq!((document.len(), document.count()), (text.len(), ids.len()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn long_segments_that_are_edited_are_encoded_as_if_new(
        choices in choices(),
        text in long_segments(),
        edits in prop::collection::vec(
            (any::<Index>(), 0i32..300, prop_oneof![4 => 0usize..20, 1 => 0usize..9_000], text()),
            1..12,
        ),
        more in long_segments(),
        long in any::<Index>(),
    ) {
        let long = long.index(edits.len());
        for tokenizer in tokenizers(&choices) {
            let mut text = text.clone();
            let mut document = Document::new(&tokenizer, &text);
            let mut ids = tokenizer.encode(&text);
            let mut last = 0;
            for (n, (start, near, len, bytes)) in edits.iter().enumerate() {
                // Half of them near the one before, where what that one found out is used.
                let start = match near % 2 {
                    0 => start.index(text.len() + 1),
                    _ => (last + *near as usize).saturating_sub(150).min(text.len()),
                };
                last = start;
                let range = start..(start + len).min(text.len());
                let bytes = if n == long { [bytes, &more[..]].concat() } else { bytes.clone() };
                let edit = document.replace(range.clone(), &bytes).unwrap();
                text.splice(range, bytes);
                ids.splice(edit.replaced, edit.ids);
                prop_assert_eq!(&ids, &tokenizer.encode(&text));
                prop_assert!(document.ids().eq(ids.iter().copied()));
                prop_assert_eq!(document.text(), &text[..]);
            }
        }
    }
}

#[test]
fn a_range_outside_of_the_text_is_an_error() {
    for tokenizer in tokenizers(&(vec![], None, vec![], false)) {
        let mut document = Document::new(&tokenizer, b"ab");
        let error = document.replace(1..3, b"c").unwrap_err();
        assert_eq!(error.to_string(), "1..3 is no range of a text of 2 bytes");
        assert_eq!(document.text(), b"ab");
        document.replace(0..2, b"").unwrap();
        assert!(document.is_empty());
        assert_eq!(document.replace(0..0, b"b").unwrap().ids, tokenizer.encode(b"b"));
    }
}
