//! Real tables, series and registries.

use std::{fs, path::Path};

use polytok_core::{Segmenter, check_partition, segments};
use polytok_numeric::{Dialect, Grouping, Literal, Numeric, extract, literals, place_values};

pub(crate) fn read(name: &str) -> Vec<u8> {
    fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/numeric")).join(name))
        .unwrap()
}

pub(crate) fn names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/numeric");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() > 30, "the fixtures are not there");
    names
}

/// A line of a fixture, by number from 0, in segments.
fn line(name: &str, number: usize) -> String {
    let text = String::from_utf8(read(name)).unwrap();
    let line = text.lines().nth(number).unwrap();
    let cut: Vec<&str> = segments(&Numeric::default(), line.as_bytes())
        .into_iter()
        .map(|(span, _)| &line[span.start..span.end])
        .collect();
    cut.join("|")
}

#[test]
fn golden_lines() {
    assert_eq!(line("bokeh_CGM.csv", 1), "22|.|59|,|2010|-|03|-|24| |09|:|51|:|00|,|258");
    assert_eq!(
        line("bokeh_cycling.csv", 1),
        "0|,|-|138|827|872|,|1|992|059|008|,|12|.|799|999|999|999|956|,|68|,|5|,|2|.|07|,|1|.|621|,|0| \
         days| |00|:|00|:|00"
    );
    assert_eq!(
        line("skbio_atlas_ancombc2_main.tsv", 2),
        "Actinobacteria|\t|region|[|T|.|NE|]|\t|0|.|732|128|5|\t|0|.|164|793|\t|4|.|442|715|\t|1|.|260|\
         802|e-|05|\t|0|.|000|252|160|5|\t|True|\t|True|\t|True"
    );
    assert_eq!(line("statsmodels_grunfeld.csv", 1), {
        "317|.|6|,|3|078|.|5|,|2|.|8|,|General| Motors|,|1|935"
    });
    assert_eq!(line("sklearn_diabetes_target.csv", 0), { "1|.|510|000|000|000|000|000|e+|02" });
    assert_eq!(line("versions_node-releases.json", 7), " | \"|v8|\":| \"|2|.|3|.|8|.|0|\"");
    assert_eq!(
        &line("iers_finals2000A.all.txt", 0)[..58],
        "73| |1| |2| |41|684|.|00| I|  |0|.|120|733| |0|.|009|786| "
    );
}

#[test]
fn every_fixture_is_partitioned_and_comes_back() {
    let segmenters = [
        Numeric::new(Grouping::Right),
        Numeric::new(Grouping::Left),
        Numeric::new(Grouping::Single),
        Numeric::new(Grouping::Right).with_dialect(Dialect::European).with_whole_years(true),
    ];
    for name in names() {
        let input = read(&name);
        for numeric in &segmenters {
            check_partition(numeric, &input).unwrap();
            let cut = segments(numeric, &input);
            let spans: Vec<_> = cut.iter().map(|(span, _)| *span).collect();
            let places = place_values(&input, &spans, numeric.dialect());
            assert_eq!(places.len(), spans.len());
            for (place, span) in places.iter().zip(&spans) {
                assert!(place.is_none_or(|place| place.digits == span.len()), "{name} {span:?}");
            }
        }
        assert_eq!(extract(&input).restore(), input, "{name}");
    }
}

/// At every truncation, also inside of a literal or a character.
#[test]
fn every_truncation_is_partitioned() {
    for name in ["skbio_atlas_ancombc2_main.tsv", "ip_ipv6-address-space.xml", "bokeh_airports.csv"]
    {
        let input = &read(name)[..1500];
        for end in 0..input.len() {
            check_partition(&Numeric::default(), &input[..end]).unwrap();
        }
    }
}

/// What is in the fixtures is found in them, so that a rule that goes dead is noticed.
#[test]
fn fixtures_hold_every_class() {
    let count = |name: &str, is: fn(&Literal) -> bool| {
        literals(&read(name), Dialect::Table).filter(is).count()
    };
    let lines = |name: &str| read(name).split(|&byte| byte == b'\n').count() - 1;
    let is_date = |literal: &Literal| matches!(literal, Literal::Date(_));
    let is_time = |literal: &Literal| matches!(literal, Literal::Time(_));
    let rows = lines("bokeh_CGM.csv") - 1;
    assert_eq!(count("bokeh_CGM.csv", is_date), rows);
    assert_eq!(count("bokeh_CGM.csv", is_time), rows);
    let grunfeld = String::from_utf8(read("statsmodels_grunfeld.csv")).unwrap();
    let years = grunfeld
        .split([',', '\n'])
        .filter(|cell| cell.len() == 4 && matches!(cell.parse(), Ok(1000..=2999)))
        .count();
    assert_eq!(count("statsmodels_grunfeld.csv", |l| matches!(l, Literal::Year(_))), years);
    assert!(count("versions_node-releases.json", |l| matches!(l, Literal::Version(_))) > 100);
    assert!(count("ip_multicast-addresses.xml", |l| matches!(l, Literal::Ip(_))) > 100);
    assert!(count("ip_ipv6-unicast-address-assignments.xml", |l| matches!(l, Literal::Ip(_))) > 30);
    let exponents = count(
        "sklearn_diabetes_target.csv",
        |literal| matches!(literal, Literal::Number(number) if number.exponent.is_some()),
    );
    assert_eq!(exponents, lines("sklearn_diabetes_target.csv"));
    assert_eq!(Numeric::default().id(), "numeric-1");
}
