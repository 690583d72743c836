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
    /// Slot of the list of the new pair, by token.
    slots: Vec<u32>,
    /// Tokens with an entry.
    touched: Vec<u32>,
    /// Neighbor and place of each occurrence, in order.
    events: Vec<(u32, u32)>,
}

/// No list.
const NONE: u32 = u32::MAX;

impl Neighbors {
    /// Makes room for ids below `tokens`.
    pub(crate) fn begin(&mut self, tokens: usize) {
        self.lost.resize(tokens, 0);
        self.gained.resize(tokens, 0);
        self.places.resize(tokens, 0);
        self.slots.resize(tokens, NONE);
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

    pub(crate) fn touched(&self) -> Vec<u32> {
        self.touched.clone()
    }

    pub(crate) fn lost(&self, token: u32) -> u64 {
        self.lost[token as usize]
    }

    pub(crate) fn gained(&self, token: u32) -> u64 {
        self.gained[token as usize]
    }

    pub(crate) fn places(&self, token: u32) -> usize {
        self.places[token as usize] as usize
    }

    pub(crate) fn set_slot(&mut self, token: u32, slot: u32) {
        self.slots[token as usize] = slot;
    }

    /// Slot and place of every occurrence whose pair has a list, in order.
    pub(crate) fn listed_places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.events
            .iter()
            .map(|&(token, at)| (self.slots[token as usize], at))
            .filter(|&(slot, _)| slot != NONE)
    }

    /// Forgets everything but the room.
    pub(crate) fn clear(&mut self) {
        for token in self.touched.drain(..) {
            let i = token as usize;
            (self.lost[i], self.gained[i], self.places[i], self.slots[i]) = (0, 0, 0, NONE);
        }
        self.events.clear();
    }
}
