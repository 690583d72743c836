//! What headers claim, before it is decided whom to believe.

use std::sync::Arc;

use polytok_core::Span;

use crate::{Kind, Permissions, Reason};

/// Bytes of a name that are kept. Names are repeated in every region, so a file must not be able to
/// multiply one long name by its number of sections.
pub(crate) const MAX_NAME: usize = 255;

/// Findings that are kept of one container.
const MAX_FINDINGS: usize = 64;

/// Which claims give way to which.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Level {
    /// Names bytes only where no section does.
    Segment,
    /// Sections, tables of headers, members.
    Section,
}

/// Where bytes are in memory.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Memory {
    /// Nowhere.
    Unmapped,
    /// With these permissions, the first byte at this address if that is known.
    Mapped(Permissions, Option<u64>),
    /// Where the segment that covers them says.
    Inherited,
}

/// A range that a header accounts for.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Not empty, and within the container.
    pub(crate) span: Span,
    pub(crate) level: Level,
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) memory: Memory,
    /// The bytes are a file of their own, to be parsed unless another claim cuts into them.
    pub(crate) open: bool,
}

/// The claims of one container, and what was found wrong with them.
///
/// Offsets count from the start of the container. A header entry adds a bounded number of claims,
/// and entries are only read where they lie within the file, so memory is linear in the file and
/// never follows a count that a header states.
#[derive(Debug)]
pub(crate) struct Claims {
    len: usize,
    pub(crate) list: Vec<Claim>,
    pub(crate) findings: Vec<(usize, Reason)>,
    /// Findings beyond those kept.
    pub(crate) omitted: usize,
}

impl Claims {
    pub(crate) fn new(len: usize) -> Claims {
        Claims { len, list: Vec::new(), findings: Vec::new(), omitted: 0 }
    }

    pub(crate) fn find(&mut self, offset: usize, reason: Reason) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push((offset, reason));
        } else {
            self.omitted += 1;
        }
    }

    /// The part of a claimed range that lies within the container; `at` is the header's offset.
    pub(crate) fn clip(&mut self, at: usize, offset: u64, size: u64) -> Option<Span> {
        if size == 0 {
            return None;
        }
        let len = self.len as u64;
        let end = offset.saturating_add(size);
        if end > len {
            self.find(at, Reason::RangeOutOfFile);
        }
        // Both fit in `usize` once they are at most `len`.
        (offset < len).then(|| Span::new(offset as usize, end.min(len) as usize))
    }

    /// Where a table starts and how many of its entries of `entry` bytes lie in the container.
    pub(crate) fn table(
        &mut self,
        at: usize,
        offset: u64,
        count: u64,
        entry: usize,
    ) -> (usize, usize) {
        let len = self.len as u64;
        let fit = count.min(len.saturating_sub(offset) / entry as u64);
        if fit < count {
            self.find(at, Reason::TableOutOfFile);
        }
        (offset.min(len) as usize, fit as usize)
    }

    /// Adds a claim on what of `offset..offset + size` lies within the container.
    ///
    /// An address is dropped if it overflows within the claimed size.
    pub(crate) fn add(
        &mut self,
        at: usize,
        (offset, size): (u64, u64),
        level: Level,
        name: impl Into<Arc<str>>,
        kind: Kind,
        mut memory: Memory,
    ) {
        let Some(span) = self.clip(at, offset, size) else { return };
        if let Memory::Mapped(_, address @ Some(_)) = &mut memory
            && address.and_then(|address| address.checked_add(size - 1)).is_none()
        {
            *address = None;
            self.find(at, Reason::AddressOverflow);
        }
        self.list.push(Claim { span, level, name: name.into(), kind, memory, open: false });
    }

    /// Adds a file within the file.
    pub(crate) fn open(&mut self, at: usize, offset: u64, size: u64, name: Arc<str>) {
        let Some(span) = self.clip(at, offset, size) else { return };
        let (level, kind, memory) = (Level::Section, Kind::Raw, Memory::Unmapped);
        self.list.push(Claim { span, level, name, kind, memory, open: true });
    }

    /// Adds headers that are mapped with the segment around them, if any.
    pub(crate) fn headers(&mut self, offset: usize, size: usize, name: impl Into<Arc<str>>) {
        let range = (offset as u64, size as u64);
        self.add(offset, range, Level::Section, name, Kind::Headers, Memory::Inherited);
    }

    /// Notes where sections overlap: at each section that starts before an earlier one ends.
    pub(crate) fn note_overlaps(&mut self) {
        let mut sections: Vec<Span> = self
            .list
            .iter()
            .filter(|claim| claim.level == Level::Section)
            .map(|claim| claim.span)
            .collect();
        sections.sort_unstable();
        let mut end = 0;
        for span in sections {
            if span.start < end {
                self.find(span.start, Reason::Overlap);
            }
            end = end.max(span.end);
        }
    }
}

/// The name at the start of `bytes`, up to the first zero byte or [`MAX_NAME`].
///
/// What is not UTF-8, and control characters, become U+FFFD: names go to terminals.
pub(crate) fn name(bytes: &[u8]) -> Arc<str> {
    let bytes = &bytes[..bytes.len().min(MAX_NAME)];
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let name = String::from_utf8_lossy(&bytes[..end]);
    if name.contains(char::is_control) {
        name.replace(char::is_control, "\u{fffd}").into()
    } else {
        name.into()
    }
}

/// The name at `offset` of a string table, if the table is that long.
pub(crate) fn name_in(table: &[u8], offset: u64) -> Option<Arc<str>> {
    let offset = usize::try_from(offset).ok()?;
    (offset < table.len()).then(|| name(&table[offset..]))
}

/// Four bytes at `offset`, in the given order, if they are there.
pub(crate) fn u32_at(bytes: &[u8], offset: usize, little: bool) -> Option<u32> {
    let four = *bytes.get(offset..)?.first_chunk()?;
    Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
}
