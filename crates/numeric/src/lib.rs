//! Numbers: their grammar, digits grouped from the right, place values.

mod digits;

pub use digits::{group_digits, group_digits_from_left, group_fraction, single_digits};
