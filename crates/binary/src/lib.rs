#![doc = include_str!("../README.md")]

mod binary;
mod blocks;
mod class;
mod container;
mod fill;
mod kind;
mod map;
#[cfg(feature = "vocab")]
mod vocab;
mod warning;

pub use binary::{Binary, BinaryConfig};
pub use blocks::Blocks;
pub use class::{TokenClass, classify};
pub use kind::{Kind, Permissions};
pub use map::{Address, Format, Location, Map, Region};
#[cfg(feature = "vocab")]
pub use vocab::*;
pub use warning::{Reason, Warning};
