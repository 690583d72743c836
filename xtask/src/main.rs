//! The tasks of the polytok workspace.

mod encoder;
mod eval;
mod source;

fn main() {}
