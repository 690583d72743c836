//! A first look at a word: whether any unit starts like it.

/// The first two bytes of the names that units start with.
///
/// Most words of a text are turned away here, by one bit of 8 KiB, before a recognizer sees them.
#[derive(Debug)]
pub(crate) struct Gate([u64; 1024]);

impl Gate {
    /// Lets everything in.
    #[cfg(test)]
    pub(crate) const OPEN: Gate = Gate([u64::MAX; 1024]);

    /// Lets in what starts like one of `names`, or, in any letter case, like one of `words`.
    ///
    /// A name whose second byte is a stop is let in without it, too.
    pub(crate) const fn new(names: &[&[&str]], words: &[&[&str]]) -> Gate {
        let mut gate = Gate([0; 1024]);
        let mut list = 0;
        while list < names.len() {
            let mut entry = 0;
            while entry < names[list].len() {
                let name = names[list][entry].as_bytes();
                if name.len() > 1 {
                    gate.admit(name[0], name[1]);
                }
                if name.len() > 2 && name[1] == b'.' {
                    gate.admit(name[0], name[2]);
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
                gate.admit(word[0], word[1]);
                gate.admit(word[0].to_ascii_uppercase(), word[1]);
                gate.admit(word[0].to_ascii_uppercase(), word[1].to_ascii_uppercase());
                gate.admit(word[0], word[1].to_ascii_uppercase());
                entry += 1;
            }
            list += 1;
        }
        gate
    }

    const fn admit(&mut self, first: u8, second: u8) {
        let bit = (first as usize) << 8 | second as usize;
        self.0[bit >> 6] |= 1 << (bit & 63);
    }

    /// Whether a name starts with these bytes.
    pub(crate) fn admits(&self, first: u8, second: u8) -> bool {
        let bit = usize::from(first) << 8 | usize::from(second);
        self.0[bit >> 6] >> (bit & 63) & 1 == 1
    }
}
