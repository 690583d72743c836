//! Archives of `ar`.

use polytok_binary::{Format, Kind, Reason};

use crate::{
    check, forge,
    forge::{ar, ar_header},
    malformed::{lines, reasons},
};

/// Members of a map, in order, each once.
fn members(file: &[u8]) -> Vec<String> {
    let mut members: Vec<String> = check::map(file)
        .regions()
        .iter()
        .filter_map(|r| Some(r.member.as_deref()?.into()))
        .collect();
    members.dedup();
    members
}

#[test]
fn members_are_read_and_named() {
    let elf = forge::usual_elf();
    let map = check::map(&ar(&[(b"/", b"\0\0\0\0"), (b"a.o/", &elf), (b"note/", b"odd")]));
    assert_eq!((map.format(), reasons(&map)), (Format::Archive, vec![]));
    let lines = lines(&map);
    assert_eq!(
        lines[..4],
        ["0 8 archive magic --- -", "8 44 / --- -", "44 48 / --- -", "48 84 a.o --- -"]
    );
    assert!(lines.contains(&"184 1c4 a.o/.text r-x 00401100".into()), "{lines:#?}");
    let n = lines.len();
    assert_eq!(
        lines[n - 3..],
        ["384 3c0 note --- -", "3c0 3c3 note/raw --- -", "3c3 3c4 overlay --- -"]
    );
    assert_eq!(map.regions()[2].kind, Kind::Symbols);
}

#[test]
fn long_names_are_found_in_all_dialects() {
    // GNU: a table of names that end in "/\n".
    let table = b"a_member_with_a_long_name.o/\nanother_with_a_long_name.o/\n";
    let gnu = ar(&[(b"//", table), (b"/29", b"x"), (b"/0", b"y"), (b"short.o/", b"z")]);
    let names = ["another_with_a_long_name.o", "a_member_with_a_long_name.o", "short.o"];
    assert_eq!(members(&gnu), names);
    // Windows: names that end in a zero byte, after two indexes.
    let windows = ar(&[
        (b"/", b"\0\0\0\0"),
        (b"/", b"\0\0\0\0\0\0\0\0"),
        (b"//", b"a_member_with_a_long_name.obj\0next.obj\0"),
        (b"/0", b"x"),
        (b"/30", b"y"),
    ]);
    assert_eq!(members(&windows), ["a_member_with_a_long_name.obj", "next.obj"]);
    // BSD: the name stands before the data and counts in its size.
    let bsd = ar(&[(b"#1/20", b"__.SYMDEF SORTED\0\0\0\0data"), (b"#1/12", b"long one.o\0\0data")]);
    let map = check::map(&bsd);
    assert_eq!(reasons(&map), []);
    assert_eq!(
        lines(&map),
        [
            "0 8 archive magic --- -",
            "8 58 __.SYMDEF SORTED --- -",
            "58 5c __.SYMDEF SORTED --- -",
            "5c a4 long one.o --- -",
            "a4 a8 long one.o/raw --- -",
        ]
    );
    assert_eq!(map.regions()[2].kind, Kind::Symbols);
}

#[test]
fn names_that_point_nowhere_are_kept_as_they_stand() {
    for name in [&b"/99"[..], b"/9999999999999", b"/x"] {
        let file = ar(&[(b"//", b"a.o/\n"), (name, b"x")]);
        assert_eq!(members(&file), [std::str::from_utf8(name).unwrap()]);
        assert_eq!(reasons(&check::map(&file)), [Reason::BadName]);
    }
}

#[test]
fn names_that_are_not_utf_8_do_not_cost_the_member() {
    let elf = forge::usual_elf();
    let file = ar(&[(b"stra\xdfe.o/", &elf), (b"b.o/", b"x")]);
    assert_eq!(members(&file), ["stra\u{fffd}e.o", "b.o"]);
    assert_eq!(reasons(&check::map(&file)), []);
}

