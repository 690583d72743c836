//! The beginnings of tokens, as a trie of letters.

/// Beginnings that are longer by a letter, at most: 128 MiB while states are found.
const LONGER: usize = 1 << 25;

/// The beginnings, by number; the empty one is the first.
pub(crate) struct Beginnings {
    letters: usize,
    /// By beginning and class, the beginning that is longer by a letter; 0 if there is none.
    longer: Vec<u32>,
}

impl Beginnings {
    /// The empty one alone, of tokens of so many letters that have so many bytes together. None if there may come
    /// to be too many.
    pub(crate) fn new(letters: usize, bytes: usize) -> Option<Beginnings> {
        let few = letters.saturating_mul(bytes) <= LONGER;
        few.then(|| Beginnings { letters, longer: vec![0; letters] })
    }

    fn place(&self, beginning: u32, class: usize) -> usize {
        beginning as usize * self.letters + class
    }

    /// The beginning that is longer by a letter.
    pub(crate) fn longer(&self, beginning: u32, class: usize) -> Option<u32> {
        Some(self.longer[self.place(beginning, class)]).filter(|&longer| longer != 0)
    }

    /// The same, which may be new; a new one has the number of those there were.
    pub(crate) fn or_new(&mut self, beginning: u32, class: usize) -> u32 {
        let (place, new) = (self.place(beginning, class), self.longer.len() / self.letters);
        if self.longer[place] == 0 {
            self.longer[place] = new as u32;
            self.longer.resize(self.longer.len() + self.letters, 0);
        }
        self.longer[place]
    }
}
