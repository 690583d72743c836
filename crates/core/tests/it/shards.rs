//! Shard files: what was counted is read, equal counts are equal files, and nothing else is read.

use polytok_core::{Boundary, SegmentCounts, Segmenter, ShardError, Span, TrainConfig, train};
use proptest::prelude::*;

/// Lines; long ones are sequences.
struct Lines;

impl Segmenter for Lines {
    fn id(&self) -> &str {
        "test-lines-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        for line in input.split_inclusive(|&byte| byte == b'\n') {
            emit(Span::new(start, start + line.len()), Boundary::Hard);
            start += line.len();
        }
    }
}

fn count(documents: &[Vec<u8>]) -> SegmentCounts {
    let mut counts = SegmentCounts::new(Lines.id());
    for document in documents {
        counts.add_document(&Lines, document).unwrap();
    }
    counts
}

fn shard(counts: &SegmentCounts) -> Vec<u8> {
    let mut file = Vec::new();
    counts.write_shard(&mut file).unwrap();
    file
}

fn read(file: &[u8]) -> Result<SegmentCounts, ShardError> {
    SegmentCounts::read_shard(&mut &file[..])
}

fn document() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => prop::collection::vec(b'a'..=b'c', 0..6),
        1 => (b'a'..=b'c', 250usize..300).prop_map(|(byte, n)| vec![byte; n]),
        1 => any::<[u8; 3]>().prop_map(Vec::from),
    ];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join(&b'\n'))
}

proptest! {
    #[test]
    fn shards_add_up_to_the_corpus(
        documents in prop::collection::vec(document(), 0..10),
        splits in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let whole = count(&documents);
        let file = shard(&whole);
        let again = read(&file).unwrap();
        prop_assert_eq!(&shard(&again), &file);
        prop_assert_eq!((again.documents(), again.bytes(), again.digest()), (whole.documents(), whole.bytes(), whole.digest()));

        let (a, b) = (splits.0.index(documents.len() + 1), splits.1.index(documents.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let parts = [&documents[b..], &documents[..a], &documents[a..b]];
        let mut joined = SegmentCounts::new(Lines.id());
        for part in parts {
            joined.merge(read(&shard(&count(part))).unwrap()).unwrap();
        }
        prop_assert_eq!(&shard(&joined), &file);
        // Documents may follow what was read.
        let mut more = again;
        more.add_document(&Lines, b"a\nb\na").unwrap();
        let mut all = documents.clone();
        all.push(b"a\nb\na".to_vec());
        prop_assert_eq!(shard(&more), shard(&count(&all)));

        let config = TrainConfig { vocabulary_size: 280, ..TrainConfig::default() };
        let trained = |counts: &SegmentCounts| train(counts, &config).unwrap().to_bytes().unwrap();
        prop_assert_eq!(trained(&joined), trained(&whole));
    }

    /// Without a digest in the way, too: what is accepted is the one form of what it says.
    #[test]
    fn forged_shards_are_refused_or_in_the_one_form(
        documents in prop::collection::vec(document(), 0..4),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = shard(&count(&documents));
        file.truncate(file.len() - 32);
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        let keep = file.len() - cut.index(file.len()) / 8;
        file.truncate(keep);
        file.extend(blake3::hash(&file.clone()).as_bytes());
        if let Ok(counts) = read(&file) {
            prop_assert_eq!(shard(&counts), file);
        }
    }
}

#[test]
fn every_truncation_and_every_flip_is_refused() {
    let file = shard(&count(&[b"abc\nabd\nx\n".to_vec(), vec![b'z'; 300]]));
    for end in 0..file.len() {
        assert!(matches!(read(&file[..end]), Err(ShardError::Truncated)), "{end}");
    }
    for at in 0..file.len() {
        for flip in 1..=255 {
            let mut file = file.clone();
            file[at] ^= flip;
            let error = read(&file).unwrap_err();
            match at {
                0..8 => assert!(matches!(error, ShardError::BadMagic)),
                8 => assert!(matches!(error, ShardError::UnsupportedVersion { .. })),
                _ => {}
            }
        }
    }
    let longer = [&file[..], &[0]].concat();
    assert!(matches!(read(&longer), Err(ShardError::TrailingBytes)));
}

#[test]
fn lengths_that_are_claimed_take_no_memory() {
    let mut file = b"ptkshd\r\n\x01".to_vec();
    file.extend([1, b'x']);
    file.extend([0, 0, 0]);
    // One sequence of 2^62 bytes.
    file.extend([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
    assert!(matches!(read(&file), Err(ShardError::Truncated)));
}
