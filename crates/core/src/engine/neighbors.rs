//! What a merge finds on one side of its new token.

/// Counts and places by neighboring token, in dense arrays: one hash operation a distinct neighbor
/// and merge is left to do, however many occurrences there are.
#[derive(Debug, Default)]
pub(crate) struct Neighbors {
    /// Occurrences that the old pair with a token loses, by token.
    lost: Vec<u64>,
    /// Occurrences that the new pair with a token has, by token.
    gained: Vec<u64>,
    /// Places of the new pair, by token.
    places: Vec<u32>,
    /// Tokens with an entry.
    touched: Vec<u32>,
    /// Neighbor and place of each occurrence of all merges of a batch, in order.
    pub(crate) events: Vec<(u32, u32)>,
}

/// One neighboring token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbor {
    pub(crate) token: u32,
    /// Occurrences that the old pair loses.
    pub(crate) lost: u64,
    /// Occurrences and places of the new pair.
    pub(crate) gained: u64,
    pub(crate) places: u32,
}

impl Neighbors {
    /// Makes room for ids below `tokens`, and for `occurrences` more.
    pub(crate) fn begin(&mut self, tokens: usize, occurrences: usize) {
        self.lost.resize(tokens, 0);
        self.gained.resize(tokens, 0);
        self.places.resize(tokens, 0);
        self.events.reserve(occurrences);
    }

    /// Notes an occurrence of the new token beside `token`; the new pair stands at `at`.
    pub(crate) fn add(&mut self, token: u32, at: u32, weight: u64) {
        let i = token as usize;
        if self.lost[i] == 0 {
            self.touched.push(token);
        }
        self.lost[i] += weight;
        self.gained[i] += weight;
        self.places[i] += 1;
        self.events.push((token, at));
    }

    /// Takes the last occurrence back: its neighbor was merged itself. What the old pair lost stays
    /// lost.
    pub(crate) fn undo_last(&mut self, weight: u64) {
        if let Some((token, _)) = self.events.pop() {
            self.gained[token as usize] -= weight;
            self.places[token as usize] -= 1;
        }
    }

    /// Moves the entries to `into` and forgets them; the events stay.
    pub(crate) fn drain(&mut self, into: &mut Vec<Neighbor>) {
        for token in self.touched.drain(..) {
            let i = token as usize;
            into.push(Neighbor {
                token,
                lost: self.lost[i],
                gained: self.gained[i],
                places: self.places[i],
            });
            (self.lost[i], self.gained[i], self.places[i]) = (0, 0, 0);
        }
    }
}
