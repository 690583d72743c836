//! Parquet tables with a column of documents.

use std::fs::File;

use super::Each;
use crate::failure::{Failure, Outcome};

/// Calls for each value of a column that is not null; one row is in memory at a time, beside what
/// the file compresses together.
#[cfg(feature = "parquet")]
pub(super) fn read(name: &str, file: File, column: &str, each: &mut Each<'_>) -> Outcome {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::Field,
        schema::types::Type,
    };

    use crate::source::Document;

    let reader = SerializedFileReader::new(file).map_err(Failure::about(name))?;
    let schema = reader.metadata().file_metadata().schema();
    let found = schema.get_fields().iter().find(|field| field.name() == column).cloned();
    let Some(found) = found else {
        let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
        let names = names.join(", ");
        return Err(Failure::Wrong(format!("{name}: no column {column:?}; there are {names}")));
    };
    let projection = Type::group_type_builder(schema.name())
        .with_fields(vec![found])
        .build()
        .map_err(Failure::about(name))?;
    let rows = reader.get_row_iter(Some(projection)).map_err(Failure::about(name))?;
    for (row, number) in rows.zip(0u64..) {
        let row = row.map_err(Failure::about(name))?;
        let bytes = match row.into_columns().into_iter().next() {
            Some((_, Field::Str(text))) => text.into_bytes(),
            Some((_, Field::Bytes(bytes))) => bytes.data().to_vec(),
            Some((_, Field::Null)) | None => continue,
            Some(_) => {
                let message = format!("{name}: the column {column:?} is neither text nor bytes");
                return Err(Failure::Wrong(message));
            }
        };
        each(Document { name: format!("{name}#{number}"), bytes })?;
    }
    Ok(())
}

/// Says how to get a program that can.
#[cfg(not(feature = "parquet"))]
pub(super) fn read(name: &str, _: File, _: &str, _: &mut Each<'_>) -> Outcome {
    let how = "cargo run --release --package xtask --features parquet -- …";
    Err(Failure::Wrong(format!("{name}: this program reads no Parquet; use {how}")))
}

#[cfg(all(test, feature = "parquet"))]
mod tests {
    use std::sync::Arc;

    use parquet::{
        data_type::{ByteArray, ByteArrayType},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };

    use super::*;

    fn table() -> File {
        let schema =
            "message rows { optional binary text (UTF8); required binary raw; required int32 n; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let file = tempfile::tempfile().unwrap();
        let properties = Arc::new(WriterProperties::new());
        let mut writer =
            SerializedFileWriter::new(file.try_clone().unwrap(), schema, properties).unwrap();
        for group in 0..2u8 {
            let mut rows = writer.next_row_group().unwrap();
            let text = [ByteArray::from("one"), ByteArray::from(vec![b'0' + group])];
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&text, Some(&[1, 0, 1]), None).unwrap();
            column.close().unwrap();
            let raw = [vec![0xff], vec![group], vec![]].map(ByteArray::from);
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&raw, None, None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            let numbers = column.typed::<parquet::data_type::Int32Type>();
            numbers.write_batch(&[1, 2, 3], None, None).unwrap();
            column.close().unwrap();
            rows.close().unwrap();
        }
        writer.close().unwrap();
        file
    }

    fn column(name: &str) -> Outcome<Vec<Vec<u8>>> {
        let mut found = Vec::new();
        read("t", table(), name, &mut |document| {
            found.push(document.bytes);
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn a_column_is_read_over_all_row_groups() {
        assert_eq!(column("text").unwrap(), [&b"one"[..], b"0", b"one", b"1"]);
        assert_eq!(column("raw").unwrap(), [&[0xff][..], &[0], &[], &[0xff], &[1], &[]]);
        assert!(column("n").unwrap_err().to_string().contains("neither text nor bytes"));
        assert!(column("x").unwrap_err().to_string().contains("there are text, raw, n"));
        let file = tempfile::tempfile().unwrap();
        assert!(read("t", file, "text", &mut |_| Ok(())).is_err());
    }
}
