//! Vocabularies that come with the crate, behind the feature `vocab`.
//!
//! Each is read when it is first asked for. `docs/vocabularies` has a card of each: what it was trained
//! on and how, what it reaches, and its limits.

use polytok_core::{Embedded, Tokenizer};

use crate::Text;

/// Text and source code in many languages in 65,536 entries, with tokens of several words.
pub fn world_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/world-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Text))
}

/// Text in 21 languages other than English, law among it, in 65,536 entries, with tokens of several words.
pub fn languages_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/languages-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Text))
}

/// English text in 65,536 entries, with tokens of several words.
pub fn english_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/english-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Text))
}

/// Source code in 32,768 entries, with tokens of several words.
pub fn source_32k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/source-32768.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Text))
}
