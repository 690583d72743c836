//! One input on all cores, exactly.
//!
//! Where the segmenter names cuts, the parts between them are encoded apart. Where it names none,
//! segments are found first, and shared out; a long one is cut anywhere, its parts are encoded apart,
//! and their encodings joined as `seam.rs` says.

use std::ops::Range;

use rayon::prelude::*;

use crate::{
    cuts::{cut_apart, firmness},
    ordered::{LEAST, PART_BYTES, encode_in_order, make_room},
    seam::join,
    segment::Span,
    stretch::Stretch,
    tokenizer::Tokenizer,
};

/// Parts for each thread, so that one which takes longer is made up for.
const PARTS: usize = 16;

/// Some of the ids of a part.
struct Piece {
    ids: Vec<u32>,
    range: Range<usize>,
}

impl Piece {
    fn new(ids: Vec<u32>) -> Piece {
        Piece { range: 0..ids.len(), ids }
    }
}

/// What one task encodes.
enum Task {
    /// Segments, by their numbers.
    Segments(Range<usize>),
    /// A part of a long segment, and where that begins.
    Part(Span, usize),
    /// A long segment that gets the fewest tokens.
    Fewest(Span),
}

impl Tokenizer {
    /// The ids of an input, the same as [`encode`](Tokenizer::encode) gives, on all threads of the
    /// current rayon pool.
    ///
    /// Best with a segmenter that names [cuts](crate::Segmenter::cut). Without, segments are found on
    /// one thread, at 9 bytes of memory each, and then encoded on all; single long segments are
    /// shared out too, unless there is a second stage, and ids take their room twice for a moment.
    ///
    /// Joining the parts of a long segment encodes some tokens anew at each seam. In the worst case,
    /// a row in which each part depends on where the one before it ended, each part is encoded up to
    /// three times more.
    pub fn encode_parallel(&self, input: &[u8]) -> Vec<u32> {
        let mut ids = Vec::new();
        self.encode_parallel_reusing(input, &mut ids);
        ids
    }

    /// As [`encode_parallel`](Tokenizer::encode_parallel), with the ids in place of what a vector
    /// holds: fresh memory takes a good part of the time.
    pub fn encode_parallel_reusing(&self, input: &[u8], ids: &mut Vec<u32>) {
        let threads = rayon::current_num_threads();
        let part = (input.len() / (PARTS * threads)).max(LEAST);
        if threads == 1 || input.len() < 2 * part {
            ids.clear();
            return self.encode_into(input, ids);
        }
        self.encode_in_parts(input, part, ids);
    }

    /// As above, in parts of about so many bytes.
    fn encode_in_parts(&self, input: &[u8], part: usize, ids: &mut Vec<u32>) {
        let parts =
            cut_apart(self.segmenter(), input, part.min(PART_BYTES), firmness(self.vocabulary()));
        let long = |span: &Span| span.len() > 2 * part;
        if parts.iter().any(long) {
            let pieces: Vec<Vec<Piece>> = parts
                .into_par_iter()
                .map(|span| match long(&span) {
                    true => self.encode_by_segments(span.of(input), part),
                    false => vec![Piece::new(self.encode(span.of(input)))],
                })
                .collect();
            return join_pieces(pieces.into_iter().flatten().collect(), ids);
        }
        encode_in_order(parts.len(), input.len() / 3, ids, |at, ids| {
            self.encode_into(parts[at].of(input), ids);
        });
    }

    fn encode_by_segments(&self, input: &[u8], part: usize) -> Vec<Piece> {
        let vocabulary = self.vocabulary();
        let (mut ends, mut boundaries, mut tasks) = (vec![0], Vec::new(), Vec::new());
        // Where the task that is being filled begins: its first segment.
        let mut first = 0;
        self.segmenter().segment(input, &mut |span, boundary| {
            let segment = ends.len() - 1;
            ends.push(span.end);
            boundaries.push(boundary);
            if span.len() > 2 * part
                && !vocabulary.in_stages()
                && vocabulary.added_token(span.of(input)).is_none()
            {
                tasks.push(Task::Segments(first..segment));
                first = segment + 1;
                if !vocabulary.by_merges() {
                    return tasks.push(Task::Fewest(span));
                }
                tasks.extend((span.start..span.end).step_by(part).map(|start| {
                    Task::Part(Span::new(start, (start + part).min(span.end)), span.start)
                }));
            } else if span.end - ends[first] >= part && vocabulary.stops_at(boundary) {
                tasks.push(Task::Segments(first..segment + 1));
                first = segment + 1;
            }
        });
        tasks.push(Task::Segments(first..ends.len() - 1));
        let encode = |task: &Task| {
            let mut ids = Vec::new();
            match task {
                Task::Segments(range) => vocabulary.with_memory(|memory| {
                    let mut stretch = Stretch::new(vocabulary, ends[range.start]);
                    for segment in range.clone() {
                        let span = Span::new(ends[segment], ends[segment + 1]);
                        stretch.push(input, span, boundaries[segment], memory, &mut ids);
                    }
                    stretch.close(input, memory, &mut ids);
                }),
                Task::Part(span, _) => vocabulary.with_memory(|memory| {
                    let scratch = &mut memory.making.scratch;
                    vocabulary.encode_merged(span.of(input), scratch, &mut ids);
                }),
                Task::Fewest(span) => {
                    vocabulary.pieces.append_fewest_parallel(span.of(input), &mut ids);
                }
            }
            ids
        };
        let encodings: Vec<Vec<u32>> = tasks.par_iter().map(encode).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        // The first piece of the long segment that is being joined.
        let mut floor = 0;
        for (task, ids) in tasks.iter().zip(encodings) {
            match task {
                Task::Part(span, start) if span.start > *start => {
                    let part = Span::new(*start, span.end).of(input);
                    self.join_piece(&mut pieces, floor, part, span.start - start, ids);
                }
                _ => {
                    floor = pieces.len();
                    pieces.push(Piece::new(ids));
                }
            }
        }
        pieces
    }

