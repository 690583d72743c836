//! One record of FASTQ, on any number of lines.
//!
//! The rules are those of Cock et al., The Sanger FASTQ file format for sequences with quality
//! scores, and the Solexa/Illumina FASTQ variants (Nucleic Acids Research 38, 2010): `@` may also
//! start a line of qualities, so it is the number of bases that ends a record.

use std::io::Read;

use super::{Problem, ReadError, has_white, is_white, lines::Lines, read_header, trim};
use crate::record::Record;

pub(super) fn read<R: Read>(
    lines: &mut Lines<R>,
    header: &mut Vec<u8>,
    scratch: &mut Vec<u8>,
    record: &mut Record,
) -> Result<bool, ReadError> {
    loop {
        let Some(found) = lines.peek()? else { return Ok(false) };
        if found == b'@' {
            break;
        }
        scratch.clear();
        lines.read(scratch)?;
        if !scratch.iter().copied().all(is_white) {
            return Err(lines.wrong(Problem::ExpectedRecord { found }));
        }
    }
    read_header(lines, header)?;
    record.set_header(header);
    read_sequence(lines, &mut record.sequence)?;
    read_header(lines, scratch)?;
    if !scratch.is_empty() && scratch != header {
        return Err(lines.wrong(Problem::PlusMismatch));
    }
    let quality = record.quality.get_or_insert_default();
    read_quality(lines, quality, record.sequence.len())?;
    Ok(true)
}

fn read_sequence<R: Read>(lines: &mut Lines<R>, sequence: &mut Vec<u8>) -> Result<(), ReadError> {
    sequence.clear();
    loop {
        match lines.peek()? {
            None => return Err(lines.wrong(Problem::MissingPlus)),
            Some(b'+') => return Ok(()),
            Some(_) => {
                let from = sequence.len();
                lines.read(sequence)?;
                trim(sequence, from);
                if has_white(&sequence[from..]) {
                    return Err(lines.wrong(Problem::WhiteSpace));
                }
            }
        }
    }
}

fn read_quality<R: Read>(
    lines: &mut Lines<R>,
    quality: &mut Vec<u8>,
    bases: usize,
) -> Result<(), ReadError> {
    quality.clear();
    while quality.len() < bases && lines.peek()?.is_some() {
        let from = quality.len();
        lines.read(quality)?;
        trim(quality, from);
        if let Some(&found) = quality[from..].iter().find(|byte| !matches!(byte, b'!'..=b'~')) {
            return Err(lines.wrong(Problem::QualityByte { found }));
        }
    }
    match quality.len() == bases {
        true => Ok(()),
        false => {
            Err(lines.wrong(Problem::QualityLength { sequence: bases, quality: quality.len() }))
        }
    }
}
