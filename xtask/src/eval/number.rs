//! Numbers as a reader wants them.

/// Digits in groups of three: 1,234,567.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Three digits behind the point, or a dash for nothing.
pub(super) fn decimal(number: impl Into<Option<f64>>) -> String {
    number.into().map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"))
}

/// A share in per cent, one digit behind the point.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        let grouped: Vec<String> = [0, 999, 1000, 123_456, 1_234_567].map(grouped).to_vec();
        assert_eq!(grouped, ["0", "999", "1,000", "123,456", "1,234,567"]);
    }

    #[test]
    fn nothing_is_a_dash() {
        assert_eq!(decimal(None), "–");
        assert_eq!(decimal(2.0 / 3.0), "0.667");
        assert_eq!(percent(0.1234), "12.3 %");
    }
}
