//! What trainers are measured on, in files.

use std::{
    collections::BTreeSet,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use measure::Numbers;

use super::training::{Input, Pieces};
use crate::{
    bench::prepare::{ALL_TEXT, EXECUTABLES, GENOMES},
    corpus,
    failure::{Failure, Outcome},
    files,
};

/// Endings of the names of machine code and of archives of it, before a number of a version.
const MACHINE_CODE: [&str; 9] = ["so", "rlib", "a", "o", "ko", "node", "dll", "dylib", "lib"];

/// Every so many bases one is drawn anew, and differs three times out of four: 5 % differ.
const DRAWN: u32 = 15;

/// Where inputs come from and go.
pub(crate) struct Inputs<'a> {
    pub(crate) corpus: &'a Path,
    pub(crate) folder: &'a Path,
}

/// A file of documents that is being written.
struct Writing {
    name: String,
    path: PathBuf,
    file: BufWriter<std::fs::File>,
    ends: Vec<usize>,
    seen: [bool; 256],
}

impl Writing {
    fn new(name: &str, folder: &Path) -> Outcome<Writing> {
        let path = folder.join(name.replace(' ', "-"));
        let file = std::fs::File::create(&path).map_err(Failure::about(path.display()))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        Ok(Writing { name: name.to_owned(), path, file, ends: Vec::new(), seen: [false; 256] })
    }

    fn bytes(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    fn push(&mut self, document: &[u8]) -> Outcome {
        for &byte in document {
            self.seen[usize::from(byte)] = true;
        }
        self.ends.push(self.bytes() + document.len());
        self.file.write_all(document).map_err(Failure::about(self.path.display()))
    }

    fn done(self, pieces: Pieces) -> Outcome<Input> {
        let Writing { name, path, mut file, ends, seen } = self;
        file.flush().map_err(Failure::about(path.display()))?;
        if ends.is_empty() {
            return Err(Failure::Wrong(format!("{name}: there are no documents")));
        }
        let alphabet = seen.into_iter().filter(|&seen| seen).count();
        Ok(Input { name, path, ends, pieces, alphabet })
    }
}

impl Inputs<'_> {
    /// Text of all languages in turns, every document on a line.
    ///
    /// Line ends within a document become carriage returns, which the pieces of GPT-2 do not tell
    /// from them: so those who read a file by lines see the same documents as all others.
    pub(crate) fn text(&self, bytes: usize) -> Outcome<Input> {
        let text = ALL_TEXT.text(self.corpus, bytes, self.folder)?;
        let all = files::read(&text.path)?;
        let mut writing = Writing::new("text lines", self.folder)?;
        let mut start = 0;
        for end in text.ends {
            let mut document = all[start..end].to_vec();
            let inner = document.len() - usize::from(document.ends_with(b"\n"));
            for byte in document[..inner].iter_mut().filter(|byte| **byte == b'\n') {
                *byte = b'\r';
            }
            writing.push(&document)?;
            start = end;
        }
        std::fs::remove_file(&text.path).map_err(Failure::about(text.path.display()))?;
        writing.name = "text".to_owned();
        writing.done(Pieces::Gpt2)
    }

    /// Whole files of up to so many bytes together, in the order of the digests of their names, so
    /// that every platform has its share.
    pub(crate) fn executables(&self, name: &str, bytes: usize) -> Outcome<Input> {
        let mut all = Vec::new();
        EXECUTABLES.each(self.corpus, &mut |document| {
            all.push((*blake3::hash(document.name.as_bytes()).as_bytes(), document.bytes));
            Ok(())
        })?;
        all.sort();
        let mut writing = Writing::new(name, self.folder)?;
        for (_, file) in all {
            if writing.bytes() + file.len() <= bytes {
                writing.push(&file)?;
            }
        }
        writing.done(Pieces::Whole)
    }

    /// Sequences in upper case, A, C, G and T alone, of so many bytes together.
    pub(crate) fn sequences(&self, name: &str, bytes: usize) -> Outcome<Input> {
        let mut writing = Writing::new(name, self.folder)?;
        for sequence in self.genomes()? {
            let left = bytes - writing.bytes();
            let part = &sequence[..left.min(sequence.len())];
            if !part.is_empty() {
                writing.push(part)?;
            }
        }
        writing.done(Pieces::Whole)
    }

    /// Sequences one behind the other as a single one of so many bytes, which is one piece for all.
    pub(crate) fn sequence(&self, name: &str, bytes: usize) -> Outcome<Input> {
        let mut all = self.genomes()?.concat();
        all.truncate(bytes);
        let mut writing = Writing::new(name, self.folder)?;
        writing.push(&all)?;
        writing.done(Pieces::Whole)
    }

    /// Sequences over and over with 5 % of the bases changed, other ones each time.
    pub(crate) fn changed_sequences(&self, name: &str, bytes: usize) -> Outcome<Input> {
        let all = self.genomes()?;
        let (mut numbers, mut writing) = (Numbers::new(), Writing::new(name, self.folder)?);
        while writing.bytes() < bytes {
            for sequence in &all {
                let left = bytes - writing.bytes();
                let mut sequence = sequence[..left.min(sequence.len())].to_vec();
                for base in &mut sequence {
                    if numbers.below(DRAWN) == 0 {
                        *base = b"ACGT"[numbers.below(4) as usize];
                    }
                }
                if !sequence.is_empty() {
                    writing.push(&sequence)?;
                }
            }
        }
        writing.done(Pieces::Whole)
    }

