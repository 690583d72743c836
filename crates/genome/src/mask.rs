//! Lower case as a side channel.

use std::{error::Error, fmt};

use polytok_core::Span;

/// Where the letters of a sequence are lower case: the soft mask of a genome.
///
/// Ranges are in bases, zero-based and half open, as in BED; sorted, none empty, none touching the
/// next. Memory is 16 bytes a range on 64-bit machines, whatever its length.
///
/// ```
/// use polytok_genome::CaseMask;
///
/// let mut sequence = *b"ACgtnACg-t";
/// let mask = CaseMask::fold(&mut sequence);
/// assert_eq!(&sequence, b"ACGTNACG-T");
/// assert_eq!(mask.lower_bases(), 5);
/// mask.apply(&mut sequence)?;
/// assert_eq!(&sequence, b"ACgtnACg-t");
/// # Ok::<(), polytok_genome::MaskError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CaseMask {
    ranges: Vec<Span>,
}

impl CaseMask {
    /// Finds the runs of ASCII lower-case letters.
    pub fn of(sequence: &[u8]) -> CaseMask {
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(skipped) = sequence[at..].iter().position(u8::is_ascii_lowercase) {
            let start = at + skipped;
            let run = sequence[start..].iter().position(|byte| !byte.is_ascii_lowercase());
            at = run.map_or(sequence.len(), |len| start + len);
            ranges.push(Span::new(start, at));
        }
        CaseMask { ranges }
    }

    /// Makes all ASCII letters upper case and returns where they were not.
    pub fn fold(sequence: &mut [u8]) -> CaseMask {
        let mask = CaseMask::of(sequence);
        sequence.make_ascii_uppercase();
        mask
    }

    /// Takes ranges from elsewhere, such as the rows of a BED file; touching ones are joined.
    ///
    /// # Errors
    ///
    /// If a range is empty or starts before the end of the one before.
    pub fn from_ranges(ranges: impl IntoIterator<Item = Span>) -> Result<CaseMask, MaskError> {
        let mut joined: Vec<Span> = Vec::new();
        for range in ranges {
            match joined.last_mut() {
                _ if range.is_empty() => return Err(MaskError { range }),
                Some(last) if range.start < last.end => return Err(MaskError { range }),
                Some(last) if range.start == last.end => last.end = range.end,
                _ => joined.push(range),
            }
        }
        Ok(CaseMask { ranges: joined })
    }

    /// The ranges of lower case.
    pub fn ranges(&self) -> &[Span] {
        &self.ranges
    }

    /// Whether nothing is lower case.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Number of lower-case letters.
    pub fn lower_bases(&self) -> usize {
        self.ranges.iter().map(|range| range.len()).sum()
    }

    /// Makes the letters of all ranges lower case. Bytes that are no ASCII letters stay.
    ///
    /// # Errors
    ///
    /// If a range ends behind the sequence, which is then left as it was.
    pub fn apply(&self, sequence: &mut [u8]) -> Result<(), MaskError> {
        if let Some(&range) = self.ranges.last().filter(|range| range.end > sequence.len()) {
            return Err(MaskError { range });
        }
        for range in &self.ranges {
            sequence[range.start..range.end].make_ascii_lowercase();
        }
        Ok(())
    }
}

/// A range does not belong into a mask: it is empty, out of order, or behind the sequence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MaskError {
    /// The range, in bases.
    pub range: Span,
}

impl fmt::Display for MaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, end } = self.range;
        write!(f, "the masked range {start}..{end} is empty, out of order or behind the sequence")
    }
}

impl Error for MaskError {}
