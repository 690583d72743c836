//! Special tokens in text, where the caller allows them.

use std::{error::Error, fmt};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::{segment::Span, vocabulary::Vocabulary};

/// Special tokens that a caller allows to be found in text.
#[derive(Clone, Debug)]
pub struct Specials {
    ids: Vec<u32>,
    finder: AhoCorasick,
}

impl Specials {
    pub(crate) fn new(
        vocabulary: &Vocabulary,
        allowed: &[&str],
    ) -> Result<Specials, UnknownSpecial> {
        let ids = allowed
            .iter()
            .map(|name| {
                vocabulary.special(name).ok_or_else(|| UnknownSpecial { name: (*name).to_owned() })
            })
            .collect::<Result<_, _>>()?;
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(allowed)
            .expect("names of special tokens have fewer than 2^27 bytes together");
        Ok(Specials { ids, finder })
    }

    /// Finds the tokens from left to right, without overlap.
    pub(crate) fn find<'a>(&'a self, input: &'a [u8]) -> impl Iterator<Item = (Span, u32)> + 'a {
        self.finder
            .find_iter(input)
            .map(|found| (Span::new(found.start(), found.end()), self.ids[found.pattern()]))
    }
}

/// The vocabulary has no special token of this name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownSpecial {
    /// The name asked for.
    pub name: String,
}

impl fmt::Display for UnknownSpecial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the vocabulary has no special token {:?}", self.name)
    }
}

impl Error for UnknownSpecial {}
