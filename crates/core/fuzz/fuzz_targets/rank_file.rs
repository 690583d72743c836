//! A rank file is refused or can be used.
//!
//! The input is tried as it is, and once more behind the 256 bytes that every file must have.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use polytok_text::import::{Imported, Scheme};

mod imported;

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let line = |byte: u8| format!("{} {byte}\n", STANDARD.encode([byte]));
    (0..=255).map(line).collect::<String>().into_bytes()
});

fuzz_target!(|data: &[u8]| {
    let Some((&choice, lines)) = data.split_first() else { return };
    let schemes = [Scheme::Gpt2, Scheme::Cl100k, Scheme::O200k, Scheme::Llama3, Scheme::Qwen2];
    let scheme = schemes[usize::from(choice) % schemes.len()];
    for specials in [&[][..], &[("<s>", 1000), ("a", 2000)]] {
        for file in [lines, &[&BYTES[..], lines].concat()] {
            if let Ok(read) = Imported::from_tiktoken(file, scheme, specials) {
                imported::check(&read, data);
            }
        }
    }
});
