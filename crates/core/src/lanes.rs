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
//! most.

use std::hint::select_unpredictable;

use crate::automaton::{START, State, Steps};

/// Lanes that take turns.
const LANES: usize = 4;

/// Bytes below which a lane is not worth its beginning.
const LEAST: usize = 64;

/// Bytes of a text that has lanes of its own.
pub(crate) const LONG: usize = LANES * LEAST;

/// Puts the longest token that ends behind each byte of a text into `tokens`, which has as much room, and
/// takes the state on to the end of the text.
pub(crate) fn tokens(steps: &impl Steps, state: &mut State, text: &[u8], tokens: &mut [u32]) {
    if text.len() < LONG {
        return walk(steps, state, text, tokens);
    }
    let len = text.len() / LANES;
    let mut states = [START; LANES];
    states[0] = *state;
    let mut at: [usize; LANES] = std::array::from_fn(|lane| lane * len);
    let end = |lane: usize| if lane + 1 < LANES { (lane + 1) * len } else { text.len() };
    // As many turns as no lane is shorter than.
    loop {
        let turns = (0..LANES).map(|lane| end(lane) - at[lane]).min().unwrap_or(0);
        if turns == 0 {
            break;
        }
        for _ in 0..turns {
            for (state, at) in states.iter_mut().zip(&mut at) {
                let (next, on) = steps.probe(*state, text[*at]);
                *state = next;
                // Of a state on the way it is written over.
                tokens[*at] = steps.token(next);
                *at += usize::from(on);
            }
        }
    }
    for (lane, state) in states.iter_mut().enumerate() {
        let rest = at[lane]..end(lane);
        walk(steps, state, &text[rest.clone()], &mut tokens[rest]);
    }
    // From the first lane on, so that the states before are right.
    for lane in 1..LANES {
        let (mut right, mut wrong) = (states[lane - 1], START);
        let met = (lane * len..end(lane)).any(|at| {
            right = steps.step(right, text[at]);
            wrong = steps.step(wrong, text[at]);
            tokens[at] = steps.token(right);
            right == wrong
        });
        if !met {
            states[lane] = right;
        }
    }
    *state = states[LANES - 1];
}

/// As above for pieces that end at `ends`, the last of them with the text, each as if it stood alone: in
/// lanes of whole pieces.
pub(crate) fn pieces(steps: &impl Steps, text: &[u8], ends: &[usize], tokens: &mut [u32]) {
    let mut state = [START; LANES];
    // Where lanes stand, in which of the pieces, and where they end.
    let (mut at, mut piece, mut end) = ([0; LANES], [0; LANES], [0; LANES]);
    let (mut start, mut first) = (0, 0);
    for lane in 0..LANES {
        (at[lane], piece[lane]) = (start, first);
        first += ends[first..].partition_point(|&end| end * LANES <= text.len() * (lane + 1));
        start = if first > 0 { ends[first - 1] } else { 0 };
        end[lane] = start;
    }
    loop {
        let turns = (0..LANES).map(|lane| end[lane] - at[lane]).min().unwrap_or(0);
        if turns == 0 {
            break;
        }
        for _ in 0..turns {
            for lane in 0..LANES {
                let (next, on) = steps.probe(state[lane], text[at[lane]]);
                tokens[at[lane]] = steps.token(next);
                at[lane] += usize::from(on);
                // Nobody can guess where a piece ends.
                let over = at[lane] == ends[piece[lane]];
                state[lane] = select_unpredictable(over, START, next);
                piece[lane] += usize::from(over);
            }
        }
    }
    for lane in 0..LANES {
        for &end in ends[piece[lane]..].iter().take_while(|&&to| to <= end[lane]) {
            let rest = at[lane]..end;
            walk(steps, &mut state[lane], &text[rest.clone()], &mut tokens[rest]);
            (state[lane], at[lane]) = (START, end);
        }
    }
}

/// As above, step by step.
fn walk(steps: &impl Steps, state: &mut State, text: &[u8], tokens: &mut [u32]) {
    for (&byte, token) in text.iter().zip(tokens) {
        *state = steps.step(*state, byte);
        *token = steps.token(*state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::automaton::{AnySteps, Automaton};

    fn check_pieces(steps: &impl Steps, parts: &[&[u8]]) -> Result<(), TestCaseError> {
        let (mut expected, mut ends) = (Vec::new(), Vec::new());
        for part in parts.iter().filter(|part| !part.is_empty()) {
            let mut alone = vec![0; part.len()];
            walk(steps, &mut { START }, part, &mut alone);
            expected.extend(alone);
            ends.push(expected.len());
        }
        let mut found = vec![1; expected.len()];
        pieces(steps, &parts.concat(), &ends, &mut found);
        prop_assert_eq!(expected, found);
        Ok(())
    }

    fn check(steps: &impl Steps, parts: &[&[u8]]) -> Result<(), TestCaseError> {
        let (mut one, mut other) = (START, START);
        for part in parts {
            let (mut plain, mut fast) = (vec![0; part.len()], vec![1; part.len()]);
            walk(steps, &mut one, part, &mut plain);
            tokens(steps, &mut other, part, &mut fast);
            prop_assert_eq!(&plain, &fast);
            prop_assert_eq!(one, other);
        }
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
            size in 1usize..40,
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
            match &automaton.steps {
                AnySteps::Places(steps) => check(steps, &parts)?,
                AnySteps::FewLetters(steps) => check(&**steps, &parts)?,
            }
            let text = parts.concat();
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            for parts in [&parts, &pieces] {
                match &automaton.steps {
                    AnySteps::Places(steps) => check_pieces(steps, parts)?,
                    AnySteps::FewLetters(steps) => check_pieces(&**steps, parts)?,
                }
            }
        }
    }
}
