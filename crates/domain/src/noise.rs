//! A model of the errors of optical character recognition.

use std::{error::Error, fmt};

use crate::{alignment::Alignment, random::SplitMix64};

/// Shapes that are taken for each other, in either direction.
const CONFUSIONS: &[(&str, &str)] = &[
    ("c", "e"),
    ("S", "5"),
    ("o", "0"),
    ("O", "0"),
    ("l", "1"),
    ("I", "l"),
    ("I", "1"),
    ("i", "l"),
    ("§", "S"),
    ("§", "5"),
    ("m", "rn"),
    ("d", "cl"),
    ("w", "vv"),
    ("h", "li"),
    ("n", "ri"),
    ("B", "8"),
    ("Z", "2"),
    ("z", "2"),
    ("G", "6"),
    ("q", "g"),
    ("g", "9"),
    ("U", "V"),
    ("u", "v"),
    ("a", "o"),
    ("n", "u"),
    ("r", "n"),
    ("f", "t"),
    ("t", "l"),
    ("y", "v"),
    ("b", "h"),
    ("e", "o"),
    ("D", "O"),
    ("Q", "O"),
    ("E", "F"),
    ("P", "F"),
    ("R", "K"),
    (",", "."),
    (";", ":"),
    ("'", "`"),
    ("(", "C"),
    ("-", "\u{2013}"),
    ("fi", "\u{fb01}"),
    ("\u{201c}", "\""),
    ("ä", "a"),
    ("ü", "ii"),
    ("ß", "B"),
    ("é", "e"),
];

/// The rows of a keyboard.
const KEYS: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// A seeded source of errors as scanned and typed pages have them.
///
/// At every character of the clean text an error begins with the probability of the rate. Its kind
/// is drawn evenly among those that are possible there: a confusion of shapes (`c` and `e`, `5` and
/// `S`, `rn` and `m`, ...), a space inserted before it, the character lost if it is a space, two
/// characters swapped, a neighboring key in place of a letter or digit. The text is a function of
/// the clean text, the rate and the seed, on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    threshold: u64,
    seed: u64,
}

/// A text with errors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Noisy {
    /// The text.
    pub text: String,
    /// Where its characters come from.
    pub alignment: Alignment,
}

#[derive(Clone, Copy)]
enum Fault {
    Confusion(&'static str, &'static str),
    SpaceInserted,
    SpaceLost,
    Swap,
    Key(char),
}

impl Noise {
    /// Errors at `rate` of all characters: 0.01 to 0.1 is what scans of print have.
    ///
    /// # Errors
    ///
    /// [`RateError`] if the rate is not a number from 0 to 1.
    pub fn new(rate: f64, seed: u64) -> Result<Noise, RateError> {
        if !(0.0..=1.0).contains(&rate) {
            return Err(RateError { rate });
        }
        let threshold = (rate * (1u64 << 53) as f64) as u64;
        Ok(Noise { threshold, seed })
    }

    /// Puts errors into `clean`. Linear time.
    pub fn apply(&self, clean: &str) -> Noisy {
        let mut random = SplitMix64(self.seed);
        let mut noisy = Noisy { text: String::new(), alignment: Alignment::start() };
        let mut rest = clean;
        let mut faults = Vec::new();
        while let Some(first) = rest.chars().next() {
            let mut step = first.len_utf8();
            let before = noisy.text.len();
            let mut edits = 0;
            noisy.text.push(first);
            if random.chance(self.threshold) {
                possible(rest, first, &mut faults);
                if let Some(&fault) = faults.get(random.below(faults.len())) {
                    noisy.text.truncate(before);
                    (step, edits) = noisy.put(fault, rest, first);
                }
            }
            let written = noisy.text.len() - noisy.alignment.ends().1;
            noisy.alignment.push(step, written, edits);
            rest = &rest[step..];
        }
        noisy
    }
}

impl Noisy {
    /// Writes what a fault makes of the start of `rest`; gives the number of bytes it reads and of
    /// characters it changes.
    fn put(&mut self, fault: Fault, rest: &str, first: char) -> (usize, usize) {
        let len = first.len_utf8();
        match fault {
            Fault::Confusion(from, to) => {
                self.text.push_str(to);
                (from.len(), from.chars().count().max(to.chars().count()))
            }
            Fault::SpaceInserted => {
                self.text.push(' ');
                self.alignment.push(0, 1, 1);
                self.text.push(first);
                (len, 0)
            }
            Fault::SpaceLost => (len, 1),
            Fault::Swap => {
                let second = rest[len..].chars().next().unwrap_or_default();
                self.text.extend([second, first]);
                (len + second.len_utf8(), 2)
            }
            Fault::Key(key) => {
                self.text.push(key);
                (len, 1)
            }
        }
    }
}

/// The faults that may befall the start of `rest`.
fn possible(rest: &str, first: char, faults: &mut Vec<Fault>) {
    faults.clear();
    for &(one, other) in CONFUSIONS {
        for (from, to) in [(one, other), (other, one)] {
            if rest.starts_with(from) {
                faults.push(Fault::Confusion(from, to));
            }
        }
    }
    faults.push(if first == ' ' { Fault::SpaceLost } else { Fault::SpaceInserted });
    let second = rest[first.len_utf8()..].chars().next();
    if second.is_some_and(|second| second != first && !second.is_control() && !first.is_control()) {
        faults.push(Fault::Swap);
    }
    for row in KEYS {
        let lower = first.to_ascii_lowercase();
        let Some(at) = row.iter().position(|&key| char::from(key) == lower) else { continue };
        for near in [at.checked_sub(1), Some(at + 1)].into_iter().flatten() {
            let Some(&key) = row.get(near) else { continue };
            let key = if first.is_ascii_uppercase() { key.to_ascii_uppercase() } else { key };
            faults.push(Fault::Key(char::from(key)));
        }
    }
}

/// A rate of errors is not a number from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct RateError {
    /// The rate.
    pub rate: f64,
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no rate of errors: it must lie between 0 and 1", self.rate)
    }
}

impl Error for RateError {}
