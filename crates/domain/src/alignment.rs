//! Which places of two texts correspond.

/// An alignment of two texts, character by character.
///
/// It is a list of pairs of byte offsets, one into the clean and one into the noisy text, that rise
/// from (0, 0) to the ends of both texts. Between two successive pairs stand the bytes that became
/// each other: equal ones, a confusion, or, where one offset stays, an insertion or a deletion.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Alignment {
    cuts: Vec<(usize, usize)>,
    edits: usize,
}

impl Alignment {
    pub(crate) fn start() -> Alignment {
        Alignment { cuts: vec![(0, 0)], edits: 0 }
    }

    /// Lets the next `clean` bytes of one text correspond to the next `noisy` bytes of the other,
    /// at the cost of `edits` characters inserted, deleted or replaced.
    pub(crate) fn push(&mut self, clean: usize, noisy: usize, edits: usize) {
        let (clean_end, noisy_end) = self.ends();
        self.cuts.push((clean_end + clean, noisy_end + noisy));
        self.edits += edits;
    }

    /// Where both texts end so far.
    pub(crate) fn ends(&self) -> (usize, usize) {
        self.cuts.last().copied().unwrap_or_default()
    }

    /// Aligns two texts with the fewest insertions, deletions and replacements of characters
    /// (Wagner, Fischer: The string-to-string correction problem, J. ACM 1974). Of several such
    /// alignments it takes the one that, from the right, prefers pairing to deletion to insertion.
    ///
    /// Time and memory are the product of the numbers of characters: it is for sentences and pages.
    pub fn of(clean: &str, noisy: &str) -> Alignment {
        let (a, b): (Vec<char>, Vec<char>) = (clean.chars().collect(), noisy.chars().collect());
        let width = b.len() + 1;
        let mut cost: Vec<usize> = (0..width).collect();
        for (i, left) in a.iter().enumerate() {
            let row = i * width;
            cost.push(i + 1);
            for (j, right) in b.iter().enumerate() {
                let pair = cost[row + j] + usize::from(left != right);
                cost.push(pair.min(cost[row + j + 1] + 1).min(cost[row + width + j] + 1));
            }
        }
        let mut steps = Vec::new();
        let (mut i, mut j) = (a.len(), b.len());
        while (i, j) != (0, 0) {
            let at = i * width + j;
            let edit = i > 0 && j > 0 && a[i - 1] != b[j - 1];
            if i > 0 && j > 0 && cost[at] == cost[at - width - 1] + usize::from(edit) {
                (i, j) = (i - 1, j - 1);
                steps.push((a[i].len_utf8(), b[j].len_utf8(), usize::from(edit)));
            } else if i > 0 && cost[at] == cost[at - width] + 1 {
                i -= 1;
                steps.push((a[i].len_utf8(), 0, 1));
            } else {
                j -= 1;
                steps.push((0, b[j].len_utf8(), 1));
            }
        }
        let mut alignment = Alignment::start();
        for (clean, noisy, edits) in steps.into_iter().rev() {
            alignment.push(clean, noisy, edits);
        }
        alignment
    }

    /// The corresponding places: byte offsets into the clean and the noisy text.
    pub fn cuts(&self) -> &[(usize, usize)] {
        &self.cuts
    }

    /// Number of characters inserted, deleted or replaced: of [`Alignment::of`] the edit distance of
    /// the texts, of a noise what it did.
    pub fn edits(&self) -> usize {
        self.edits
    }
}
