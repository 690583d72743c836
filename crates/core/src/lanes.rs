//! The longest token that ends at each place of a text, found at several places at the same time.
//!
//! A step of an automaton waits for what the one before it reads, from tables that may be larger than a
//! cache. So a text is cut anywhere into lanes, whose steps take turns. All but the first begin at the
//! start of the automaton, as if the text began there:
//!
//! > *Lemma.* In a text that begins later, the automaton stands where it stands in the whole text, as soon
//! > as the path of its state there begins behind the cut; and from a place where both stand in one state
//! > on, they do for ever.
//!
//! So the states at the end of a lane go on over the next one until they meet those it has. On
//! executables that takes some ten bytes, at worst the whole lane, so each byte is looked at twice at
//! most. Where the automaton begins anew, they meet at once.

use std::hint::select_unpredictable;

use crate::automaton::{MARKS, Probe, START, STOP, State, Steps, Word};

/// Lanes that take turns.
const LANES: usize = 4;

/// As many where there are marks, as in text, whose automata have more states, so that more is waited for; and where
/// no next state is searched for, since then a lane is its state alone.
const MORE_LANES: usize = 8;

/// Bytes below which one of [`LANES`] is not worth its beginning.
const LEAST: usize = 16;

/// As above, one of [`MORE_LANES`].
const LEAST_OF_MORE: usize = 32;

/// Bytes of each lane in step that are gone through before the next are looked at.
const AT_ONCE: usize = 32;

/// Puts the longest token that ends behind each byte of a text into `words`, which has as much room, and
/// takes the state on to the end of the text.
///
/// If the words have marks, these stay, and no token goes beyond a [`STOP`]: the automaton begins anew behind it.
pub(crate) fn tokens<S: Steps, const MARKED: bool>(
    steps: &S,
    state: &mut State,
    text: &[u8],
    words: &mut [Word],
) {
    if (MARKED || !S::SEARCH) && text.len() >= MORE_LANES * LEAST_OF_MORE {
        in_lanes::<_, MORE_LANES, MARKED>(steps, state, text, words);
    } else if text.len() >= LANES * LEAST {
        in_lanes::<_, LANES, MARKED>(steps, state, text, words);
    } else {
        walk::<MARKED>(steps, state, text, words);
    }
}

fn in_lanes<S: Steps, const LANES: usize, const MARKED: bool>(
    steps: &S,
    state: &mut State,
    text: &[u8],
    words: &mut [Word],
) {
    // One look at a length is enough for both.
    let text = &text[..words.len()];
    let len = text.len() / LANES;
    let mut states = [START; LANES];
    states[0] = *state;
    let mut at: [usize; LANES] = std::array::from_fn(|lane| lane * len);
    let end = |lane: usize| if lane + 1 < LANES { (lane + 1) * len } else { text.len() };
    if !S::SEARCH {
        let done = in_step::<LANES, MARKED>(steps, &mut states, text, words);
        at.iter_mut().for_each(|at| *at += done);
    }
    // As many turns as no lane is shorter than.
    loop {
        let turns = (0..LANES).map(|lane| end(lane) - at[lane]).min().unwrap_or(0);
        if turns == 0 {
            break;
        }
        for _ in 0..turns {
            for (state, at) in states.iter_mut().zip(&mut at) {
                let Probe { state: next, on, token } = steps.probe(*state, text[*at]);
                // On the way to it, it is written over. With marks the former is slower by a fifth.
                let token = if MARKED { steps.token(next) } else { token };
                let stop = put::<MARKED>(token, &mut words[*at]);
                // Nobody can guess where a piece ends.
                *state = select_unpredictable(on & stop, START, next);
                *at += usize::from(on);
            }
        }
    }
    for (lane, state) in states.iter_mut().enumerate() {
        let rest = at[lane]..end(lane);
        walk::<MARKED>(steps, state, &text[rest.clone()], &mut words[rest]);
    }
    // From the first lane on, so that the states before are right.
    for lane in 1..LANES {
        let (mut right, mut wrong) = (states[lane - 1], START);
        let met = (lane * len..end(lane)).any(|at| {
            right = steps.step(right, text[at]);
            wrong = steps.step(wrong, text[at]);
            let stop = put::<MARKED>(steps.token(right), &mut words[at]);
            stop || right == wrong
        });
        if !met {
            states[lane] = right;
        }
    }
    *state = states[LANES - 1];
}

