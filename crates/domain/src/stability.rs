//! How much of a segmentation survives noise.

use polytok_core::Span;

use crate::alignment::Alignment;

/// How well the boundaries inside two segmentations correspond.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BoundaryAgreement {
    /// Boundaries inside the clean text.
    pub clean: usize,
    /// Boundaries inside the noisy text.
    pub noisy: usize,
    /// Pairs of them at corresponding places.
    pub matched: usize,
}

impl BoundaryAgreement {
    /// The share of noisy boundaries that are right; 1 if there are none.
    pub fn precision(self) -> f64 {
        share(self.matched, self.noisy)
    }

    /// The share of clean boundaries that are found; 1 if there are none.
    pub fn recall(self) -> f64 {
        share(self.matched, self.clean)
    }

    /// The harmonic mean of precision and recall; 1 if neither text has a boundary.
    pub fn f1(self) -> f64 {
        share(2 * self.matched, self.clean + self.noisy)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Compares the boundaries of two segmentations of aligned texts.
///
/// Boundaries are the ends of all spans but the last. Two of them match if the alignment pairs
/// their places, each of them with one other at most; the number of matches is the largest there
/// is. Linear time.
pub fn boundary_agreement(
    clean: &[Span],
    noisy: &[Span],
    alignment: &Alignment,
) -> BoundaryAgreement {
    let inside = |spans: &[Span]| -> Vec<usize> {
        spans.iter().take(spans.len().saturating_sub(1)).map(|span| span.end).collect()
    };
    let (clean, noisy) = (inside(clean), inside(noisy));
    let (mut i, mut j, mut matched) = (0, 0, 0);
    // The pairs of places rise in both texts, so taking each pair whose boundaries are both still
    // free, from the left, is a largest matching.
    for &(at_clean, at_noisy) in alignment.cuts() {
        while clean.get(i).is_some_and(|&end| end < at_clean) {
            i += 1;
        }
        while noisy.get(j).is_some_and(|&end| end < at_noisy) {
            j += 1;
        }
        if clean.get(i) == Some(&at_clean) && noisy.get(j) == Some(&at_noisy) {
            matched += 1;
            (i, j) = (i + 1, j + 1);
        }
    }
    BoundaryAgreement { clean: clean.len(), noisy: noisy.len(), matched }
}

/// Counts the clean tokens that stand unchanged in the noisy text: the alignment pairs both their
/// ends with the ends of one noisy token, and the bytes are equal. The
/// time is n log n in the number of characters.
///
/// # Panics
///
/// If a span does not lie within its text.
pub fn identical_tokens(
    clean: (&[u8], &[Span]),
    noisy: (&[u8], &[Span]),
    alignment: &Alignment,
) -> usize {
    let cuts = alignment.cuts();
    let (mut cut, mut at, mut identical) = (0, 0, 0);
    for &token in clean.1 {
        while cuts.get(cut).is_some_and(|pair| pair.0 < token.start) {
            cut += 1;
        }
        // All places that correspond to the start of the token.
        let starts = cuts[cut..].iter().take_while(|pair| pair.0 == token.start);
        for &(_, start) in starts {
            while noisy.1.get(at).is_some_and(|span| span.start < start) {
                at += 1;
            }
            let Some(&other) = noisy.1.get(at).filter(|span| span.start == start) else { continue };
            let ends_meet = cuts.binary_search(&(token.end, other.end)).is_ok();
            if ends_meet && token.of(clean.0) == other.of(noisy.0) {
                identical += 1;
                at += 1;
                break;
            }
        }
    }
    identical
}

/// The fewest insertions, deletions and replacements that make `noisy` of `clean`.
///
/// It takes the time of the length of the sequences times their distance: bands of doubling width
/// around the diagonal (Ukkonen: Algorithms for approximate string matching, Information and
/// Control 1985, §2).
pub fn edit_distance<T: PartialEq>(clean: &[T], noisy: &[T]) -> usize {
    let most = clean.len().max(noisy.len());
    let mut width = clean.len().abs_diff(noisy.len()).max(8);
    loop {
        let distance = banded(clean, noisy, width);
        if distance <= width || width >= most {
            return distance;
        }
        width *= 2;
    }
}

/// The edit distance along paths that stay within `width` of the diagonal. It is exact if it is not
/// above `width`, and never too small.
fn banded<T: PartialEq>(a: &[T], b: &[T], width: usize) -> usize {
    const FAR: usize = usize::MAX / 2;
    let mut row: Vec<usize> = (0..=b.len()).map(|j| if j <= width { j } else { FAR }).collect();
    for (i, left) in a.iter().enumerate() {
        let (first, last) = ((i + 1).saturating_sub(width), (i + 1 + width).min(b.len()));
        // The entry before the band belongs to the row above and must not be reached from here.
        let mut diagonal = row[first.saturating_sub(1)];
        if first == 0 {
            row[0] = i + 1;
        } else {
            row[first - 1] = FAR;
        }
        for j in first.max(1)..=last {
            let above = if j > i + width { FAR } else { row[j] };
            let pair = diagonal + usize::from(*left != b[j - 1]);
            diagonal = row[j];
            row[j] = pair.min(above + 1).min(row[j - 1] + 1);
        }
    }
    row[b.len()]
}

/// The figures of stability of one text under one noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stability {
    /// Agreement of the boundaries.
    pub boundaries: BoundaryAgreement,
    /// Tokens of the clean text.
    pub clean_tokens: usize,
    /// Tokens of the noisy text.
    pub noisy_tokens: usize,
    /// Clean tokens that stand unchanged in the noisy text.
    pub identical: usize,
    /// Edit distance of the two sequences of tokens.
    pub token_edits: usize,
    /// Characters that the noise changed.
    pub character_edits: usize,
}

impl Stability {
    /// Compares the tokens of a clean and a noisy text: each text with its spans.
    ///
    /// # Panics
    ///
    /// If a span does not lie within its text.
    pub fn of(
        clean: (&[u8], &[Span]),
        noisy: (&[u8], &[Span]),
        alignment: &Alignment,
    ) -> Stability {
        let tokens = |(text, spans): (&'_ [u8], &[Span])| -> Vec<Vec<u8>> {
            spans.iter().map(|span| span.of(text).to_vec()).collect()
        };
        Stability {
            boundaries: boundary_agreement(clean.1, noisy.1, alignment),
            clean_tokens: clean.1.len(),
            noisy_tokens: noisy.1.len(),
            identical: identical_tokens(clean, noisy, alignment),
            token_edits: edit_distance(&tokens(clean), &tokens(noisy)),
            character_edits: alignment.edits(),
        }
    }

    /// Token edits for each character edit; 0 if no character changed. Below 1 the tokens absorb
    /// noise, above 1 they spread it.
    pub fn amplification(&self) -> f64 {
        if self.character_edits == 0 {
            0.0
        } else {
            self.token_edits as f64 / self.character_edits as f64
        }
    }

    /// The share of clean tokens that stand unchanged in the noisy text; 1 if there are none.
    pub fn identical_share(&self) -> f64 {
        share(self.identical, self.clean_tokens)
    }
}
