//! Compares the ids of imported rank files with those of tiktoken over whole corpora.
//!
//! ```text
//! cargo run --release -p polytok-text --example conformance -- SHARED [MEGABYTES]
//! ```
//!
//! `SHARED` is the folder with `corpora/`. Documents of each bundle are taken in turn until the
//! megabytes (25 by default) are spread over all bundles. Prints bytes and seconds for each
//! vocabulary, and stops at the first document that differs.
#![allow(clippy::print_stdout, reason = "an example reports what it measures")]

use std::{
    env,
    error::Error,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::Instant,
};

use polytok_text::import::{Imported, Scheme, specials};
use tiktoken_rs::CoreBPE;

type Specials = &'static [(&'static str, u32)];

fn unpack(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let mut decoder = zstd::Decoder::new(fs::File::open(path)?)?;
    decoder.window_log_max(27)?;
    decoder.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Documents of the text bundles of `folders`, about as many bytes of each bundle.
fn documents(
    corpora: &Path,
    folders: &[&str],
    bytes: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let mut bundles: Vec<PathBuf> = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(corpora.join(folder))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".txt.zst") {
                bundles.push(path);
            }
        }
    }
    bundles.sort();
    let mut documents = Vec::new();
    let mut left = bytes;
    for (done, bundle) in bundles.iter().enumerate() {
        let mut share = left / (bundles.len() - done);
        // tiktoken takes strings alone; what is not UTF-8 is left out.
        let Ok(text) = String::from_utf8(unpack(bundle)?) else { continue };
        // A line that holds one form feed lies between two documents.
        for document in text.split("\n\u{c}\n") {
            if share == 0 {
                break;
            }
            let end = document.floor_char_boundary(share);
            documents.push(document[..end].to_owned());
            share -= share.min(document.len());
            left -= end;
        }
    }
    Ok(documents)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let shared = arguments.next().ok_or("give the folder that holds corpora/")?;
    let megabytes: usize = arguments.next().map_or(Ok(25), |argument| argument.parse())?;
    let corpora = Path::new(&shared).join("corpora");
    let folders = ["text", "code", "legal", "financial", "numeric", "turkish"];
    let documents = documents(&corpora, &folders, megabytes * 1_000_000)?;
    let bytes: usize = documents.iter().map(String::len).sum();
    println!("{} documents, {bytes} bytes", documents.len());

    let vocabularies: [(&str, Scheme, Specials, &CoreBPE); 3] = [
        ("r50k_base", Scheme::Gpt2, specials::R50K, tiktoken_rs::r50k_base_singleton()),
        ("cl100k_base", Scheme::Cl100k, specials::CL100K, tiktoken_rs::cl100k_base_singleton()),
        ("o200k_base", Scheme::O200k, specials::O200K, tiktoken_rs::o200k_base_singleton()),
    ];
    for (name, scheme, specials, theirs) in vocabularies {
        let file = unpack(&corpora.join(format!("reference/openai/{name}.tiktoken.zst")))?;
        let start = Instant::now();
        let ours = Imported::from_tiktoken(&file, scheme, specials)?;
        let load = start.elapsed();
        let start = Instant::now();
        let all: Vec<Vec<u32>> =
            documents.iter().map(|document| ours.encode(document.as_bytes())).collect();
        let mine = start.elapsed();
        let start = Instant::now();
        let mut tokens = 0;
        for (document, ids) in documents.iter().zip(&all) {
            if *ids != theirs.encode_ordinary(document) {
                return Err(format!(
                    "{name} differs on {:?}",
                    &document[..document.floor_char_boundary(80)]
                )
                .into());
            }
            tokens += ids.len();
        }
        let tiktoken = start.elapsed();
        let lossless = documents.iter().zip(&all).all(|(document, ids)| {
            ours.decode(ids).is_ok_and(|bytes| bytes == document.as_bytes())
        });
        let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
        println!(
            "{name}: equal, {tokens} tokens, decoded back: {lossless}; load {:.3} s, encode {:.2} s \
             ({:.1} MB/s), tiktoken-rs {:.2} s ({:.1} MB/s)",
            load.as_secs_f64(),
            mine.as_secs_f64(),
            rate(mine.as_secs_f64()),
            tiktoken.as_secs_f64(),
            rate(tiktoken.as_secs_f64()),
        );
    }
    Ok(())
}
