//! One record of FASTA.

use std::io::Read;

use super::{ReadError, has_white, is_white, lines::Lines, read_header};
use crate::record::Record;

pub(super) fn read<R: Read>(
    lines: &mut Lines<R>,
    header: &mut Vec<u8>,
    record: &mut Record,
) -> Result<bool, ReadError> {
    // The start of the file and every record end before a `>` or at the end.
    if lines.peek()?.is_none() {
        return Ok(false);
    }
    read_header(lines, header)?;
    record.set_header(header);
    record.quality = None;
    let sequence = &mut record.sequence;
    sequence.clear();
    while let Some(first) = lines.peek()? {
        if first == b'>' {
            break;
        }
        let from = sequence.len();
        lines.read(sequence)?;
        if first == b';' {
            sequence.truncate(from);
        } else if has_white(&sequence[from..]) {
            drop_white(sequence, from);
        }
    }
    Ok(true)
}

fn drop_white(sequence: &mut Vec<u8>, from: usize) {
    let mut kept = from;
    for at in from..sequence.len() {
        sequence[kept] = sequence[at];
        kept += usize::from(!is_white(sequence[at]));
    }
    sequence.truncate(kept);
}
