//! Files that are not vocabularies are refused; files that are hold together.
//!
//! Every input is tried as a file, and once more as a body under a header of the right length and
//! digest, so that the decoder and the structural checks are reached. Both ways take
//! `fixtures/vocabulary` as seeds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polytok_core::{Tokenizer, Vocabulary, Whole};

const HEADER: usize = 50;

fn forge(version: u8, body: &[u8]) -> Vec<u8> {
    let mut file = b"polytk\r\n".to_vec();
    file.extend([version, 0]);
    file.extend((body.len() as u64).to_le_bytes());
    let digest = blake3::Hasher::new().update(&file).update(body).finalize();
    file.extend(digest.as_bytes());
    file.extend(body);
    file
}

fn check(file: &[u8]) {
    let vocabulary = match Vocabulary::from_bytes(file) {
        Ok(vocabulary) => vocabulary,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let len = u32::try_from(vocabulary.len()).expect("ids have 32 bits");
    for id in 0..len {
        assert!(vocabulary.token(id).is_some() && vocabulary.kind(id).is_some());
    }
    assert_eq!(vocabulary.token(len), None);
    let written = vocabulary.to_bytes().expect("what was read is small enough to be written");
    let again = Vocabulary::from_bytes(&written).expect("what was written is read");
    assert_eq!(again.provenance(), vocabulary.provenance());
    assert_eq!(again.merges(), vocabulary.merges());
    assert_eq!(again.merge_counts(), vocabulary.merge_counts());
    assert_eq!(again.second_stage(), vocabulary.second_stage());
    assert_eq!(again.to_bytes().as_deref(), Ok(&written[..]));
    if let Ok(tokenizer) = Tokenizer::new(vocabulary, Whole) {
        let ids = tokenizer.encode(file);
        assert_eq!(tokenizer.decode(&ids).as_deref(), Ok(file));
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    for version in [1, 2] {
        check(&forge(version, data));
        if let Some(body) = data.get(HEADER..) {
            check(&forge(version, body));
        }
    }
});
