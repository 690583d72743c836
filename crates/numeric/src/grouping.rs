//! How the digits of a number become segments.

use polytok_core::Span;

use crate::{group_digits, group_digits_from_left, group_fraction, single_digits};

/// Where digits are cut.
///
/// The rule is for integers and exponents. Fractions are cut into threes from the decimal mark, that
/// is from the left, but into single digits by [`Single`](Grouping::Single).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Grouping {
    /// Threes from the right: `1|234|567`.
    #[default]
    Right,
    /// Threes from the left: `123|456|7`, as cl100k and o200k do.
    Left,
    /// Every digit alone.
    Single,
}

impl Grouping {
    /// Cuts the digits of an integer, from left to right.
    pub fn integer(self, digits: Span, emit: &mut dyn FnMut(Span)) {
        match self {
            Grouping::Right => group_digits(digits, emit),
            Grouping::Left => group_digits_from_left(digits, emit),
            Grouping::Single => single_digits(digits, emit),
        }
    }

    /// Cuts the digits behind a decimal mark, from left to right.
    pub fn fraction(self, digits: Span, emit: &mut dyn FnMut(Span)) {
        match self {
            Grouping::Right | Grouping::Left => group_fraction(digits, emit),
            Grouping::Single => single_digits(digits, emit),
        }
    }

    /// Cuts a field whose digits are a name rather than an amount, such as the year of a date: not
    /// at all, but for [`Single`](Grouping::Single).
    pub(crate) fn field(self, digits: Span, emit: &mut dyn FnMut(Span)) {
        match self {
            Grouping::Right | Grouping::Left => emit(digits),
            Grouping::Single => single_digits(digits, emit),
        }
    }
}
