//! Noise, alignments and the figures of stability.

use polytok_core::{Span, segments};
use polytok_domain::{
    Alignment, Noise, Stability, boundary_agreement, edit_distance, identical_tokens,
};
use polytok_text::Gpt2;
use proptest::prelude::*;

/// Spans of the parts of a text that is written with `|` between its tokens.
fn spans(marked: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let spans = marked.split('|').map(|token| {
        let start = text.len();
        text += token;
        Span::new(start, text.len())
    });
    let spans = spans.collect();
    (text, spans)
}

fn compare(clean: &str, noisy: &str) -> Stability {
    let ((clean, clean_spans), (noisy, noisy_spans)) = (spans(clean), spans(noisy));
    let alignment = Alignment::of(&clean, &noisy);
    Stability::of((clean.as_bytes(), &clean_spans), (noisy.as_bytes(), &noisy_spans), &alignment)
}

#[test]
fn equal_texts_agree_in_everything() {
    let same = compare("ab|c|d", "ab|c|d");
    assert_eq!((same.boundaries.matched, same.identical, same.token_edits), (2, 3, 0));
    assert_eq!(
        (same.boundaries.f1(), same.identical_share(), same.amplification()),
        (1.0, 1.0, 0.0)
    );
    let empty = Stability::of((b"", &[]), (b"", &[]), &Alignment::of("", ""));
    assert_eq!((empty.boundaries.f1(), empty.identical_share()), (1.0, 1.0));
}

#[test]
fn figures_by_hand() {
    // One letter replaced, and one boundary more: clean ends 3, 4; noisy ends 1, 3, 4; 3 and 4 meet.
    let s = compare("the| |cat", "t|hc| |cat");
    assert_eq!((s.boundaries.clean, s.boundaries.noisy, s.boundaries.matched), (2, 3, 2));
    assert_eq!(s.boundaries.f1(), 0.8);
    assert_eq!((s.boundaries.precision(), s.boundaries.recall()), (2.0 / 3.0, 1.0));
    assert_eq!((s.identical, s.clean_tokens, s.noisy_tokens), (2, 3, 4));
    assert_eq!((s.token_edits, s.character_edits, s.amplification()), (2, 1, 2.0));
    // A space lost: its two boundaries meet one.
    let s = compare("a| |b", "a|b");
    assert_eq!((s.boundaries.clean, s.boundaries.noisy, s.boundaries.matched), (2, 1, 1));
    assert_eq!((s.identical, s.token_edits, s.character_edits), (2, 1, 1));
    // A space inserted: one boundary meets one of two.
    let s = compare("a|b", "a| |b");
    assert_eq!((s.boundaries.matched, s.boundaries.f1()), (1, 2.0 / 3.0));
    assert_eq!((s.identical, s.token_edits, s.character_edits), (2, 1, 1));
}

/// The sentence of the paper on KL3M, by words of the GPT-2 split.
#[test]
fn the_published_sentence() {
    let clean = "The United States Senate is responsible for the";
    let noisy = "Thc Vnited S tates 5enate is nesp0nslbe for the";
    let of = |text: &str| -> Vec<Span> {
        segments(&Gpt2, text.as_bytes()).into_iter().map(|(span, _)| span).collect()
    };
    let (clean_spans, noisy_spans) = (of(clean), of(noisy));
    let alignment = Alignment::of(clean, noisy);
    // c for e, V for U, a space, 5 for S, n for r, 0 for o, l for i, and the second l lost.
    assert_eq!(alignment.edits(), 8);
    // Clean: The| United| States| Senate| is| responsible| for| the.
    assert_eq!(clean_spans.len(), 8);
    // Noisy: Thc| Vnited| S| tates| 5|enate| is| nesp|0|nslbe| for| the.
    assert_eq!(noisy_spans.len(), 12);
    let s = Stability::of(
        (clean.as_bytes(), &clean_spans),
        (noisy.as_bytes(), &noisy_spans),
        &alignment,
    );
    // All seven boundaries of the clean text are there, and four more; `is`, `for` and `the` stay.
    // Before `is` four tokens become six, all of them others, and `responsible` becomes three.
    assert_eq!((s.boundaries.clean, s.boundaries.noisy, s.boundaries.matched), (7, 11, 7));
    assert_eq!(s.boundaries.f1(), 14.0 / 18.0);
    assert_eq!((s.identical, s.token_edits), (3, 9));
}

#[test]
fn noise_is_a_function_of_its_seed() {
    let clean = "The party of the first part shall pay $500 under § 12(a) of the Act. ".repeat(200);
    let noise = |rate, seed| Noise::new(rate, seed).unwrap().apply(&clean);
    assert_eq!(noise(0.05, 7), noise(0.05, 7));
    assert_ne!(noise(0.05, 7).text, noise(0.05, 8).text);
    let none = noise(0.0, 7);
    assert_eq!((none.text == clean, none.alignment.edits()), (true, 0));
    // What this seed gives on every machine.
    let start: String = noise(0.1, 1).text.chars().take(60).collect();
    assert_eq!(start, EXPECTED);
    for rate in [0.01, 0.05, 0.1] {
        let faults = noise(rate, 3).alignment.edits() as f64 / clean.len() as f64;
        assert!((rate..rate * 1.6).contains(&(faults * 1.1)), "{rate} {faults}");
    }
    for rate in [-0.1, 1.1, f64::NAN] {
        assert!(Noise::new(rate, 0).is_err());
    }
}

