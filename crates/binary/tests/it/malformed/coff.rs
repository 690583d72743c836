//! PE images and COFF objects.

use polytok_binary::{Format, Kind, Reason};

use super::{at, lines, reasons};
use crate::{
    check,
    forge::{self, CODE, Coff, PE_AT, WRITABLE, patch32, patch64},
};

/// A PE image with code (0x200, of which 0x150 are used) and data, and 0x80 bytes behind.
fn sections() -> [Coff; 2] {
    [
        (b".text", 0x150, 0x1000, 0x200, 0x200, (0, 0), CODE),
        (b".data", 0x9000, 0x2000, 0x200, 0x400, (0, 0), WRITABLE),
    ]
}

#[test]
fn a_pe_image_of_either_size_is_read() {
    for (wide, base) in [(true, 0x1_4000_0000u64), (false, 0x40_0000)] {
        let map = check::map(&forge::pe(wide, 16, (0x640, 0x40), (0, 0), &sections(), 0x680));
        assert_eq!((map.format(), reasons(&map)), (Format::Pe, vec![]));
        let expected = [
            format!("0 200 headers r-- {base:08x}"),
            format!("200 350 .text r-x {:08x}", base + 0x1000),
            format!("350 400 .text r-x {:08x}", base + 0x1150),
            format!("400 600 .data rw- {:08x}", base + 0x2000),
            "600 640 padding --- -".into(),
            "640 680 certificates --- -".into(),
        ];
        assert_eq!(lines(&map), expected);
        assert_eq!(map.regions()[2].kind, Kind::Padding);
        let map = check::map(&forge::pe(wide, 16, (0, 0), (0, 0), &sections(), 0x680));
        assert_eq!(at(&map, 0x600), "600 680 overlay --- -");
    }
}

#[test]
fn a_pe_section_without_a_virtual_size_is_used_in_full() {
    let section: Coff = (b".text", 0, 0x1000, 0x200, 0x200, (0, 0), CODE);
    let map = check::map(&forge::pe(true, 16, (0, 0), (0, 0), &[section], 0x400));
    assert_eq!(at(&map, 0x200), "200 400 .text r-x 140001000");
    assert_eq!(map.regions()[1].kind, Kind::Code);
}

#[test]
fn a_pe_section_beyond_the_file_is_said_once() {
    let file = forge::pe(true, 16, (0, 0), (0, 0), &sections()[..1], 0x400);
    // Cut off in what is used, right behind it, and in what fills the section up.
    for len in [0x340, 0x350, 0x360] {
        let map = check::map(&file[..len]);
        assert_eq!(reasons(&map), [Reason::RangeOutOfFile], "{len:x}");
        assert_eq!(at(&map, 0x200), format!("200 {:x} .text r-x 140001000", len.min(0x350)));
    }
}

#[test]
fn too_many_directories_and_sections_of_a_pe_image_are_not_believed() {
    let file = forge::pe(true, u64::from(u32::MAX), (0, 0), (0, 0), &sections(), 0x600);
    let mut expected = lines(&check::map(&file));
    assert!(expected.contains(&"200 350 .text r-x 140001000".to_string()), "{expected:?}");
    let mut file = file;
    file[PE_AT + 6..PE_AT + 8].copy_from_slice(&[0xff, 0xff]);
    let map = check::map(&file);
    // The table then reaches to the end of the file, over the sections it describes.
    assert_eq!(map.degraded(), Some(Reason::TableOutOfFile));
    assert_eq!(lines(&map)[1], expected.swap_remove(1));
}

#[test]
fn a_pe_header_beyond_the_file_is_raw() {
    for pointer in [0x10_0000, 0x5fe, u32::MAX, 0x3c] {
        let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
        patch32(&mut file, 0x3c, pointer);
        let map = check::map(&file);
        assert_eq!((lines(&map).len(), reasons(&map)), (1, vec![Reason::BadHeader]), "{pointer:x}");
    }
}

#[test]
fn a_pe_image_without_an_optional_header_keeps_its_sections() {
    let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
    file[PE_AT + 24] = 0;
    let map = check::map(&file);
    assert_eq!(map.degraded(), Some(Reason::BadEntry));
    assert_eq!(at(&map, 0x200), "200 350 .text r-x 00001000");
}

#[test]
fn a_pe_base_that_overflows_drops_the_address() {
    let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
    patch64(&mut file, PE_AT + 24 + 24, u64::MAX - 0x1800);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x200), format!("200 350 .text r-x {:x}", u64::MAX - 0x800));
    assert_eq!(at(&map, 0x400), "400 600 .data rw- -");
    assert_eq!(reasons(&map), [Reason::AddressOverflow]);
}

#[test]
fn long_names_of_coff_sections_come_from_the_string_table() {
    // One symbol of 18 bytes at 0x500, then the strings, which count their size.
    let place = |name| [(name, 0, 0, 0x10, 0x400, (0, 0), WRITABLE)];
    let named = |name: &'static [u8]| {
        let mut file = forge::pe(true, 16, (0, 0), (0x500, 1), &place(name), 0x540);
        patch32(&mut file, 0x512, 0x20);
        file[0x516..0x51f].copy_from_slice(b".debug_ok");
        let map = check::map(&file);
        (at(&map, 0x400), reasons(&map))
    };
    let good = ("400 410 .debug_ok rw- 140000000".to_string(), vec![]);
    assert_eq!(named(b"/4"), good);
    assert_eq!(named(b"//AAAAAE"), good);
    for bad in [&b"/9999999"[..], b"/x", b"/", b"//", b"//~", b"//////"] {
        let (line, reasons) = named(bad);
        let name = String::from_utf8_lossy(bad);
        assert_eq!(line, format!("400 410 {name} rw- 140000000"));
        assert_eq!(reasons, [Reason::BadName]);
    }
}

#[test]
fn a_coff_object_is_read_with_its_relocations() {
    let text: Coff = (b".text", 0, 0, 0x20, 0x100, (0x120, 2), CODE);
    let bss: Coff = (b".bss", 0, 0, 0x1000, 0, (0, 0), 0xc000_0080);
    let file = forge::coff((0x134, 1), &[text, bss], 0x150);
    let map = check::map(&file);
    assert_eq!((map.format(), reasons(&map)), (Format::Coff, vec![]));
    assert_eq!(
        lines(&map),
        [
            "0 14 COFF header --- -",
            "14 64 section headers --- -",
            "64 100 padding --- -",
            "100 120 .text r-x -",
            "120 134 .text relocations --- -",
            "134 146 COFF symbols --- -",
            "146 14a COFF strings --- -",
            "14a 150 overlay --- -",
        ]
    );
    // The count of more relocations than fit is in the first of them, and may lie.
    let text: Coff = (b".text", 0, 0, 0x20, 0x100, (0x120, 0xffff), CODE);
    let mut file = forge::coff((0, 0), &[text], 0x150);
    patch32(&mut file, 0x120, 3);
    assert_eq!(at(&check::map(&file), 0x120), "120 13e .text relocations --- -");
    patch32(&mut file, 0x120, u32::MAX);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x120), "120 150 .text relocations --- -");
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile]);
    // Without a magic, what cannot be an object is none.
    assert_eq!(check::map(&forge::coff((0x1000, 1), &[text], 0x150)).format(), Format::Raw);
    assert_eq!(check::map(&forge::coff((0, 0), &[], 0x150)).format(), Format::Raw);
    let mut image = forge::coff((0, 0), &[text], 0x150);
    image[0x10] = 0xf0;
    assert_eq!(check::map(&image).format(), Format::Raw);
}
