#![doc = include_str!("../README.md")]

mod date;
mod dialect;
mod digits;
mod ip;
mod literal;
mod number;
mod text;
mod unit;
mod version;

pub use date::{Date, DateOrder, Time};
pub use dialect::{Dialect, Separator};
pub use digits::{group_digits, group_digits_from_left, group_fraction, single_digits};
pub use ip::Ip;
pub use literal::{Literal, Literals, Radix, literals};
pub use number::{Exponent, Fraction, Number, Sign};
pub use version::Version;
