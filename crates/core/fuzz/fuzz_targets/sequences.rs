//! FASTA and FASTQ, plain or gzip: records come whole or an error ends them, and encoding keeps
//! every sequence.
//!
//! Seeds: `fixtures/genome`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polytok_genome::{Case, Format, GenomeTokenizer, Kmers, Reader, Record};

/// Gzip of some bytes may hold a thousand times as many.
const RECORDS: usize = 1_000;

fuzz_target!(|data: &[u8]| {
    let Ok(mut reader) = Reader::new(data) else { return };
    let format = reader.format();
    let kmers = Kmers::new(3, 3).expect("three bases make a word");
    let mut record = Record::default();
    for _ in 0..RECORDS {
        match reader.read(&mut record) {
            Ok(true) => {}
            Ok(false) | Err(_) => {
                assert!(matches!(reader.read(&mut record), Ok(false)));
                return;
            }
        }
        assert!(!record.sequence.iter().any(|byte| byte.is_ascii_whitespace()));
        match format {
            Some(Format::Fastq) => {
                let quality = record.quality.as_ref().expect("FASTQ has qualities");
                assert_eq!(quality.len(), record.sequence.len());
                assert!(quality.iter().all(|byte| (b'!'..=b'~').contains(byte)));
            }
            Some(Format::Fasta) => assert_eq!(record.quality, None),
            None => panic!("a file without a format has no record"),
        }
        record.sequence.truncate(4_096);
        for case in [Case::Masked, Case::Plain] {
            let tokenizer = GenomeTokenizer::kmers(kmers, case);
            for tokenizer in [tokenizer.clone(), tokenizer.with_canonical_strand()] {
                let encoding = tokenizer.encode(&record.sequence);
                assert_eq!(tokenizer.decode(&encoding).as_ref(), Ok(&record.sequence));
            }
        }
    }
});
