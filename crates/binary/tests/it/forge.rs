//! Files made by hand, down to the byte.

/// Numbers of one byte order and word size, appended to bytes.
pub(crate) struct Forge {
    pub(crate) bytes: Vec<u8>,
    pub(crate) wide: bool,
    pub(crate) big: bool,
}

impl Forge {
    pub(crate) fn new(wide: bool, big: bool) -> Forge {
        Forge { bytes: Vec::new(), wide, big }
    }

    fn put(&mut self, value: u64, len: usize) -> &mut Forge {
        let bytes = value.to_be_bytes();
        let bytes = &bytes[8 - len..];
        if self.big {
            self.bytes.extend(bytes);
        } else {
            self.bytes.extend(bytes.iter().rev());
        }
        self
    }

    pub(crate) fn u16(&mut self, values: &[u64]) -> &mut Forge {
        values.iter().fold(self, |forge, &value| forge.put(value, 2))
    }

    pub(crate) fn u32(&mut self, values: &[u64]) -> &mut Forge {
        values.iter().fold(self, |forge, &value| forge.put(value, 4))
    }

    /// Numbers of 32 or 64 bits, as the file has.
    pub(crate) fn word(&mut self, values: &[u64]) -> &mut Forge {
        let len = if self.wide { 8 } else { 4 };
        values.iter().fold(self, |forge, &value| forge.put(value, len))
    }

    /// Bytes, filled up with zeros to a field of `len`.
    pub(crate) fn field(&mut self, bytes: &[u8], len: usize) -> &mut Forge {
        assert!(bytes.len() <= len);
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len() + len - bytes.len(), 0);
        self
    }

    /// Zeros up to an offset.
    pub(crate) fn to(&mut self, offset: usize) -> &mut Forge {
        assert!(self.bytes.len() <= offset, "{} is behind", offset);
        self.bytes.resize(offset, 0);
        self
    }
}

