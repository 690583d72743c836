//! What general compressors make of the same bytes: context for the entropy of tokens.

use std::io::{self, Write};

use crate::source::Source;

/// Sizes of the documents of a source, one behind the other as one stream, by zstd at level 19 and
/// xz at level 9, in bytes.
///
/// No dictionary, no filter for executables, no long-distance matching; both with one thread, and
/// windows of 8 MiB and 64 MiB.
pub(super) fn sizes(source: &Source) -> (u64, u64) {
    rayon::join(|| zstd_size(source), || xz_size(source))
}

fn zstd_size(source: &Source) -> u64 {
    let encode = || -> io::Result<Size> {
        let mut encoder = zstd::Encoder::new(Size(0), 19)?;
        source.documents.iter().try_for_each(|document| encoder.write_all(&document.bytes))?;
        encoder.finish()
    };
    let Size(size) = encode().expect("level 19 exists, and counting bytes never fails");
    size
}

fn xz_size(source: &Source) -> u64 {
    let encode = || -> io::Result<Size> {
        let mut encoder = liblzma::write::XzEncoder::new(Size(0), 9);
        source.documents.iter().try_for_each(|document| encoder.write_all(&document.bytes))?;
        encoder.finish()
    };
    let Size(size) = encode().expect("level 9 exists, and counting bytes never fails");
    size
}

/// Counts the bytes written to it.
struct Size(u64);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
