//! The regions of a file, and where a token lies in them.

use std::{fmt, sync::Arc};

use polytok_core::Span;

use crate::{Kind, Permissions, Reason, Warning, container};

/// What kind of container a file is, by its first bytes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Format {
    /// An ELF image, object or core.
    Elf,
    /// A Windows image.
    Pe,
    /// A Windows object file.
    Coff,
    /// A Mach-O image or object.
    MachO,
    /// Several Mach-O images or archives, one a processor.
    FatMachO,
    /// An archive of `ar` with its members.
    Archive,
    /// An archive of `ar` whose members are files beside it.
    ThinArchive,
    /// Anything else.
    Raw,
}

/// A virtual address, as the headers of the file state it: with the preferred image base of PE, as
/// linked for ELF and Mach-O. It is what IDA shows unless told to rebase; Ghidra adds a base of its
/// own to ELF files that are linked at zero.
///
/// Prints as at least eight hexadecimal digits, such as `00401000` or `140001000`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address(pub u64);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A range of a file that one header accounts for, or none.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Region {
    /// Byte offsets in the file, half open; never empty.
    pub span: Span,
    /// The archive member or slice of a fat file, such as `adler32.o` or `arm64`; members of
    /// members are joined by slashes. None if the region belongs to the file itself.
    pub member: Option<Arc<str>>,
    /// The section (`.text`, `__TEXT,__text`), the segment where no section is (`LOAD`), or what
    /// else the bytes are (`ELF header`, `overlay`, `raw`). The header of an archive member has the
    /// name of the member. At most 255 bytes of a name are kept.
    pub name: Arc<str>,
    /// What the bytes are for.
    pub kind: Kind,
    /// What a process may do with the bytes; nothing if they are not mapped.
    pub permissions: Permissions,
    /// The virtual address of the first byte, if the bytes are mapped at a known one.
    pub address: Option<Address>,
}

/// The member, if any, and the name: `adler32.o/.text`.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = &self.member {
            write!(f, "{member}/")?;
        }
        f.write_str(&self.name)
    }
}

/// Where a byte of a file lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Location<'a> {
    /// Offset in the file.
    pub file_offset: usize,
    /// Virtual address, if the byte is mapped at a known one.
    pub address: Option<Address>,
    /// The region around it: section name, permissions, kind.
    pub region: &'a Region,
}

/// The region and the address, as disassemblers print it: `.text:00401000`. Bytes that are not
/// mapped have their file offset instead, after a plus sign: `.comment:+00003010`.
impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(address) => write!(f, "{}:{address}", self.region),
            None => write!(f, "{}:+{:08x}", self.region, self.file_offset),
        }
    }
}

/// A file divided into regions.
///
/// The regions partition the file: the first starts at 0, each next one where the one before ended,
/// and the last ends with the file. Where headers overlap, the shorter claim holds, then the
/// earlier one; sections stand above segments. What no header accounts for is padding if it is one
/// byte repeated, overlay if it follows everything that is accounted for, and raw otherwise.
///
/// Headers that cannot be true are not an error: what they claim is clipped to the file or left
/// raw, and [`warnings`](Map::warnings) says so.
#[derive(Clone, Debug)]
pub struct Map {
    format: Format,
    regions: Vec<Region>,
    warnings: Vec<Warning>,
    omitted: usize,
}

impl Map {
    /// Divides a file, whatever its bytes are.
    ///
    /// Time is O(n log n) in the length of the file and memory linear in it, whatever counts and
    /// sizes its headers state: entries of tables are only read where they lie in the file.
    pub fn of(file: &[u8]) -> Map {
        container::map(file)
    }

    pub(crate) fn new(
        format: Format,
        regions: Vec<Region>,
        warnings: Vec<Warning>,
        omitted: usize,
    ) -> Map {
        Map { format, regions, warnings, omitted }
    }

    /// The kind of container.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The regions, by offset.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Claims of headers that were not believed: at most 64 of each container and 1,024 in all.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Number of warnings beyond those kept.
    pub fn omitted_warnings(&self) -> usize {
        self.omitted
    }

    /// Why the map is not what the headers say, if it is not: the reason of the first warning.
    pub fn degraded(&self) -> Option<Reason> {
        self.warnings.first().map(|warning| warning.reason)
    }

    /// Where a token starts; none beyond the end of the file.
    ///
    /// Tokens of [`Binary`](crate::Binary) lie in one region. Costs O(log n) in the number of
    /// regions; for all tokens of a file [`locate_all`](Map::locate_all) is faster.
    pub fn locate(&self, token: Span) -> Option<Location<'_>> {
        let at = self.regions.partition_point(|region| region.span.end <= token.start);
        self.regions.get(at).map(|region| location(region, token.start))
    }

    /// Where tokens start, in O(tokens + regions) if they come by offset. A token beyond the end of
    /// the file has no location.
    ///
    /// Tokens in any other order are found as well, each that goes back at the cost of
    /// [`locate`](Map::locate).
    pub fn locate_all<I>(&self, tokens: I) -> impl Iterator<Item = Option<Location<'_>>>
    where
        I: IntoIterator<Item = Span>,
    {
        let mut at = 0;
        tokens.into_iter().map(move |token| {
            let goes_back = at > 0 && token.start < self.regions[at - 1].span.end;
            if goes_back {
                at = self.regions.partition_point(|region| region.span.end <= token.start);
            }
            while self.regions.get(at).is_some_and(|region| region.span.end <= token.start) {
                at += 1;
            }
            self.regions.get(at).map(|region| location(region, token.start))
        })
    }
}

fn location(region: &Region, file_offset: usize) -> Location<'_> {
    let skipped = (file_offset - region.span.start) as u64;
    let address = region.address.and_then(|Address(first)| first.checked_add(skipped));
    Location { file_offset, address: address.map(Address), region }
}
