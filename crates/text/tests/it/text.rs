//! The split `text-1` against its grammar.

use std::sync::LazyLock;

use fancy_regex::Regex;
use polytok_core::{Boundary, check_partition, segments};
use polytok_text::Text;
use proptest::prelude::*;

use crate::{
    fixtures::fixtures,
    symbols::{
        BAD_BYTES, REPRESENTATIVES, assert_same_ends, in_context, mixed, symbols, text_with_runs,
    },
};

/// Shows segments with `|` at soft and `‖` at hard boundaries, and bad bytes as U+FFFD.
fn shown(input: &[u8]) -> String {
    let mut shown = String::new();
    for (span, boundary) in segments(&Text, input) {
        shown += &String::from_utf8_lossy(span.of(input));
        shown.push(if boundary == Boundary::Hard { '‖' } else { '|' });
    }
    shown.pop();
    shown
}

#[test]
fn examples() {
    let examples = [
        // Words, contractions, quotes.
        ("the quick fox", "the| quick| fox"),
        ("Don't you'LL they’ve", "Don|'t| you|'LL| they|’ve"),
        ("couldn't've rock'n'roll", "couldn|'t|'ve| rock|'n|'roll"),
        ("'start' 'sx it'sx", "'start|'| 'sx| it|'sx"),
        ("l'homme d’état", "l|'homme| d|’état"),
        ("getHTTPResponse foo_bar __init__", "getHTTPResponse| foo|_bar| __|init|__"),
        ("f(x).y[\"k\"] = (-a)", "f|(x|).|y|[\"|k|\"]| =| (-|a|)"),
        ("cafe\u{301} naïve", "cafe\u{301}| naïve"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("क्ष\u{200d} है", "क्ष\u{200d}| है"),
        ("中文abcкот", "中文abcкот"),
        // Sentences.
        ("Yes. No! So? Mr. X", "Yes|.‖ No|!‖ So|?‖ Mr|.‖ X"),
        ("a.b e.g., (done.) Then", "a|.b| e|.g|.,| (done|.)‖ Then"),
        ("\"Go!\" he said…  then", "\"Go|!\"‖ he| said|…‖ | then"),
        ("好。我们「去！」他", "好|。‖我们|「去|！」‖他"),
        ("one, two; three", "one|,| two|;| three"),
        // Numbers.
        ("in 1990 to 12", "in| ‖1‖990‖ to| ‖12"),
        ("1234567.25 0x1F", "1‖234‖567‖.‖25‖ ‖0‖x‖1‖F"),
        ("utf8 ٣٤٥٦ १२३४ 1² Ⅷ", "utf‖8‖ ‖٣‖٤٥٦‖ ‖१‖२३४‖ ‖1‖²‖ ‖Ⅷ"),
        ("  5 -7", "  ‖5‖ -‖7"),
        // Lines and blanks.
        ("if x:\n    y()\n\n  \tz", "if| x|:\n    ‖y|()\n\n  \t‖z"),
        ("a  \r\n\r\nb\n 1\n", "a|  ‖\r\n\r\n‖b‖\n ‖1‖\n"),
        ("a   b\tc\t (d)  ", "a|  | b|\t|c|\t| (d|)|  "),
        ("a\u{a0}b\u{3000} c", "a|\u{a0}|b|\u{3000}| c"),
        ("x  =  {};  ", "x| | =| | {};|  "),
        // Symbols.
        ("ok 👍🏽👩\u{200d}💻!", "ok| 👍🏽👩\u{200d}💻!"),
        ("1\u{fe0f}\u{20e3} a\0b", "1‖\u{fe0f}\u{20e3}| a|\0b"),
        ("", ""),
        (" ", " "),
    ];
    for (input, expected) in examples {
        assert_eq!(shown(input.as_bytes()), expected, "{input:?}");
    }
}

#[test]
fn bad_bytes_stand_apart() {
    assert_eq!(
        shown(b"caf\xe9 bar\xff\xfe\xfd. a"),
        "caf‖\u{fffd}‖ bar‖\u{fffd}\u{fffd}\u{fffd}‖.‖ a"
    );
    assert_eq!(shown(b" \xe4\xb8x  \x80"), " ‖\u{fffd}‖x|  ‖\u{fffd}");
}

const INNER: &str = r"[\p{L}\p{M}\x{200C}\x{200D}]";
const CONTRACTION: &str = r"['’](?:[sdmtSDMT]|[lL][lL]|[vVrR][eE])";
/// Stands for a bad byte, and is taken from no other text.
const BAD: char = '\u{10FFFF}';

/// The grammar as patterns, one capture a rule.
struct Reference {
    rules: Regex,
    contraction: Regex,
    sentence: Regex,
    wide_sentence: Regex,
}

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let rules = [
        format!(r"(?<word> ?[^\s\p{{L}}\p{{N}}\x{{10FFFF}}。！？]?\p{{L}}{INNER}*)"),
        r"(?<number>[0-9]+|[\p{N}&&[\x{80}-\x{7FF}]]+|[\p{N}&&[\x{800}-\x{FFFF}]]+|[\p{N}&&[\x{10000}-\x{10FFFF}]]+)".into(),
        r"(?<apart>(?: ?[^\s\p{L}\p{N}\x{10FFFF}]+)?[\r\n][\r\n\t ]*|\x{10FFFF}+)".into(),
        r"(?<punctuation> ?[^\s\p{L}\p{N}\x{10FFFF}]+)".into(),
        r"(?<blanks>[^\S\r\n]+(?= [^\s\p{N}\x{10FFFF}])|[^\S\r\n]+)".into(),
    ];
    let pattern = |pattern: &str| Regex::new(pattern).unwrap();
    Reference {
        rules: pattern(&format!(r"\A(?:{})", rules.join("|"))),
        contraction: pattern(&format!(r"\A{CONTRACTION}(?!{INNER})")),
        sentence: pattern(r#"[.!?…]["')\]}”’»]*\z"#),
        wide_sentence: pattern(r"[。！？][」』”’）》】]*\z"),
    }
});

