use std::{fs, path::PathBuf};

use flate2::Crc;
use polytok_genome::{CaseMask, Problem, ReadError, Reader, Record};

use crate::{fixture, problem};

/// File, records, bases, lower-case letters, bases that are A, C, G or T in either case, and the
/// CRC-32 over name, description, sequence and qualities of every record, each with a newline.
///
/// The figures come from a script in another language, written from the formats' descriptions.
#[rustfmt::skip]
const FILES: [(&str, usize, usize, usize, usize, u32); 29] = [
    ("alignment-brca1_iupac_gaps.fasta", 55, 165_495, 0, 151_736, 0x62a544b6),
    ("bacteria-contigs-abacas.fa", 3, 83_431, 458, 83_430, 0x0ac5bc41),
    ("bacteria-contigs-ragout.fa", 1, 83_580, 0, 83_580, 0x48a65111),
    ("bacteria-genome-s11.fa.gz", 1, 500_000, 0, 500_000, 0xfb97ed53),
    ("bacteria-mycoplasma-genitalium.fa", 1, 260_000, 0, 260_000, 0xda3470e5),
    ("cds-drosophila.fasta", 27, 20_817, 0, 20_817, 0x2469113c),
    ("cds-egfr.fa", 6, 28_092, 0, 28_092, 0x23f5e5ce),
    ("chimp-panTro5-part_softmasked_N.fa", 1, 71_700, 37_875, 71_575, 0x2fc39c08),
    ("chimp-panTro6-part_softmasked.fa", 1, 26_700, 13_236, 26_700, 0x8de7b8a6),
    ("genes-tp53.fa", 4, 52_231, 0, 52_194, 0x7364fcdf),
    ("human-hg38-chr13-part_softmasked.fa", 2, 61_674, 26_852, 61_674, 0x44dd98b7),
    ("human-mitochondrion_hg19.fa", 1, 16_571, 0, 16_571, 0x4052868f),
    ("human-mitochondrion_rCRS.fa", 1, 16_569, 418, 16_568, 0x809a34ba),
    ("mouse-mitochondrion_mm10.fa", 1, 16_299, 414, 16_299, 0x109f8a82),
    ("nematode-celegans-chrI-part.fa", 1, 108_000, 0, 108_000, 0x0a54519f),
    ("phage-lambda.fa", 1, 48_502, 0, 48_502, 0x6ac2a57b),
    ("plant-chloroplast_NC_000932.faa", 85, 26_409, 0, 4_829, 0x384baa4c),
    ("plant-orchids-its.fasta", 94, 67_518, 0, 66_977, 0x44aca688),
    ("plasmid_NC_005816.fna", 1, 9_609, 0, 9_609, 0xf185b534),
    ("proteins-refseqs.fasta", 96, 16_307, 0, 3_591, 0x7bd16975),
    ("protist-plasmodium-knowlesi-part.fa", 1, 83_580, 83_580, 83_580, 0xe8e1ad38),
    ("reads-454_lowercase.fastq", 10, 3_665, 952, 3_611, 0x88cb3733),
    ("reads-lambda.fq", 500, 53_546, 0, 52_247, 0x21d808d0),
    ("reads-screed_test.fa", 22, 10_335, 0, 10_335, 0x01051a7b),
    ("reads-screed_test.fastq", 125, 4_500, 0, 4_500, 0xf123db55),
    ("virus-bees.fa", 1, 10_140, 0, 10_071, 0x54cf08f2),
    ("virus-hiv1_NC_001802.fna", 1, 9_181, 0, 9_181, 0x02ee9779),
    ("whale-balAcu1-part_softmasked.fa", 3, 33_255, 11_169, 33_255, 0x8661d271),
    ("zebrafish-mitochondrion_GRCz10.fa", 1, 16_596, 0, 16_596, 0xe507ae23),
];

/// Fixtures of other formats, and the byte that they start with.
const OTHERS: [(&str, u8); 4] = [
    ("bacteria-mycoplasma-genitalium.gff", b'#'),
    ("phage-phix174_NC_001422.gbk", b'L'),
    ("plant-chloroplast_NC_000932.gb", b'L'),
    ("plasmid_NC_005816.gb", b'L'),
];

#[test]
fn fixtures_have_the_records_counted_elsewhere() {
    for (file, records, bases, lower, acgt, digest) in FILES {
        let mut crc = Crc::new();
        let (mut seen, mut seen_bases, mut seen_lower, mut seen_acgt) = (0, 0, 0, 0);
        for record in Reader::new(&fixture(file)[..]).unwrap() {
            let Record { name, description, sequence, quality } = record.unwrap();
            for part in [&name, &description, &sequence, &quality.unwrap_or_default()] {
                crc.update(part);
                crc.update(b"\n");
            }
            seen += 1;
            seen_bases += sequence.len();
            seen_lower += CaseMask::of(&sequence).lower_bases();
            let base = |byte: &&u8| b"ACGTacgt".contains(byte);
            seen_acgt += sequence.iter().filter(base).count();
        }
        let seen = (file, seen, seen_bases, seen_lower, seen_acgt, crc.sum());
        assert_eq!(seen, (file, records, bases, lower, acgt, digest));
    }
}

#[test]
fn other_formats_are_refused() {
    for (file, found) in OTHERS {
        assert_eq!(problem(&fixture(file)), (1, 0, Problem::NoHeader { found }));
    }
}

#[test]
fn no_fixture_is_left_out() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/genome"));
    let mut present: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    present.sort();
    let mut listed: Vec<&str> = FILES.iter().map(|row| row.0).collect();
    listed.extend(OTHERS.iter().map(|row| row.0));
    listed.sort();
    assert_eq!(present, listed);
}

#[test]
fn every_cut_of_a_fixture_is_read_or_refused() {
    for file in ["reads-454_lowercase.fastq", "virus-hiv1_NC_001802.fna"] {
        let text = fixture(file);
        let whole: Vec<Record> = Reader::new(&text[..]).unwrap().map(Result::unwrap).collect();
        for cut in (0..text.len()).step_by(7) {
            let mut records = Reader::new(&text[..cut]).unwrap().collect::<Vec<_>>();
            // The last record may be short or wrong, those before it are whole.
            match records.pop() {
                Some(Err(ReadError::Malformed { .. })) | Some(Ok(_)) | None => {}
                Some(Err(error)) => panic!("{error}"),
            }
            for (record, expected) in records.into_iter().zip(&whole) {
                assert_eq!(&record.unwrap(), expected);
            }
        }
    }
}
