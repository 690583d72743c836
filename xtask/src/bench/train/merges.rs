//! Merges as trainers write them: a line each, both halves in hexadecimal, or the whole token.

use std::{collections::HashMap, path::Path};

use polytok_core::Pair;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// A token that was learned, and where its halves meet, if that is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Learned {
    pub(crate) token: Vec<u8>,
    pub(crate) cut: Option<usize>,
}

/// The merges of a file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<Learned>> {
    let text = String::from_utf8(files::read(path)?).map_err(Failure::about(path.display()))?;
    text.lines().map(|line| learned(line).map_err(Failure::about(path.display()))).collect()
}

fn learned(line: &str) -> Result<Learned, String> {
    let wrong = || format!("no line of a file of merges: {line:?}");
    let half = |hex: &str| -> Result<Vec<u8>, String> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let byte = |&[high, low]: &[u8; 2]| Some((digit(high)? << 4 | digit(low)?) as u8);
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        bytes.filter(|bytes| rest.is_empty() && !bytes.is_empty()).ok_or_else(wrong)
    };
    match line.split_once(' ') {
        None => Ok(Learned { token: half(line)?, cut: None }),
        Some((left, right)) => {
            let (left, right) = (half(left)?, half(right)?);
            Ok(Learned { cut: Some(left.len()), token: [left, right].concat() })
        }
    }
}

/// How many merges are equal before the first that is not.
pub(crate) fn equal(ours: &[Learned], theirs: &[Learned]) -> usize {
    let same = |(a, b): &(&Learned, &Learned)| {
        a.token == b.token && a.cut.zip(b.cut).is_none_or(|(a, b)| a == b)
    };
    ours.iter().zip(theirs).take_while(same).count()
}

/// The merges as pairs of training ids. Where a trainer does not tell halves, they are what the
/// merges before make of the token.
pub(crate) fn pairs(all: &[Learned]) -> Outcome<Vec<Pair>> {
    let mut ids: HashMap<&[u8], u32> = HashMap::new();
    let bytes: Vec<[u8; 1]> = (0..=255).map(|byte| [byte]).collect();
    ids.extend(bytes.iter().map(|byte| &byte[..]).zip(0..));
    let mut ranks: HashMap<Pair, u32> = HashMap::new();
    let mut pairs = Vec::with_capacity(all.len());
    for (Learned { token, cut }, id) in all.iter().zip(256..) {
        let wrong = || Failure::Wrong(format!("merge {}: {token:?} has no halves", id - 256));
        let pair = match cut {
            Some(cut) => {
                let (left, right) = token.split_at(*cut);
                let half = |half: &[u8]| ids.get(half).copied().ok_or_else(wrong);
                (half(left)?, half(right)?)
            }
            None => halves(token, &ranks).ok_or_else(wrong)?,
        };
        pairs.push(pair);
        ids.entry(token).or_insert(id);
        ranks.entry(pair).or_insert(id);
    }
    Ok(pairs)
}

/// The last merge of a token.
fn halves(token: &[u8], ranks: &HashMap<Pair, u32>) -> Option<Pair> {
    let mut symbols: Vec<u32> = token.iter().map(|&byte| u32::from(byte)).collect();
    while symbols.len() > 2 {
        let known = |(at, pair): (usize, &[u32])| Some((*ranks.get(&(pair[0], pair[1]))?, at));
        let (id, at) = symbols.windows(2).enumerate().filter_map(known).min()?;
        symbols.splice(at..at + 2, [id]);
    }
    <[u32; 2]>::try_from(symbols).ok().map(|[left, right]| (left, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &[&str]) -> Vec<Learned> {
        lines.iter().map(|line| learned(line).unwrap()).collect()
    }

    #[test]
    fn halves_are_found_where_they_are_not_told() {
        let (told, untold) = (["61 62", "6162 63", "63 6162"], ["6162", "616263", "636162"]);
        let expected = vec![(97, 98), (256, 99), (99, 256)];
        assert_eq!(pairs(&all(&told)).unwrap(), expected);
        assert_eq!(pairs(&all(&untold)).unwrap(), expected);
        assert_eq!(equal(&all(&told), &all(&untold)), 3);
        assert_eq!(equal(&all(&told), &all(&["61 62", "61 6263"])), 1);
        assert_eq!(equal(&all(&told), &all(&["6162"])), 1);
        assert!(pairs(&all(&["616263"])).is_err());
        assert!(pairs(&all(&["6162 63"])).is_err());
    }

    #[test]
    fn other_lines_are_refused() {
        for line in ["", "6", "61 ", "61 6g", "61 62 63", "+1"] {
            assert!(learned(line).is_err(), "{line:?}");
        }
    }
}
