//! How well predicted classes agree with the true ones.

use std::collections::BTreeMap;

/// Matthews correlation of predicted and true classes, of any number (Gorodkin 2004, "Comparing two
/// K-category assignments by a K-category correlation coefficient", equation 8).
///
/// 1 if all are equal, about 0 by chance, and 0 where either side is of one class.
pub(super) fn matthews(pairs: impl Iterator<Item = (usize, usize)>) -> f64 {
    let (mut all, mut right) = (0.0, 0.0);
    let (mut predicted, mut actual) = (BTreeMap::new(), BTreeMap::new());
    for (guess, truth) in pairs {
        all += 1.0;
        right += f64::from(u8::from(guess == truth));
        *predicted.entry(guess).or_insert(0.0) += 1.0;
        *actual.entry(truth).or_insert(0.0) += 1.0;
    }
    let product = |one: &BTreeMap<usize, f64>, other: &BTreeMap<usize, f64>| -> f64 {
        one.iter().map(|(class, count)| count * other.get(class).unwrap_or(&0.0)).sum()
    };
    let spread =
        (all * all - product(&predicted, &predicted)) * (all * all - product(&actual, &actual));
    if spread == 0.0 { 0.0 } else { (all * right - product(&predicted, &actual)) / spread.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(counts: &[(usize, usize, usize)]) -> impl Iterator<Item = (usize, usize)> {
        counts.iter().flat_map(|&(guess, truth, n)| std::iter::repeat_n((guess, truth), n))
    }

    /// Of two classes it is the correlation that is usually written with four counts.
    #[test]
    fn two_classes_give_the_usual_figure() {
        let (tp, tn, fp, fnn) = (40.0f64, 30.0, 7.0, 11.0);
        let product = (tp + fp) * (tp + fnn) * (tn + fp) * (tn + fnn);
        let expected = (tp * tn - fp * fnn) / product.sqrt();
        let found = matthews(repeated(&[(1, 1, 40), (0, 0, 30), (1, 0, 7), (0, 1, 11)]));
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    #[test]
    fn the_ends_of_the_scale() {
        let three = [(0, 0, 5), (1, 1, 3), (2, 2, 9)];
        assert!((matthews(repeated(&three)) - 1.0).abs() < 1e-12);
        assert_eq!(matthews(repeated(&[(1, 0, 5), (1, 1, 3), (1, 2, 9)])), 0.0);
        // Every class predicted alike whatever is true.
        let chance = [(0, 0, 4), (0, 1, 4), (0, 2, 4), (1, 0, 2), (1, 1, 2), (1, 2, 2)];
        assert!(matthews(repeated(&chance)).abs() < 1e-12);
        assert_eq!(matthews(std::iter::empty()), 0.0);
    }
}