const EXPECTED: &str = "The party of the fir st p ary shall pay $500 under § 1(2a) o";

#[test]
fn every_kind_of_fault_occurs() {
    let clean = "corn Smith § 5 modern lawyer quick 10 of the Senate, ".repeat(400);
    let noisy = Noise::new(0.1, 42).unwrap().apply(&clean).text;
    for sign in
        ["com ", "5mith", "rnodern", "cornSm", "eorn", "S 5", "§ S", "c orn", "ocrn", "l0", "1O"]
    {
        assert!(noisy.contains(sign), "{sign}");
    }
}

/// Edit distance by the whole table.
fn table<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    row[b.len()]
}

/// The largest matching of boundaries, by trying all.
fn matching(clean: &[usize], noisy: &[usize], cuts: &[(usize, usize)]) -> usize {
    let Some((first, rest)) = clean.split_first() else { return 0 };
    let mut best = matching(rest, noisy, cuts);
    for (i, &other) in noisy.iter().enumerate() {
        if cuts.contains(&(*first, other)) {
            best = best.max(1 + matching(rest, &noisy[i + 1..], cuts));
        }
    }
    best
}

fn tokens(len: usize, at: &[bool]) -> Vec<Span> {
    let ends = (1..len).filter(|&end| at[end % at.len()]).chain((len > 0).then_some(len));
    let mut start = 0;
    ends.map(|end| {
        let span = Span::new(start, end);
        start = end;
        span
    })
    .collect()
}

proptest! {
    #[test]
    fn edit_distances_are_those_of_the_table(
        a in prop::collection::vec(0..3u8, 0..60), b in prop::collection::vec(0..3u8, 0..60),
    ) {
        prop_assert_eq!(edit_distance(&a, &b), table(&a, &b));
        let text = |bytes: &[u8]| bytes.iter().map(|b| char::from(b'a' + b)).collect::<String>();
        prop_assert_eq!(Alignment::of(&text(&a), &text(&b)).edits(), table(&a, &b));
    }

    #[test]
    fn alignments_rise_to_both_ends_and_pair_equal_characters(
        clean in "[aclos 50rnmé§]{0,80}", seed in any::<u64>(), rate in 0.0..1.0f64,
    ) {
        let noisy = Noise::new(rate, seed).unwrap().apply(&clean);
        for (alignment, text) in [
            (noisy.alignment.clone(), &noisy.text),
            (Alignment::of(&clean, &noisy.text), &noisy.text),
        ] {
            let cuts = alignment.cuts();
            prop_assert_eq!(cuts[0], (0, 0));
            prop_assert_eq!(cuts[cuts.len() - 1], (clean.len(), text.len()));
            let mut kept = 0;
            for pair in cuts.windows(2) {
                prop_assert!(pair[0] < pair[1] && pair[0].1 <= pair[1].1);
                let (a, b) = (&clean[pair[0].0..pair[1].0], &text[pair[0].1..pair[1].1]);
                kept += usize::from(a == b);
            }
            let steps = cuts.len() - 1;
            prop_assert!(steps - kept <= alignment.edits());
        }
        prop_assert!(Alignment::of(&clean, &noisy.text).edits() <= noisy.alignment.edits());
    }

    #[test]
    fn boundary_matchings_are_largest(
        clean in "[ab ]{0,10}", seed in any::<u64>(),
        at in prop::collection::vec(any::<bool>(), 1..5),
        at_noisy in prop::collection::vec(any::<bool>(), 1..5),
    ) {
        let noisy = Noise::new(0.3, seed).unwrap().apply(&clean);
        let (one, other) = (tokens(clean.len(), &at), tokens(noisy.text.len(), &at_noisy));
        let found = boundary_agreement(&one, &other, &noisy.alignment);
        let ends = |spans: &[Span]| -> Vec<usize> {
            spans.iter().rev().skip(1).rev().map(|span| span.end).collect()
        };
        prop_assert_eq!(found.matched, matching(&ends(&one), &ends(&other), noisy.alignment.cuts()));
        let identical = identical_tokens(
            (clean.as_bytes(), &one), (noisy.text.as_bytes(), &other), &noisy.alignment,
        );
        prop_assert!(identical <= one.len().min(other.len()));
        let distance = edit_distance(
            &one.iter().map(|span| span.of(clean.as_bytes())).collect::<Vec<_>>(),
            &other.iter().map(|span| span.of(noisy.text.as_bytes())).collect::<Vec<_>>(),
        );
        // Identical tokens are a common subsequence.
        prop_assert!(distance <= one.len() + other.len() - 2 * identical);
    }
}
