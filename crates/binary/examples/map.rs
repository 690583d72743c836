//! Prints the regions of files as JSON lines, and what their headers got wrong to standard error.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::{fmt::Write, fs, process::ExitCode};

use polytok_binary::{Map, Region};

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) => {
                eprintln!("{path}: {error}");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let map = Map::of(&file);
        for region in map.regions() {
            println!("{}", json(&path, region));
        }
        for warning in map.warnings() {
            eprintln!("{path}: {warning}");
        }
        if map.omitted_warnings() > 0 {
            eprintln!("{path}: {} more", map.omitted_warnings());
        }
    }
    code
}

fn json(path: &str, region: &Region) -> String {
    let address = match region.address {
        Some(address) => format!("\"{address}\""),
        None => "null".into(),
    };
    format!(
        r#"{{"file":{},"offset":{},"size":{},"region":{},"kind":"{}","permissions":"{}","address":{address}}}"#,
        quoted(path),
        region.span.start,
        region.span.len(),
        quoted(&region.to_string()),
        region.kind,
        region.permissions,
    )
}

fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c.is_control() => write!(json, "\\u{:04x}", u32::from(c)).expect("a string grows"),
            c => json.push(c),
        }
    }
    json + "\""
}
