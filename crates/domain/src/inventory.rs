//! Lists of terms that follow a rule, to be added to a vocabulary or cut out by
//! [`WithTerms`](crate::WithTerms).

use std::ops::RangeInclusive;

/// Enumerators in brackets: `(a)` to `(z)`, `(A)` to `(Z)`, `(1)` to `(99)`, `(ii)` to `(ix)` and
/// `(II)` to `(IX)`.
pub fn enumerators() -> Vec<Vec<u8>> {
    const NUMERALS: [&str; 7] = ["ii", "iii", "iv", "vi", "vii", "viii", "ix"];
    let letters = ('a'..='z').chain('A'..='Z').map(|letter| letter.to_string());
    let numbers = (1..=99).map(|number: u32| number.to_string());
    let numerals =
        NUMERALS.iter().flat_map(|numeral| [numeral.to_string(), numeral.to_uppercase()]);
    letters.chain(numbers).chain(numerals).map(|label| format!("({label})").into_bytes()).collect()
}

/// Numbers in decimal, such as the years 1776 to 2050 or the numbers 10 to 999.
pub fn numbers(range: RangeInclusive<u32>) -> Vec<Vec<u8>> {
    range.map(|number| number.to_string().into_bytes()).collect()
}

/// Runs of 2 to `longest` spaces, tabs, carriage returns and line feeds, the line break of two
/// characters, and a tab with a space.
pub fn white_space(longest: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> =
        (2..=longest).flat_map(|len| b" \t\r\n".map(|byte| vec![byte; len])).collect();
    all.extend([b"\r\n".to_vec(), b"\t ".to_vec()]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_what_they_say_once() {
        let distinct = |mut list: Vec<Vec<u8>>| {
            list.sort();
            list.dedup();
            list.len()
        };
        assert_eq!(distinct(enumerators()), 26 + 26 + 99 + 14);
        assert_eq!(distinct(numbers(10..=999)), 990);
        assert_eq!(numbers(1776..=1777), [b"1776", b"1777"]);
        assert_eq!(distinct(white_space(8)), 4 * 7 + 2);
        assert!(enumerators().contains(&b"(viii)".to_vec()));
    }
}
