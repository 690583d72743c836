//! Sets `shared` where the folder that some tests read exists.

use std::path::Path;

fn main() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    println!("cargo::rustc-check-cfg=cfg(shared)");
    println!("cargo::rerun-if-changed={shared}/corpora/binary/fixtures");
    if Path::new(shared).is_dir() {
        println!("cargo::rustc-cfg=shared");
    }
}
