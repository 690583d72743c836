//! Files: read with their path in the error, replaced as a whole or not at all.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Outcome};

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The contents of a file; of standard input for `-`.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(Failure::about("standard input"))?;
        return Ok(bytes);
    }
    fs::read(path).map_err(Failure::about(path.display()))
}

/// Writes to standard output. Whoever reads it may stop early, as `head` does: the rest is not
/// wanted then, and that is no failure.
pub(crate) fn print(bytes: impl AsRef<[u8]>) -> Outcome {
    match io::stdout().write_all(bytes.as_ref()).and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(Failure::about("standard output")),
    }
}

/// Tells how a command goes, on standard error. Nobody need listen.
pub(crate) fn note(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes a file under another name and renames it: an interrupted run leaves the old file or the
/// new one. `-` is standard output.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Outcome {
    if path == Path::new("-") {
        return print(bytes);
    }
    write_with(path, |out| out.write_all(bytes))
}

/// Writes a file in the same way, piece by piece.
pub(crate) fn write_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Outcome {
    // What is no file (a pipe, a device) is written to; behind a link stands the file that is meant.
    let target = match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            return fs::OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut file| write(&mut file))
                .map_err(Failure::about(path.display()));
        }
        Ok(_) => fs::canonicalize(path).map_err(Failure::about(path.display()))?,
        Err(_) => path.to_owned(),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let replace = || {
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".polytok-");
        // Temporary files are for their owner alone; results are for whom the umask allows.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder)?;
        let mut buffer = io::BufWriter::new(&mut file);
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|error| error.error)?;
        io::Result::Ok(())
    };
    replace().map_err(Failure::about(path.display()))
}
