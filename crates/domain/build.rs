//! Sets `cfg(shared)` where the corpora beside the repository are at hand.

fn main() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    println!("cargo::rustc-check-cfg=cfg(shared)");
    println!("cargo::rerun-if-changed={shared}");
    if std::path::Path::new(shared).is_dir() {
        println!("cargo::rustc-cfg=shared");
    }
}
