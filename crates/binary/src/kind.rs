//! What bytes of a file are for, and what a process may do with them.

use std::fmt;

/// What a region holds, as far as headers say.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// Instructions.
    Code,
    /// Constants and tables that are not written at run time.
    ReadOnlyData,
    /// Initialized data that a process may write.
    Data,
    /// Texts that end with a zero byte.
    Strings,
    /// Symbol tables and what finds symbols in them: hash tables, versions, export tries, indexes.
    Symbols,
    /// Relocations, rebases, bindings and fixups.
    Relocations,
    /// Debugging information.
    Debug,
    /// Headers of containers and of their members.
    Headers,
    /// Bytes of one value that align what follows them.
    Padding,
    /// What follows the last byte that a header accounts for, and signatures appended to images.
    Overlay,
    /// Anything that no header accounts for.
    Raw,
}

impl Kind {
    /// Returns the name in lower case, words joined by a hyphen.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Code => "code",
            Kind::ReadOnlyData => "read-only-data",
            Kind::Data => "data",
            Kind::Strings => "strings",
            Kind::Symbols => "symbols",
            Kind::Relocations => "relocations",
            Kind::Debug => "debug",
            Kind::Headers => "headers",
            Kind::Padding => "padding",
            Kind::Overlay => "overlay",
            Kind::Raw => "raw",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a process may do with bytes once they are mapped; nothing if they are not.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Permissions {
    /// The bytes may be read.
    pub read: bool,
    /// The bytes may be written.
    pub write: bool,
    /// The bytes may be executed.
    pub execute: bool,
}

impl Permissions {
    /// Reading alone.
    pub const READ: Permissions = Permissions { read: true, write: false, execute: false };

    /// The kind of mapped bytes of which nothing but the permissions is known.
    pub(crate) const fn kind(self) -> Kind {
        match (self.execute, self.write, self.read) {
            (true, _, _) => Kind::Code,
            (_, true, _) => Kind::Data,
            (_, _, true) => Kind::ReadOnlyData,
            _ => Kind::Raw,
        }
    }
}

/// Three letters as `ls` and `objdump` print them, such as `r-x`.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |set, letter| if set { letter } else { '-' };
        let Permissions { read, write, execute } = *self;
        write!(f, "{}{}{}", letter(read, 'r'), letter(write, 'w'), letter(execute, 'x'))
    }
}
