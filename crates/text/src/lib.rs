//! polytok-text

mod class;
pub mod export;
pub mod import;
mod published;
mod tables;

pub use published::{Cl100k, Gpt2, Llama3, O200k, Qwen2, visible_runs, word_and_symbol_runs};
