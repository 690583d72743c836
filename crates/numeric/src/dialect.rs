//! What a comma, a point and a space mean between digits.

use crate::text::Text;

/// How the same characters between digits are read.
///
/// `1,234` is a thousand in English, one and a bit in German and two columns of a table, and no rule
/// that looks at the number alone can know. So the reader is told:
///
/// | between digits | `Table` | `English` | `European` |
/// |---|---|---|---|
/// | `,` | two numbers | groups: threes, or Indian `12,34,567` | decimal mark |
/// | `.` once | decimal mark | decimal mark | groups if three digits follow, or else decimal mark |
/// | `.` more often, threes | groups | groups, and `,` is then the decimal mark | groups |
/// | space | two numbers | two numbers | groups |
/// | `'` `_` U+00A0 U+202F | groups | groups | groups |
///
/// Groups are all or nothing: the first has one to three digits and no leading zero, all others
/// have exactly three, and on neither side are a digit and one more of the separators. `1,23` is two
/// numbers in English, `1,234,56` three, and `1994,100,200` as well.
///
/// Slashed dates whose first two parts could both be a month have the month first, but in
/// `European` the day.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Dialect {
    /// Tables and series: commas and spaces part columns.
    #[default]
    Table,
    /// English prose: `1,234.5`, and Indian `1,00,000`.
    English,
    /// Continental prose: `1.234,5` and `1 234,5`.
    European,
}

/// What stands between the groups of an integer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Separator {
    /// `,`
    Comma,
    /// `.`
    Point,
    /// `'`
    Apostrophe,
    /// `_`
    Underscore,
    /// U+0020
    Space,
    /// U+00A0
    NoBreakSpace,
    /// U+202F
    NarrowNoBreakSpace,
}

impl Separator {
    const ALL: [Separator; 7] = [
        Separator::Comma,
        Separator::Point,
        Separator::Apostrophe,
        Separator::Underscore,
        Separator::Space,
        Separator::NoBreakSpace,
        Separator::NarrowNoBreakSpace,
    ];

    /// The separator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Separator::Comma => ",",
            Separator::Point => ".",
            Separator::Apostrophe => "'",
            Separator::Underscore => "_",
            Separator::Space => " ",
            Separator::NoBreakSpace => "\u{A0}",
            Separator::NarrowNoBreakSpace => "\u{202F}",
        }
    }

    /// Number of bytes.
    pub(crate) const fn len(self) -> usize {
        self.as_str().len()
    }

    /// The separator at a place.
    pub(crate) fn at(text: &Text<'_>, at: usize) -> Option<Separator> {
        let first = text.get(at)?;
        Separator::ALL.into_iter().find(|separator| {
            separator.as_str().as_bytes()[0] == first && separator.is_at(text, at)
        })
    }

    /// Whether this separator is at a place.
    pub(crate) fn is_at(self, text: &Text<'_>, at: usize) -> bool {
        text.starts_with(at, self.as_str().as_bytes())
    }

    /// The smallest number of separators that makes groups, or none if they never do.
    pub(crate) fn least(self, dialect: Dialect) -> Option<usize> {
        match (self, dialect) {
            (Separator::Comma, Dialect::English) => Some(1),
            (Separator::Comma, _) => None,
            (Separator::Space, Dialect::European) => Some(1),
            (Separator::Space, _) => None,
            (Separator::Point, Dialect::European) => Some(1),
            (Separator::Point, _) => Some(2),
            _ => Some(1),
        }
    }
}
