//! Vocabularies that come with the crate, behind the feature `vocab`.
//!
//! Each is read when it is first asked for. `docs/vocabularies` has a card of each: what it was trained
//! on and how, what it reaches, and its limits.

use polytok_core::{Embedded, Tokenizer};

use crate::Binary;

/// Executables of all platforms in 4,096 entries; smaller sizes are prefixes of larger ones.
pub fn executables_4k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/executables-4096.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Binary::default()))
}

/// Executables of all platforms in 16,384 entries; smaller sizes are prefixes of larger ones.
pub fn executables_16k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/executables-16384.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Binary::default()))
}

/// Executables of all platforms in 32,768 entries; smaller sizes are prefixes of larger ones.
pub fn executables_32k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/executables-32768.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Binary::default()))
}

/// Executables of all platforms in 65,536 entries; smaller sizes are prefixes of larger ones.
pub fn executables_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/executables-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Binary::default()))
}
