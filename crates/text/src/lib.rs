#![doc = include_str!("../README.md")]

mod class;
mod cut;
pub mod export;
pub mod import;
mod published;
mod tables;
mod text;
mod vector;
#[cfg(feature = "vocab")]
mod vocab;
mod window;
mod words;

pub use published::{
    Cl100k, DeepSeek3, Gpt2, Llama3, O200k, Qwen2, visible_runs, word_and_symbol_runs,
};
pub use text::Text;
#[cfg(feature = "vocab")]
pub use vocab::*;
pub use words::Words;
