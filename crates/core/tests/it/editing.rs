//! Pruned, extended and seeded vocabularies.

use polytok_core::{
    DocumentFrequency, Layout, SegmentCounts, TokenKind, Tokenizer, TrainConfig, Vocabulary,
    VocabularyError, Whole, seed_merges, train,
};
use proptest::prelude::*;

use crate::{oracle, training::document};

fn counts(documents: &[Vec<u8>]) -> SegmentCounts {
    let mut counts = SegmentCounts::new("whole-1");
    for document in documents {
        counts.add_document(&Whole, document).unwrap();
    }
    counts
}

fn config(size: u32, first: bool) -> TrainConfig {
    TrainConfig {
        vocabulary_size: size,
        min_count: 1,
        initial_merges: vec![(98, 97)],
        specials: vec!["<s>".into(), "<e>".into()],
        added: vec![b"zz".to_vec()],
        layout: if first { Layout::SpecialsFirst } else { Layout::SpecialsLast },
        ..TrainConfig::default()
    }
}

/// The least used that is a part of no other goes, until it is enough.
fn pruned_plainly(vocabulary: &Vocabulary, size: usize, uses: &[u64], enough: u64) -> Vec<usize> {
    let merges = vocabulary.merges();
    let mut kept: Vec<usize> = (0..merges.len()).collect();
    let others = vocabulary.len() - merges.len();
    while others + kept.len() > size {
        let is_part = |merge: usize| {
            let id = 256 + merge as u32;
            kept.iter().any(|&other| merges[other].0 == id || merges[other].1 == id)
        };
        let uses = |merge: usize| uses[vocabulary.id_of(256 + merge as u32).unwrap() as usize];
        let least = kept
            .iter()
            .copied()
            .filter(|&merge| merge > 0 && !is_part(merge))
            .min_by_key(|&merge| (uses(merge), std::cmp::Reverse(merge)));
        match least {
            Some(merge) if uses(merge) < enough => kept.retain(|&other| other != merge),
            _ => break,
        }
    }
    kept
}

