//! Logistic regression over sparse counts.

/// Features with their values, by ascending number.
pub(super) type Bag = Vec<(u32, f32)>;

/// Steps of the descent: beyond, correlations move by less than a tenth of a point.
const STEPS: usize = 200;

/// Rounds in which the greatest curvature is looked for.
const ROUNDS: usize = 20;

/// A linear classifier of any number of classes, numbered from 0.
///
/// Of more than two, each is told from all others, and that of the highest score is taken.
#[derive(Debug)]
pub(super) struct Classifier {
    /// Of two classes, that of the second alone.
    models: Vec<Logistic>,
}

impl Classifier {
    /// Learns the classes of bags.
    pub(super) fn fit(bags: &[Bag], classes: &[usize], features: usize) -> Classifier {
        let count = classes.iter().max().map_or(0, |last| last + 1);
        let told = if count > 2 { 0..count } else { 1..2 };
        let model = |told: usize| {
            let positive: Vec<bool> = classes.iter().map(|&class| class == told).collect();
            Logistic::fit(bags, &positive, features)
        };
        Classifier { models: told.map(model).collect() }
    }

    /// The class of a bag, the first of equal ones.
    pub(super) fn class(&self, bag: &Bag) -> usize {
        let score = |model: &Logistic| model.score(&model.weights, bag);
        if let [model] = &self.models[..] {
            return usize::from(score(model) > 0.0);
        }
        let scores = self.models.iter().map(score);
        let best = scores.enumerate().reduce(|a, b| if b.1 > a.1 { b } else { a });
        best.map_or(0, |(class, _)| class)
    }
}

/// A linear classifier of two classes.
#[derive(Debug)]
struct Logistic {
    /// By feature, the constant behind them.
    weights: Vec<f64>,
    /// What the values of a feature are divided by.
    scales: Vec<f64>,
}

impl Logistic {
    /// Minimizes half the squared weights plus the logistic losses (C = 1), values scaled by the largest
    /// of each feature, by accelerated gradient descent (Nesterov 2004, "Introductory lectures on convex
    /// optimization", section 2.2): deterministic, whatever the order of features.
    fn fit(bags: &[Bag], positive: &[bool], features: usize) -> Logistic {
        let mut scales = vec![1.0f64; features];
        for &(feature, value) in bags.iter().flatten() {
            let scale = &mut scales[feature as usize];
            *scale = scale.max(f64::from(value));
        }
        let mut model = Logistic { weights: vec![0.0; features + 1], scales };
        // The loss is strongly convex by the penalty, 1, and curved by a quarter of the largest
        // eigenvalue of the products at most.
        let curvature = 1.0 + 0.25 * model.largest_eigenvalue(bags);
        let ratio = (1.0 / curvature).sqrt();
        let momentum = (1.0 - ratio) / (1.0 + ratio);
        let mut ahead = model.weights.clone();
        for _ in 0..STEPS {
            let mut gradient = ahead.clone();
            for (bag, &positive) in bags.iter().zip(positive) {
                let score = model.score(&ahead, bag);
                let error = 1.0 / (1.0 + (-score).exp()) - f64::from(u8::from(positive));
                model.add(&mut gradient, bag, error);
            }
            for (at, slope) in gradient.into_iter().enumerate() {
                let next = ahead[at] - slope / curvature;
                ahead[at] = next + momentum * (next - model.weights[at]);
                model.weights[at] = next;
            }
        }
        model
    }

    fn score(&self, weights: &[f64], bag: &Bag) -> f64 {
        let of = |&(feature, value): &(u32, f32)| {
            weights[feature as usize] * f64::from(value) / self.scales[feature as usize]
        };
        weights[self.scales.len()] + bag.iter().map(of).sum::<f64>()
    }

    /// Adds a multiple of a bag.
    fn add(&self, to: &mut [f64], bag: &Bag, times: f64) {
        for &(feature, value) in bag {
            to[feature as usize] += times * f64::from(value) / self.scales[feature as usize];
        }
        to[self.scales.len()] += times;
    }

    /// Of the sum of the products of all bags with themselves, from below, with a margin.
    fn largest_eigenvalue(&self, bags: &[Bag]) -> f64 {
        let mut direction = vec![1.0; self.weights.len()];
        let mut value = 0.0;
        for _ in 0..ROUNDS {
            let mut next = vec![0.0; direction.len()];
            for bag in bags {
                self.add(&mut next, bag, self.score(&direction, bag));
            }
            let norm = |of: &[f64]| of.iter().map(|x| x * x).sum::<f64>().sqrt();
            value = norm(&next) / norm(&direction);
            let length = norm(&next).max(f64::MIN_POSITIVE);
            direction = next.into_iter().map(|x| x / length).collect();
        }
        1.1 * value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Classes that lines tell apart, with a feature that says nothing.
    #[test]
    fn classes_are_told_apart() {
        for count in [2, 3, 5] {
            let bags: Vec<Bag> = (0..60u16)
                .map(|n| vec![(u32::from(n % count), 1.0 + f32::from(n % 7)), (5, 1.0)])
                .collect();
            let classes: Vec<usize> = (0..60).map(|n| usize::from(n % count)).collect();
            let model = Classifier::fit(&bags, &classes, 6);
            for (bag, class) in bags.iter().zip(classes) {
                assert_eq!(model.class(bag), class);
            }
        }
    }

    /// The gradient is nothing at the minimum: weights are what the errors add up to.
    #[test]
    fn the_fit_is_a_minimum() {
        let bags: Vec<Bag> = (0..30u16)
            .map(|n| vec![(0, f32::from(n % 5) + 1.0), (1, f32::from(n % 7) + 1.0)])
            .collect();
        let labels: Vec<bool> = (0..30).map(|n| n * n % 11 < 5).collect();
        let model = Logistic::fit(&bags, &labels, 2);
        let mut gradient = model.weights.clone();
        for (bag, &label) in bags.iter().zip(&labels) {
            let share = 1.0 / (1.0 + (-model.score(&model.weights, bag)).exp());
            model.add(&mut gradient, bag, share - f64::from(u8::from(label)));
        }
        assert!(gradient.iter().all(|slope| slope.abs() < 1e-4), "{gradient:?}");
    }
}
