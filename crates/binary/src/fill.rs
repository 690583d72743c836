//! Fill: runs of one repeated byte.

use polytok_core::Span;

/// Finds runs of at least `min` equal bytes, from left to right, each as long as it goes.
///
/// Looks at about one byte in `min` where there are no runs: every run of `min` bytes covers the
/// last byte of the window in which it starts, so a window is compared from its end and given up at
/// the first change. No byte is compared more than twice, but for those of a run found.
pub(crate) struct Runs<'a> {
    bytes: &'a [u8],
    min: usize,
    /// No run starts before this offset and is not yet given.
    at: usize,
}

impl<'a> Runs<'a> {
    /// `min` must be at least 2.
    pub(crate) fn new(bytes: &'a [u8], min: usize) -> Runs<'a> {
        Runs { bytes, min, at: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        while let Some(window) = self.bytes.get(self.at..).and_then(|rest| rest.get(..self.min)) {
            let last = window[self.min - 1];
            let equal = window.iter().rev().take_while(|&&byte| byte == last).count();
            let start = self.at + self.min - equal;
            if equal < self.min {
                self.at = start;
                continue;
            }
            let rest = &self.bytes[start + equal..];
            let more = rest.iter().position(|&byte| byte != last).unwrap_or(rest.len());
            self.at = start + equal + more;
            return Some(Span::new(start, self.at));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn oracle(bytes: &[u8], min: usize) -> Vec<Span> {
        let mut runs = Vec::new();
        let mut start = 0;
        for end in 1..=bytes.len() {
            if end == bytes.len() || bytes[end] != bytes[start] {
                if end - start >= min {
                    runs.push(Span::new(start, end));
                }
                start = end;
            }
        }
        runs
    }

    proptest! {
        /// Pieces of repeated letters, so that runs of every length meet.
        #[test]
        fn runs_are_found_as_one_would_count_them(
            pieces in prop::collection::vec((0u8..3, 0usize..12), 0..20),
            min in 2usize..10,
        ) {
            let bytes: Vec<u8> =
                pieces.iter().flat_map(|&(byte, len)| std::iter::repeat_n(byte, len)).collect();
            prop_assert_eq!(Runs::new(&bytes, min).collect::<Vec<_>>(), oracle(&bytes, min));
        }
    }
}
