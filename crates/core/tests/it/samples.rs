//! Vocabularies, segmenters and texts over few letters, for encoders that must equal `encode`.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use polytok_core::{
    Boundary, Encoding, Layout, Pair, Provenance, Segmenter, Span, Tokenizer, TrainConfig,
    Vocabulary, Whole,
};
use proptest::{prelude::*, sample::Index};

/// Cuts behind every space, softly, and behind every newline; knows so.
#[derive(Clone, Default)]
pub(crate) struct Words {
    /// Bytes that it was given to look at.
    pub(crate) work: Arc<AtomicUsize>,
}

impl Segmenter for Words {
    fn id(&self) -> &str {
        "test-words-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        self.work.fetch_add(input.len(), Ordering::Relaxed);
        let mut start = 0;
        for word in input.split_inclusive(|byte| b" \n".contains(byte)) {
            let soft = word.ends_with(b" ");
            let span = Span::new(start, start + word.len());
            emit(span, if soft { Boundary::Soft } else { Boundary::Hard });
            start = span.end;
        }
    }

    fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
        let ends: &[u8] = if firmness == Boundary::Hard { b"\n" } else { b" \n" };
        let found = (from.max(1)..input.len()).find(|&at| ends.contains(&input[at - 1]));
        let end = found.unwrap_or(input.len());
        self.work.fetch_add(end.saturating_sub(from), Ordering::Relaxed);
        found
    }

    fn spare(&self, window: &[u8]) -> Option<Span> {
        self.work.fetch_add(window.len(), Ordering::Relaxed);
        let plain = window.len() > 2 && !window.iter().any(|byte| b" \n".contains(byte));
        plain.then(|| Span::new(1, window.len() - 1))
    }
}

/// A segmenter that says nothing about its cuts.
pub(crate) struct Silent;

impl Segmenter for Silent {
    fn id(&self) -> &str {
        "test-words-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        Words::default().segment(input, emit);
    }
}

/// What a vocabulary is put together from.
pub(crate) type Choices = (Vec<(Index, Index)>, Option<Index>, Vec<Vec<u8>>, bool);

/// Merges in any order that makes tokens of earlier ones, so also tokens that do not encode to
/// themselves; perhaps a second stage, added tokens and special tokens in front.
pub(crate) fn choices() -> impl Strategy<Value = Choices> {
    (
        prop::collection::vec(any::<(Index, Index)>(), 0..30),
        prop::option::of(any::<Index>()),
        prop::collection::vec(
            prop::collection::vec(prop::sample::select(b"ab ".to_vec()), 1..6),
            0..3,
        ),
        any::<bool>(),
    )
}

/// Over `a`, `b`, space and newline, with runs and copied blocks.
pub(crate) fn text() -> impl Strategy<Value = Vec<u8>> {
    let letters = prop::sample::select(b"aaabbb \n".to_vec());
    let parts = (prop::collection::vec(letters, 1..8), 1usize..9);
    prop::collection::vec(parts, 0..12)
        .prop_map(|parts| parts.into_iter().flat_map(|(part, n)| part.repeat(n)).collect())
}

/// Letters in an order that seldom repeats, and rows of one letter, between ends of segments.
pub(crate) fn long_segments() -> impl Strategy<Value = Vec<u8>> {
    let letters = prop_oneof![
        4 => prop::collection::vec(prop::sample::select(b"aab".to_vec()), 0..6_000),
        1 => (0usize..3_000).prop_map(|len| vec![b'a'; len]),
    ];
    let end = prop::sample::select(vec![&b""[..], b" ", b"\n", b" b \n"]);
    prop::collection::vec((letters, end), 1..6).prop_map(|parts| {
        parts.into_iter().flat_map(|(word, end)| [&word[..], end].concat()).collect()
    })
}

/// What encodings are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Without a second stage, whatever `stage` says.
    Merges,
    /// With one if `stage` says so.
    Stages,
    /// The fewest tokens.
    Fewest,
    /// The fewest tokens, of what lies between hard boundaries if there is a second stage.
    FewestAcross,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Merges, Kind::Stages, Kind::Fewest, Kind::FewestAcross];

    fn encoding(self) -> Encoding {
        match self {
            Kind::Merges | Kind::Stages => Encoding::Merges,
            Kind::Fewest | Kind::FewestAcross => Encoding::Fewest,
        }
    }

    fn may_have_stages(self) -> bool {
        matches!(self, Kind::Stages | Kind::FewestAcross)
    }
}

/// A vocabulary for a segmenter.
pub(crate) fn vocabulary(segmenter: &str, choices: &Choices, kind: Kind) -> Vocabulary {
    let (pairs, stage, added, special) = choices;
    let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
    let mut known: HashSet<Vec<u8>> = tokens.iter().cloned().collect();
    let mut usable: Vec<u32> = b"ab \n".map(u32::from).to_vec();
    let mut merges: Vec<Pair> = Vec::new();
    for (left, right) in pairs {
        let pair = (*left.get(&usable), *right.get(&usable));
        let bytes = [&tokens[pair.0 as usize][..], &tokens[pair.1 as usize]].concat();
        if bytes.len() < 20 && known.insert(bytes.clone()) {
            usable.push(tokens.len() as u32);
            tokens.push(bytes);
            merges.push(pair);
        }
    }
    let config = TrainConfig {
        added: added.iter().filter(|token| known.insert(token.to_vec())).cloned().collect(),
        specials: if *special { vec!["<s>".to_owned()] } else { vec![] },
        layout: Layout::SpecialsFirst,
        encoding: kind.encoding(),
        ..TrainConfig::default()
    };
    let stage =
        stage.filter(|_| kind.may_have_stages()).map(|stage| stage.index(merges.len() + 1) as u32);
    let counts = vec![0; merges.len()];
    Vocabulary::with_stages(Provenance::handmade(segmenter, config), merges, counts, stage).unwrap()
}

/// One tokenizer of each kind.
pub(crate) fn tokenizers(choices: &Choices) -> Vec<Tokenizer> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let words = || vocabulary("test-words-1", choices, kind);
        all.push(Tokenizer::new(vocabulary("whole-1", choices, kind), Whole).unwrap());
        all.push(Tokenizer::new(words(), Words::default()).unwrap());
        all.push(Tokenizer::new(words(), Silent).unwrap());
    }
    all
}
