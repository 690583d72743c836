//! From a file to its documents: compression, archives, and what is in them.

use std::{
    fs::File,
    io::{BufReader, Read},
};

use flate2::read::MultiGzDecoder;

use super::{Each, Entry, Format, Reader, bundle, lines, parquet};
use crate::{
    failure::{Failure, Outcome},
    source::Document,
};

pub(super) fn read(entry: &Entry, format: &Format, each: &mut Each<'_>) -> Outcome {
    let file = File::open(&entry.path).map_err(Failure::about(entry.path.display()))?;
    if format.reader == Reader::Parquet {
        return parquet::read(&entry.name, file, &format.field, each);
    }
    let (name, file) = (entry.name.as_str(), BufReader::new(file));
    if let Some(inner) = name.strip_suffix(".zst") {
        let decoder = zstd::Decoder::with_buffer(file).map_err(Failure::about(name))?;
        return read_inner(inner, decoder, true, format, each);
    }
    match name.strip_suffix(".gz") {
        // Files as they are stay as they are, and sequences find out for themselves.
        Some(inner)
            if format.reader != Reader::Raw
                && (format.reader != Reader::Sequences || inner.ends_with(".tar")) =>
        {
            read_inner(inner, MultiGzDecoder::new(file), true, format, each)
        }
        _ => read_inner(name, file, false, format, each),
    }
}

/// What is in a file once it is decompressed.
fn read_inner(
    name: &str,
    input: impl Read,
    compressed: bool,
    format: &Format,
    each: &mut Each<'_>,
) -> Outcome {
    if name.ends_with(".tar") {
        return read_tar(name, input, format, each);
    }
    // A compressed text is a bundle; one that is not is a document as it is.
    if compressed && format.reader == Reader::Text && name.ends_with(".txt") {
        return bundle::read(name, BufReader::new(input), each);
    }
    read_one(name, input, format, each)
}

fn read_tar(name: &str, tar: impl Read, format: &Format, each: &mut Each<'_>) -> Outcome {
    let mut archive = tar::Archive::new(tar);
    for member in archive.entries().map_err(Failure::about(name))? {
        let member = member.map_err(Failure::about(name))?;
        if !member.header().entry_type().is_file() {
            continue;
        }
        let path = member.path().map_err(Failure::about(name))?.to_string_lossy().into_owned();
        read_one(&format!("{name}/{path}"), member, format, each)?;
    }
    Ok(())
}

/// A file that is not taken apart any further, but for its records.
fn read_one(name: &str, mut input: impl Read, format: &Format, each: &mut Each<'_>) -> Outcome {
    match format.reader {
        Reader::Text | Reader::Raw => {
            let mut bytes = Vec::new();
            input.read_to_end(&mut bytes).map_err(Failure::about(name))?;
            each(Document { name: name.to_owned(), bytes })
        }
        Reader::Sequences => records(name, input)?.try_for_each(|record| each(record?)),
        Reader::Lines => lines::read(name, BufReader::new(input), each),
        Reader::Jsonl => lines::read_json(name, BufReader::new(input), format, each),
        Reader::Parquet => Err(Failure::Wrong(format!("{name}: a table within another file"))),
    }
}

/// The sequences of a FASTA or FASTQ file, gzip or not.
pub(crate) fn records<'a>(
    name: &'a str,
    file: impl Read + 'a,
) -> Outcome<impl Iterator<Item = Outcome<Document>> + 'a> {
    let reader = polytok_genome::Reader::new(file).map_err(Failure::about(name))?;
    Ok(reader.map(move |record| {
        let record = record.map_err(Failure::about(name))?;
        let name = format!("{name}:{}", record.name_lossy());
        Ok(Document { name, bytes: record.sequence })
    }))
}
