//! The character classes of all engines that vocabularies come from: what `docs/unicode.md` says.

use fancy_regex::Regex;
use tokenizers::utils::SysRegex;

/// The classes that published patterns name.
const CLASSES: [&str; 14] = [
    r"\p{L}",
    r"\p{N}",
    r"\s",
    r"\p{M}",
    r"\p{Lu}",
    r"\p{Ll}",
    r"\p{Lt}",
    r"\p{Lm}",
    r"\p{Lo}",
    r"\p{P}",
    r"\p{S}",
    r"\w",
    r"(?i:s)",
    r"(?i:[dmtlvre])",
];

/// Every scalar value, in one text.
fn scalars() -> String {
    ('\0'..=char::MAX).collect()
}

#[test]
fn tiktoken_and_tokenizers_have_the_same_classes() {
    let text = scalars();
    for class in CLASSES {
        let pattern = format!("(?:{class})+");
        let tiktoken: Vec<(usize, usize)> = Regex::new(&pattern)
            .unwrap()
            .find_iter(&text)
            .map(|found| found.unwrap())
            .map(|found| (found.start(), found.end()))
            .collect();
        let tokenizers: Vec<(usize, usize)> =
            SysRegex::new(&pattern).unwrap().find_iter(&text).collect();
        assert!(!tiktoken.is_empty());
        assert!(tiktoken == tokenizers, "{class} differs");
    }
}

#[test]
fn white_space_of_the_standard_library_is_that_of_patterns() {
    let space = Regex::new(r"\s").unwrap();
    let text = scalars();
    let found: String = space.find_iter(&text).map(|found| found.unwrap().as_str()).collect();
    let expected: String = text.chars().filter(|c| c.is_whitespace()).collect();
    assert_eq!(found, expected);
}

/// The one letter beyond ASCII that a contraction in any case may hold.
#[test]
fn the_long_s_folds_to_s_and_nothing_else_folds_to_a_contraction() {
    let fold = Regex::new(r"(?i:[sdmtlvre])").unwrap();
    let text = scalars();
    let found: String = fold.find_iter(&text).map(|found| found.unwrap().as_str()).collect();
    assert_eq!(found, "DELMRSTVdelmrstvſ");
}
