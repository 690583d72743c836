//! Vocabularies written in the formats of others, where the format can say the same.
//!
//! | format | written by | read by |
//! |---|---|---|
//! | `tokenizer.json` 1.0 | [`to_tokenizer_json`] | `tokenizers` up to 0.23 |
//! | `tokenizer.json` 2.0 | [`to_tokenizer_json`] | `tokenizers` 1.0 |
//! | `.tiktoken` | [`to_tiktoken`] | tiktoken, with the pattern of [`pattern`] |
//!
//! An export gives equal ids for every text, or is refused with the reason: [`ExportError`]. What
//! is not text those programs cannot be asked; here it can.
//!
//! Added tokens of the formats are found anywhere in a text, while an added token of a vocabulary
//! stands for a whole segment. They are therefore written into the model, with `ignore_merges`,
//! which takes a piece that is a token as it stands; that is the same where every other token
//! encodes to itself, which is checked.

mod error;
mod rules;
mod tiktoken;
mod tokenizer_json;

pub use error::ExportError;
pub use rules::pattern;
pub use tiktoken::to_tiktoken;
pub use tokenizer_json::{Version, to_tokenizer_json};