    fn genomes(&self) -> Outcome<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        GENOMES.each(self.corpus, &mut |document| {
            all.push(document.bytes);
            Ok(())
        })?;
        all.retain(|sequence| !sequence.is_empty());
        if all.is_empty() {
            return Err(Failure::Wrong(format!("{}: no sequences", self.corpus.display())));
        }
        Ok(all)
    }

    /// Machine code and archives of it below `folders`, whole files of up to so many bytes together
    /// by the order of their paths, no two of them equal.
    pub(crate) fn machine_code(
        &self,
        name: &str,
        folders: &[PathBuf],
        bytes: usize,
    ) -> Outcome<Input> {
        let (mut writing, mut known) = (Writing::new(name, self.folder)?, BTreeSet::new());
        for folder in folders {
            if !folder.is_dir() {
                return Err(Failure::Wrong(format!("{}: no such folder", folder.display())));
            }
            for entry in corpus::entries(folder, &["*".to_owned()], &[])? {
                if !is_machine_code(&entry.name) || entry.path.is_symlink() {
                    continue;
                }
                let len = std::fs::metadata(&entry.path).map_or(0, |data| data.len() as usize);
                if len == 0 || writing.bytes() + len > bytes {
                    continue;
                }
                // What its owner keeps to himself is left out.
                let Ok(file) = std::fs::read(&entry.path) else { continue };
                if file.len() == len && known.insert(*blake3::hash(&file).as_bytes()) {
                    writing.push(&file)?;
                }
            }
        }
        writing.done(Pieces::Whole)
    }
}

/// `libm.so.6` and `crc32.cpython-311.so`, but not `so`.
fn is_machine_code(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let file = file.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.');
    file.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && MACHINE_CODE.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(input: &Input) -> Vec<Vec<u8>> {
        let all = std::fs::read(&input.path).unwrap();
        let starts = std::iter::once(0).chain(input.ends.iter().copied());
        starts.zip(&input.ends).map(|(start, &end)| all[start..end].to_vec()).collect()
    }

    #[test]
    fn texts_are_lines_and_files_whole() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = files::workspace().join("fixtures");
        let inputs = Inputs { corpus: &corpus, folder: folder.path() };
        let text = inputs.text(300_000).unwrap();
        let lines = documents(&text);
        assert!(lines.len() > 1 && text.bytes() > 290_000);
        for (line, number) in lines.iter().zip(1..) {
            let ends = line.iter().filter(|&&byte| byte == b'\n').count();
            assert_eq!(ends, usize::from(number < lines.len()));
        }
        let programs = inputs.executables("programs", 200_000).unwrap();
        assert!(programs.bytes() <= 200_000 && programs.ends.len() > 1);
        let again = inputs.executables("again", 200_000).unwrap();
        assert_eq!(documents(&programs), documents(&again));
        let all = inputs.sequences("all", usize::MAX).unwrap();
        let part = inputs.sequences("part", all.bytes() / 4).unwrap();
        assert_eq!(part.bytes(), all.bytes() / 4);
        assert_eq!((all.alphabet, inputs.sequence("one", 5000).unwrap().ends), (4, vec![5000]));
    }

    #[test]
    fn changes_are_five_in_a_hundred() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = files::workspace().join("fixtures");
        let inputs = Inputs { corpus: &corpus, folder: folder.path() };
        let all = documents(&inputs.sequences("all", usize::MAX).unwrap()).concat();
        let changed = inputs.changed_sequences("changed", 2 * all.len()).unwrap();
        assert_eq!(changed.bytes(), 2 * all.len());
        let changed = documents(&changed).concat();
        let other = |part: &[u8]| part.iter().zip(&all).filter(|(a, b)| a != b).count();
        let [first, second] = [other(&changed[..all.len()]), other(&changed[all.len()..])];
        let share = first as f64 / all.len() as f64;
        assert!((0.045..0.055).contains(&share), "{share}");
        assert_ne!(first, second);
    }

    #[test]
    fn machine_code_is_known_by_its_name_and_taken_once() {
        for name in ["a/libm.so.6", "b.rlib", "x.cpython-311.so", "libz.a"] {
            assert!(is_machine_code(name), "{name}");
        }
        for name in ["so", ".so", "a/b.so.txt", "lib/a"] {
            assert!(!is_machine_code(name), "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let code = folder.path().join("code");
        std::fs::create_dir(&code).unwrap();
        for (name, bytes) in [("a.so", "one"), ("b.so", "one"), ("c.a", "three"), ("d.txt", "no")] {
            std::fs::write(code.join(name), bytes).unwrap();
        }
        let inputs = Inputs { corpus: folder.path(), folder: folder.path() };
        let folders = [code];
        let input = inputs.machine_code("all", &folders, 100).unwrap();
        assert_eq!(documents(&input), [b"one".to_vec(), b"three".to_vec()]);
        assert_eq!(inputs.machine_code("few", &folders, 4).unwrap().ends, [3]);
        assert!(inputs.machine_code("none", &folders, 1).is_err());
    }
}
