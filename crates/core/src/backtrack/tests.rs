use proptest::prelude::*;

use super::*;
use crate::{
    merge::{Merge, MergeTable},
    samples::vocabulary,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_search_equals_the_merges(
        choices in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..30),
        parts in prop::collection::vec((prop::collection::vec(97u8..100, 1..8), 1usize..9), 0..9),
        apart in any::<bool>(),
    ) {
        let (merges, tokens) = vocabulary(&choices);
        let table = MergeTable::new(merges.iter().zip(0u32..).map(|(&pair, rank)| {
            (pair, Merge { rank, token: 256 + rank })
        }));
        let mut bytes = TokenBytes::with_room(0);
        tokens[256..].iter().for_each(|token| bytes.push(token).unwrap());
        let listed = || Listed::new(&merges, &bytes);
        let apart = if apart { 0 } else { usize::MAX };
        let tables = Backtracker::with_limits(&merges, &bytes, listed, 0, apart);
        let by_merges = |text: &[u8]| {
            let mut ids: Vec<u32> = text.iter().map(|&byte| u32::from(byte)).collect();
            table.apply(&mut ids, 0);
            ids
        };
        let mut scratch = Scratch::default();
        let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
        let halves = [&text[..], &text[text.len() / 2..]];
        for (text, stuck) in halves.into_iter().flat_map(|text| [(text, 0), (text, 9), (text, usize::MAX)]) {
            let mut ids = vec![7];
            prop_assert!(tables.search(text, usize::MAX, stuck, &mut scratch, &mut ids));
            prop_assert_eq!(&ids[1..], &by_merges(text));
            ids.truncate(1);
            tables.sweep(text, &mut scratch, &mut ids);
            prop_assert_eq!(&ids[1..], &by_merges(text));
            for table in tables.matcher.alphabets.iter().flat_map(|alphabets| &alphabets.tables) {
                for block in [20, 33, 1000] {
                    ids.truncate(1);
                    let len = table.encode(text, block, &mut scratch.lasts, &mut ids).unwrap();
                    prop_assert_eq!(&ids[1..], &by_merges(&text[..len]));
                }
            }
        }
        // Last tokens that give up after some steps, and then no trie.
        let mut others = tables.clone();
        for (slack, trie) in [(0, true), (5, true), (20, true), (9, false)] {
            if let Some(alphabets) = &mut others.matcher.alphabets {
                alphabets.tables.iter_mut().for_each(|table| table.patience = (0, slack));
            }
            others.matcher.trie = others.matcher.trie.take().filter(|_| trie);
            let mut ids = vec![7];
            others.encode(&text, &mut scratch, &mut ids);
            prop_assert_eq!(&ids[1..], &by_merges(&text));
        }
        for id in 0..tokens.len() as u32 {
            prop_assert_eq!(tables.is_reachable(id), by_merges(&tokens[id as usize]) == [id]);
        }
        let letters = 97u32..100;
        let usable = || letters.clone().chain(256..tokens.len() as u32).filter(|&id| tables.is_reachable(id));
        for (left, right) in usable().flat_map(|left| usable().map(move |right| (left, right))) {
            let text = [&tokens[left as usize][..], &tokens[right as usize]].concat();
            prop_assert_eq!(tables.fits(left, right), by_merges(&text) == [left, right]);
        }
    }
}
