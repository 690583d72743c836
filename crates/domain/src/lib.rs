//! polytok-domain
mod citation;
mod cursor;
pub mod cut;
pub mod segment;
mod date;
mod docket;
mod enumerator;
mod identifier;
mod money;
mod reference;
mod reporter;
mod unit;

pub use unit::{Kind, LOOK_AHEAD, Unit};
