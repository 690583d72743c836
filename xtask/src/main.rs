//! The tasks of the polytok workspace.
fn main() {}
