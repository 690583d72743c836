//! The tasks of the polytok workspace.

mod encoder;
mod source;

fn main() {}
