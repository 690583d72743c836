//! Vocabularies that come with the crate, behind the feature `vocab`.
//!
//! Each is read when it is first asked for. `docs/vocabularies` has a card of each: what it was trained
//! on and how, what it reaches, and its limits.

use polytok_core::{Embedded, Tokenizer};
use polytok_text::Gpt2;

use crate::{Financial, Legal};

/// English law in 32,768 entries, with tokens of several words.
pub fn legal_32k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/legal-english-32768.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Legal))
}

/// English law in 65,536 entries, with tokens of several words.
pub fn legal_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/legal-english-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Legal))
}

/// Finance in English in 32,768 entries, with tokens of several words.
pub fn financial_32k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/financial-english-32768.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Financial))
}

/// Finance in English in 65,536 entries, with tokens of several words.
pub fn financial_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/financial-english-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Financial))
}

/// English law and finance together in 65,536 entries, with tokens of up to four words.
pub fn law_finance_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/law-finance-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Financial))
}

/// English law and finance together in 131,072 entries, with tokens of up to four words; the first 65,533 ids are those of [`law_finance_64k`].
pub fn law_finance_128k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/law-finance-131072.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Financial))
}

/// German, French, Finnish and Estonian law in 65,536 entries, with tokens of several words.
pub fn european_law_64k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> =
        Embedded::new(include_bytes!("../vocab/law-europe-65536.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Legal))
}

/// Legal and financial text for OCR repair in 4,096 entries of at most three bytes.
pub fn ocr_4k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/ocr-4k-4083.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Gpt2))
}

/// Legal and financial text for OCR repair in 8,192 entries of at most three bytes.
pub fn ocr_8k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/ocr-8k-8179.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Gpt2))
}

/// Legal and financial text for OCR repair in 16,384 entries of at most four bytes.
pub fn ocr_16k() -> &'static Tokenizer {
    static FILE: Embedded<Tokenizer> = Embedded::new(include_bytes!("../vocab/ocr-16k-16371.ptk"));
    FILE.get(|vocabulary| Tokenizer::new(vocabulary, Gpt2))
}
