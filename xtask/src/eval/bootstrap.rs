//! Intervals of ratios by resampling documents.

use rayon::prelude::*;

use super::figures::Interval;

/// Seed of every random choice of an evaluation.
pub(super) const SEED: u64 = 0x706f_6c79_746f_6b31;

/// Number of resamples behind an interval.
const RESAMPLES: u64 = 1000;

/// Resamples cut off at either end: 2.5 % of them.
const CUT: usize = 25;

/// A generator of pseudo-random numbers with 64 bits of state.
///
/// `SplitMix64`: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// figure 17, with the mixing constants of variant 13 by Stafford, "Better bit mixing", 2011.
#[derive(Clone, Debug)]
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator; equal seeds give equal numbers.
    pub(super) fn new(seed: u64) -> SplitMix64 {
        SplitMix64(seed)
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, or 0 if that is 0; the bias is below `bound` over 2^64.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

/// The sum of the first parts over the sum of the second, with its percentile bootstrap interval
/// (Efron, "Bootstrap methods: another look at the jackknife", 1979).
///
/// A resample draws as many documents as there are, with replacement, and is again a ratio of sums.
/// Every resample has a seed of its own, so the result is the same on any number of threads. A
/// resample whose second parts sum to 0 has no ratio and is left out. None if all do.
///
/// Time is a thousand times the number of documents.
pub(super) fn ratio_of_sums(documents: &[(u64, u64)]) -> Option<Interval> {
    let estimate = ratio(documents.iter().copied())?;
    let mut ratios: Vec<f64> = (0..RESAMPLES)
        .into_par_iter()
        .filter_map(|resample| {
            let mut random = SplitMix64::new(SplitMix64::new(SEED ^ resample).next());
            ratio((0..documents.len()).map(|_| documents[random.below(documents.len())]))
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    // Few documents, most of them empty, may leave fewer resamples than are to be cut.
    let cut = CUT.min(ratios.len().saturating_sub(1) / 2);
    let low = ratios.get(cut).copied().unwrap_or(estimate);
    let high = ratios.iter().rev().nth(cut).copied().unwrap_or(estimate);
    Some(Interval { estimate, low, high })
}

fn ratio(documents: impl Iterator<Item = (u64, u64)>) -> Option<f64> {
    let (above, below) = documents.fold((0u64, 0u64), |(a, b), (c, d)| (a + c, b + d));
    (below > 0).then(|| above as f64 / below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers from seed 1234567, as the published C program by Vigna prints them.
    #[test]
    fn the_generator_is_splitmix64() {
        let mut random = SplitMix64::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_below_a_bound_reach_all_of_it() {
        let mut random = SplitMix64::new(7);
        let mut seen = [0; 5];
        (0..1000).for_each(|_| seen[random.below(5)] += 1);
        assert!(seen.iter().all(|&times| times > 150), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn one_document_has_no_width() {
        let interval = ratio_of_sums(&[(10, 4)]).unwrap();
        assert_eq!(interval, Interval { estimate: 2.5, low: 2.5, high: 2.5 });
    }

    #[test]
    fn nothing_has_no_ratio() {
        assert_eq!(ratio_of_sums(&[]), None);
        assert_eq!(ratio_of_sums(&[(3, 0), (0, 0)]), None);
    }

    #[test]
    fn empty_documents_are_drawn_like_others() {
        let interval = ratio_of_sums(&[(0, 0), (12, 4), (0, 0)]).unwrap();
        assert_eq!(interval, Interval { estimate: 3.0, low: 3.0, high: 3.0 });
    }

    /// For one byte count in common, the spread of the mean is known: the standard deviation of the
    /// documents over the root of their number, and 1.96 times that on either side.
    #[test]
    fn the_interval_has_the_width_that_theory_gives() {
        let mut random = SplitMix64::new(3);
        let documents: Vec<(u64, u64)> =
            (0..400).map(|_| (1000 + random.below(1001) as u64, 1000)).collect();
        let interval = ratio_of_sums(&documents).unwrap();
        let half_width = 1.96 * (1.0 / 12f64.sqrt()) / 400f64.sqrt();
        assert!(interval.low < interval.estimate && interval.estimate < interval.high);
        let width = interval.high - interval.low;
        assert!((width / (2.0 * half_width) - 1.0).abs() < 0.12, "{width} {half_width}");
    }

    #[test]
    fn documents_weigh_as_much_as_they_are_long() {
        let interval = ratio_of_sums(&[(900, 100), (10, 10)]).unwrap();
        assert_eq!(interval.estimate, 910.0 / 110.0);
        assert_eq!((interval.low, interval.high), (1.0, 9.0));
    }

    #[test]
    fn threads_do_not_matter() {
        let documents: Vec<(u64, u64)> = (1..50).map(|n| (n * 7 % 31 + 20, n)).collect();
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| ratio_of_sums(&documents))
        };
        assert_eq!(on(1), on(7));
    }
}
