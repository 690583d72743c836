//! Terms of the user's own.

use polytok_core::{
    SegmentCounts, Segmenter, Span, Tokenizer, TrainConfig, check_partition, segments, train,
};
use polytok_domain::{Legal, TermsError, WithTerms, inventory};
use polytok_text::Gpt2;
use proptest::prelude::*;

fn cut(terms: &[&str], text: &str) -> Vec<String> {
    let terms = WithTerms::new(Gpt2, terms).unwrap();
    let spans = terms.find(text.as_bytes());
    spans.iter().map(|span| String::from_utf8(span.of(text.as_bytes()).to_vec()).unwrap()).collect()
}

#[test]
fn terms_respect_words() {
    assert_eq!(cut(&["10-K"], "the 10-K, 110-K, 10-Ks, é10-K"), ["10-K"]);
    assert_eq!(cut(&["1776"], "1776 17760 in 1776."), ["1776", "1776"]);
    assert_eq!(cut(&["<div"], "x<div <divx"), ["<div"]);
    assert_eq!(cut(&["\":\""], "{\"a\":\"b\"}"), ["\":\""]);
}

#[test]
fn the_longest_of_the_leftmost_that_fits_is_cut() {
    let terms = ["res", "res judicata", "res judicata effect"];
    assert_eq!(cut(&terms, "res judicata effects"), ["res judicata"]);
    assert_eq!(cut(&terms, "res judicata effect"), ["res judicata effect"]);
    assert_eq!(cut(&["a b", "b c d"], "a b c d"), ["a b"]);
}

#[test]
fn the_id_tells_terms_and_inner_segmenter_apart() {
    let id = |terms: &[&str]| WithTerms::new(Gpt2, terms).unwrap().id().to_owned();
    assert_eq!(id(&["a", "b"]), id(&["b", "a", "b"]));
    assert_ne!(id(&["a", "b"]), id(&["ab"]));
    assert_ne!(id(&["a"]), WithTerms::new(Legal, ["a"]).unwrap().id());
    assert!(id(&["a"]).starts_with("gpt2-1+terms-1:"));
    let error = WithTerms::new(Gpt2, ["a", ""]).unwrap_err();
    assert_eq!(error, TermsError::Empty { at: 1 });
    assert_eq!(error.to_string(), "term 1 is empty");
}

#[test]
fn an_added_term_is_one_token() {
    let terms = [b"habeas corpus".to_vec(), b"(iv)".to_vec()];
    let segmenter = WithTerms::new(Gpt2, &terms).unwrap();
    let mut counts = SegmentCounts::new(segmenter.id());
    counts.add_document(&segmenter, b"a writ of habeas corpus (iv) issues").unwrap();
    let config = TrainConfig { added: terms.to_vec(), ..TrainConfig::default() };
    let tokenizer = Tokenizer::new(train(&counts, &config).unwrap(), segmenter).unwrap();
    let ids = tokenizer.encode(b"habeas corpus(iv)");
    assert_eq!(ids.len(), 2);
    assert_eq!(tokenizer.decode(&ids).unwrap(), b"habeas corpus(iv)");
}

#[test]
fn a_long_list_is_cut_in_one_pass() {
    let terms = [inventory::enumerators(), inventory::numbers(10..=999), inventory::white_space(8)];
    let segmenter = WithTerms::new(Gpt2, terms.concat()).unwrap();
    let text = "(a) 12 1234\n\n\n\n\n\n\n\n\n\n\n\n 999".repeat(50);
    assert_eq!(check_partition(&segmenter, text.as_bytes()), Ok(()));
    let found = segmenter.find(b"(a) 12 1234   999");
    assert_eq!(found, [(0, 3), (4, 6), (11, 14), (14, 17)].map(|(s, e)| Span::new(s, e)));
    let runs = segments(&segmenter, b"\n\n\n\n\n\n\n\n\n\n");
    assert_eq!(runs.iter().map(|(span, _)| span.len()).collect::<Vec<_>>(), [8, 2]);
}

/// The rule, place by place.
fn oracle(terms: &[Vec<u8>], text: &[u8]) -> Vec<Span> {
    let word = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let splits = |at: usize| at > 0 && word(at - 1) && word(at);
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let fits = terms
            .iter()
            .filter(|term| text[at..].starts_with(term) && !splits(at) && !splits(at + term.len()));
        match fits.map(Vec::len).max() {
            Some(len) => {
                spans.push(Span::new(at, at + len));
                at += len;
            }
            None => at += 1,
        }
    }
    spans
}

proptest! {
    #[test]
    fn terms_are_those_of_the_rule(
        terms in prop::collection::vec(prop::collection::vec(prop::sample::select(b"ab. ".to_vec()), 1..4), 0..6),
        text in prop::collection::vec(prop::sample::select(b"ab. ".to_vec()), 0..30),
    ) {
        let segmenter = WithTerms::new(Gpt2, &terms).unwrap();
        prop_assert_eq!(segmenter.find(&text), oracle(&terms, &text));
        prop_assert_eq!(check_partition(&segmenter, &text), Ok(()));
    }
}
