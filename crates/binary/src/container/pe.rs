//! PE: executables and libraries of Windows, 32 and 64 bits.

use goblin::pe::{
    header::{CoffHeader, DosHeader, Header, SIZEOF_COFF_HEADER},
    optional_header::{MAGIC_64, OptionalHeader},
    section_table::SIZEOF_SECTION_TABLE,
};

use super::{
    claim::{Claims, Level, Memory},
    coff,
};
use crate::{Kind, Permissions, Reason};

/// Bytes of `PE\0\0`.
const SIGNATURE: usize = 4;
/// Where the number of data directories stands in an optional header of 32 and 64 bits.
const DIRECTORIES: [usize; 2] = [92, 108];
/// Directories that the format defines; more are stated by files that want to break parsers.
const MAX_DIRECTORIES: u32 = 16;
/// Signature, COFF header and the longest optional header.
const HEADERS: usize = SIGNATURE + SIZEOF_COFF_HEADER + 112 + 8 * MAX_DIRECTORIES as usize;

pub(super) fn claims(bytes: &[u8], out: &mut Claims) {
    let Some((at, coff, optional)) = headers(bytes) else {
        return out.find(0, Reason::BadHeader);
    };
    let table_at = at + SIGNATURE + SIZEOF_COFF_HEADER + usize::from(coff.size_of_optional_header);
    if table_at > bytes.len() {
        out.find(at, Reason::TableOutOfFile);
    }
    let (base, size_of_headers, certificates) = match &optional {
        Some(OptionalHeader { windows_fields, data_directories, .. }) => (
            windows_fields.image_base,
            windows_fields.size_of_headers,
            data_directories.get_certificate_table(),
        ),
        None => {
            out.find(at, Reason::BadEntry);
            (0, 0, None)
        }
    };
    let table = coff::section_table(bytes, &coff, table_at.min(bytes.len()), out);
    let end = (table_at + table.len() * SIZEOF_SECTION_TABLE).max(size_of_headers as usize);
    let memory = Memory::Mapped(Permissions::READ, Some(base));
    out.add(at, (0, end as u64), Level::Section, "headers", Kind::Headers, memory);
    for (at, section) in &table {
        let raw = u64::from(section.size_of_raw_data);
        let offset = u64::from(section.pointer_to_raw_data);
        if offset == 0 || raw == 0 {
            continue;
        }
        // Old linkers leave the virtual size at zero. What goes beyond it fills the section up to
        // the alignment of the file.
        let used = match section.virtual_size {
            0 => raw,
            size => raw.min(u64::from(size)),
        };
        let name = coff::section_name(bytes, &coff, *at, section, out);
        let permissions = coff::permissions(section);
        let address = base.checked_add(u64::from(section.virtual_address));
        if address.is_none() {
            out.find(*at, Reason::AddressOverflow);
        }
        let kind = coff::kind(section, &name);
        let memory = Memory::Mapped(permissions, address);
        out.add(*at, (offset, used), Level::Section, name.clone(), kind, memory);
        // Said once that the section reaches beyond the file, it need not be said again.
        if offset + used <= bytes.len() as u64 {
            let address = address.and_then(|address| address.checked_add(used));
            let memory = Memory::Mapped(permissions, address);
            out.add(*at, (offset + used, raw - used), Level::Segment, name, kind, memory);
        }
    }
    coff::symbols(bytes, &coff, at + SIGNATURE, out);
    if let Some(table) = certificates {
        // The one directory whose address is a file offset (Microsoft PE Format).
        let range = (u64::from(table.virtual_address), u64::from(table.size));
        out.add(at, range, Level::Section, "certificates", Kind::Overlay, Memory::Unmapped);
    }
}

/// The offset of the signature and the headers after it.
///
/// goblin refuses an image with more than sixteen directories, which Windows loads; it is given a
/// copy in which their number is in range. The Rich header is not read.
fn headers(bytes: &[u8]) -> Option<(usize, CoffHeader, Option<OptionalHeader>)> {
    let at = usize::try_from(DosHeader::parse(bytes).ok()?.pe_pointer).ok()?;
    let there = bytes.get(at..)?;
    let there = &there[..there.len().min(HEADERS)];
    let coff = CoffHeader::parse(there, &mut { SIGNATURE }).ok()?;
    let mut copy = [0; HEADERS];
    copy[..there.len()].copy_from_slice(there);
    let optional = &mut copy[SIGNATURE + SIZEOF_COFF_HEADER..];
    let magic = u16::from_le_bytes([optional[0], optional[1]]);
    let count = DIRECTORIES[usize::from(magic == MAGIC_64)];
    if let Some(count) = optional[count..].first_chunk_mut::<4>() {
        *count = u32::from_le_bytes(*count).min(MAX_DIRECTORIES).to_le_bytes();
    }
    let optional = Header::parse_without_dos(&copy).ok().and_then(|header| header.optional_header);
    Some((at, coff, optional))
}
