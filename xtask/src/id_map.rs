//! Tables of what became of ids, for embedding matrices.

use std::path::Path;

use polytok_core::{Pruned, Vocabulary};
use serde::Serialize;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// One old id.
#[derive(Serialize)]
struct Row {
    old: u32,
    /// The same token's new id.
    new: Option<u32>,
    /// For a token that is no more, the new ids that its bytes encode to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<u32>,
}

/// Whether a table can be written under this name; asked before any work is done.
pub(crate) fn check(path: &Path) -> Outcome {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json" | "csv") => Ok(()),
        _ => {
            Err(Failure::Wrong(format!("--map: {} ends in neither .json nor .csv", path.display())))
        }
    }
}

/// Writes the table of all ids of a vocabulary, as JSON or CSV by the name of the file.
pub(crate) fn write(path: &Path, old: &Vocabulary, pruned: &Pruned) -> Outcome {
    let row = |(&new, old_id): (&Option<u32>, u32)| Row {
        old: old_id,
        new,
        parts: if new.is_none() { pruned.parts(old, old_id) } else { Vec::new() },
    };
    let rows: Vec<Row> = pruned.ids.iter().zip(0..).map(row).collect();
    let text = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::to_string_pretty(&rows).map_err(Failure::about(path.display()))? + "\n"
    } else {
        let mut text = "old,new,parts\n".to_owned();
        for Row { old, new, parts } in rows {
            let new = new.map(|new| new.to_string()).unwrap_or_default();
            let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
            text += &format!("{old},{new},{}\n", parts.join(" "));
        }
        text
    };
    files::write(path, text.as_bytes())
}
