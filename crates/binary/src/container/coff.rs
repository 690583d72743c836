//! COFF: the object files of Windows, and the section table that PE images share with them.

use std::sync::Arc;

use goblin::pe::{
    header::{
        COFF_MACHINE_ARM, COFF_MACHINE_ARM64, COFF_MACHINE_ARMNT, COFF_MACHINE_X86,
        COFF_MACHINE_X86_64, CoffHeader, SIZEOF_COFF_HEADER,
    },
    section_table::{
        IMAGE_SCN_CNT_CODE, IMAGE_SCN_CNT_UNINITIALIZED_DATA, IMAGE_SCN_LNK_INFO,
        IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_READ, IMAGE_SCN_MEM_WRITE, SIZEOF_SECTION_TABLE,
        SectionTable,
    },
};

use super::claim::{Claims, Level, Memory, name, name_in, u32_at};
use crate::{Kind, Permissions, Reason};

/// Bytes of a symbol (Microsoft PE Format, COFF symbol table).
const SYMBOL: u64 = 18;
/// Bytes of a relocation (Microsoft PE Format, COFF relocations).
const RELOCATION: u64 = 10;

/// Reads the header of an object file, if the bytes can be one.
///
/// Objects have no magic: a known machine, at least one section, no optional header, and tables
/// that lie in the file must do. A cut object is therefore raw bytes, without a word.
pub(super) fn header(bytes: &[u8]) -> Option<CoffHeader> {
    let header = CoffHeader::parse(bytes, &mut 0).ok()?;
    let machine = matches!(
        header.machine,
        COFF_MACHINE_X86
            | COFF_MACHINE_X86_64
            | COFF_MACHINE_ARM
            | COFF_MACHINE_ARMNT
            | COFF_MACHINE_ARM64
    );
    let sections =
        SIZEOF_COFF_HEADER + usize::from(header.number_of_sections) * SIZEOF_SECTION_TABLE;
    let symbols = strings_offset(&header).unwrap_or(0);
    (machine
        && header.size_of_optional_header == 0
        && header.number_of_sections > 0
        && sections <= bytes.len()
        && symbols <= bytes.len() as u64)
        .then_some(header)
}

/// Claims the sections of an object file.
pub(super) fn claims(bytes: &[u8], header: &CoffHeader, out: &mut Claims) {
    out.headers(0, SIZEOF_COFF_HEADER, "COFF header");
    let table = section_table(bytes, header, SIZEOF_COFF_HEADER, out);
    out.headers(SIZEOF_COFF_HEADER, table.len() * SIZEOF_SECTION_TABLE, "section headers");
    for (at, section) in &table {
        let name = section_name(bytes, header, *at, section, out);
        if section.number_of_relocations > 0 {
            let offset = u64::from(section.pointer_to_relocations);
            // Beyond 65,534 the count stands in the first relocation.
            let count = match section.number_of_relocations {
                u16::MAX => u32_at(bytes, offset as usize, true).unwrap_or(u32::MAX),
                count => u32::from(count),
            };
            let range = (offset, u64::from(count) * RELOCATION);
            let name = format!("{name} relocations");
            out.add(*at, range, Level::Section, name, Kind::Relocations, Memory::Unmapped);
        }
        if section.pointer_to_raw_data == 0
            || section.characteristics & IMAGE_SCN_CNT_UNINITIALIZED_DATA != 0
        {
            continue;
        }
        let range = (u64::from(section.pointer_to_raw_data), u64::from(section.size_of_raw_data));
        let kind = kind(section, &name);
        let memory = Memory::Mapped(permissions(section), None);
        out.add(*at, range, Level::Section, name, kind, memory);
    }
    symbols(bytes, header, 0, out);
}

