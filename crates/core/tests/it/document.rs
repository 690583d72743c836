//! An edited text is encoded as if it were new.

use polytok_core::Document;
use proptest::{prelude::*, sample::Index};

use crate::samples::{choices, text, tokenizers};

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
