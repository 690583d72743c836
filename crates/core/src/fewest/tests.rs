use hashbrown::HashMap;
use proptest::{prelude::*, sample::Index};

use super::{
    edit::{Encoded, Firm, TokenEnds},
    *,
};

/// Of all sequences of tokens that are the text the shortest; of those one whose last token begins with
/// a segment, of those the one whose last token is longest, and so on.
fn oracle(
    tokens: &[Vec<u8>],
    text: &[u8],
    ends: &[usize],
    known: &mut HashMap<usize, Vec<u32>>,
) -> Vec<u32> {
    if text.is_empty() {
        return Vec::new();
    }
    if let Some(known) = known.get(&text.len()) {
        return known.clone();
    }
    let mut paths = Vec::new();
    for (token, bytes) in (0..).zip(tokens) {
        let Some(rest) = text.strip_suffix(&bytes[..]) else { continue };
        let mut ids = oracle(tokens, rest, ends, known);
        ids.push(token);
        paths.push((ids.len(), !ends.contains(&rest.len()), rest.len(), ids));
    }
    let (.., best) = paths.into_iter().min().expect("all bytes are tokens");
    known.insert(text.len(), best.clone());
    best
}

/// All bytes and some words, perhaps with a row of one letter and with more than a few letters.
fn with_bytes(
    words: impl IntoIterator<Item = Vec<u8>>,
    row: Option<usize>,
    many_letters: bool,
) -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    tokens.extend(words);
    tokens.extend(row.map(|len| vec![97; len]));
    if many_letters {
        tokens.push((0..20).collect());
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn there_are_no_fewer(
        words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..7), 0..30),
        parts in prop::collection::vec(
            (prop::collection::vec(97u8..100, 1..8), 1usize..6, any::<bool>()), 0..6),
        many_letters in any::<bool>(),
        segments in any::<bool>(),
    ) {
        let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        tokens.extend(words);
        if many_letters {
            tokens.push((0..20).collect());
        }
        let fewest = Fewest::new(tokens.len() as u32, |token| &tokens[token as usize]);
        let (mut text, mut ends, mut hard) = (Vec::new(), Vec::new(), Vec::new());
        for (part, n, is_hard) in parts {
            for _ in 0..n {
                text.extend(&part);
                ends.push(text.len());
            }
            if is_hard {
                hard.push(text.len());
            }
        }
        if !segments {
            ends.clear();
        }
        let (mut scratch, mut known) = (Scratch::default(), HashMap::new());
        for end in 0..=text.len() {
            let ends: Vec<usize> = ends.iter().copied().filter(|&at| at <= end).collect();
            let mut ids = vec![7];
            fewest.encode(&text[..end], &ends, &mut scratch, &mut ids);
            prop_assert_eq!(&ids[1..], oracle(&tokens, &text[..end], &ends, &mut known));
            prop_assert_eq!(fewest.count(&text[..end], &mut scratch), ids.len() - 1);
            for block in [1, 31, 37] {
                let mut blocks = vec![7];
                fewest.walk(&text[..end], &ends, block, &mut scratch, |scratch, end| {
                    fewest.append(scratch, end, &mut blocks);
                });
                prop_assert_eq!(&blocks, &ids);
            }
        }
        // Pieces that lie between hard ends.
        hard.extend((!text.is_empty()).then_some(text.len()));
        hard.dedup();
        let (mut expected, mut start) = (Vec::new(), 0);
        for &end in &hard {
            let own: Vec<usize> =
                ends.iter().filter_map(|at| at.checked_sub(start)).filter(|&at| at > 0).collect();
            let own: Vec<usize> = own.into_iter().filter(|&at| at <= end - start).collect();
            fewest.encode(&text[start..end], &own, &mut scratch, &mut expected);
            start = end;
        }
        let mut ids = Vec::new();
        if !segments {
            ends.clone_from(&hard);
        }
        let stretches = Stretches { text: &text, hard: &hard, ends: &ends };
        fewest.encode_stretches(stretches, &mut scratch, &mut ids);
        prop_assert_eq!(fewest.count_stretches(stretches, &mut scratch), ids.len());
        prop_assert_eq!(ids, expected);
    }

    /// What is known of places goes from block to block.
    #[test]
    fn blocks_change_nothing(
        words in prop::collection::hash_set(prop::collection::vec(97u8..99, 2..9), 0..60),
        text in prop::collection::vec(97u8..99, 0..2_000),
        segments in prop::collection::vec(1usize..9, 500),
    ) {
        let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        tokens.extend(words);
        let fewest = Fewest::new(tokens.len() as u32, |token| &tokens[token as usize]);
        let ends = segments.iter().scan(0, |end, len| {
            *end += len;
            Some(*end)
        });
        let ends: Vec<usize> = ends.take_while(|&end| end <= text.len()).collect();
        let mut scratch = Scratch::default();
        for ends in [&ends[..], &[]] {
            let (mut whole, mut blocks) = (Vec::new(), Vec::new());
            fewest.encode(&text, ends, &mut scratch, &mut whole);
            fewest.walk(&text, ends, 1, &mut scratch, |scratch, end| {
                fewest.append(scratch, end, &mut blocks);
            });
            prop_assert_eq!(whole, blocks);
        }
    }

    /// Also where walks meet late or never, as in rows of one letter.
    #[test]
    fn parts_change_nothing(
        words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..9), 0..60),
        row in prop::option::of(2usize..30),
        text in prop::collection::vec(
            (prop::collection::vec(97u8..101, 1..9), prop_oneof![5 => Just(1usize), 1 => 1usize..200]),
            0..200,
        ),
        many_letters in any::<bool>(),
        part in 1usize..300,
        parts in 1usize..7,
    ) {
        let tokens = with_bytes(words, row, many_letters);
        let fewest = Fewest::new(tokens.len() as u32, |token| &tokens[token as usize]);
        let text: Vec<u8> = text.iter().flat_map(|(word, n)| word.repeat(*n)).collect();
        let (mut whole, mut in_parts) = (vec![7], vec![7]);
        fewest.encode(&text, &[], &mut Scratch::default(), &mut whole);
        fewest.encode_in_parts(&text, part, parts, &mut in_parts);
        prop_assert_eq!(whole, in_parts);
    }

    /// Each edit takes what the ones before it found out, and is made in parts of the text where that does.
    #[test]
    fn edits_change_what_encoding_anew_changes(
        words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..9), 0..60),
        row in prop::option::of(2usize..30),
        text in prop::collection::vec(
            (prop::collection::vec(97u8..101, 1..9), prop_oneof![5 => Just(1usize), 1 => 1usize..60]),
            0..80,
        ),
        edits in prop::collection::vec(
            (any::<Index>(), 0usize..12, prop::collection::vec(97u8..101, 0..12), any::<[Index; 2]>()),
            1..6,
        ),
        many_letters in any::<bool>(),
        stride in 1usize..100,
    ) {
        let tokens = with_bytes(words, row, many_letters);
        let fewest = Fewest::new(tokens.len() as u32, |token| &tokens[token as usize]);
        let mut text: Vec<u8> = text.iter().flat_map(|(word, n)| word.repeat(*n)).collect();
        let mut scratch = Scratch::default();
        let (mut ids, mut firm) = (Vec::new(), Vec::<Firm>::new());
        fewest.encode(&text, &[], &mut scratch, &mut ids);
        for (start, len, bytes, part) in edits {
            let start = start.index(text.len() + 1);
            let range = start..(start + len).min(text.len());
            let ends: Vec<usize> = ids.iter().scan(0, |end, &id| {
                *end += tokens[id as usize].len();
                Some(*end)
            }).collect();
            let replace = |from: usize, to: usize, scratch: &mut Scratch| {
                let inner = |at: &usize| *at > from && *at <= to;
                let ends: Vec<usize> = ends.iter().filter(|at| inner(at)).map(|at| at - from).collect();
                let firm = firm.iter().filter(|firm| firm.at >= from && firm.at <= to);
                let firm: Vec<Firm> =
                    firm.map(|firm| Firm { at: firm.at - from, told: firm.told - from }).collect();
                let whole = (from == 0, to == text.len());
                let encoded = Encoded { text: &text[from..to], ends: TokenEnds::new(&ends), firm: &firm, whole };
                let range = range.start - from..range.end - from;
                fewest.replace_by(stride, encoded, &range, &bytes, scratch)
            };
            let change = replace(0, text.len(), &mut scratch).unwrap();
            // A part from a border that stands to any border behind the edit.
            let froms: Vec<usize> =
                firm.iter().map(|firm| firm.at).filter(|&at| at <= range.start).chain([0]).collect();
            let tos: Vec<usize> =
                ends.iter().copied().filter(|&at| at >= range.end).chain([text.len()]).collect();
            let (from, to) = (*part[0].get(&froms), *part[1].get(&tos));
            if let Some(of_part) = replace(from, to, &mut scratch) {
                prop_assert_eq!(of_part.gone.start + from, change.gone.start);
                prop_assert_eq!(of_part.gone.end + from, change.gone.end);
                prop_assert_eq!(&of_part.ids, &change.ids);
            } else {
                prop_assert!(from > 0 || to < text.len());
            }
            let place = |at: usize| ends.iter().take_while(|&&end| end <= at).count();
            ids.splice(place(change.gone.start)..place(change.gone.end), change.ids);
            text.splice(range.clone(), bytes.iter().copied());
            firm = change.firm;
            let mut expected = Vec::new();
            fewest.encode(&text, &[], &mut scratch, &mut expected);
            prop_assert_eq!(&ids, &expected);
            // What stands does so whatever comes behind.
            prop_assert!(firm.is_sorted_by_key(|firm| firm.at));
            for firm in &firm {
                for more in [&b""[..], b"a", b"cab", &[97; 30]] {
                    let (mut all, mut end) = (Vec::new(), 0);
                    let told = [&text[..firm.told.min(text.len())], more].concat();
                    fewest.encode(&told, &[], &mut scratch, &mut all);
                    let mut ends = all.iter().map(|&id| {
                        end += tokens[id as usize].len();
                        end
                    });
                    prop_assert!(firm.at == 0 || ends.any(|end| end == firm.at));
                }
            }
        }
    }
}
