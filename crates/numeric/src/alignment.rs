//! Whether the tokens of numbers that are added line up.

use polytok_core::Span;

use crate::Grouping;

/// Two addends and their sum.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Addition {
    /// The first addend.
    pub a: u64,
    /// The second addend.
    pub b: u64,
    /// `a + b`.
    pub sum: u64,
}

/// Decimal digits of two addends and of their sum.
pub type Lengths = [u32; 3];

/// The lengths that Singh and Strouse (2024, "Tokenization counts: the impact of tokenization on
/// arithmetic in frontier LLMs") sample: every pair of 7 to 9 digits with a sum as long as the longer
/// addend, and four pairs whose sum is one digit longer.
pub const LENGTHS: [Lengths; 13] = [
    [7, 7, 7],
    [7, 8, 8],
    [7, 9, 9],
    [8, 7, 8],
    [8, 8, 8],
    [8, 9, 9],
    [9, 7, 9],
    [9, 8, 9],
    [9, 9, 9],
    [7, 7, 8],
    [7, 8, 9],
    [8, 7, 9],
    [8, 8, 9],
];

/// Draws `each` additions for each of [`LENGTHS`], in that order.
///
/// Addends are uniform among those whose lengths and sum fit. The result depends on the arguments
/// alone. The rarest lengths, 7 and 8 digits with a sum of 9, take sixteen draws for one addition on
/// average.
///
/// # Example
///
/// ```
/// use polytok_numeric::{Grouping, additions, alignment};
///
/// let problems = additions(100, 1);
/// assert_eq!(problems.len(), 1300);
/// assert_eq!(alignment(Grouping::Right, &problems).aligned, 1300);
/// ```
pub fn additions(each: usize, seed: u64) -> Vec<Addition> {
    let mut random = SplitMix64(seed);
    let mut additions = Vec::new();
    for [a, b, sum] in LENGTHS {
        let end = additions.len() + each;
        while additions.len() < end {
            let (a, b) = (random.with_digits(a), random.with_digits(b));
            if (a + b).ilog10() + 1 == sum {
                additions.push(Addition { a, b, sum: a + b });
            }
        }
    }
    additions
}

/// How many additions line up.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Alignment {
    /// Additions whose tokens line up.
    pub aligned: usize,
    /// All additions.
    pub total: usize,
}

impl Alignment {
    /// The share of those that line up, from 0 to 1; 1 if there is no addition.
    pub fn share(self) -> f64 {
        if self.total == 0 { 1.0 } else { self.aligned as f64 / self.total as f64 }
    }
}

/// Measures a grouping; see [`alignment_by`].
///
/// [`Grouping::Right`] and [`Grouping::Single`] line up always, [`Grouping::Left`] only where the
/// lengths of the three numbers are equal modulo 3 (or a number fits into one token): 3 of the 13
/// [`LENGTHS`], 23.1 %.
pub fn alignment(grouping: Grouping, additions: &[Addition]) -> Alignment {
    alignment_by(additions, |digits, emit| grouping.integer(Span::new(0, digits.len()), emit))
}

/// Measures how many additions line up when `split` cuts their numbers into tokens.
///
/// An addition lines up if its numbers, counted in tokens from the right, have their first tokens
/// end at the same power of ten, and so their second ones, as far as two numbers have one. Tokens of
/// the same count then cover the same powers, but for the upper ones that the leading token of a
/// shorter number lacks. `split` gets the decimal digits of one number and emits a partition of them
/// from left to right.
pub fn alignment_by(
    additions: &[Addition],
    mut split: impl FnMut(&[u8], &mut dyn FnMut(Span)),
) -> Alignment {
    let mut lowest = |number: u64| {
        let digits = number.to_string();
        let mut powers = Vec::new();
        split(digits.as_bytes(), &mut |token| powers.push(digits.len().saturating_sub(token.end)));
        powers.reverse();
        powers
    };
    let mut aligned = 0;
    for addition in additions {
        let [a, b, sum] = [addition.a, addition.b, addition.sum].map(&mut lowest);
        let agree = |x: &[usize], y: &[usize]| x.iter().zip(y).all(|(x, y)| x == y);
        aligned += usize::from(agree(&a, &b) && agree(&a, &sum) && agree(&b, &sum));
    }
    Alignment { aligned, total: additions.len() }
}

/// The generator `SplitMix64` (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA,
/// figure 16 with the constants of its reference code).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A uniform number of so many decimal digits.
    fn with_digits(&mut self, digits: u32) -> u64 {
        let low = 10u64.pow(digits - 1);
        let width = 9 * low;
        // What is left above the largest multiple of the width would favor small numbers.
        let limit = u64::MAX - u64::MAX % width;
        loop {
            let drawn = self.next();
            if drawn < limit {
                return low + drawn % width;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers that the seed 1234567 gives in other implementations of the generator.
    #[test]
    fn the_generator_is_split_mix_64() {
        let mut random = SplitMix64(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn lengths_are_as_asked() {
        let digits = |n: u64| n.ilog10() + 1;
        let drawn = additions(100, 7);
        for (i, addition) in drawn.iter().enumerate() {
            let Addition { a, b, sum } = *addition;
            assert_eq!(a + b, sum);
            assert_eq!([digits(a), digits(b), digits(sum)], LENGTHS[i / 100]);
        }
        assert_eq!(drawn, additions(100, 7));
        assert_ne!(drawn, additions(100, 8));
    }

    #[test]
    fn the_right_and_single_digits_always_line_up() {
        let drawn = additions(100, 0);
        for grouping in [Grouping::Right, Grouping::Single] {
            assert_eq!(alignment(grouping, &drawn), Alignment { aligned: 1300, total: 1300 });
        }
    }

    #[test]
    fn the_left_lines_up_where_lengths_are_equal_modulo_three() {
        for (lengths, drawn) in LENGTHS.iter().zip(additions(100, 0).chunks(100)) {
            let equal = lengths.iter().all(|len| len % 3 == lengths[0] % 3);
            let aligned = if equal { 100 } else { 0 };
            assert_eq!(alignment(Grouping::Left, drawn).aligned, aligned, "{lengths:?}");
        }
        let all = alignment(Grouping::Left, &additions(100, 0));
        assert_eq!((all.aligned, all.total), (300, 1300));
        assert_eq!(all.share(), 300.0 / 1300.0);
        // The sum is compared with the second addend too, though the first has one token alone.
        let short = Addition { a: 5, b: 9_999_999, sum: 10_000_004 };
        assert_eq!(alignment(Grouping::Left, &[short]).aligned, 0);
        assert_eq!(alignment(Grouping::Right, &[short]).aligned, 1);
        // Lengths that differ but are equal modulo three.
        let far = Addition { a: 1_234_567, b: 4_444_000_000, sum: 4_445_234_567 };
        assert_eq!(alignment(Grouping::Left, &[far]).aligned, 1);
    }

    #[test]
    fn addends_are_compared_though_the_sum_is_one_token() {
        let addition = Addition { a: 111, b: 222, sum: 333 };
        let figure = alignment_by(&[addition], |digits, emit| match digits[0] {
            b'1' => [Span::new(0, 1), Span::new(1, 3)].into_iter().for_each(emit),
            b'2' => [Span::new(0, 2), Span::new(2, 3)].into_iter().for_each(emit),
            _ => emit(Span::new(0, 3)),
        });
        assert_eq!((figure.aligned, figure.total), (0, 1));
    }
}
