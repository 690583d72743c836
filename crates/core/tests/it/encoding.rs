//! Encoding equals the textbook and is undone by decoding.

use polytok_core::{
    Encoding, Layout, Merge, MergeTable, Provenance, SegmentCounts, Tokenizer, TrainConfig,
    Vocabulary, Whole, train,
};
use proptest::prelude::*;

use crate::{oracle, samples::Words, training::document};

fn tokenizer(document: &[u8], size: u32) -> Tokenizer {
    let mut counts = SegmentCounts::new("whole-1");
    counts.add_document(&Whole, document).unwrap();
    let config = TrainConfig { vocabulary_size: size, ..TrainConfig::default() };
    Tokenizer::new(train(&counts, &config).unwrap(), Whole).unwrap()
}

proptest! {
    #[test]
    fn encoding_equals_the_oracle(corpus in document(), input in document(), bytes: Vec<u8>) {
        let tokenizer = tokenizer(&corpus, 280);
        for input in [&corpus, &input, &bytes] {
            let ids = tokenizer.encode(input);
            prop_assert_eq!(&ids, &oracle::encode(input, tokenizer.vocabulary().merges()));
            prop_assert_eq!(ids.len(), tokenizer.count(input));
            prop_assert_eq!(&tokenizer.decode(&ids).unwrap(), input);
            let spans = tokenizer.spans(&ids).unwrap();
            prop_assert_eq!(spans.len(), ids.len());
            let mut end = 0;
            for (span, &id) in spans.iter().zip(&ids) {
                prop_assert_eq!(span.start, end);
                end = span.end;
                prop_assert_eq!(Some(span.of(input)), tokenizer.vocabulary().token(id));
            }
            prop_assert_eq!(end, input.len());
        }
        prop_assert_eq!(tokenizer.vocabulary().unreachable(), Vec::<u32>::new());
    }

    #[test]
    fn either_encoding_of_a_vocabulary(corpus in document(), input in document()) {
        let merging = tokenizer(&corpus, 280);
        let fewest = merging.vocabulary().encoded_by(Encoding::Fewest).unwrap();
        let back = fewest.encoded_by(Encoding::Merges).unwrap();
        prop_assert_eq!(back.to_bytes(), merging.vocabulary().to_bytes());
        let ids = Tokenizer::new(fewest, Whole).unwrap().encode(&input);
        prop_assert_eq!(&ids, &oracle::fewest(&[&input], merging.vocabulary().merges()));
        prop_assert!(ids.len() <= merging.count(&input));
    }

    #[test]
    fn a_budget_takes_the_first_tokens(words in "[ab \\n]{0,80}", most in 0usize..40) {
        let two_stages = Tokenizer::new(superwords(), Words::default()).unwrap();
        for tokenizer in [tokenizer(b"ab ab ba", 262), two_stages] {
            let whole = tokenizer.encode(words.as_bytes());
            let (ids, bytes) = tokenizer.truncate(words.as_bytes(), most);
            prop_assert_eq!(&ids[..], &whole[..most.min(whole.len())]);
            prop_assert_eq!(tokenizer.count(words.as_bytes()), whole.len());
            prop_assert_eq!(tokenizer.decode(&ids).unwrap(), &words.as_bytes()[..bytes]);
        }
    }

    #[test]
    fn batches_equal_single_inputs(inputs in prop::collection::vec(document(), 0..9)) {
        let tokenizer = tokenizer(b"abcabcaabb", 262);
        for threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let batch = pool.install(|| tokenizer.encode_batch(&inputs));
            prop_assert_eq!(batch.offsets.len(), inputs.len() + 1);
            for (i, input) in inputs.iter().enumerate() {
                prop_assert_eq!(batch.get(i), Some(&tokenizer.encode(input)[..]));
            }
            prop_assert_eq!(batch.get(inputs.len()), None);
        }
    }

    /// Segments that are long, and words; long inputs among short ones are shared between threads.
    #[test]
    fn batches_with_long_inputs_equal_single_inputs(
        parts in prop::collection::vec((document(), 0usize..100_000), 1..5),
    ) {
        let inputs: Vec<Vec<u8>> = parts
            .iter()
            .map(|(part, len)| part.iter().copied().cycle().take(*len).collect())
            .collect();
        let words = Tokenizer::new(superwords(), Words::default()).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        for tokenizer in [tokenizer(b"abcabcaabb", 262), words] {
            let batch = pool.install(|| tokenizer.encode_batch(&inputs));
            for (i, input) in inputs.iter().enumerate() {
                prop_assert!(batch.get(i) == Some(&tokenizer.encode(input)[..]));
            }
        }
    }

    /// What the stream hands out joins to the decoding, and never ends within a character.
    #[test]
    fn streams_keep_characters_whole(text in "[aé漢😀]{0,12}", junk: Vec<u8>) {
        let tokenizer = tokenizer("éé漢漢😀😀".as_bytes(), 270);
        for input in [text.as_bytes(), &junk] {
            let mut stream = tokenizer.decode_stream();
            let mut joined = Vec::new();
            for id in tokenizer.encode(input) {
                let part = stream.push(id).unwrap();
                if std::str::from_utf8(input).is_ok() {
                    prop_assert!(std::str::from_utf8(part).is_ok());
                }
                joined.extend_from_slice(part);
            }
            joined.extend(stream.finish());
            prop_assert_eq!(&joined, input);
        }
    }
}

