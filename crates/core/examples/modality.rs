//! A modality of its own: molecules in SMILES, one a line. `docs/adding-a-modality.md` walks through.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use polytok_core::{
    Boundary, SegmentCounts, Segmenter, Span, Tokenizer, TrainConfig, segments, train,
};

/// Cuts at line ends and around bracket atoms such as `[C@@H]`.
///
/// Within a molecule boundaries are soft, so tokens of a second stage may hold several atoms.
#[derive(Clone, Copy, Debug)]
struct Smiles;

impl Segmenter for Smiles {
    fn id(&self) -> &str {
        "smiles-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        while start < input.len() {
            let next = |bytes: &[u8]| input[start + 1..].iter().position(|b| bytes.contains(b));
            let end = match input[start] {
                b'\n' => start + 1,
                b'[' => match next(b"]\n") {
                    // The bracket that closes is part of the atom, a line end is not.
                    Some(n) => start + 1 + n + usize::from(input[start + 1 + n] == b']'),
                    None => input.len(),
                },
                _ => next(b"[\n").map_or(input.len(), |n| start + 1 + n),
            };
            let line_end = input[start] == b'\n' || input.get(end) == Some(&b'\n');
            emit(Span::new(start, end), if line_end { Boundary::Hard } else { Boundary::Soft });
            start = end;
        }
    }
}

/// Alanine, glycine and lactic acid.
const MOLECULES: &[u8] = b"C[C@@H](C(=O)O)N\nC(C(=O)O)N\nC[C@@H](C(=O)O)O\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut counts = SegmentCounts::new(Smiles.id());
    counts.add_document(&Smiles, MOLECULES)?;
    let vocabulary =
        train(&counts, &TrainConfig { vocabulary_size: 270, ..TrainConfig::default() })?;
    let tokenizer = Tokenizer::new(vocabulary, Smiles)?;

    let ids = tokenizer.encode(MOLECULES);
    assert_eq!(tokenizer.decode(&ids)?, MOLECULES);
    for (span, boundary) in segments(&Smiles, MOLECULES) {
        println!("{boundary:?} after {:?}", String::from_utf8_lossy(span.of(MOLECULES)));
    }
    println!("{} bytes, {} tokens", MOLECULES.len(), ids.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use polytok_core::check_partition;

    use super::*;

    #[test]
    fn atoms_in_brackets_stand_alone() {
        let cuts: Vec<(&[u8], Boundary)> = segments(&Smiles, b"C[C@@H](O)N\nCC")
            .into_iter()
            .map(|(span, boundary)| (span.of(b"C[C@@H](O)N\nCC"), boundary))
            .collect();
        use Boundary::{Hard, Soft};
        let expected: [(&[u8], Boundary); 5] =
            [(b"C", Soft), (b"[C@@H]", Soft), (b"(O)N", Hard), (b"\n", Hard), (b"CC", Soft)];
        assert_eq!(cuts, expected);
    }

    /// Any input is cut: brackets that never close, empty lines, every truncation.
    #[test]
    fn every_input_is_partitioned() {
        let hostile = [MOLECULES, b"[\n[[]]\n\n]C[", b"\xff[\x00"].concat();
        for len in 0..=hostile.len() {
            assert_eq!(check_partition(&Smiles, &hostile[..len]), Ok(()));
            assert_eq!(check_partition(&Smiles, &hostile[len..]), Ok(()));
        }
    }

    #[test]
    fn the_example_runs() {
        main().unwrap();
    }
}
