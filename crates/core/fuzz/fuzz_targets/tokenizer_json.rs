//! A `tokenizer.json`, or GPT-2's pair of files parted by a zero byte, is refused or can be used.
//!
//! Seeds: `seeds/tokenizer_json`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polytok_text::import::Imported;

mod imported;

fuzz_target!(|data: &[u8]| {
    let text = &data[data.len().saturating_sub(64)..];
    if let Ok(read) = Imported::from_tokenizer_json(data) {
        imported::check(&read, text);
    }
    if let Some(at) = data.iter().position(|&byte| byte == 0)
        && let Ok(read) = Imported::from_gpt2(&data[..at], &data[at + 1..], &[])
    {
        imported::check(&read, text);
    }
});