#[test]
fn an_unknown_id_is_an_error_and_the_stream_goes_on() {
    let tokenizer = tokenizer(b"", 256);
    assert_eq!(
        tokenizer.decode(&[1, 256]).unwrap_err().to_string(),
        "id 256 at place 1 is not in the vocabulary"
    );
    assert!(tokenizer.spans(&[256]).is_err());
    let mut stream = tokenizer.decode_stream();
    assert_eq!(stream.push(0xc3).unwrap(), b"");
    assert!(stream.push(256).is_err());
    assert_eq!(stream.push(0xa9).unwrap(), "é".as_bytes());
    assert_eq!(stream.finish(), b"");
}

#[test]
fn special_tokens_only_where_allowed() {
    let config = TrainConfig {
        specials: vec!["<s>".into(), "<s>>".into(), "end".into()],
        layout: Layout::SpecialsFirst,
        ..TrainConfig::default()
    };
    let vocabulary =
        Vocabulary::new(Provenance::handmade("whole-1", config), vec![], vec![]).unwrap();
    let tokenizer = Tokenizer::new(vocabulary, Whole).unwrap();
    let input = b"a<s>>end<s>";
    assert_eq!(tokenizer.encode(input).len(), input.len());
    let ids = |allowed: &[&str]| {
        tokenizer.encode_with_special(input, &tokenizer.specials(allowed).unwrap())
    };
    assert_eq!(ids(&[]), tokenizer.encode(input));
    let byte = |byte: u8| u32::from(byte) + 3;
    assert_eq!(ids(&["<s>", "<s>>"]), [byte(b'a'), 1, byte(b'e'), byte(b'n'), byte(b'd'), 0]);
    assert_eq!(ids(&["<s>", "end"]), [byte(b'a'), 0, byte(b'>'), 2, 0]);
    assert_eq!(tokenizer.decode(&ids(&["<s>>", "end"])).unwrap(), input);
    assert_eq!(
        tokenizer.specials(&["x"]).unwrap_err().to_string(),
        "the vocabulary has no special token \"x\""
    );
}

/// `a `, and across soft boundaries `a b`, `a ba ` and more.
fn superwords() -> Vocabulary {
    let [a, space, b, newline] = [b'a', b' ', b'b', b'\n'].map(u32::from);
    let merges = vec![(a, space), (256, b), (257, 256), (b, newline), (newline, 257)];
    Vocabulary::with_stages(
        Provenance::handmade("test-words-1", TrainConfig::default()),
        merges,
        vec![0; 5],
        Some(1),
    )
    .unwrap()
}

