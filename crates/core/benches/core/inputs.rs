//! Inputs that the benches share: real ones out of `fixtures/`, random and pathological ones.

use std::{fs, path::Path};

use polytok_core::{Boundary, SegmentCounts, Segmenter, Span, TrainConfig, Vocabulary, train};

/// Length of the made-up inputs.
pub(crate) const MEGABYTE: usize = 1 << 20;

/// The files of some folders of `fixtures/`, one behind the other, by name.
pub(crate) fn fixtures(folders: &[&str]) -> Vec<u8> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures"));
    let mut bytes = Vec::new();
    for folder in folders {
        let mut files: Vec<_> =
            fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|path| path.is_file()) {
            bytes.extend(fs::read(file).unwrap());
        }
    }
    bytes
}

/// The bases of a bacterial genome without line ends.
pub(crate) fn genome() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/genome/bacteria-mycoplasma-genitalium.fa"
    );
    let file = fs::read(path).unwrap();
    let lines = file.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b">"));
    lines.flatten().copied().collect()
}

/// Letters from a fixed seed (Marsaglia 2003, "Xorshift RNGs", section 3).
pub(crate) fn random_letters() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b'a' + (state >> 32) as u8 % 26
    };
    (0..MEGABYTE).map(|_| letter()).collect()
}

/// Cuts before every space that follows none.
pub(crate) struct Words;

impl Segmenter for Words {
    fn id(&self) -> &str {
        "bench-words-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        for at in 1..input.len() {
            if input[at] == b' ' && input[at - 1] != b' ' {
                emit(Span::new(start, at), Boundary::Hard);
                start = at;
            }
        }
        if start < input.len() {
            emit(Span::new(start, input.len()), Boundary::Hard);
        }
    }
}

/// Counts one document.
pub(crate) fn count(segmenter: &dyn Segmenter, document: &[u8]) -> SegmentCounts {
    let mut counts = SegmentCounts::new(segmenter.id());
    counts.add_document(segmenter, document).unwrap();
    counts
}

/// A vocabulary of one document.
pub(crate) fn learn(
    segmenter: &dyn Segmenter,
    document: &[u8],
    config: &TrainConfig,
) -> Vocabulary {
    train(&count(segmenter, document), config).unwrap()
}
