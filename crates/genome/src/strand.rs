//! Both strands of a sequence.

use std::{borrow::Cow, cmp::Ordering};

use bio::alphabets::dna;
use polytok_core::Span;

/// The strand on which a sequence was read.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Strand {
    /// As given; `+` in BED.
    #[default]
    Forward,
    /// Its reverse complement; `-` in BED.
    Reverse,
}

/// Returns the reverse complement of a sequence.
///
/// Ambiguity codes are complemented as the sets of bases they stand for (NC-IUB 1984,
/// Nomenclature for incompletely specified bases in nucleic acid sequences, table 1), in either
/// case. Every other byte stays what it is, also U: its complement A would come back as T. So this
/// undoes itself for every byte string.
///
/// ```
/// assert_eq!(polytok_genome::reverse_complement(b"AACgtRn-"), b"-nYacGTT");
/// ```
pub fn reverse_complement(sequence: &[u8]) -> Vec<u8> {
    dna::revcomp(sequence)
}

/// Returns the strand whose bytes come first in lexicographic order, and which one it is.
///
/// A sequence and its reverse complement have the same result but for the strand; one that is its
/// own reverse complement counts as forward. Only as many bases are compared as it takes to tell
/// the strands apart.
pub fn canonical(sequence: &[u8]) -> (Cow<'_, [u8]>, Strand) {
    let reverse = sequence.iter().rev().map(|&base| dna::complement(base));
    match sequence.iter().copied().cmp(reverse) {
        Ordering::Less | Ordering::Equal => (Cow::Borrowed(sequence), Strand::Forward),
        Ordering::Greater => (Cow::Owned(reverse_complement(sequence)), Strand::Reverse),
    }
}

impl Strand {
    /// The sequence as it stands on this strand.
    pub fn of(self, sequence: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Strand::Forward => Cow::Borrowed(sequence),
            Strand::Reverse => Cow::Owned(reverse_complement(sequence)),
        }
    }

    /// Where a range of this strand lies on the forward strand, for a sequence of `bases`.
    ///
    /// # Panics
    ///
    /// If the range ends behind the sequence.
    pub fn to_forward(self, span: Span, bases: usize) -> Span {
        match self {
            Strand::Forward => span,
            Strand::Reverse => Span::new(bases - span.end, bases - span.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written out from the standard, so that a change in `bio` shows.
    #[test]
    fn complements_are_those_of_the_standard() {
        let pairs = [
            (b'A', b'T'),
            (b'C', b'G'),
            (b'R', b'Y'),
            (b'K', b'M'),
            (b'B', b'V'),
            (b'D', b'H'),
            (b'S', b'S'),
            (b'W', b'W'),
            (b'N', b'N'),
        ];
        for byte in 0..=u8::MAX {
            let upper = byte.to_ascii_uppercase();
            let expected = pairs
                .iter()
                .find_map(|&(a, b)| match upper {
                    _ if upper == a => Some(b),
                    _ if upper == b => Some(a),
                    _ => None,
                })
                .map_or(byte, |other| if byte == upper { other } else { other + 32 });
            assert_eq!(reverse_complement(&[byte]), [expected], "{}", byte.escape_ascii());
            assert_eq!(reverse_complement(&[expected]), [byte]);
            // The complement of a code stands for the complements of its bases.
            let bases = dna::iupac_mask(byte);
            assert_eq!(dna::iupac_mask(expected), bases.reverse_bits() >> 4);
        }
    }

    #[test]
    fn ranges_of_the_reverse_strand_are_mapped_back() {
        let span = Span::new(1, 3);
        assert_eq!(Strand::Forward.to_forward(span, 10), span);
        assert_eq!(Strand::Reverse.to_forward(span, 10), Span::new(7, 9));
        assert_eq!(Strand::Reverse.to_forward(Span::new(0, 10), 10), Span::new(0, 10));
    }
}
