//! Runs of digits, cut into groups.

use polytok_core::Span;

/// Digits in a group: a thousand.
const GROUP: usize = 3;

/// Cuts a run of digits into groups of three from the right: `1234567` into `1|234|567`.
///
/// The first group has the remainder, or three digits where nothing remains; every other one has
/// three. So the last digit of every group but the first stands for a power of a thousand whatever
/// the length of the number, which is what makes sums easier to read off tokens (Singh and Strouse
/// 2024, "Tokenization counts").
///
/// A digit is one byte; what the bytes are is not looked at. `emit` gets the groups from left to
/// right; an empty run has none. Linear in the number of groups.
///
/// # Example
///
/// ```
/// use polytok_core::Span;
/// use polytok_numeric::group_digits;
///
/// let price = b"$12345";
/// let mut groups = Vec::new();
/// group_digits(Span::new(1, 6), &mut |group| groups.push(group.of(price)));
/// assert_eq!(groups, [&b"12"[..], b"345"]);
/// ```
pub fn group_digits(run: Span, emit: &mut dyn FnMut(Span)) {
    if run.is_empty() {
        return;
    }
    let first = match run.len() % GROUP {
        0 => GROUP,
        remainder => remainder,
    };
    emit(Span::new(run.start, run.start + first));
    group_digits_from_left(Span::new(run.start + first, run.end), emit);
}

/// Cuts a run of digits into groups of three from the left: `1234567` into `123|456|7`.
///
/// The last group may be short. This is what `\p{N}{1,3}` in the patterns of cl100k and o200k does
/// to a run of ASCII digits. Costs and contract are those of [`group_digits`].
pub fn group_digits_from_left(run: Span, emit: &mut dyn FnMut(Span)) {
    let mut start = run.start;
    while start < run.end {
        let end = run.end.min(start.saturating_add(GROUP));
        emit(Span::new(start, end));
        start = end;
    }
}

/// Cuts a run of digits into single ones: `123` into `1|2|3`.
///
/// Costs and contract are those of [`group_digits`].
pub fn single_digits(run: Span, emit: &mut dyn FnMut(Span)) {
    for at in run.start..run.end {
        emit(Span::new(at, at + 1));
    }
}

/// Cuts the digits after a decimal mark into groups of three, counted from the mark: `14159` into
/// `141|59`.
///
/// The mark is to the left of a fraction, so here counting from the left is what gives every group
/// its place: the first holds thousandths, the second millionths. Costs and contract are those of
/// [`group_digits`].
pub fn group_fraction(run: Span, emit: &mut dyn FnMut(Span)) {
    group_digits_from_left(run, emit);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Cut = fn(Span, &mut dyn FnMut(Span));

    fn cut(cut: Cut, run: Span) -> Vec<Span> {
        let mut groups = Vec::new();
        cut(run, &mut |group| groups.push(group));
        groups
    }

    fn show(rule: Cut, digits: &str) -> String {
        let groups: Vec<&str> = cut(rule, Span::new(0, digits.len()))
            .into_iter()
            .map(|group| &digits[group.start..group.end])
            .collect();
        groups.join("|")
    }

    #[test]
    fn every_length_up_to_twelve() {
        let right = [
            "",
            "1",
            "12",
            "123",
            "1|234",
            "12|345",
            "123|456",
            "1|234|567",
            "12|345|678",
            "123|456|789",
            "1|234|567|890",
            "12|345|678|901",
            "123|456|789|012",
        ];
        let left = [
            "",
            "1",
            "12",
            "123",
            "123|4",
            "123|45",
            "123|456",
            "123|456|7",
            "123|456|78",
            "123|456|789",
            "123|456|789|0",
            "123|456|789|01",
            "123|456|789|012",
        ];
        for len in 0..=12 {
            let digits = &"123456789012"[..len];
            assert_eq!(show(group_digits, digits), right[len]);
            assert_eq!(show(group_digits_from_left, digits), left[len]);
            assert_eq!(show(group_fraction, digits), left[len]);
            let single: Vec<String> = digits.chars().map(String::from).collect();
            assert_eq!(show(single_digits, digits), single.join("|"));
        }
    }

    /// Where a cut from the right is, said of each place alone: the digits behind it are a whole
    /// number of groups.
    fn oracle(run: Span) -> Vec<Span> {
        let cuts: Vec<usize> = (run.start..=run.end)
            .filter(|&at| at == run.start || (run.end - at).is_multiple_of(3))
            .collect();
        cuts.windows(2).map(|cut| Span::new(cut[0], cut[1])).collect()
    }

    proptest! {
        #[test]
        fn groups_from_the_right_agree_with_the_oracle(start in 0usize..9, len in 0usize..200) {
            let run = Span::new(start, start + len);
            prop_assert_eq!(cut(group_digits, run), oracle(run));
        }

        #[test]
        fn groups_partition_the_run(start in 0usize..9, len in 0usize..200) {
            let run = Span::new(start, start + len);
            for rule in [group_digits, group_digits_from_left, single_digits, group_fraction] {
                let mut end = run.start;
                for group in cut(rule, run) {
                    prop_assert_eq!(group.start, end);
                    prop_assert!((1..=3).contains(&group.len()));
                    end = group.end;
                }
                prop_assert_eq!(end, run.end);
            }
        }
    }

    /// Work is the number of groups: a third of the digits.
    #[test]
    fn a_megabyte_of_digits_is_a_third_of_a_million_groups() {
        let run = Span::new(0, 1 << 20);
        for rule in [group_digits, group_digits_from_left] {
            assert_eq!(cut(rule, run).len(), (1usize << 20).div_ceil(3));
        }
    }
}
