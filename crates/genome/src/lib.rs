#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod context;
mod kmer;
mod mask;
mod merging;
mod read;
mod record;
mod segment;
mod strand;
mod symmetric;
mod tokenizer;
#[cfg(feature = "vocab")]
mod vocab;
mod windows;

pub use context::{ContextError, ContextModel};
pub use kmer::{KmerDecodeError, Kmers, KmersError};
pub use mask::{CaseMask, MaskError};
pub use merging::{BudgetError, Merging, Units};
pub use read::{Problem, ReadError, Reader};
pub use record::{Format, Record};
pub use segment::{Case, Genome, n_run_merges};
pub use strand::{Strand, canonical, reverse_complement};
pub use tokenizer::{GenomeDecodeError, GenomeEncoding, GenomeTokenizer, Interval};
#[cfg(feature = "vocab")]
pub use vocab::*;
pub use windows::windows;
