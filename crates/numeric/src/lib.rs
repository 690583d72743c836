#![doc = include_str!("../README.md")]

mod alignment;
mod date;
mod dialect;
mod digits;
mod extract;
mod grouping;
mod ip;
mod literal;
mod merges;
mod number;
mod place;
mod segment;
mod text;
mod unit;
mod version;
#[cfg(feature = "vocab")]
mod vocab;

pub use alignment::{Addition, Alignment, LENGTHS, Lengths, additions, alignment, alignment_by};
pub use date::{Date, DateOrder, Time};
pub use dialect::{Dialect, Separator};
pub use digits::{group_digits, group_digits_from_left, group_fraction, single_digits};
pub use extract::{Extracted, Extraction, PLACEHOLDER, extract};
pub use grouping::Grouping;
pub use ip::Ip;
pub use literal::{Literal, Literals, Radix, literals};
pub use merges::digit_group_merges;
pub use number::{Exponent, Fraction, Number, Sign};
pub use place::{PlaceValue, place_values};
pub use segment::Numeric;
pub use version::Version;
#[cfg(feature = "vocab")]
pub use vocab::*;
