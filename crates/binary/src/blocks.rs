//! Blocks of equal length: the baseline that knows nothing of the file.

use std::num::NonZeroUsize;

use polytok_core::{Boundary, Segmenter, Span};

use crate::binary::cut_at_limit;

/// Cuts files into blocks of equal length, the last as long as what is left.
///
/// This is how Binary BPE reads files (M. Bommarito, *Binary BPE*, 2025, arXiv 2511.17573: blocks of
/// 8,192 bytes), and the baseline for [`Binary`](crate::Binary). For whole files as one segment use
/// [`Whole`](polytok_core::Whole).
#[derive(Clone, Debug)]
pub struct Blocks {
    id: String,
    size: usize,
}

impl Blocks {
    /// Blocks of `size` bytes; the id is `blocks-8192` for 8,192.
    pub fn new(size: NonZeroUsize) -> Blocks {
        Blocks { id: format!("blocks-{size}"), size: size.get() }
    }
}

impl Default for Blocks {
    /// Blocks of 8,192 bytes.
    fn default() -> Blocks {
        Blocks::new(NonZeroUsize::new(8192).expect("not zero"))
    }
}

impl Segmenter for Blocks {
    fn id(&self) -> &str {
        &self.id
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        cut_at_limit(0, 0, input.len(), self.size, emit);
    }
}
