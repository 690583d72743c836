//! Ways through long texts, of which only what is still open is kept.

/// A way through a text that knows for each place where its last token begins.
pub(crate) trait Way {
    /// Goes on through more of the text.
    fn go_on(&mut self, text: &[u8]);

    /// How many bytes it went over, without those that are forgotten.
    fn len(&self) -> usize;

    /// Where the last token up to a place begins.
    fn above(&self, place: usize) -> usize;

    /// Hands on the tokens up to a place.
    fn hand_on(&mut self, place: usize);

    /// Forgets what was handed on.
    fn forget(&mut self, place: usize);
}

/// Goes through a text and hands on all of its tokens. After each `block` bytes, or more where tokens are longer
/// than a quarter of that, it is looked for what stands, whatever follows.
pub(crate) fn go_through(way: &mut impl Way, text: &[u8], block: usize, longest: usize) {
    let (mut rest, mut most) = (text, block.max(4 * longest));
    while rest.len() + way.len() > most {
        let (now, later) = rest.split_at(most - way.len());
        way.go_on(now);
        rest = later;
        match settled(way.len(), longest, |place| way.above(place)) {
            0 => most *= 2,
            place => {
                way.hand_on(place);
                way.forget(place);
            }
        }
    }
    way.go_on(rest);
    way.hand_on(way.len());
}

/// The last border that the encodings up to each of the last `longest` places up to `end` have in
/// common; `above` is where the last token up to a place begins.
pub(crate) fn settled(end: usize, longest: usize, above: impl Fn(usize) -> usize) -> usize {
    let first = (end + 1).saturating_sub(longest);
    let mut borders = vec![false; end + 1];
    borders[first..].fill(true);
    let mut left = end + 1 - first;
    // From the last on, each place gives way to the one where its last token begins.
    for at in (1..=end).rev() {
        if left == 1 {
            return borders[..=at].iter().rposition(|&border| border).unwrap_or(0);
        }
        if borders[at] {
            let above = above(at);
            left -= usize::from(borders[above]);
            borders[above] = true;
        }
    }
    0
}
