//! Real files, cut and damaged.

use polytok_binary::{Kind, Map};
use polytok_core::Span;

use crate::{check, files};

/// Small files of every format, the first few short enough for every length.
const SMALL: [&str; 8] = [
    "elf-arm/minicap-prebuilt__minicap.so",
    "macho-x86_64/bufferutil__bufferutil.node",
    "pe-i386/markupsafe___speedups.cp311-win32.pyd",
    "elf-x86_64/bzip2__bzip2recover",
    "elf-s390x/file__file",
    "macho-universal/markupsafe___speedups.cpython-312-darwin.so",
    "ar-static/libz-mingw-w64-dev__libz.dll.a",
    "elf-riscv64/markupsafe___speedups.cpython-312-riscv64-linux-gnu.so",
];

#[test]
fn all_fixtures_are_partitioned() {
    for (_, file) in files::below(files::FIXTURES) {
        check::segments(&file);
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn all_shared_fixtures_are_partitioned() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora/binary/fixtures");
    for (path, file) in files::below(shared) {
        check::segments(&file);
        assert_eq!(Map::of(&file).warnings(), [], "{path}");
    }
}

#[test]
fn every_truncation_of_small_files_is_partitioned() {
    for (i, path) in SMALL.iter().enumerate() {
        let file = files::fixture(path);
        let stride = if i < 3 { 1 } else { 61 };
        let mut degraded = 0;
        for len in (0..file.len()).step_by(stride) {
            let map = check::map(&file[..len]);
            degraded += usize::from(map.degraded().is_some());
            if len % 97 == 0 {
                check::segments(&file[..len]);
            }
        }
        // Nearly all cuts cut something that a header accounts for, and the map says so.
        let cuts = file.len().div_ceil(stride);
        assert!(degraded * 10 > cuts * 9, "{path}: {degraded} of {cuts}");
    }
}

/// Small deterministic random numbers (G. Steele, D. Lea, C. Flood, *Fast Splittable Pseudorandom
/// Number Generators*, 2014: `SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// Numbers at which counts, sizes and offsets break.
const EDGES: [u64; 12] = [
    0,
    1,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    0xffff_fff0,
    u64::MAX,
    u64::MAX - 7,
    i64::MAX as u64,
];

#[test]
fn damaged_headers_are_partitioned() {
    let mut random = Random(2);
    for path in SMALL {
        let intact = files::fixture(path);
        let headers: Vec<Span> = Map::of(&intact)
            .regions()
            .iter()
            .filter(|region| region.kind == Kind::Headers)
            .map(|region| region.span)
            .collect();
        let mut degraded = 0;
        for round in 0..600 {
            let mut file = intact.clone();
            for _ in 0..1 + random.below(3) {
                // Half of the damage goes to the first headers, which lead to all others.
                let header = headers[random.below(headers.len()) * random.below(2)];
                let at = header.start + random.below(header.len());
                if random.below(2) == 0 {
                    file[at] ^= 1 << random.below(8);
                } else {
                    let len = [1, 2, 4, 8][random.below(4)].min(file.len() - at);
                    let edge = EDGES[random.below(EDGES.len())];
                    let bytes =
                        if random.below(2) == 0 { edge.to_le_bytes() } else { edge.to_be_bytes() };
                    file[at..at + len].copy_from_slice(&bytes[..len]);
                }
            }
            let map = check::map(&file);
            degraded += usize::from(map.degraded().is_some());
            if round % 60 == 0 {
                check::segments(&file);
            }
        }
        // Much damage goes to fields that say nothing about sections, or makes a file raw.
        assert!(degraded > 40, "{path}: {degraded} of 600");
    }
}

#[test]
fn random_bytes_after_a_magic_are_partitioned() {
    const MAGICS: [&[u8]; 14] = [
        b"",
        b"\x7fELF\x01\x01\x01",
        b"\x7fELF\x01\x02\x01",
        b"\x7fELF\x02\x01\x01",
        b"\x7fELF\x02\x02\x01",
        b"MZ",
        b"\x64\x86\x02\0",
        b"!<arch>\n",
        b"!<thin>\n",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xfe\xed\xfa\xcf",
        b"\xca\xfe\xba\xbe\0\0\0\x03",
        b"\xca\xfe\xba\xbf\0\0\0\x02",
    ];
    let mut random = Random(3);
    for round in 0..4000 {
        let magic = MAGICS[round % MAGICS.len()];
        let mut file = magic.to_vec();
        // Few values, zeros above all, so that offsets often lie in the file.
        let few = [0, 0, 0, 0, 1, 2, 0x10, 0x40, 0xff, random.next() as u8];
        let len = random.below(700);
        file.extend((0..len).map(|_| few[random.below(few.len())]));
        check::map(&file);
        check::partitions(&file);
    }
}
