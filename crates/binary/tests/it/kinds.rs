//! What sections of real files are for.

use std::collections::BTreeMap;

use polytok_binary::{Kind, Map};

use crate::files;

/// Checks the kinds of the named regions of a fixture.
fn check(path: &str, expected: &[(&str, Kind)]) {
    let map = Map::of(&files::fixture(path));
    let mut kinds = BTreeMap::new();
    for region in map.regions() {
        kinds.entry(region.to_string()).or_insert(region.kind);
    }
    for (name, kind) in expected {
        assert_eq!(kinds.get(*name), Some(kind), "{path}: {name}");
    }
}

#[test]
fn of_elf() {
    check(
        "elf-x86_64/bzip2__bzip2recover",
        &[
            ("ELF header", Kind::Headers),
            (".interp", Kind::Strings),
            (".note.ABI-tag", Kind::ReadOnlyData),
            (".gnu.hash", Kind::Symbols),
            (".dynsym", Kind::Symbols),
            (".dynstr", Kind::Strings),
            (".gnu.version_r", Kind::Symbols),
            (".rela.dyn", Kind::Relocations),
            (".text", Kind::Code),
            (".rodata", Kind::ReadOnlyData),
            (".dynamic", Kind::Data),
            (".data", Kind::Data),
            (".gnu_debuglink", Kind::Debug),
            (".shstrtab", Kind::Strings),
            ("padding", Kind::Padding),
        ],
    );
    check(
        "elf-i386/minicap-prebuilt__minicap.so",
        &[(".rel.dyn", Kind::Relocations), (".comment", Kind::Strings), (".hash", Kind::Symbols)],
    );
}

#[test]
fn of_windows_images_and_import_libraries() {
    check(
        "pe-i386/libz-mingw-w64__zlib1.dll",
        &[
            ("headers", Kind::Headers),
            (".text", Kind::Code),
            (".data", Kind::Data),
            (".rdata", Kind::ReadOnlyData),
            (".reloc", Kind::Relocations),
            ("COFF strings", Kind::Strings),
        ],
    );
    check(
        "ar-static/libz-mingw-w64-dev__libz.dll.a",
        &[
            ("zlib1_dll_d000090.o", Kind::Headers),
            ("zlib1_dll_d000089.o/.text", Kind::Code),
            ("zlib1_dll_d000089.o/.text relocations", Kind::Relocations),
            ("zlib1_dll_d000089.o/COFF symbols", Kind::Symbols),
        ],
    );
}

#[test]
fn of_macho() {
    check(
        "macho-universal/markupsafe___speedups.cpython-312-darwin.so",
        &[
            ("fat header", Kind::Headers),
            ("x86_64/Mach-O header", Kind::Headers),
            ("x86_64/__TEXT,__text", Kind::Code),
            ("x86_64/__TEXT,__cstring", Kind::Strings),
            ("x86_64/__TEXT,__unwind_info", Kind::ReadOnlyData),
            ("arm64/__DATA,__data", Kind::Data),
            ("arm64/__LINKEDIT,rebases", Kind::Relocations),
            ("arm64/__LINKEDIT,exports trie", Kind::Symbols),
            ("arm64/__LINKEDIT,symbols", Kind::Symbols),
            ("arm64/__LINKEDIT,strings", Kind::Strings),
            ("arm64/__LINKEDIT,code signature", Kind::ReadOnlyData),
        ],
    );
}
