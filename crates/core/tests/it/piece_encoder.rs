//! Lists of merges with any ids, beside the textbook, and which lists are refused.

use std::collections::BTreeMap;

use polytok_core::{ListedMerge, MAX_MERGES, PieceEncoder, segments};
use proptest::{prelude::*, sample::Index};

use crate::{
    oracle,
    samples::{Kind, Words, choices, text, vocabulary},
};

/// Ids with gaps, in no order: those of bytes and merges, by training id.
fn ids(seed: u32) -> impl Fn(u32) -> u32 {
    // An odd factor moves no two numbers to one place.
    move |training_id| (training_id + seed).wrapping_mul((2 * seed).wrapping_add(0x9e37_79b1))
}

fn bytes(id: &impl Fn(u32) -> u32) -> [u32; 256] {
    std::array::from_fn(|byte| id(byte as u32))
}

proptest! {
    #[test]
    fn pieces_are_encoded_as_by_the_textbook(
        choices in choices(),
        seed: u32,
        whole in prop::collection::vec((text(), any::<u32>()), 0..4),
        tokens in prop::collection::vec(any::<Index>(), 0..4),
        texts in prop::collection::vec(text(), 1..4),
    ) {
        let seed = seed >> 2;
        let id = ids(seed);
        let vocabulary = vocabulary("test-words-1", &(choices.0, None, vec![], false), Kind::Merges);
        let merges = vocabulary.merges();
        let listed: Vec<ListedMerge> = merges
            .iter()
            .zip(256..)
            .map(|(&(left, right), token)| ListedMerge {
                left: id(left),
                right: id(right),
                token: id(token),
            })
            .collect();
        // Pieces of the text, any others, and tokens that merges give or do not give.
        let mut whole: BTreeMap<Vec<u8>, u32> = whole.into_iter().collect();
        let first = segments(&Words::default(), &texts[0]);
        whole.extend(first.iter().take(1).map(|(span, _)| (span.of(&texts[0]).to_vec(), seed)));
        for token in tokens {
            let token = token.index(vocabulary.len()) as u32;
            whole.insert(vocabulary.token(token).unwrap().to_vec(), id(token));
        }
        let pieces = whole.iter().map(|(piece, &id)| (&piece[..], id));
        let encoder = PieceEncoder::new(&bytes(&id), &listed, pieces).unwrap();
        for text in texts.iter().chain(&texts) {
            let mut expected = vec![7];
            for (span, _) in segments(&Words::default(), text) {
                let (piece, mut found) = (span.of(text), Vec::new());
                match whole.get(piece) {
                    Some(&id) => found.push(id),
                    None => found.extend(oracle::encode(piece, merges).into_iter().map(&id)),
                }
                let mut alone = Vec::new();
                encoder.encode_piece(piece, &mut alone);
                prop_assert_eq!(&alone, &found);
                expected.extend(found);
            }
            let mut found = vec![7];
            encoder.encode_into(&Words::default(), text, &mut found);
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(encoder.count(&Words::default(), text), expected.len() - 1);
        }
    }
}

/// Ids of 2^28 and more do not fit in every table.
#[test]
fn a_whole_piece_of_a_great_id_goes_before_its_byte() {
    let bytes = std::array::from_fn(|byte| byte as u32);
    let whole = [(&b"a"[..], u32::MAX)];
    let encoder = PieceEncoder::new(&bytes, &[], whole.into_iter()).unwrap();
    let mut found = Vec::new();
    encoder.encode_into(&Words::default(), b"a", &mut found);
    assert_eq!(found, [u32::MAX]);
}

