//! Sequences as bags of what a scheme cuts them into.

use std::collections::HashMap;

use polytok_genome::{ContextModel, Kmers, Merging};

use crate::{
    failure::{Failure, Outcome},
    load::Loaded,
};

use super::{logistic::Bag, sets::Example};

/// Bases before a base that merging looks at, and units a base that it leaves.
const ORDER: u32 = 8;
const BUDGET: f64 = 0.25;

/// A way to cut sequences.
pub(super) struct Scheme<'a> {
    name: String,
    cut: Cut<'a>,
}

enum Cut<'a> {
    Vocabulary(&'a Loaded),
    Kmers(Kmers),
    /// Units of a context model of the sequences for training; pieces are told apart by their bases.
    Merging,
}

/// Numbers of features, by their bytes.
pub(super) type Numbers = HashMap<Vec<u8>, u32>;

/// The vocabularies, words of three to six bases at every base and side by side, and merging.
pub(super) fn schemes(vocabularies: &[(String, Loaded)]) -> Outcome<Vec<Scheme<'_>>> {
    let mut schemes: Vec<Scheme<'_>> = vocabularies
        .iter()
        .map(|(name, loaded)| Scheme { name: name.clone(), cut: Cut::Vocabulary(loaded) })
        .collect();
    for (name, overlapping) in [("every", true), ("side by side", false)] {
        for k in 3..=6 {
            let kmers = Kmers::new(k, if overlapping { 1 } else { k });
            let kmers = kmers.map_err(Failure::about("words"))?;
            schemes.push(Scheme { name: format!("{k} {name}"), cut: Cut::Kmers(kmers) });
        }
    }
    schemes.push(Scheme { name: "merging".to_owned(), cut: Cut::Merging });
    Ok(schemes)
}

impl Scheme<'_> {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The bags of the examples and the numbers of the features; with numbers given, those of others,
    /// in which what is not known is left out.
    pub(super) fn bags(&self, examples: &[Example], numbers: Option<Known>) -> (Vec<Bag>, Known) {
        let fixed = numbers.is_some();
        let mut known = numbers.unwrap_or_else(|| Known::new(self, examples));
        let bags = examples
            .iter()
            .map(|example| {
                let mut counts: HashMap<u32, f32> = HashMap::new();
                self.pieces(&example.sequence, known.model.as_ref(), &mut |piece| {
                    let next = known.numbers.len() as u32;
                    let number = match known.numbers.get(piece) {
                        Some(&number) => number,
                        None if fixed => return,
                        None => *known.numbers.entry(piece.to_owned()).or_insert(next),
                    };
                    *counts.entry(number).or_default() += 1.0;
                });
                let mut bag: Bag = counts.into_iter().collect();
                bag.sort_unstable_by_key(|&(number, _)| number);
                bag
            })
            .collect();
        (bags, known)
    }

    fn pieces(&self, sequence: &[u8], model: Option<&ContextModel>, each: &mut dyn FnMut(&[u8])) {
        match (&self.cut, model) {
            (Cut::Vocabulary(loaded), _) => {
                for span in loaded.encoder().encode_spans(sequence).1 {
                    each(span.of(sequence));
                }
            }
            (Cut::Kmers(kmers), _) => {
                for id in kmers.encode(sequence) {
                    each(&id.to_le_bytes());
                }
            }
            (Cut::Merging, Some(model)) => {
                let Ok(merging) = Merging::new(model, BUDGET) else { return };
                merging.units(sequence).spans().for_each(|span| each(span.of(sequence)));
            }
            (Cut::Merging, None) => {}
        }
    }
}

/// What was learned of the sequences for training.
#[derive(Clone)]
pub(super) struct Known {
    numbers: Numbers,
    model: Option<ContextModel>,
}

impl Known {
    fn new(scheme: &Scheme<'_>, examples: &[Example]) -> Known {
        let model = matches!(scheme.cut, Cut::Merging).then(|| ContextModel::new(ORDER).ok());
        let mut model = model.flatten();
        if let Some(model) = &mut model {
            examples.iter().for_each(|example| model.add(&example.sequence));
        }
        Known { numbers: Numbers::new(), model }
    }

    /// Number of features.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