#[test]
fn long_names_are_not_copied_whole_into_every_region() {
    let table = vec![b'n'; 1 << 20];
    let mut all: Vec<(&[u8], &[u8])> = vec![(b"//", &table)];
    all.extend([(&b"/0"[..], &b"x"[..]); 1000]);
    let file = ar(&all);
    let map = check::map(&file);
    assert_eq!(map.regions().iter().filter(|r| r.member.is_some()).count(), 1000);
    assert_eq!(members(&file)[0].len(), 255);
}

#[test]
fn thin_archives_have_headers_alone() {
    let mut file = b"!<thin>\n".to_vec();
    file.extend(ar_header(b"//", "8"));
    file.extend(b"far/a.o/");
    file.extend(ar_header(b"/0", "123456"));
    file.extend(ar_header(b"b.o/", "9999999999"));
    let map = check::map(&file);
    assert_eq!((map.format(), reasons(&map)), (Format::ThinArchive, vec![]));
    assert_eq!(lines(&map)[2..], ["44 4c // --- -", "4c 88 far/a.o --- -", "88 c4 b.o --- -"]);
}

#[test]
fn what_is_no_member_header_is_raw() {
    let mut file = ar(&[(b"a.o/", b"data"), (b"b.o/", b"more")]);
    let second = 8 + 60 + 4;
    file[second + 58] = b'!';
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::BadMember]);
    assert_eq!(map.warnings()[0].offset, second);
    assert_eq!(lines(&map)[3], "48 88 overlay --- -");
    for size in ["", "-1", "0x10", "ten", "1 2"] {
        let file = [b"!<arch>\n", &ar_header(b"a.o/", size)[..], b"data"].concat();
        assert_eq!(reasons(&check::map(&file)), [Reason::BadMember], "{size}");
    }
    // A header cut short.
    let map = check::map(&ar(&[(b"a.o/", b"data"), (b"b.o/", b"more")])[..100]);
    assert_eq!(reasons(&map), [Reason::BadMember]);
}

#[test]
fn members_beyond_the_file_are_clipped() {
    let file = [b"!<arch>\n", &ar_header(b"a.o/", "9999999999")[..], b"data"].concat();
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile]);
    assert_eq!(lines(&map)[2], "44 48 a.o/raw --- -");
    // A BSD name longer than its member, and one longer than the file.
    for name in [&b"#1/8"[..], b"#1/9999999999999"] {
        let file = [b"!<arch>\n", &ar_header(name, "4")[..], b"data"].concat();
        check::map(&file);
        assert_eq!(members(&file).len(), 1);
    }
}

#[test]
fn archives_nest_down_to_a_depth() {
    let mut file = forge::usual_elf();
    for depth in 0..6 {
        file = ar(&[(b"in/", &file)]);
        let map = check::map(&file);
        let expected = if depth < 3 { vec![] } else { vec![Reason::TooDeep] };
        assert_eq!(reasons(&map), expected, "{depth}");
        let text = format!("{}.text", "in/".repeat(depth + 1));
        assert_eq!(map.regions().iter().any(|r| r.to_string() == text), depth < 3);
    }
    let map = check::map(&file);
    assert_eq!(lines(&map).last().unwrap().split(' ').nth(2), Some("in/in/in/in/raw"));
    assert_eq!(map.warnings()[0].member.as_deref(), Some("in/in/in/in"));
    assert_eq!(
        map.warnings()[0].to_string(),
        "in/in/in/in: at offset 0x110: containers are nested too deeply"
    );
}

#[test]
fn warnings_are_counted_when_they_are_too_many() {
    let bad: Vec<(&[u8], &[u8])> = vec![(b"/77", b"x"); 100];
    let map = check::map(&ar(&bad));
    assert_eq!((map.warnings().len(), map.omitted_warnings()), (64, 36));
    let inner = ar(&bad);
    let outer: Vec<(&[u8], &[u8])> = vec![(b"in/", &inner); 20];
    let map = check::map(&ar(&outer));
    assert_eq!((map.warnings().len(), map.omitted_warnings()), (1024, 976));
}
