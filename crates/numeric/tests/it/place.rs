//! Place values.

use polytok_core::{Span, segments};
use polytok_numeric::{Dialect, Grouping, Numeric, PlaceValue, place_values};
use proptest::prelude::*;

fn places(input: &str, dialect: Dialect) -> String {
    let numeric = Numeric::new(Grouping::Right).with_dialect(dialect);
    let spans: Vec<Span> =
        segments(&numeric, input.as_bytes()).into_iter().map(|(span, _)| span).collect();
    let shown: Vec<String> = place_values(input.as_bytes(), &spans, dialect)
        .into_iter()
        .zip(&spans)
        .map(|(place, span)| match place {
            Some(PlaceValue { lowest, digits }) => format!("{lowest}/{digits}"),
            None => input[span.start..span.end].to_owned(),
        })
        .collect();
    shown.join(" ")
}

#[test]
fn every_token_of_a_number_has_its_place() {
    assert_eq!(places("1234567", Dialect::Table), "6/1 3/3 0/3");
    assert_eq!(places("-12.3456e-7%", Dialect::Table), "- 0/2 . -3/3 -4/1 e- 7 %");
    assert_eq!(places("2024", Dialect::Table), "3/1 0/3");
    assert_eq!(places(".05", Dialect::Table), ". -2/2");
    assert_eq!(places("a1,1.2.3,0x10,2024-01-01", Dialect::Table), {
        "a1 , 1 . 2 . 3 , 0x 10 , 2024 - 01 - 01"
    });
}

#[test]
fn the_dialect_decides_what_separators_are() {
    assert_eq!(places("12,345", Dialect::Table), "0/2 , 0/3");
    assert_eq!(places("12,345", Dialect::English), "3/2 , 0/3");
    assert_eq!(places("12,345", Dialect::European), "0/2 , -3/3");
    assert_eq!(places("12,34,567", Dialect::English), "5/2 , 3/2 , 0/3");
    assert_eq!(places("1.234.567,89", Dialect::European), "6/1 . 3/3 . 0/3 , -2/2");
    assert_eq!(places("1\u{202F}234", Dialect::Table), "3/1 \u{202F} 0/3");
}

/// Tokens of another tokenizer: across separators, across borders, empty, out of order.
#[test]
fn any_spans_will_do() {
    let input = b"x 1,234.5 y";
    let spans = [(0, 3), (2, 7), (7, 9), (9, 11)].map(|(start, end)| Span::new(start, end));
    let place = |lowest, digits| Some(PlaceValue { lowest, digits });
    assert_eq!(
        place_values(input, &spans, Dialect::English),
        [None, place(0, 4), place(-1, 1), None]
    );
    let odd = [(4, 5), (2, 3), (4, 4), (9, 400), (500, 3)].map(|(start, end)| Span { start, end });
    assert_eq!(place_values(input, &odd, Dialect::English), [place(2, 1), None, None, None, None]);
    assert_eq!(place_values(input, &[], Dialect::English), []);
}

proptest! {
    /// A number is the sum of its tokens times their powers of ten.
    #[test]
    fn places_give_the_number_back(
        number in any::<u64>(), single in any::<bool>(), left in any::<bool>(),
    ) {
        let grouping = match (single, left) {
            (true, _) => Grouping::Single,
            (_, true) => Grouping::Left,
            _ => Grouping::Right,
        };
        let written = number.to_string();
        let mut spans = Vec::new();
        grouping.integer(Span::new(0, written.len()), &mut |span| spans.push(span));
        let sum: u64 = place_values(written.as_bytes(), &spans, Dialect::Table)
            .into_iter()
            .zip(&spans)
            .map(|(place, span)| {
                let digits: u64 = written[span.start..span.end].parse().unwrap();
                digits * 10u64.pow(u32::try_from(place.unwrap().lowest).unwrap())
            })
            .sum();
        prop_assert_eq!(sum, number);
    }

    #[test]
    fn any_spans_of_any_text_are_answered(
        input in "[1,. e\u{A0}'-]{0,20}",
        ends in prop::collection::vec((0usize..30, 0usize..30), 0..12),
    ) {
        let spans: Vec<Span> = ends.into_iter().map(|(start, end)| Span { start, end }).collect();
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            let places = place_values(input.as_bytes(), &spans, dialect);
            prop_assert_eq!(places.len(), spans.len());
        }
    }
}
