//! Vocabularies that come with the crate, behind the feature `vocab`.
//!
//! Each is read when it is first asked for. `docs/vocabularies` has a card of each: what it was trained
//! on and how, what it reaches, and its limits.

use polytok_core::{Embedded, Tokenizer};

use crate::{Grouping, Numeric};

/// Tables and series of numbers in 4,096 entries; every group of up to three digits is a token.
pub fn numbers_4k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/numbers-4096.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Numeric::new(Grouping::Right)))
}
