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

/// What a scheme learned of the sequences for training.
pub(super) struct Known<'a> {
    scheme: &'a Scheme<'a>,
    model: Option<ContextModel>,
    /// Of the features, by their bytes, in the order in which they first occur.
    numbers: HashMap<Vec<u8>, u32>,
}

impl<'a> Known<'a> {
    pub(super) fn new(scheme: &'a Scheme<'a>, examples: &[Example]) -> Known<'a> {
        let model = matches!(scheme.cut, Cut::Merging).then(|| ContextModel::new(ORDER).ok());
        let mut model = model.flatten();
        if let Some(model) = &mut model {
            examples.iter().for_each(|example| model.add(&example.sequence));
        }
        let mut numbers: HashMap<Vec<u8>, u32> = HashMap::new();
        for example in examples {
            scheme.pieces(&example.sequence, model.as_ref(), &mut |piece| {
                if !numbers.contains_key(piece) {
                    numbers.insert(piece.to_owned(), numbers.len() as u32);
                }
            });
        }
        Known { scheme, model, numbers }
    }

    /// The bags of examples; what is not known is left out.
    pub(super) fn bags(&self, examples: &[Example]) -> Vec<Bag> {
        let bag = |example: &Example| {
            let mut counts: HashMap<u32, f32> = HashMap::new();
            self.scheme.pieces(&example.sequence, self.model.as_ref(), &mut |piece| {
                if let Some(&number) = self.numbers.get(piece) {
                    *counts.entry(number).or_default() += 1.0;
                }
            });
            let mut bag: Bag = counts.into_iter().collect();
            bag.sort_unstable_by_key(|&(number, _)| number);
            bag
        };
        examples.iter().map(bag).collect()
    }

    /// Number of features.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
