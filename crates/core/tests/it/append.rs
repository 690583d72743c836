//! A text that grows is encoded as if it were there at once, and at a bounded cost.

use std::sync::atomic::Ordering;

use polytok_core::{Appender, Segmenter, Tokenizer, Whole};
use proptest::{prelude::*, sample::Index};

use crate::samples::{Kind, Words, choices, long_segments, text, tokenizers, vocabulary};

fn check(appender: &mut Appender, tokenizer: &Tokenizer) {
    let expected = tokenizer.encode(appender.text());
    assert_eq!(appender.count(), expected.len(), "{tokenizer:?} {:?}", appender.text());
    assert_eq!(appender.ids(), expected, "{tokenizer:?}");
    assert!(expected.starts_with(appender.settled()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_prefix_is_encoded_as_if_alone(choices in choices(), text in text()) {
        for tokenizer in tokenizers(&choices) {
            let mut appender = Appender::new(&tokenizer);
            check(&mut appender, &tokenizer);
            for byte in &text {
                appender.push(&[*byte]);
                check(&mut appender, &tokenizer);
            }
        }
    }

    /// Parts of any length, and back and forth.
    #[test]
    fn a_text_grows_and_shrinks(
        choices in choices(),
        texts in prop::collection::vec((text(), 0usize..400, any::<Index>(), any::<bool>()), 1..8),
    ) {
        for tokenizer in tokenizers(&choices) {
            let mut appender = Appender::new(&tokenizer);
            for (text, row, back, ask) in &texts {
                appender.push(text);
                appender.push(&b"ab".repeat(*row));
                if *ask {
                    check(&mut appender, &tokenizer);
                }
                appender.truncate(back.index(appender.text().len() + 2));
                if *ask {
                    check(&mut appender, &tokenizer);
                }
            }
            check(&mut appender, &tokenizer);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn long_segments_grow_and_shrink(
        choices in choices(),
        text in long_segments(),
        steps in prop::collection::vec((1usize..2_000, 0usize..600), 1..20),
    ) {
        for tokenizer in tokenizers(&choices) {
            let mut appender = Appender::new(&tokenizer);
            let mut rest = &text[..];
            for (len, back) in &steps {
                let (now, later) = rest.split_at(rest.len().min(*len));
                appender.push(now);
                rest = later;
                check(&mut appender, &tokenizer);
                appender.truncate(appender.text().len().saturating_sub(*back));
                check(&mut appender, &tokenizer);
            }
        }
    }
}

/// A megabyte byte by byte, as one segment, as words, and as one word among words, with a question
/// after every byte.
#[test]
fn a_byte_costs_a_bounded_number_of_looks() {
    let any = (vec![], None, vec![], false);
    let words = Words::default();
    let tokenizer =
        Tokenizer::new(vocabulary(words.id(), &any, Kind::Merges), words.clone()).unwrap();
    let (prose, word) = (b"to be or not to be ".repeat(10_000), vec![b'a'; 200_000]);
    for text in [&prose, &word, &[&prose[..50_000], &word[..100_000], &prose[..50_000]].concat()] {
        let mut appender = Appender::new(&tokenizer);
        words.work.store(0, Ordering::Relaxed);
        let mut asked = 0;
        for &byte in text {
            appender.push(&[byte]);
            asked += appender.count();
        }
        assert!(asked > text.len());
        assert_eq!(appender.count(), text.len());
        let looks = words.work.load(Ordering::Relaxed) / text.len();
        assert!(looks < 500, "{looks} a byte");
    }
    for kind in [Kind::Merges, Kind::Fewest] {
        let tokenizer = Tokenizer::new(vocabulary("whole-1", &any, kind), Whole).unwrap();
        let mut appender = Appender::new(&tokenizer);
        for at in 0..1 << 20 {
            appender.push(b"a");
            assert_eq!(appender.count(), at + 1);
        }
        appender.truncate(1 << 19);
        assert_eq!(appender.count(), 1 << 19);
    }
}