/// So many pieces that tables of what is known are made, in a script whose words have parts: some of them
/// are pieces themselves, also such as are taken whole.
#[test]
fn pieces_that_fall_into_parts() {
    let mut state = 7u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut characters: Vec<String> =
        ('一'..).step_by(97).take(60).map(|character| character.to_string()).collect();
    characters.push("\u{20}".to_owned());
    let mut merges: Vec<(u32, u32)> = Vec::new();
    // Each character is a token, or its first two bytes are, or its last two.
    let mut tokens = Vec::new();
    for (n, character) in characters.iter().enumerate() {
        let &[a, b, c] = character.as_bytes() else { continue };
        let [a, b, c] = [a, b, c].map(u32::from);
        let pair = if n % 3 == 2 { (b, c) } else { (a, b) };
        if !merges.contains(&pair) {
            merges.push(pair);
        }
        let half = 256 + merges.iter().position(|&merge| merge == pair).unwrap() as u32;
        if n % 3 != 1 {
            merges.push(if n % 3 == 2 { (a, half) } else { (half, c) });
            tokens.push(255 + merges.len() as u32);
        }
    }
    for _ in 0..40 {
        let pair = (tokens[random(tokens.len())], tokens[random(tokens.len())]);
        if !merges.contains(&pair) {
            merges.push(pair);
            tokens.push(255 + merges.len() as u32);
        }
    }
    let listed: Vec<ListedMerge> = merges
        .iter()
        .zip(256..)
        .map(|(&(left, right), token)| ListedMerge { left, right, token })
        .collect();
    let whole: BTreeMap<Vec<u8>, u32> = (0..30)
        .map(|n| {
            (format!("{}{}", characters[n], characters[60 - n % 2]).into_bytes(), 5000 + n as u32)
        })
        .collect();
    let bytes = std::array::from_fn(|byte| byte as u32);
    let pieces = whole.iter().map(|(piece, &id)| (&piece[..], id));
    let encoder = PieceEncoder::new(&bytes, &listed, pieces).unwrap();
    for _ in 0..12_000 {
        let text: String = (0..1 + random(11)).map(|_| &*characters[random(61)]).collect();
        let mut expected = Vec::new();
        for (span, _) in segments(&Words::default(), text.as_bytes()) {
            let piece = span.of(text.as_bytes());
            let mut found = Vec::new();
            encoder.encode_piece(piece, &mut found);
            let from = expected.len();
            match whole.get(piece) {
                Some(&id) => expected.push(id),
                None => expected.extend(oracle::encode(piece, &merges)),
            }
            assert_eq!(found, expected[from..]);
        }
        let mut found = Vec::new();
        encoder.encode_into(&Words::default(), text.as_bytes(), &mut found);
        assert_eq!(found, expected, "{text}");
        assert_eq!(encoder.count(&Words::default(), text.as_bytes()), expected.len());
    }
}

fn refused(bytes: &[u32; 256], merges: &[(u32, u32, u32)]) -> bool {
    let listed: Vec<ListedMerge> =
        merges.iter().map(|&(left, right, token)| ListedMerge { left, right, token }).collect();
    PieceEncoder::new(bytes, &listed, std::iter::empty()).is_none()
}

#[test]
fn lists_that_training_cannot_have_made_are_refused() {
    let mut bytes: [u32; 256] = std::array::from_fn(|byte| byte as u32);
    let doubling = |n: u32| -> Vec<(u32, u32, u32)> {
        let merges = (0..n).map(|i| if i == 0 { (0, 0, 256) } else { (255 + i, 255 + i, 256 + i) });
        merges.collect()
    };
    assert!(!refused(&bytes, &[]));
    assert!(!refused(&bytes, &[(0, 1, 300), (300, 1, 256)]));
    assert!(refused(&bytes, &[(0, 300, 301), (1, 1, 300)]), "a token that comes later");
    assert!(refused(&bytes, &[(0, 300, 301)]), "a token that does not come");
    assert!(refused(&bytes, &[(0, 1, 300), (1, 0, 300)]), "one token twice");
    assert!(refused(&bytes, &[(0, 1, 0)]), "the token of a byte");
    assert!(refused(&bytes, &[(0, 1, 300), (0, 1, 301)]), "one pair twice");
    assert!(
        refused(&bytes, &[(0, 0, 300), (0, 300, 301), (300, 0, 302)]),
        "the same bytes by two pairs"
    );
    assert!(!refused(&bytes, &doubling(15)), "32,768 bytes");
    assert!(refused(&bytes, &doubling(16)), "65,536 bytes");
    bytes[1] = 0;
    assert!(refused(&bytes, &[]), "two bytes of one id");
}

#[test]
fn more_merges_than_a_vocabulary_may_have_are_refused() {
    let bytes = std::array::from_fn(|byte| byte as u32);
    let merges = vec![ListedMerge { left: 0, right: 0, token: 0 }; MAX_MERGES + 1];
    assert!(PieceEncoder::new(&bytes, &merges, std::iter::empty()).is_none());
}

#[test]
fn an_empty_piece_has_no_ids() {
    let id = ids(1);
    let encoder = PieceEncoder::new(&bytes(&id), &[], [(&b""[..], 3)].into_iter()).unwrap();
    let mut found = Vec::new();
    encoder.encode_piece(b"", &mut found);
    encoder.encode_into(&Words::default(), b"", &mut found);
    assert_eq!(found, []);
}