/// The section headers that lie in the file, each with its offset.
pub(super) fn section_table(
    bytes: &[u8],
    header: &CoffHeader,
    offset: usize,
    out: &mut Claims,
) -> Vec<(usize, SectionTable)> {
    let count = u64::from(header.number_of_sections);
    let (offset, fit) = out.table(offset, offset as u64, count, SIZEOF_SECTION_TABLE);
    let table = bytes[offset..].as_chunks::<SIZEOF_SECTION_TABLE>().0;
    let mut sections = Vec::with_capacity(fit);
    for (i, entry) in table[..fit].iter().enumerate() {
        // goblin would copy a long name of any length out of the string table, and give up on the
        // section if the reference is no number. It sees an empty name instead.
        let mut entry = *entry;
        let short = std::mem::take(entry.first_chunk_mut::<8>().expect("entries are longer"));
        let at = offset + i * SIZEOF_SECTION_TABLE;
        match SectionTable::parse(&entry, &mut 0, 0) {
            Ok(section) => sections.push((at, SectionTable { name: short, ..section })),
            Err(_) => out.find(at, Reason::BadEntry),
        }
    }
    sections
}

/// The name of a section: its eight bytes, or a place in the string table (`/123`, `//AAAAAA`).
pub(super) fn section_name(
    bytes: &[u8],
    header: &CoffHeader,
    at: usize,
    section: &SectionTable,
    out: &mut Claims,
) -> Arc<str> {
    let short = name(&section.name);
    let Some(place) = short.strip_prefix('/') else { return short };
    let place = match place.strip_prefix('/') {
        Some(place) => base64(place),
        None => place.parse().ok(),
    };
    let long = place
        .zip(strings_offset(header))
        .and_then(|(place, start)| name_in(bytes.get(usize::try_from(start).ok()?..)?, place));
    long.unwrap_or_else(|| {
        out.find(at, Reason::BadName);
        short
    })
}

/// Up to six digits of base 64, the highest first, as LLVM writes offsets of eight digits or more.
fn base64(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.bytes().try_fold(0, |value, digit| {
        let digit = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        Some(value * 64 + u64::from(digit))
    })
}

/// Where the string table starts: right after the symbols.
fn strings_offset(header: &CoffHeader) -> Option<u64> {
    let symbols = u64::from(header.pointer_to_symbol_table);
    (symbols != 0).then(|| symbols + u64::from(header.number_of_symbol_table) * SYMBOL)
}

/// Claims the symbol and string tables; `at` is the offset of the COFF header.
pub(super) fn symbols(bytes: &[u8], header: &CoffHeader, at: usize, out: &mut Claims) {
    let Some(strings) = strings_offset(header) else { return };
    let symbols = u64::from(header.pointer_to_symbol_table);
    let range = (symbols, strings - symbols);
    out.add(at, range, Level::Section, "COFF symbols", Kind::Symbols, Memory::Unmapped);
    // The size counts its own four bytes.
    if let Some(size) = usize::try_from(strings).ok().and_then(|at| u32_at(bytes, at, true)) {
        let range = (strings, u64::from(size.max(4)));
        out.add(at, range, Level::Section, "COFF strings", Kind::Strings, Memory::Unmapped);
    }
}

pub(super) fn permissions(section: &SectionTable) -> Permissions {
    Permissions {
        read: section.characteristics & IMAGE_SCN_MEM_READ != 0,
        write: section.characteristics & IMAGE_SCN_MEM_WRITE != 0,
        execute: section.characteristics & IMAGE_SCN_MEM_EXECUTE != 0,
    }
}

pub(super) fn kind(section: &SectionTable, name: &str) -> Kind {
    const DEBUG: [&str; 3] = [".debug", ".zdebug", ".stab"];
    let has = |flag| section.characteristics & flag != 0;
    if has(IMAGE_SCN_CNT_CODE) || has(IMAGE_SCN_MEM_EXECUTE) {
        Kind::Code
    } else if DEBUG.iter().any(|debug| name.starts_with(debug)) {
        Kind::Debug
    } else if name == ".reloc" {
        Kind::Relocations
    } else if has(IMAGE_SCN_LNK_INFO) {
        Kind::Strings
    } else if has(IMAGE_SCN_MEM_WRITE) {
        Kind::Data
    } else {
        Kind::ReadOnlyData
    }
}
