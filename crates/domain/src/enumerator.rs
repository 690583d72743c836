//! Enumerators: `(a)`, `(12)`, `(iv)`, `(A)`, `(aa)`, and chains such as `(b)(6)(A)`.

use crate::cursor::Cursor;

/// Most enumerators in one chain: title, section and six levels below are what statutes use.
const CHAIN: usize = 8;

/// Reads a chain of enumerators that touch each other, at most eight.
pub(crate) fn chain(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let first = one(start)?;
    Some(first.many(CHAIN - 1, one))
}

/// Reads one enumerator: a letter, a doubled letter, a Roman numeral below forty, or one to three
/// digits with at most two letters behind them, in round brackets.
fn one(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let inside = start.eat(b"(")?;
    let end = match inside.peek() {
        b'0'..=b'9' => inside.digits(3)?.maybe(|c| c.run(1, 2, |byte| byte.is_ascii_alphabetic())),
        byte if byte.is_ascii_alphabetic() => {
            let end = inside.run(1, 7, |byte| byte.is_ascii_alphabetic())?;
            is_label(inside.until(end)).then_some(end)?
        }
        _ => return None,
    };
    end.eat(b")")
}

/// Whether letters label an item rather than spell a word.
fn is_label(letters: &[u8]) -> bool {
    match letters {
        [_] => true,
        [first, second] if first == second => true,
        _ => roman(letters),
    }
}

/// Whether letters, all of one case, are a Roman numeral from 1 to 39 in its usual form.
pub(crate) fn roman(letters: &[u8]) -> bool {
    let upper = letters.iter().all(u8::is_ascii_uppercase);
    if letters.is_empty() || !(upper || letters.iter().all(u8::is_ascii_lowercase)) {
        return false;
    }
    let is = |at: usize, letter: u8| {
        letters.get(at).is_some_and(|found| found.eq_ignore_ascii_case(&letter))
    };
    let tens = (0..3).take_while(|&at| is(at, b'x')).count();
    let units = match &letters[tens..].to_ascii_lowercase()[..] {
        b"iv" | b"ix" => return true,
        units => units.strip_prefix(b"v").unwrap_or(units).len(),
    };
    let ones = letters.iter().rev().take_while(|letter| letter.eq_ignore_ascii_case(&b'i')).count();
    units == ones && ones <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_are_those_of_one_to_thirty_nine() {
        let units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
        let valid: Vec<String> = ["", "x", "xx", "xxx"]
            .iter()
            .flat_map(|tens| units.iter().map(move |units| format!("{tens}{units}")))
            .filter(|numeral| !numeral.is_empty())
            .collect();
        let letters = [b'i', b'v', b'x', b'a'];
        let mut words: Vec<Vec<u8>> = vec![Vec::new()];
        for from in 0.. {
            let Some(word) = words.get(from).cloned() else { break };
            let known = valid.iter().any(|numeral| numeral.as_bytes() == word);
            assert_eq!(roman(&word), known, "{}", String::from_utf8_lossy(&word));
            assert_eq!(roman(&word.to_ascii_uppercase()), known);
            if word.len() < 7 {
                words.extend(letters.iter().map(|&letter| [&word[..], &[letter]].concat()));
            }
        }
        assert!(!roman(b"Ii"));
    }
}
