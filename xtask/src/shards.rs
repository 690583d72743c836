//! `count` and `merge-shards`: counting apart from training, on as many machines as there are.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use polytok_core::SegmentCounts;

use crate::{
    corpus,
    counting::{self, Part},
    failure::{Failure, Outcome},
    files,
    recipe::Recipe,
};

/// How hard shards are compressed: what counts leave in them is mostly text.
const LEVEL: i32 = 6;

/// Count what a recipe trains on, into a shard file.
#[derive(clap::Args, Debug)]
pub(crate) struct Count {
    /// Name of a recipe in xtask/recipes, or path of a TOML file.
    recipe: String,
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// The shard; compressed if its name ends in .zst.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only the I-th of N parts of the files of the corpus, which have none in common.
    #[arg(long, value_name = "I/N", value_parser = part, default_value = "1/1")]
    part: Part,
}

/// Join shards of parts of a corpus.
#[derive(clap::Args, Debug)]
pub(crate) struct MergeShards {
    /// Shards of one segmenter.
    #[arg(required = true, value_name = "SHARD")]
    shards: Vec<PathBuf>,
    /// The joint shard; compressed if its name ends in .zst.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn part(text: &str) -> Result<Part, String> {
    let (part, of) = text.split_once('/').ok_or("not of the form I/N")?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("{text:?}: {error}"));
    let (part, of) = (number(part)?, number(of)?);
    if part == 0 || part > of {
        return Err(format!("there is no part {part} of {of}"));
    }
    Ok(Part { part, of })
}

impl Count {
    pub(crate) fn run(self) -> Outcome {
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let recipe = Recipe::load(&self.recipe)?;
        write(&counting::count(&recipe, &corpus, self.part)?, &self.out)
    }
}

impl MergeShards {
    pub(crate) fn run(self) -> Outcome {
        write(&load(&self.shards)?, &self.out)
    }
}

/// The counts of some shards together.
pub(crate) fn load(shards: &[PathBuf]) -> Outcome<SegmentCounts> {
    let mut shards = shards.iter();
    let Some(first) = shards.next() else { return Err(Failure::Wrong("no shards".to_owned())) };
    let mut counts = read(first)?;
    for path in shards {
        counts.merge(read(path)?).map_err(Failure::about(path.display()))?;
    }
    Ok(counts)
}

fn read(path: &Path) -> Outcome<SegmentCounts> {
    let file = BufReader::new(File::open(path).map_err(Failure::about(path.display()))?);
    let mut input: Box<dyn Read> = match is_compressed(path) {
        true => {
            let decoder =
                zstd::Decoder::with_buffer(file).map_err(Failure::about(path.display()))?;
            Box::new(BufReader::new(decoder))
        }
        false => Box::new(file),
    };
    SegmentCounts::read_shard(&mut *input).map_err(Failure::about(path.display()))
}

fn write(counts: &SegmentCounts, path: &Path) -> Outcome {
    files::write_with(path, |out| {
        if !is_compressed(path) {
            return counts.write_shard(out);
        }
        let mut encoder = zstd::Encoder::new(out, LEVEL)?;
        counts.write_shard(&mut encoder)?;
        encoder.finish().map(drop)
    })?;
    files::note(format!("{} documents, {} bytes", counts.documents(), counts.bytes()));
    Ok(())
}

fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "zst")
}