/// Takes all lanes on by as many bytes, as many times [`AT_ONCE`] as each of them has, and tells how many.
///
/// Parts of the text and of the words are copied to where the compiler knows their places, since those of all lanes
/// would take more registers than there are.
#[inline(always)]
fn in_step<const LANES: usize, const MARKED: bool>(
    steps: &impl Steps,
    states: &mut [State; LANES],
    text: &[u8],
    words: &mut [Word],
) -> usize {
    let len = text.len() / LANES;
    let done = len - len % AT_ONCE;
    for from in (0..done).step_by(AT_ONCE) {
        let part = |lane: usize| lane * len + from..lane * len + from + AT_ONCE;
        let mut texts = [[0; AT_ONCE]; LANES];
        let mut found = [[0; AT_ONCE]; LANES];
        for lane in 0..LANES {
            texts[lane].copy_from_slice(&text[part(lane)]);
            if MARKED {
                found[lane].copy_from_slice(&words[part(lane)]);
            }
        }
        for i in 0..AT_ONCE {
            for lane in 0..LANES {
                let next = steps.step(states[lane], texts[lane][i]);
                let stop = put::<MARKED>(steps.token(next), &mut found[lane][i]);
                states[lane] = select_unpredictable(stop, START, next);
            }
        }
        for lane in 0..LANES {
            words[part(lane)].copy_from_slice(&found[lane]);
        }
    }
    done
}

/// As above, step by step.
fn walk<const MARKED: bool>(
    steps: &impl Steps,
    state: &mut State,
    text: &[u8],
    words: &mut [Word],
) {
    for (&byte, word) in text.iter().zip(words) {
        *state = steps.step(*state, byte);
        if put::<MARKED>(steps.token(*state), word) {
            *state = START;
        }
    }
}

/// Puts a token where there may be marks, and says whether one of them is [`STOP`].
#[inline(always)]
fn put<const MARKED: bool>(token: Word, word: &mut Word) -> bool {
    let marks = if MARKED { *word & MARKS } else { 0 };
    *word = token | marks;
    marks & STOP != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::automaton::{AnySteps, Automaton, SEGMENT_ENDS};

    /// What each piece between stops gives by itself.
    fn alone(steps: &impl Steps, text: &[u8], marks: &[Word]) -> Vec<Word> {
        let mut words = vec![0; text.len()];
        let mut start = 0;
        while start < text.len() {
            let stop = marks[start..].iter().position(|mark| mark & STOP != 0);
            let piece = start..stop.map_or(text.len(), |stop| start + stop + 1);
            walk::<false>(steps, &mut { START }, &text[piece.clone()], &mut words[piece.clone()]);
            start = piece.end;
        }
        words.iter().zip(marks).map(|(word, mark)| word | mark).collect()
    }

    fn check(steps: &impl Steps, parts: &[&[u8]], marks: &[Word]) -> Result<(), TestCaseError> {
        let (mut one, mut other, mut stopped) = (START, START, START);
        // Words there were before do not matter but for their marks.
        let mut words: Vec<Word> = marks.iter().map(|mark| mark | 1).collect();
        let mut rest = &mut words[..];
        for part in parts {
            let (mut plain, mut fast) = (vec![0; part.len()], vec![1; part.len()]);
            walk::<false>(steps, &mut one, part, &mut plain);
            tokens::<_, false>(steps, &mut other, part, &mut fast);
            prop_assert_eq!(&plain, &fast);
            prop_assert_eq!(one, other);
            let (here, behind) = rest.split_at_mut(part.len());
            tokens::<_, true>(steps, &mut stopped, part, here);
            rest = behind;
        }
        prop_assert_eq!(words, alone(steps, &parts.concat(), marks));
        Ok(())
    }

    proptest! {
        /// Also tokens that are longer than a lane.
        #[test]
        fn lanes_find_what_one_does(
            words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..9), 0..60),
            runs in prop::collection::hash_set(2usize..300, 0..4),
            parts in prop::collection::vec(
                prop::collection::vec((prop::collection::vec(97u8..101, 1..9), 1usize..90), 0..9), 1..4),
            many in any::<bool>(),
            marks in prop::collection::vec(
                prop_oneof![9 => Just(0), 1 => Just(SEGMENT_ENDS), 1 => Just(MARKS)], 1..99),
            rarely in 1usize..200,
        ) {
            let mut all: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
            all.extend(words);
            all.extend(runs.into_iter().map(|len| vec![b'a'; len]));
            if many {
                all.push((0..20).collect());
            }
            all.sort();
            all.dedup();
            let automaton = Automaton::new(all.len() as u32, |token| &all[token as usize]);
            let parts: Vec<Vec<u8>> = parts
                .iter()
                .map(|part| part.iter().flat_map(|(bytes, n)| bytes.repeat(*n)).collect())
                .collect();
            let parts: Vec<&[u8]> = parts.iter().map(|part| &part[..]).collect();
            let len = parts.iter().map(|part| part.len()).sum();
            let marks = marks.iter().flat_map(|&mark| [vec![0; rarely - 1], vec![mark]].concat());
            let marks: Vec<Word> = marks.cycle().take(len).collect();
            match &automaton.steps {
                AnySteps::Places(steps) => check(steps, &parts, &marks)?,
                AnySteps::FewLetters(steps) => check(&**steps, &parts, &marks)?,
            }
        }
    }
}
