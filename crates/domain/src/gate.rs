//! A first look at a word: whether any unit starts like it.

use crate::cursor::Cursor;

/// The first three bytes of the names that units start with.
///
/// Most words of a text are turned away here, by one bit of 16 KiB, before a recognizer sees them. Bytes are
/// told apart by their lower six bits, the third by its lower five, so letters of either case are one there.
#[derive(Debug)]
pub(crate) struct Gate([u32; 1 << 12]);

/// Any third byte.
const ANY: u32 = u32::MAX;

impl Gate {
    /// Lets everything in.
    #[cfg(test)]
    pub(crate) const OPEN: Gate = Gate([ANY; 1 << 12]);

    /// Lets in what starts like one of `names`, or, in any letter case, like one of `words`.
    ///
    /// A name whose second byte is a stop is let in without it, too.
    pub(crate) const fn new(names: &[&[&str]], words: &[&[&str]]) -> Gate {
        let mut gate = Gate([0; 1 << 12]);
        let mut list = 0;
        while list < names.len() {
            let mut entry = 0;
            while entry < names[list].len() {
                let name = names[list][entry].as_bytes();
                if name.len() > 1 {
                    gate.admit(name[0], name[1], third(name));
                }
                if name.len() > 2 && name[1] == b'.' {
                    gate.admit(name[0], name[2], ANY);
                }
                entry += 1;
            }
            list += 1;
        }
        let mut list = 0;
        while list < words.len() {
            let mut entry = 0;
            while entry < words[list].len() {
                let word = words[list][entry].as_bytes();
                let (lower, upper) = (word[0], word[0].to_ascii_uppercase());
                gate.admit(lower, word[1], third(word));
                gate.admit(upper, word[1], third(word));
                gate.admit(upper, word[1].to_ascii_uppercase(), third(word));
                gate.admit(lower, word[1].to_ascii_uppercase(), third(word));
                entry += 1;
            }
            list += 1;
        }
        gate
    }

    const fn admit(&mut self, first: u8, second: u8, thirds: u32) {
        self.0[pair(first, second)] |= thirds;
    }

    /// Whether a name may start here. "No" is always true.
    pub(crate) fn admits(&self, at: Cursor<'_>) -> bool {
        let [first, second, third] = [0, 1, 2].map(|n| at.skip(n).peek());
        self.0[pair(first, second)] >> (third & 31) & 1 == 1
    }
}

const fn pair(first: u8, second: u8) -> usize {
    (first as usize & 63) << 6 | second as usize & 63
}

/// The third byte of a name that begins with letters; any, where a stop may be missing or a space may stand.
const fn third(name: &[u8]) -> u32 {
    if name.len() > 2 && name[1].is_ascii_alphabetic() && name[2].is_ascii_alphabetic() {
        1 << (name[2] & 31)
    } else {
        ANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_bytes_tell_names_from_other_words() {
        const NAMES: &[&str] = &["Fed. R.", "U.S.C.", "No"];
        const WORDS: &[&str] = &["section"];
        let gate = Gate::new(&[NAMES], &[WORDS]);
        let admits = |text: &str| gate.admits(Cursor::new(text.as_bytes(), 0));
        for name in
            ["Fed. R.", "U.S.C.", "U. S. C.", "USC", "No. 1", "No", "section", "Section", "SECTION"]
        {
            assert!(admits(name), "{name}");
        }
        for word in ["Feature", "fed", "Upon", "not", "several", "Seal", "the", "s", ""] {
            assert!(!admits(word), "{word}");
        }
    }
}
