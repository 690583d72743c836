//! Parts that are encoded on all threads, with their ids one behind the other.

use std::{
    cell::Cell,
    collections::BTreeMap,
    mem,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rayon::prelude::*;

/// Bytes of parts that an input is cut into: so many that starting one does not show, so few that its ids
/// stay in a second-level cache.
pub const PART_BYTES: usize = 1 << 16;

/// Parts have at least so many bytes: below, starting one shows.
pub(crate) const LEAST: usize = 1 << 15;

/// Ids that a thread keeps room for from one call to the next: fresh memory would cost more than copying.
const SPARED: usize = 1 << 17;

thread_local! {
    static SPARE: Cell<Vec<u32>> = const { Cell::new(Vec::new()) };
}

/// Encodes the parts `0..parts` on all threads of the current rayon pool, puts their ids in place of what
/// `ids` holds, in the order of the parts, and gives what `encode` tells of each.
///
/// `encode` appends the ids of a part. Of the memory of `ids`, what it holds is used again, and grows
/// where it is too small; if it is empty, room for `expected` ids is made at first.
///
/// Parts are taken one by one from the front, so hardly any waits for one before it: beside `ids` it
/// takes the memory of about one part for each thread. That memory stays in a cache, and ids are
/// copied from there by the thread that made them.
pub fn encode_in_order<T: Send>(
    parts: usize,
    expected: usize,
    ids: &mut Vec<u32>,
    encode: impl Fn(usize, &mut Vec<u32>) -> T + Sync,
) -> Vec<T> {
    let (next, full) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (mut waiting, mut told, mut len) = (BTreeMap::new(), Vec::with_capacity(parts), 0);
    let mut needed = expected;
    loop {
        make_room(ids, needed);
        let line = Mutex::new(Line { free: &mut ids[len..], waiting, told, spare: Vec::new() });
        let take = || {
            // Vectors whose ids are in their places.
            let mut done = vec![SPARE.take()];
            while !full.load(Ordering::Relaxed) {
                let part = next.fetch_add(1, Ordering::Relaxed);
                if part >= parts {
                    break;
                }
                let mut own = done.pop().unwrap_or_default();
                own.clear();
                let tells = encode(part, &mut own);
                let mut line = lock(&line);
                line.waiting.insert(part, (own, tells));
                line.spare.append(&mut done);
                let turn = line.come(&full);
                if turn.is_empty() {
                    done.extend(line.spare.pop());
                }
                drop(line);
                done.extend(turn.into_iter().map(|(room, ids)| {
                    room.copy_from_slice(&ids);
                    ids
                }));
            }
            done.retain(|ids| ids.capacity() <= SPARED);
            SPARE.set(done.pop().unwrap_or_default());
        };
        (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).for_each(|_| take());
        let mut line = line.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (room, ids) in line.come(&full) {
            room.copy_from_slice(&ids);
        }
        let free = line.free.len();
        (waiting, told) = (line.waiting, line.told);
        len = ids.len() - free;
        if told.len() == parts {
            ids.truncate(len);
            return told;
        }
        // Parts may differ; room is made again where this does not do.
        let rest = parts - told.len() - waiting.len();
        let known: usize = waiting.values().map(|(ids, _)| ids.len()).sum();
        let mean = (len + known).div_ceil(told.len() + waiting.len());
        needed = len + known + rest * (mean + mean / 8);
        full.store(false, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Who panicked did not hold it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a vector at least so long.
pub(crate) fn make_room(ids: &mut Vec<u32>, len: usize) {
    if ids.capacity() == 0 {
        // Zeros from the operating system cost nothing until they are written to, by many threads.
        *ids = vec![0; len];
    } else if ids.len() < len {
        ids.resize(len, 0);
    }
}

/// Parts whose ids are not in their places.
struct Line<'a, T> {
    /// Behind the ids of all parts whose turn has been.
    free: &'a mut [u32],
    waiting: BTreeMap<usize, (Vec<u32>, T)>,
    /// As long as turns have been.
    told: Vec<T>,
    /// Memory to be used again.
    spare: Vec<Vec<u32>>,
}

impl<'a, T> Line<'a, T> {
    /// Those whose turn it is, with the places of their ids; says if there is no room for the next one.
    fn come(&mut self, full: &AtomicBool) -> Vec<(&'a mut [u32], Vec<u32>)> {
        let mut come = Vec::new();
        while let Some(first) = self.waiting.first_entry()
            && *first.key() == self.told.len()
        {
            let len = first.get().0.len();
            if len > self.free.len() {
                full.store(true, Ordering::Relaxed);
                break;
            }
            let (ids, tells) = first.remove();
            let (room, free) = mem::take(&mut self.free).split_at_mut(len);
            self.free = free;
            self.told.push(tells);
            come.push((room, ids));
        }
        come
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_come_in_order_whatever_room_there_is(
            lens in prop::collection::vec(0usize..50, 0..60),
            expected in 0usize..400,
            old in prop::collection::vec(any::<u32>(), 0..400),
            threads in 1usize..5,
        ) {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let part = |at: usize| (0..lens[at] as u32).map(move |id| at as u32 * 1000 + id);
            let mut ids = old;
            let told = pool.install(|| {
                encode_in_order(lens.len(), expected, &mut ids, |at, ids| {
                    ids.extend(part(at));
                    at
                })
            });
            prop_assert_eq!(told, (0..lens.len()).collect::<Vec<_>>());
            prop_assert_eq!(ids, (0..lens.len()).flat_map(part).collect::<Vec<_>>());
        }
    }
}