/// A section of a forged ELF file.
#[derive(Clone, Copy)]
pub(crate) struct Section {
    /// Offset in [`NAMES`].
    pub(crate) name: u64,
    pub(crate) kind: u64,
    pub(crate) flags: u64,
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

pub(crate) const NAMES: &[u8] = b"\0.text\0.data\0.names\0";
const NAMES_AT: usize = 0x180;
pub(crate) const SECTIONS_AT: usize = 0x200;

pub(crate) const NULL: Section =
    Section { name: 0, kind: 0, flags: 0, address: 0, offset: 0, size: 0 };
pub(crate) const TEXT: Section =
    Section { name: 1, kind: 1, flags: 6, address: 0x40_1100, offset: 0x100, size: 0x40 };
pub(crate) const DATA: Section =
    Section { name: 7, kind: 1, flags: 3, address: 0x40_2150, offset: 0x150, size: 0x30 };
pub(crate) const STRINGS: Section = Section {
    name: 13,
    kind: 3,
    flags: 0,
    address: 0,
    offset: NAMES_AT as u64,
    size: NAMES.len() as u64,
};

/// An ELF executable: headers, one segment from 0 to 0x140 at 0x401000 (`r-x`), sections as given
/// with their names in the last one, their headers at [`SECTIONS_AT`] and at the end of the file.
pub(crate) fn elf(wide: bool, big: bool, sections: &[Section]) -> Vec<u8> {
    let mut forge = Forge::new(wide, big);
    let (header, segment, section) = if wide { (64, 56, 64) } else { (52, 32, 40) };
    let (class, order) = (1 + u8::from(wide), 1 + u8::from(big));
    forge.field(&[0x7f, b'E', b'L', b'F', class, order, 1], 16);
    forge.u16(&[2, 0x3e]).u32(&[1]);
    forge.word(&[0x40_1100, header, SECTIONS_AT as u64]).u32(&[0]);
    let count = sections.len() as u64;
    forge.u16(&[header, segment, 1, section, count, count.saturating_sub(1)]);
    assert_eq!(forge.bytes.len(), header as usize);
    if wide {
        forge.u32(&[1, 5]).word(&[0, 0x40_1000, 0x40_1000, 0x140, 0x140, 0x1000]);
    } else {
        forge.u32(&[1, 0, 0x40_1000, 0x40_1000, 0x140, 0x140, 5, 0x1000]);
    }
    forge.to(NAMES_AT).field(NAMES, NAMES.len()).to(SECTIONS_AT);
    for s in sections {
        forge.u32(&[s.name, s.kind]).word(&[s.flags, s.address, s.offset, s.size]);
        forge.u32(&[0, 0]).word(&[1, 0]);
    }
    forge.bytes
}

/// The usual ELF file of 64 bits, little endian.
pub(crate) fn usual_elf() -> Vec<u8> {
    elf(true, false, &[NULL, TEXT, DATA, STRINGS])
}

/// A section of a forged PE image or object: name, virtual size, address, raw size and offset,
/// relocations (offset, count), characteristics.
pub(crate) type Coff = (&'static [u8], u64, u64, u64, u64, (u64, u64), u64);

pub(crate) const PE_AT: usize = 0x40;
/// Characteristics of code, `r-x`.
pub(crate) const CODE: u64 = 0x6000_0020;
/// Characteristics of initialized data, `rw-`.
pub(crate) const WRITABLE: u64 = 0xc000_0040;

/// A PE image of `len` bytes based at 0x140000000 (or 0x400000 with 32 bits), headers of 0x200
/// bytes. `directories` is stated, sixteen are there; the fifth is `certificates`.
pub(crate) fn pe(
    wide: bool,
    directories: u64,
    certificates: (u64, u64),
    symbols: (u64, u64),
    sections: &[Coff],
    len: usize,
) -> Vec<u8> {
    let mut forge = Forge::new(wide, false);
    forge.field(b"MZ", 0x3c).u32(&[PE_AT as u64]).field(b"PE\0\0", 4);
    let optional = if wide { 240 } else { 224 };
    forge.u16(&[if wide { 0x8664 } else { 0x14c }, sections.len() as u64]);
    forge.u32(&[0, symbols.0, symbols.1]).u16(&[optional, 0x22]);
    let start = forge.bytes.len();
    if wide {
        forge.u16(&[0x20b, 0]).u32(&[0; 5]).word(&[0x1_4000_0000]);
    } else {
        forge.u16(&[0x10b, 0]).u32(&[0; 6]).word(&[0x40_0000]);
    }
    forge.u32(&[0x1000, 0x200]).u16(&[0; 6]).u32(&[0, 0x5000, 0x200, 0]).u16(&[3, 0]);
    forge.word(&[0; 4]).u32(&[0, directories]);
    forge.u32(&[0; 8]).u32(&[certificates.0, certificates.1]);
    forge.to(start + optional as usize);
    coff_sections(&mut forge, sections);
    forge.to(len);
    forge.bytes
}

fn coff_sections(forge: &mut Forge, sections: &[Coff]) {
    for &(name, virtual_size, address, size, offset, relocations, flags) in sections {
        forge.field(name, 8).u32(&[virtual_size, address, size, offset, relocations.0, 0]);
        forge.u16(&[relocations.1, 0]).u32(&[flags]);
    }
}

/// A COFF object for x86-64 of `len` bytes.
pub(crate) fn coff(symbols: (u64, u64), sections: &[Coff], len: usize) -> Vec<u8> {
    let mut forge = Forge::new(true, false);
    forge.u16(&[0x8664, sections.len() as u64]).u32(&[0, symbols.0, symbols.1]).u16(&[0, 0]);
    coff_sections(&mut forge, sections);
    forge.to(len);
    forge.bytes
}

/// A Mach-O image of 0x400 bytes: segment `__TEXT` from 0 to 0x300 at 0x100000000 (32 bits:
/// 0x1000) with section `__text` at 0x200, `__LINKEDIT` from 0x300 with symbols and strings.
pub(crate) fn macho(wide: bool, big: bool) -> Vec<u8> {
    let mut forge = Forge::new(wide, big);
    let (magic, header) = if wide { (0xfeed_facf, 32) } else { (0xfeed_face, 28) };
    let (segment, section, command) = if wide { (72, 80, 0x19) } else { (56, 68, 1) };
    let base = if wide { 0x1_0000_0000 } else { 0x1000 };
    let size = segment + section + segment + 24;
    forge.u32(&[magic, 7, 3, 2, 3, size, 0]).to(header);
    forge.u32(&[command, segment + section]).field(b"__TEXT", 16);
    forge.word(&[base, 0x300, 0, 0x300]).u32(&[5, 5, 1, 0]);
    forge.field(b"__text", 16).field(b"__TEXT", 16).word(&[base + 0x200, 0x80]);
    forge.u32(&[0x200, 4, 0, 0, 0x8000_0400, 0, 0]);
    if wide {
        forge.u32(&[0]);
    }
    forge.u32(&[command, segment]).field(b"__LINKEDIT", 16);
    forge.word(&[base + 0x300, 0x100, 0x300, 0x100]).u32(&[1, 1, 0, 0]);
    forge.u32(&[2, 24, 0x300, 4, 0x3f0, 0x10]);
    assert_eq!(forge.bytes.len(), header + size as usize);
    forge.to(0x400);
    forge.bytes
}

/// A fat file: slices of a processor, an offset and a size, then the bytes given at their offsets.
pub(crate) fn fat(wide: bool, slices: &[(u64, u64, u64)], parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut forge = Forge::new(wide, true);
    forge.u32(&[if wide { 0xcafe_babf } else { 0xcafe_babe }, slices.len() as u64]);
    for &(processor, offset, size) in slices {
        forge.u32(&[processor, 3]).word(&[offset, size]).u32(&[12]);
        if wide {
            forge.u32(&[0]);
        }
    }
    for (offset, part) in parts {
        forge.to(*offset).field(part, part.len());
    }
    forge.bytes
}

/// The header of an archive member.
pub(crate) fn ar_header(name: &[u8], size: &str) -> Vec<u8> {
    let mut header = name.to_vec();
    header.resize(16, b' ');
    header.extend(format!("{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, "100644").bytes());
    assert_eq!(header.len(), 60);
    header
}

/// An archive of members with names as they stand in the headers.
pub(crate) fn ar(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, data) in members {
        archive.extend(ar_header(name, &data.len().to_string()));
        archive.extend(*data);
        if archive.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

/// Overwrites four bytes, little endian.
pub(crate) fn patch32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// Overwrites eight bytes, little endian.
pub(crate) fn patch64(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
}
