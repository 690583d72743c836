//! What every segmenter must keep: partition, determined by bounded look-ahead, on any bytes.

use polytok_core::{
    Boundary, SegmentCounts, Segmenter, Span, Tokenizer, TrainConfig, check_cuts, check_partition,
    train,
};
use polytok_domain::{Financial, LOOK_AHEAD, Legal, Unit, WithTerms};
use proptest::{prelude::*, sample::Index};

const FIXTURES: &[&str] = &[
    "legal/eu/gdpr_chapter_7.txt",
    "legal/de/gvg_120.txt",
    "legal/zh/law_088fdb61.txt",
    "legal/licences/GPL-3.0-or-later.txt",
    "financial/xbrl-note_aapl_DebtDisclosureTextBlock.txt",
    "financial/sec-index_aapl_10q_filings.xml",
    "financial/statement_investment_401k.ofx",
    "financial/annual-message_1887_grover_cleveland_d.txt",
];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn segmenters() -> [Box<dyn Segmenter>; 3] {
    let terms = WithTerms::new(Legal, ["(a)", "the Member State", "10", "in"]).unwrap();
    [Box::new(Legal), Box::new(Financial), Box::new(terms)]
}

/// Pieces of units, near misses and bytes that are no text, so that all recognizers start and
/// break off.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let parts = prop::sample::select(vec![
        "11 ",
        "U.S.C.",
        "§",
        " § ",
        "362",
        "(a)",
        "(iv)",
        "(",
        ")",
        " ",
        "\u{a0}",
        ".",
        ",",
        "-",
        "1",
        "12",
        "1,234",
        "$",
        "€",
        "%",
        " million",
        "Fed. R. Civ. P. ",
        "No. ",
        "1:19-cv-",
        "section ",
        "Article ",
        "December ",
        "2023",
        "31",
        "/",
        "Q3 ",
        "FY",
        "NYSE: ",
        "ABC",
        "Form ",
        "10-K",
        "CUSIP ",
        "037833100",
        "US0378331005",
        "\n",
        "\r\n",
        "\t",
        "é",
        "x",
        "[",
        "] ",
        "\n  ",
        "\u{301}",
        "Änderung",
        "×",
        "Ω",
        "Regulation (EU) ",
        "F.3d ",
        "BGB",
        " Abs. ",
        "Pub. L. ",
        "fiscal ",
        "(1,",
        "'",
    ]);
    let part = prop_oneof![
        8 => parts.prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..3),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

fn units(input: &[u8], financial: bool) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut push = |unit| units.push(unit);
    if financial {
        Financial.units(input, &mut push)
    } else {
        Legal.units(input, &mut push)
    }
    units
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn segments_partition_any_input(input in fragments()) {
        for segmenter in segmenters() {
            prop_assert_eq!(check_partition(&*segmenter, &input), Ok(()));
        }
    }

    #[test]
    fn segments_partition_random_bytes(input in prop::collection::vec(any::<u8>(), 0..200)) {
        for segmenter in segmenters() {
            prop_assert_eq!(check_partition(&*segmenter, &input), Ok(()));
        }
    }

    #[test]
    fn lines_are_cut_apart(
        lines in prop::collection::vec(fragments(), 1..5),
        breaks in prop::sample::select(vec!["\n", "\n\n", "\r\n", " \n", "\n ", "\r", "\n\t\n", "\x0b\n", "\n    ", "\n \t"]),
        start: Index,
        end: Index,
    ) {
        let input = lines.join(breaks.as_bytes());
        let (start, end) = (start.index(input.len() + 1), end.index(input.len() + 1));
        for segmenter in segmenters() {
            for part in [Span::new(0, input.len()), Span::new(start.min(end), start.max(end))] {
                prop_assert_eq!(check_cuts(&*segmenter, &input, part), Ok(()));
            }
        }
    }

    /// What stands behind the look-ahead does not change a unit.
    #[test]
    fn a_unit_depends_on_its_look_ahead_alone(
        start in fragments(),
        tail in fragments(),
        pad in prop::sample::select(vec!["(a)", "(xxxviii)", "1", ".1", "-1", " ", "A.", ",123", "-1(a)"]),
    ) {
        let text = [&start[..], pad.repeat(LOOK_AHEAD / pad.len() + 1).as_bytes(), &tail].concat();
        for financial in [false, true] {
            let until = |input: &[u8], at: usize| -> Vec<Unit> {
                let mut found = units(input, financial);
                found.retain(|unit| unit.span.start <= at);
                found
            };
            for at in (0..start.len()).step_by(3) {
                prop_assert_eq!(until(&text[..at + LOOK_AHEAD], at), until(&text, at));
            }
        }
    }
}

/// The longest unit there is.
#[test]
fn the_longest_unit_stays_within_the_look_ahead() {
    let chain = "(xxxviii)".repeat(8);
    let part = format!("{chain}\u{2013}1234567");
    let text = format!(
        "§§\u{2009}1234567abc{}{chain}{}\u{2009}AbcdefghiJ",
        part.repeat(4),
        "\u{2009}Buchstabe\u{2009}123".repeat(4)
    );
    let found = units(text.as_bytes(), false);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span.len(), text.len());
    assert!((500..LOOK_AHEAD).contains(&text.len()), "{}", text.len());
}

#[test]
fn fixtures_and_their_truncations_are_partitioned() {
    for name in FIXTURES {
        let document = fixture(name);
        for segmenter in segmenters() {
            assert_eq!(check_partition(&*segmenter, &document), Ok(()), "{name}");
            for end in 0..document.len().min(600) {
                assert_eq!(check_partition(&*segmenter, &document[..end]), Ok(()), "{name} {end}");
            }
        }
    }
}

/// No unit is longer than the bound, whatever is repeated.
#[test]
fn repetition_does_not_stretch_a_unit() {
    let long =
        ["(a)", "1", "1,234,", "§ 1", "1.", "1-", "A.", "§ 1 Abs. 1 ", " ", "$", "No. 1-", "("];
    for part in long {
        let input = part.repeat(40_000 / part.len());
        for financial in [false, true] {
            for unit in units(input.as_bytes(), financial) {
                assert!(unit.span.len() <= LOOK_AHEAD, "{part}");
            }
        }
        for segmenter in segmenters() {
            assert_eq!(check_partition(&*segmenter, input.as_bytes()), Ok(()), "{part}");
        }
    }
}

#[test]
fn a_vocabulary_trained_on_fixtures_gives_them_back() {
    let mut counts = SegmentCounts::new(Legal.id());
    for name in FIXTURES {
        counts.add_document(&Legal, &fixture(name)).unwrap();
    }
    let config = TrainConfig { vocabulary_size: 2_000, ..TrainConfig::default() };
    let tokenizer = Tokenizer::new(train(&counts, &config).unwrap(), Legal).unwrap();
    for name in FIXTURES {
        let document = fixture(name);
        let ids = tokenizer.encode(&document);
        assert_eq!(tokenizer.decode(&ids).unwrap(), document, "{name}");
        assert!(ids.len() < document.len() / 2, "{name}");
    }
}

#[test]
fn fixtures_are_cut_at_lines() {
    for name in FIXTURES {
        for segmenter in segmenters().iter().take(2) {
            for text in fixture(name).chunks(1000).take(40) {
                check_cuts(&**segmenter, text, Span::new(0, text.len())).unwrap();
            }
        }
    }
    let text = fixture("legal/licences/GPL-3.0-or-later.txt");
    assert!(Legal.cut(&text, 1000, Boundary::Hard).is_some_and(|cut| cut < 2000));
}