proptest! {
    #[test]
    fn pruning_drops_what_is_used_least(
        documents in prop::collection::vec(document(), 1..5),
        other in document(),
        learned in 0u32..40,
        keep in 0u32..40,
        enough in prop_oneof![Just(u64::MAX), 0u64..6],
        first: bool,
    ) {
        let vocabulary = train(&counts(&documents), &config(260 + learned, first)).unwrap();
        let tokenizer = Tokenizer::new(vocabulary.clone(), Whole).unwrap();
        let mut uses = vec![0; vocabulary.len()];
        for document in &documents {
            tokenizer.uses(document, &mut uses);
        }
        let size = 260 + keep;
        let kept = pruned_plainly(&vocabulary, size as usize, &uses, enough);
        let pruned = vocabulary.pruned(size, &uses, enough).unwrap();
        let new = &pruned.vocabulary;
        prop_assert_eq!(new.merges().len(), kept.len());
        prop_assert_eq!(new.provenance().config.vocabulary_size as usize, new.len());
        for (id, &moved) in pruned.ids.iter().enumerate() {
            let id = id as u32;
            match moved {
                Some(moved) => {
                    prop_assert_eq!(new.token(moved), vocabulary.token(id));
                    prop_assert_eq!(new.kind(moved).is_some(), true);
                    prop_assert!(pruned.parts(&vocabulary, id).len() <= vocabulary.token(id).unwrap().len());
                }
                None => {
                    let token = vocabulary.token(id).unwrap();
                    let parts = pruned.parts(&vocabulary, id);
                    let bytes: Vec<u8> = parts.iter().flat_map(|&id| new.token(id).unwrap()).copied().collect();
                    prop_assert_eq!(bytes, token);
                    prop_assert!(parts.len() > 1);
                }
            }
        }
        let moved: Vec<u32> = pruned.ids.iter().copied().flatten().collect();
        let distinct: std::collections::BTreeSet<u32> = moved.iter().copied().collect();
        prop_assert_eq!((moved.len(), distinct.len()), (new.len(), new.len()));
        for name in ["<s>", "<e>"] {
            let old = vocabulary.special(name).unwrap();
            prop_assert_eq!(pruned.ids[old as usize], new.special(name));
        }

        // What is encoded is the textbook's on the merges that are left.
        let tokenizer = Tokenizer::new(new.clone(), Whole).unwrap();
        for document in documents.iter().chain([&other]).filter(|document| **document != b"zz") {
            let expected: Vec<u32> = oracle::encode(document, new.merges())
                .into_iter().map(|id| new.id_of(id).unwrap()).collect();
            prop_assert_eq!(&tokenizer.encode(document), &expected);
            prop_assert_eq!(&tokenizer.decode(&expected).unwrap(), document);
        }
        let again = Vocabulary::from_bytes(&new.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(again.merges(), new.merges());
    }

    /// On the same corpus an extension is what training at once gives; sizes nest.
    #[test]
    fn extensions_and_sizes_nest(
        documents in prop::collection::vec(document(), 1..5),
        small in 0u32..20,
        more in 0u32..20,
        first: bool,
    ) {
        let counts = counts(&documents);
        let vocabulary = train(&counts, &config(260 + small, first)).unwrap();
        let size = 260 + small + more;
        let whole = train(&counts, &config(size, first)).unwrap();
        prop_assert_eq!(
            whole.shortened(260 + small).unwrap().to_bytes().unwrap(),
            vocabulary.to_bytes().unwrap()
        );
        let extended = train(&counts, &vocabulary.extension(size).unwrap()).unwrap();
        prop_assert_eq!(extended.merges(), whole.merges());
        let old = vocabulary.merges().len();
        prop_assert_eq!(&extended.merge_counts()[old..], &whole.merge_counts()[old..]);
        let ids = vocabulary.ids_in_extension(&extended);
        prop_assert_eq!(ids.len(), vocabulary.len());
        for (id, moved) in ids.into_iter().enumerate() {
            let (id, moved) = (id as u32, moved.unwrap());
            prop_assert_eq!(extended.token(moved), vocabulary.token(id));
            // Only what stands behind the merges moves.
            let stays = first && vocabulary.token(id) != Some(b"zz") || vocabulary.token(id).is_some_and(|token| token != b"zz" && token.first() != Some(&b'<'));
            prop_assert!(!stays || moved == id);
        }
    }

    #[test]
    fn seeds_encode_to_themselves(
        seeds in prop::collection::vec(prop::collection::vec(b'a'..=b'c', 0..7), 0..6),
        document in document(),
    ) {
        let merges = seed_merges(&seeds);
        for seed in seeds.iter().filter(|seed| !seed.is_empty()) {
            prop_assert_eq!(oracle::encode(seed, &merges).len(), 1);
        }
        let size = 256 + merges.len() as u32 + 10;
        let config = TrainConfig { vocabulary_size: size, initial_merges: merges, ..TrainConfig::default() };
        let vocabulary = train(&counts(&[document]), &config).unwrap();
        let tokenizer = Tokenizer::new(vocabulary, Whole).unwrap();
        for seed in seeds.iter().filter(|seed| !seed.is_empty()) {
            prop_assert_eq!(tokenizer.encode(seed).len(), 1);
        }
    }
}

#[test]
fn seeds_share_what_they_begin_with() {
    let seeds =
        |all: &[&str]| -> Vec<Vec<u8>> { all.iter().map(|s| s.as_bytes().to_vec()).collect() };
    assert_eq!(seed_merges(&seeds(&["", "x"])), []);
    let merges = seed_merges(&seeds(&["mov eax", "push rbp", "push", "mov eax"]));
    assert_eq!(merges.len(), 3 + 6 + 4);
}

#[test]
fn what_is_always_kept_needs_room() {
    let vocabulary = train(&counts(&[b"abab".to_vec()]), &config(262, true)).unwrap();
    let uses = vec![0; vocabulary.len()];
    let small = vocabulary.pruned(259, &uses, u64::MAX);
    assert_eq!(small.unwrap_err(), VocabularyError::TooSmall { needed: 260 });
    assert!(vocabulary.pruned(260, &uses, u64::MAX).is_ok());
}

/// Of the documents, those whose encoding holds the token or one that has it as a part.
fn documents_of(tokenizer: &Tokenizer, documents: &[Vec<u8>], id: u32) -> u32 {
    let vocabulary = tokenizer.vocabulary();
    fn holds(vocabulary: &Vocabulary, whole: u32, id: u32) -> bool {
        let part = |training_id| vocabulary.id_of(training_id).unwrap();
        whole == id
            || matches!(vocabulary.kind(whole), Some(TokenKind::Merge(merge)) if {
                let (left, right) = vocabulary.merges()[merge as usize];
                holds(vocabulary, part(left), id) || holds(vocabulary, part(right), id)
            })
    }
    let held = |document: &&Vec<u8>| {
        tokenizer.encode(document).into_iter().any(|whole| holds(vocabulary, whole, id))
    };
    documents.iter().filter(held).count() as u32
}

proptest! {
    /// What is left is what enough documents hold, in its order, and everything still comes back.
    #[test]
    fn tokens_of_few_documents_are_refused(
        documents in prop::collection::vec(document(), 1..8),
        other in document(),
        learned in 0u32..60,
        least in 0u32..5,
        first: bool,
    ) {
        let vocabulary = train(&counts(&documents), &config(260 + learned, first)).unwrap();
        let tokenizer = Tokenizer::new(vocabulary.clone(), Whole).unwrap();
        let (mut frequency, mut more) =
            (DocumentFrequency::new(&vocabulary), DocumentFrequency::new(&vocabulary));
        for (at, document) in documents.iter().enumerate() {
            if at % 2 == 0 { &mut frequency } else { &mut more }.add(&tokenizer, document);
        }
        frequency.merge(&more);
        for (id, &found) in frequency.documents().iter().enumerate() {
            prop_assert_eq!(found, documents_of(&tokenizer, &documents, id as u32), "{}", id);
        }
        let refused = vocabulary.refusing(&frequency, least).unwrap();
        for (id, new) in refused.ids.iter().enumerate() {
            let id = id as u32;
            let learned = matches!(vocabulary.kind(id), Some(TokenKind::Merge(1..)));
            prop_assert_eq!(new.is_none(), learned && frequency.documents()[id as usize] < least);
            if let Some(new) = *new {
                prop_assert_eq!(refused.vocabulary.token(new), vocabulary.token(id));
            }
        }
        prop_assert!(refused.ids.iter().flatten().is_sorted());
        let told = refused.vocabulary.provenance().refused.unwrap();
        prop_assert_eq!(told.min_documents, least);
        prop_assert_eq!(told.tokens as usize, refused.ids.iter().filter(|id| id.is_none()).count());
        let tokenizer = Tokenizer::new(refused.vocabulary, Whole).unwrap();
        for document in documents.iter().chain([&other]) {
            prop_assert_eq!(&tokenizer.decode(&tokenizer.encode(document)).unwrap(), document);
        }
    }
}
