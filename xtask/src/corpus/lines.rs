//! Files of one document a line.

use std::io::BufRead;

use serde_json::Value;

use super::{Each, Format};
use crate::{
    failure::{Failure, Outcome},
    files,
    source::Document,
};

/// Calls for each line that is not empty, without its end.
pub(super) fn read(name: &str, input: impl BufRead, each: &mut Each<'_>) -> Outcome {
    each_line(name, input, &mut |number, bytes| {
        each(Document { name: format!("{name}#{number}"), bytes })
    })
}

/// Calls for a field of the object of each line that is not empty.
pub(super) fn read_json(
    name: &str,
    input: impl BufRead,
    format: &Format,
    each: &mut Each<'_>,
) -> Outcome {
    let mut skipped = 0u64;
    each_line(name, input, &mut |number, line| match field(&line, &format.field) {
        Ok(text) => each(Document { name: format!("{name}#{number}"), bytes: text.into_bytes() }),
        Err(_) if format.skip_bad_lines => {
            skipped += 1;
            Ok(())
        }
        Err(reason) => Err(Failure::Wrong(format!("{name}: line {number}: {reason}"))),
    })?;
    if skipped > 0 {
        files::note(format!("warning: {name}: {skipped} lines without a {:?}", format.field));
    }
    Ok(())
}

/// Lines have numbers from 1 on.
fn each_line(
    name: &str,
    mut input: impl BufRead,
    each: &mut dyn FnMut(u64, Vec<u8>) -> Outcome,
) -> Outcome {
    for number in 1.. {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line).map_err(Failure::about(name))? == 0 {
            break;
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        if line.ends_with(b"\r") {
            line.pop();
        }
        if !line.is_empty() {
            each(number, line)?;
        }
    }
    Ok(())
}

/// The text at a path of names with dots between them.
fn field(line: &[u8], path: &str) -> Result<String, String> {
    let mut value: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    for name in path.split('.') {
        value = match value {
            Value::Object(mut object) => {
                object.remove(name).ok_or_else(|| format!("no field {path:?}"))?
            }
            _ => return Err(format!("no field {path:?}")),
        };
    }
    match value {
        Value::String(text) => Ok(text),
        _ => Err(format!("the field {path:?} is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Reader;

    fn json(lines: &str, field: &str, skip_bad_lines: bool) -> Outcome<Vec<(String, Vec<u8>)>> {
        let format = Format { field: field.into(), skip_bad_lines, ..Reader::Jsonl.into() };
        let mut found = Vec::new();
        read_json("f", lines.as_bytes(), &format, &mut |document| {
            found.push((document.name, document.bytes));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn fields_are_found() {
        let lines = "{\"text\": \"a\\nb\", \"meta\": {\"title\": \"t\"}}\r\n\n{\"text\":\"c\"}";
        let expected = [("f#1".to_owned(), b"a\nb".to_vec()), ("f#3".to_owned(), b"c".to_vec())];
        assert_eq!(json(lines, "text", false).unwrap(), expected);
        assert_eq!(json(lines, "meta.title", true).unwrap(), [("f#1".into(), b"t".to_vec())]);
    }

    #[test]
    fn a_bad_line_is_named_or_passed_over() {
        for (line, reason) in [
            ("{", "EOF"),
            ("{\"text\": 1}", "is no text"),
            ("[]", "no field \"text\""),
            ("{\"other\": \"x\"}", "no field \"text\""),
        ] {
            let lines = format!("{{\"text\":\"a\"}}\n{line}\n{{\"text\":\"b\"}}\n");
            let error = json(&lines, "text", false).unwrap_err().to_string();
            assert!(error.starts_with("f: line 2: ") && error.contains(reason), "{error}");
            assert_eq!(json(&lines, "text", true).unwrap().len(), 2);
        }
    }
}