impl Reference {
    /// The segments of `text` with the name of their rule.
    fn pieces(&self, text: &str) -> Vec<(String, &'static str)> {
        let mut pieces: Vec<(String, &'static str)> = Vec::new();
        let mut left = text;
        while !left.is_empty() {
            let after_word = matches!(pieces.last(), Some((_, "word")));
            let contraction = self.contraction.find(left).unwrap().filter(|_| after_word);
            let (piece, rule) = match contraction {
                Some(found) => (found.as_str(), "word"),
                None => {
                    let found = self.rules.captures(left).unwrap().unwrap();
                    ["word", "number", "apart", "punctuation", "blanks"]
                        .iter()
                        .find_map(|&rule| Some((found.name(rule)?.as_str(), rule)))
                        .unwrap()
                }
            };
            left = &left[piece.len()..];
            if rule == "number" {
                let digits: Vec<char> = piece.chars().collect();
                let mut groups: Vec<String> = digits.rchunks(3).map(String::from_iter).collect();
                groups.reverse();
                pieces.extend(groups.into_iter().map(|group| (group, rule)));
            } else {
                pieces.push((piece.to_owned(), rule));
            }
        }
        pieces
    }

    fn boundary(&self, one: &(String, &str), two: &(String, &str)) -> Boundary {
        let line = |text: &str| text.starts_with(['\r', '\n', BAD]);
        let hard_before = two.1 == "number" || two.1 == "apart" && line(&two.0);
        let hard_after = matches!(one.1, "number" | "apart");
        let ends_sentence = one.1 == "punctuation"
            && (self.wide_sentence.is_match(&one.0).unwrap()
                || two.0.starts_with(char::is_whitespace)
                    && self.sentence.is_match(&one.0).unwrap());
        if hard_before || hard_after || ends_sentence { Boundary::Hard } else { Boundary::Soft }
    }

    /// Ends of segments in bytes of `input`, with their boundaries.
    fn segments(&self, input: &[u8]) -> Vec<(usize, Boundary)> {
        let symbols = symbols(input, BAD);
        let pieces = self.pieces(&symbols.iter().map(|&(c, _)| c).collect::<String>());
        let mut lengths = symbols.iter().map(|&(_, len)| len);
        let mut end = 0;
        let mut segments = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            end += lengths.by_ref().take(piece.0.chars().count()).sum::<usize>();
            let boundary =
                pieces.get(at + 1).map_or(Boundary::Hard, |next| self.boundary(piece, next));
            segments.push((end, boundary));
        }
        segments
    }
}

fn check(input: &[u8]) {
    check_partition(&Text, input).unwrap();
    let found: Vec<_> = segments(&Text, input).iter().map(|&(s, b)| (s.end, b)).collect();
    let expected = REFERENCE.segments(input);
    assert_same_ends(input, &found, &expected);
}

#[test]
fn every_scalar_in_context() {
    for text in in_context(|c| format!("{c}a{c} {c}  {c}1{c}.{c}'{c}s'{c}\n{c}. _{c}")) {
        // The one that stands for bad bytes is as private as its neighbor.
        check(text.replace(BAD, "\u{10FFFE}").as_bytes());
    }
}

#[test]
fn every_pair_and_triple_of_classes() {
    let more = ["\"", "。", "」", "d", "'s"];
    let all: Vec<&[u8]> =
        (REPRESENTATIVES.iter().chain(&more).map(|r| r.as_bytes())).chain(BAD_BYTES).collect();
    for a in &all {
        for b in &all {
            check(&[*a, b].concat());
            for c in &all {
                check(&[*a, b, c].concat());
            }
        }
    }
}

#[test]
fn fixtures_are_cut_by_the_grammar() {
    for (path, file) in fixtures("text").iter().chain(&fixtures("code")) {
        let found: Vec<_> = segments(&Text, file).iter().map(|&(s, b)| (s.end, b)).collect();
        assert!(found == REFERENCE.segments(file), "{}", path.display());
    }
}

#[test]
fn digits_share_segments_and_soft_boundaries_with_nothing() {
    for (path, file) in fixtures("").iter().filter(|(_, file)| file.len() < 1 << 20) {
        let digit = |b: &u8| b.is_ascii_digit();
        let mut soft_before = false;
        for (span, boundary) in segments(&Text, file) {
            let segment = span.of(file);
            if segment.iter().any(digit) {
                assert!(segment.iter().all(digit) && segment.len() <= 3, "{}", path.display());
                assert!(!soft_before && boundary == Boundary::Hard, "{}", path.display());
            }
            soft_before = boundary == Boundary::Soft;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn runs_of_all_classes(text in text_with_runs()) {
        check(text.as_bytes());
    }

    #[test]
    fn bad_bytes_among_text(input in mixed()) {
        check(&input);
    }

    #[test]
    fn any_bytes(input: Vec<u8>) {
        check(&input);
    }

    #[test]
    fn long_numbers(digits in "[0-9]{1,20}[a.,٣]?[0-9٣४]{0,8}") {
        check(digits.as_bytes());
    }
}
