//! How evenly the tokens of a vocabulary occur.

/// Order of the Rényi entropy: the one that correlated best with translation quality in Zouhar,
/// Meister, Gastaldi, Du, Sachan and Cotterell, "Tokenization and the noiseless channel", ACL 2023,
/// section 5.
pub(super) const ALPHA: f64 = 2.5;

/// Shannon entropy of a distribution given by counts, in bits; 0 if all counts are.
pub(super) fn shannon(counts: &[u64]) -> f64 {
    let total = total(counts);
    let positive = counts.iter().filter(|&&count| count > 0);
    // Added to 0 rather than negated, so that a single token has entropy 0 and not -0.
    0.0 + positive
        .map(|&count| {
            let share = count as f64 / total;
            share * -share.log2()
        })
        .sum::<f64>()
}

/// Rényi entropy of order `alpha` over the logarithm of the number of entries.
///
/// The order is not 1. The entropy is log(Σ p^α) / (1 - α), and the efficiency is that over log |V|:
/// 1 where all entries occur equally often. |V| counts all `entries`, used or not, so the efficiency of a small
/// sample is low; the program `tokenization-scorer` of the paper's authors counts the tokens that
/// occur instead, and gives higher figures. None if nothing occurs or there are fewer than two
/// entries.
pub(super) fn renyi_efficiency(counts: &[u64], entries: u64, alpha: f64) -> Option<f64> {
    let total = total(counts);
    if total == 0.0 || entries < 2 {
        return None;
    }
    let positive = counts.iter().filter(|&&count| count > 0);
    let power_sum: f64 = positive.map(|&count| (count as f64 / total).powf(alpha)).sum();
    let entropy = power_sum.ln() / (1.0 - alpha);
    // At least 0, which rounding of a sum close to 1 may miss.
    Some(entropy.max(0.0) / (entries as f64).ln())
}

fn total(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn shannon_entropy_of_known_distributions() {
        close(shannon(&[1, 1, 1, 1]), 2.0);
        close(shannon(&[2, 1, 1]), 1.5);
        close(shannon(&[8, 0, 4, 2, 2]), 1.75);
        assert!(shannon(&[5]).is_sign_positive() && shannon(&[5]) == 0.0);
        assert_eq!(shannon(&[0, 0]), 0.0);
    }

    #[test]
    fn renyi_efficiency_of_known_distributions() {
        close(renyi_efficiency(&[3; 256], 256, ALPHA).unwrap(), 1.0);
        // Half of the entries, evenly: log 128 / log 256.
        close(renyi_efficiency(&[3; 128], 256, ALPHA).unwrap(), 7.0 / 8.0);
        close(renyi_efficiency(&[9, 0], 2, ALPHA).unwrap(), 0.0);
        // p = 3/4, 1/4: (0.75^2.5 + 0.25^2.5)^(-2/3) = 1.5587…, of two entries.
        let sum: f64 = 0.75f64.powi(2) * 0.75f64.sqrt() + 0.03125;
        close(renyi_efficiency(&[3, 1], 2, ALPHA).unwrap(), -sum.log2() / 1.5);
        assert_eq!(renyi_efficiency(&[0, 0], 2, ALPHA), None);
        assert_eq!(renyi_efficiency(&[4], 1, ALPHA), None);
    }

    /// The two figures in the README of `tokenization-scorer` (zouharvi, 2023). They are those of
    /// order 3, though the text there names 2.5, over the tokens that occur.
    #[test]
    fn renyi_efficiency_agrees_with_the_published_program() {
        close(renyi_efficiency(&[3, 2, 1, 1], 4, 3.0).unwrap(), 0.803_152_850_135_965_7);
        close(renyi_efficiency(&[3, 3, 2, 2, 1], 5, 3.0).unwrap(), 0.910_568_192_382_447_2);
    }
}
