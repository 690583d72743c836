//! Fat Mach-O files.

use polytok_binary::{Format, Reason};

use crate::{
    check,
    forge::{ar, fat, macho},
    malformed::{lines, reasons},
};

const X86_64: u64 = 0x0100_0007;

#[test]
fn every_slice_is_read() {
    for wide in [false, true] {
        let (first, second) = (macho(true, false), ar(&[(b"a.o/", &macho(true, false))]));
        let size = |part: &[u8]| part.len() as u64;
        let slices = [(X86_64, 0x100, size(&first)), (0x77, 0x600, size(&second))];
        let map = check::map(&fat(wide, &slices, &[(0x100, &first), (0x600, &second)]));
        assert_eq!((map.format(), reasons(&map)), (Format::FatMachO, vec![]));
        let lines = lines(&map);
        let end = if wide { 0x48 } else { 0x30 };
        assert_eq!(lines[0], format!("0 {end:x} fat header --- -"));
        assert_eq!(lines[1], format!("{end:x} 100 padding --- -"));
        // A slice counts offsets from its own start, and addresses as it would alone.
        assert_eq!(lines[4], "300 380 x86_64/__TEXT,__text r-x 100000200");
        assert!(
            lines.contains(&"844 8c4 cpu 0x77 0x3/a.o/__TEXT,__text r-x 100000200".into()),
            "{lines:#?}"
        );
    }
}

#[test]
fn slices_that_overlap_are_not_opened() {
    let image = macho(true, false);
    let slices = [(X86_64, 0x100, 0x400), (0x77, 0x200, 0x400)];
    let map = check::map(&fat(false, &slices, &[(0x100, &image), (0x600, &[])]));
    assert_eq!(reasons(&map), [Reason::Overlap]);
    // Of one length, the earlier holds in full and is opened; the other has lost bytes and is not.
    assert_eq!(lines(&map).last().map(String::as_str), Some("500 600 cpu 0x77 0x3 --- -"));
    assert!(lines(&map).contains(&"300 380 x86_64/__TEXT,__text r-x 100000200".into()));
    // Many slices of the same bytes are read once.
    let slices = [(X86_64, 0x400, 0x400); 40];
    let map = check::map(&fat(false, &slices, &[(0x400, &image)]));
    assert_eq!(map.warnings().len(), 39);
    assert_eq!(lines(&map).iter().filter(|line| line.contains("__text")).count(), 1);
}

#[test]
fn slices_beyond_the_file_are_clipped() {
    let image = macho(true, false);
    let slices = [(X86_64, 0x100, 0xffff_ffff), (0x77, 0xffff_ffff, 0x10)];
    let map = check::map(&fat(false, &slices, &[(0x100, &image)]));
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile, Reason::RangeOutOfFile]);
    assert!(lines(&map).contains(&"300 380 x86_64/__TEXT,__text r-x 100000200".into()));
    let slices = [(X86_64, 0x100, u64::MAX), (0x77, u64::MAX, u64::MAX)];
    let map = check::map(&fat(true, &slices, &[(0x100, &image)]));
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile, Reason::RangeOutOfFile]);
    // A table cut short.
    let map = check::map(&fat(false, &[(X86_64, 0x100, 0x10); 3], &[])[..30]);
    assert_eq!(reasons(&map), [Reason::TableOutOfFile, Reason::RangeOutOfFile]);
}

#[test]
fn fat_files_within_fat_files_end_somewhere() {
    let mut file = macho(true, false);
    for _ in 0..7 {
        let len = file.len() as u64;
        file = fat(false, &[(X86_64, 0x40, len)], &[(0x40, &file)]);
    }
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::TooDeep]);
    assert_eq!(
        lines(&map).last().map(String::as_str),
        Some("100 5c0 x86_64/x86_64/x86_64/x86_64/raw --- -")
    );
}

#[test]
fn capabilities_are_no_part_of_a_processor_s_name() {
    let image = macho(true, false);
    let mut file = fat(false, &[(X86_64, 0x40, 0x400)], &[(0x40, &image)]);
    file[12] = 0x80;
    assert!(lines(&check::map(&file))[2].contains(" x86_64/Mach-O header "));
}

#[test]
fn a_java_class_is_not_a_fat_file() {
    // Version 45.3 is that of the first compiler, 0 minor 52 that of Java 8.
    for version in [&b"\0\x03\0\x2d"[..], b"\0\0\0\x34", b"\0\0\0\x2d", b"\0\0\0\0"] {
        let file = [b"\xca\xfe\xba\xbe", version, &[7; 40]].concat();
        assert_eq!(check::map(&file).format(), Format::Raw, "{version:?}");
    }
}