/// The first stage ends at every boundary, the second at hard ones alone.
#[test]
fn the_second_stage_crosses_soft_boundaries() {
    let [a, newline] = [b'a', b'\n'].map(u32::from);
    let tokenizer = Tokenizer::new(superwords(), Words::default()).unwrap();
    let ids = tokenizer.encode(b"a ba ba\na b\n");
    // "a " + "b" merges across a soft end, twice; "\n" + "a b" would across a hard one. "b" + "\n"
    // comes too late.
    assert_eq!(ids, [257, 257, a, newline, 257, newline]);
    assert_eq!(tokenizer.count(b"a ba ba\na b\n"), ids.len());
    assert_eq!(tokenizer.decode(&ids).unwrap(), b"a ba ba\na b\n");
}

#[test]
fn an_added_token_is_a_whole_segment() {
    let config = TrainConfig { added: vec![b"ab ".to_vec()], ..TrainConfig::default() };
    let vocabulary =
        Vocabulary::new(Provenance::handmade("test-words-1", config), vec![], vec![]).unwrap();
    let tokenizer = Tokenizer::new(vocabulary, Words::default()).unwrap();
    assert_eq!(tokenizer.encode(b"ab xab "), [256, 120, 97, 98, 32]);
    let more = tokenizer.vocabulary().with_added(vec![b"x ".to_vec()]).unwrap();
    assert_eq!(Tokenizer::new(more, Words::default()).unwrap().encode(b"x ab "), [257, 256]);
}

#[test]
fn another_segmenter_is_refused() {
    let vocabulary = tokenizer(b"abab", 257).vocabulary().clone();
    assert_eq!(
        Tokenizer::new(vocabulary, Words::default()).unwrap_err().to_string(),
        "made with segmenter whole-1, not with test-words-1"
    );
}

#[test]
fn smaller_vocabularies_nest() {
    let large = tokenizer(b"abcabcabdabdabcd", 262).vocabulary().clone();
    let small = large.shortened(258).unwrap();
    assert_eq!(small.len(), 258);
    assert_eq!(small.merges(), &large.merges()[..2]);
    assert_eq!(tokenizer(b"abcabcabdabdabcd", 258).vocabulary().to_bytes(), small.to_bytes());
    assert!(large.shortened(255).is_err());
}

/// Every token is the end of one word, so at each place of a text that lacks the last letter the
/// longest match nearly is the rest of the word, and then is one letter.
#[test]
fn tokens_that_nearly_match_cost_no_more_than_merging() {
    let word: Vec<u8> = (0..3_000u32).flat_map(|i| [(i >> 8) as u8, i as u8]).collect();
    for n in [1_000, word.len()] {
        let mut merges: Vec<(u32, u32)> = Vec::new();
        let mut last = u32::from(word[n - 1]);
        for &letter in word[..n - 1].iter().rev() {
            merges.push((u32::from(letter), last));
            last = 255 + merges.len() as u32;
        }
        let counts = vec![0; merges.len()];
        let provenance = Provenance::handmade("whole-1", TrainConfig::default());
        let vocabulary = Vocabulary::new(provenance, merges, counts).unwrap();
        let tokenizer = Tokenizer::new(vocabulary, Whole).unwrap();
        let text: Vec<u8> = word[..n - 1].repeat(3);
        let ids = tokenizer.encode(&text);
        assert_eq!(ids, merged(&text, tokenizer.vocabulary()));
        assert_eq!(tokenizer.decode(&ids).unwrap(), text);
    }
}

/// What the merge table makes of a text, without a search.
fn merged(text: &[u8], vocabulary: &Vocabulary) -> Vec<u32> {
    let merges = vocabulary.merges().iter().zip(0..);
    let table =
        MergeTable::new(merges.map(|(&pair, rank)| (pair, Merge { rank, token: 256 + rank })));
    let mut ids: Vec<u32> = text.iter().map(|&byte| u32::from(byte)).collect();
    table.apply(&mut ids, 0);
    ids
}
