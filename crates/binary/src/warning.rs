//! What headers claim and the file does not bear out.

use std::{fmt, sync::Arc};

/// A claim of a header that was not believed, or not in full.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Warning {
    /// File offset of the header that makes the claim; for [`Reason::Overlap`], of the first byte
    /// that is claimed twice.
    pub offset: usize,
    /// The archive member or slice that the header belongs to.
    pub member: Option<Arc<str>>,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a claim was not believed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The magic of a container is there but no header that goes with it; the bytes are raw.
    BadHeader,
    /// A table of headers reaches beyond the end of the file; the entries that fit are used.
    TableOutOfFile,
    /// A table of headers claims entries of another size than its format has; the size of the
    /// format is used.
    EntrySize,
    /// An entry of a table cannot be read; it is passed over, and what follows it too if its size
    /// is what cannot be believed.
    BadEntry,
    /// A section, segment or member reaches beyond the end of the file; what fits is used.
    RangeOutOfFile,
    /// Two headers claim the same byte; the shorter range holds, or else the earlier header.
    Overlap,
    /// The addresses of a section do not fit in 64 bits; it is left without.
    AddressOverflow,
    /// A name points outside its string table; the reference itself is the name.
    BadName,
    /// Something that is no member header stands where one should be; the rest is raw.
    BadMember,
    /// Containers are nested too deeply; the innermost is raw.
    TooDeep,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::BadHeader => "no valid header follows the magic",
            Reason::TableOutOfFile => "a table of headers reaches beyond the end of the file",
            Reason::EntrySize => "a table of headers claims a wrong size of its entries",
            Reason::BadEntry => "an entry of a table cannot be read",
            Reason::RangeOutOfFile => "a section, segment or member reaches beyond the file",
            Reason::Overlap => "two headers claim the same byte",
            Reason::AddressOverflow => "an address does not fit in 64 bits",
            Reason::BadName => "a name points outside its string table",
            Reason::BadMember => "no member header stands where one should be",
            Reason::TooDeep => "containers are nested too deeply",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = &self.member {
            write!(f, "{member}: ")?;
        }
        write!(f, "at offset {:#x}: {}", self.offset, self.reason)
    }
}
