//! Mach-O.

use polytok_binary::{Format, Kind, Map, Reason};

use super::{at, lines, reasons};
use crate::{
    check,
    forge::{self, patch32, patch64},
};

#[test]
fn a_macho_image_of_either_size_and_order_is_read() {
    for (wide, big) in [(false, false), (false, true), (true, false), (true, true)] {
        let map = check::map(&forge::macho(wide, big));
        assert_eq!((map.format(), reasons(&map)), (Format::MachO, vec![]));
        let base = if wide { 0x1_0000_0000u64 } else { 0x1000 };
        let end = if wide { 32 + 72 + 80 + 72 + 24 } else { 28 + 56 + 68 + 56 + 24 };
        let symbols = if wide { 0x340 } else { 0x330 };
        let expected = [
            format!("0 {end:x} Mach-O header r-x {base:08x}"),
            format!("{end:x} 200 __TEXT r-x {:08x}", base + end),
            format!("200 280 __TEXT,__text r-x {:08x}", base + 0x200),
            format!("280 300 __TEXT r-x {:08x}", base + 0x280),
            format!("300 {symbols:x} __LINKEDIT,symbols r-- {:08x}", base + 0x300),
            format!("{symbols:x} 3f0 __LINKEDIT r-- {:08x}", base + symbols),
            format!("3f0 400 __LINKEDIT,strings r-- {:08x}", base + 0x3f0),
        ];
        assert_eq!(lines(&map), expected);
    }
}

#[test]
fn load_commands_that_lie_end_the_walk() {
    let commands = 32;
    // No size, a size below that of any command, one beyond the commands.
    for size in [0, 7, 0x1000, u32::MAX] {
        let mut file = forge::macho(true, false);
        patch32(&mut file, commands + 4, size);
        let map = check::map(&file);
        assert_eq!(reasons(&map), [Reason::BadEntry], "{size:x}");
        assert_eq!(lines(&map), ["0 118 Mach-O header --- -", "118 400 overlay --- -"]);
    }
    // A command too short for its kind is passed over.
    let mut file = forge::macho(true, false);
    patch32(&mut file, commands + 4, 16);
    assert_eq!(check::map(&file).degraded(), Some(Reason::BadEntry));
}

#[test]
fn counts_of_a_macho_image_are_held_against_the_file() {
    let intact = lines(&Map::of(&forge::macho(true, false)));
    // More commands than there are.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 16, u32::MAX);
    let map = check::map(&file);
    assert_eq!((lines(&map), reasons(&map)), (intact.clone(), vec![Reason::BadEntry]));
    // More sections than the command has room for.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 32 + 64, u32::MAX);
    let map = check::map(&file);
    assert_eq!((lines(&map), reasons(&map)), (intact, vec![Reason::TableOutOfFile]));
    // Commands beyond the end of the file.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 20, u32::MAX);
    assert!(reasons(&check::map(&file)).contains(&Reason::TableOutOfFile));
    // More symbols than the file.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 32 + 152 + 72 + 12, u32::MAX);
    let map = check::map(&file);
    assert_eq!(map.degraded(), Some(Reason::RangeOutOfFile));
    assert_eq!(at(&map, 0x300), "300 3f0 __LINKEDIT,symbols r-- 100000300");
}

#[test]
fn the_flags_of_a_macho_section_make_its_kind() {
    // Of the section: flags at 0xa8, relocations at 0xa0; of its segment: protection at 0x5c.
    let kind = |flags: u32, protection: u32, segment: &[u8]| {
        let mut file = forge::macho(true, false);
        patch32(&mut file, 0xa8, flags);
        patch32(&mut file, 0x5c, protection);
        file[0x78..0x78 + segment.len()].copy_from_slice(segment);
        let map = check::map(&file);
        map.regions().iter().find(|region| region.span.start == 0x200).unwrap().kind
    };
    assert_eq!(kind(0x8000_0400, 5, b"__TEXT"), Kind::Code);
    assert_eq!(kind(0x400, 5, b"__TEXT"), Kind::Code);
    assert_eq!(kind(0, 5, b"__TEXT"), Kind::ReadOnlyData);
    assert_eq!(kind(2, 5, b"__TEXT"), Kind::Strings);
    assert_eq!(kind(0, 3, b"__DATA"), Kind::Data);
    // The only segment of an object may be written and executed.
    assert_eq!(kind(0, 7, b"__TEXT"), Kind::ReadOnlyData);
    assert_eq!(kind(0, 7, b"__DATA"), Kind::Data);
    assert_eq!(kind(0x0200_0000, 7, b"__OTHER"), Kind::Debug);
    assert_eq!(kind(0, 7, b"__DWARF"), Kind::Debug);
    // Zeros that are not in the file.
    for flags in [1, 0xc, 0x12] {
        let mut file = forge::macho(true, false);
        patch32(&mut file, 0xa8, flags);
        assert_eq!(at(&check::map(&file), 0x118), "118 300 __TEXT r-x 100000118");
    }
}

#[test]
fn a_macho_section_has_its_relocations() {
    let mut file = forge::macho(true, false);
    patch32(&mut file, 0xa0, 0x280);
    patch32(&mut file, 0xa4, 2);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x280), "280 290 __TEXT,__text relocations --- -");
    assert_eq!(reasons(&map), []);
}

#[test]
fn sections_of_a_segment_that_is_not_in_the_file_are_not_either() {
    let mut file = forge::macho(true, false);
    patch64(&mut file, 0x50, 0);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x118), "118 300 padding --- -");
    assert_eq!(reasons(&map), []);
}
