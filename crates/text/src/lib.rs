//! polytok-text

mod class;
pub mod import;
mod published;
mod tables;
mod text;
mod words;

pub use published::{Cl100k, Gpt2, Llama3, O200k, Qwen2, visible_runs, word_and_symbol_runs};
pub use text::Text;
pub use words::Words;
