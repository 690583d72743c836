//! Files that are not shards are refused; those that are come out as they went in.
//!
//! Every input is tried as a file, and once more with the right digest behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polytok_core::{SegmentCounts, TrainConfig, train};

fn check(file: &[u8]) {
    let counts = match SegmentCounts::read_shard(&mut &file[..]) {
        Ok(counts) => counts,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let mut written = Vec::new();
    counts.write_shard(&mut written).expect("memory takes what is written");
    assert_eq!(written, file);
    let config = TrainConfig { vocabulary_size: 260, ..TrainConfig::default() };
    if let Err(error) = train(&counts, &config) {
        assert!(!error.to_string().is_empty());
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    let mut file = data.to_vec();
    if !data.starts_with(b"ptkshd\r\n") {
        file.splice(0..0, *b"ptkshd\r\n\x01");
    }
    file.extend(blake3::hash(&file.clone()).as_bytes());
    check(&file);
});