    /// Adds the encoding of `text[at..]` to the pieces from `floor` on, which are that of `text[..at]`.
    fn join_piece(
        &self,
        pieces: &mut Vec<Piece>,
        floor: usize,
        text: &[u8],
        at: usize,
        ids: Vec<u32>,
    ) {
        let seam = self.vocabulary().with_memory(|memory| {
            let left = |mut back: usize| {
                for piece in pieces[floor..].iter().rev() {
                    match piece.range.len().checked_sub(back + 1) {
                        Some(place) => return Some(piece.ids[piece.range.start + place]),
                        None => back -= piece.range.len(),
                    }
                }
                None
            };
            let right = |place: usize| ids.get(place).copied();
            join(
                self.vocabulary(),
                &mut memory.making.scratch,
                text,
                Span::new(at, at),
                &left,
                &right,
            )
        });
        let mut off = seam.left;
        for piece in pieces[floor..].iter_mut().rev() {
            let here = off.min(piece.range.len());
            piece.range.end -= here;
            off -= here;
        }
        pieces.push(Piece::new(seam.between));
        pieces.push(Piece { range: seam.right..ids.len(), ids });
    }
}

/// Copies the pieces one behind the other in place of `ids`, on all threads: most of the time goes into
/// fresh memory.
fn join_pieces(mut pieces: Vec<Piece>, ids: &mut Vec<u32>) {
    pieces.retain(|piece| !piece.range.is_empty());
    let len = pieces.iter().map(|piece| piece.range.len()).sum();
    make_room(ids, len);
    ids.truncate(len);
    let mut rest = &mut ids[..];
    let mut rooms = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let (room, behind) = rest.split_at_mut(piece.range.len());
        rooms.push(room);
        rest = behind;
    }
    rooms
        .into_par_iter()
        .zip(pieces)
        .for_each(|(room, piece)| room.copy_from_slice(&piece.ids[piece.range]));
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{
        config::{Encoding, TrainConfig},
        provenance::Provenance,
        segment::{Boundary, Segmenter, Whole},
        vocabulary::Vocabulary,
    };

    /// Cuts behind every space, softly, and behind every newline, and perhaps knows so.
    struct Words(bool);

    impl Segmenter for Words {
        fn id(&self) -> &str {
            "whole-1"
        }

        fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
            let mut start = 0;
            for word in input.split_inclusive(|byte| b" \n".contains(byte)) {
                let soft = word.ends_with(b" ");
                let span = Span::new(start, start + word.len());
                emit(span, if soft { Boundary::Soft } else { Boundary::Hard });
                start = span.end;
            }
        }

        fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
            let ends: &[u8] = if firmness == Boundary::Hard { b"\n" } else { b" \n" };
            (from.max(1)..input.len()).find(|&at| self.0 && ends.contains(&input[at - 1]))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn parts_equal_the_whole(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..30),
            stage in prop::option::of(any::<Index>()),
            parts in prop::collection::vec(
                (prop::collection::vec(prop::sample::select(b"aaabbb \n".to_vec()), 1..8), 1usize..9),
                0..20,
            ),
            size in 1usize..20,
        ) {
            let mut usable: Vec<u32> = b"ab \n".map(u32::from).to_vec();
            let mut merges = Vec::new();
            for (left, right) in choices {
                let pair = (*left.get(&usable), *right.get(&usable));
                let more = [&merges[..], &[pair]].concat();
                let provenance = Provenance::handmade("whole-1", TrainConfig::default());
                // Tokens that are there already are passed over.
                if Vocabulary::new(provenance, more.clone(), vec![0; more.len()]).is_ok() {
                    usable.push(256 + merges.len() as u32);
                    merges = more;
                }
            }
            let stage = stage.map(|stage| stage.index(merges.len() + 1) as u32);
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            for (stage, encoding) in
                [(None, Encoding::Merges), (stage, Encoding::Merges), (None, Encoding::Fewest), (stage, Encoding::Fewest)]
            {
                let config = TrainConfig {
                    added: vec![b"a aaa".to_vec(), b"bbbbb".to_vec()],
                    encoding,
                    ..TrainConfig::default()
                };
                let provenance = Provenance::handmade("whole-1", config);
                let counts = vec![0; merges.len()];
                let Ok(vocabulary) =
                    Vocabulary::with_stages(provenance, merges.clone(), counts, stage)
                else {
                    continue;
                };
                for tokenizer in [
                    Tokenizer::new(vocabulary.clone(), Words(true)).unwrap(),
                    Tokenizer::new(vocabulary.clone(), Words(false)).unwrap(),
                    Tokenizer::new(vocabulary.clone(), Whole).unwrap(),
                ] {
                    let mut ids = vec![1; size];
                    tokenizer.encode_in_parts(&text, size, &mut ids);
                    prop_assert_eq!(ids, tokenizer.encode(&text));
                }
            }
        }
    }
}
