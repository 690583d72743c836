//! Counting tokens over sources.

use std::{cmp::Ordering, collections::BTreeMap};

use rayon::prelude::*;

use crate::{
    encoder::Encoder,
    source::{Document, Source},
};

use super::{
    bootstrap::ratio_of_sums,
    compressors,
    entropy::{ALPHA, renyi_efficiency, shannon},
    figures::{Compressed, Figures, ReferenceFigures, RoundTrips, SourceFigures, WorstDocument},
    passage::passage,
    round_trip,
    tokens::{TokenTable, ranks},
};

/// What to measure, and what the result is called.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Name of the vocabulary.
    pub(crate) name: String,
    /// Digest of its file, in hexadecimal.
    pub(crate) digest: String,
    /// Whether the documents have words, so that tokens per word mean something.
    pub(crate) words: bool,
    /// Whether to run zstd and xz over every source: a second or so for each megabyte.
    pub(crate) compressors: bool,
    /// Length of the passage shown of each source; 0 for none.
    pub(crate) passage_bytes: usize,
}

/// Measures a vocabulary, and references beside it, on the documents of each source and on all
/// documents together.
///
/// Documents are encoded on all threads of the current rayon pool. The result is a function of the
/// arguments, whatever the number of threads. The references' names are taken as given.
pub(crate) fn measure(
    encoder: &dyn Encoder,
    sources: &[Source],
    references: &[(String, &dyn Encoder)],
    options: &Options,
) -> Figures {
    let table = TokenTable::new(encoder);
    let mut pooled = Tally::new(table.bound());
    let mut pooled_sizes = options.compressors.then_some((0, 0));
    let summary = |name: &str, tally: &Tally<'_>, sizes: Option<(u64, u64)>| {
        let compressed = sizes.and_then(|(zstd, xz)| Compressed::new(zstd, xz, tally.bytes()));
        summarize(name, tally, &table, references, options, compressed)
    };
    let mut figures = Vec::with_capacity(sources.len());
    for source in sources {
        let tally = Tally::of(source, encoder, references, table.bound());
        let sizes = options.compressors.then(|| compressors::sizes(source));
        pooled_sizes =
            pooled_sizes.zip(sizes).map(|((zstd, xz), more)| (zstd + more.0, xz + more.1));
        figures.push(summary(&source.name, &tally, sizes));
        pooled = pooled.and(tally);
    }
    Figures {
        name: options.name.clone(),
        digest: options.digest.clone(),
        lossless: encoder.is_lossless(),
        entries: table.entries(),
        unreachable: encoder.unreachable().len() as u64,
        partial: table.partial_entries(),
        random_round_trips: round_trip::random(encoder, sources),
        pooled: summary("all", &pooled, pooled_sizes),
        sources: figures,
        lengths: table.lengths(&pooled.occurrences),
        ranks: ranks(&pooled.occurrences),
        passages: sources
            .iter()
            .filter_map(|source| passage(encoder, references, source, options.passage_bytes))
            .collect(),
        drawings: Vec::new(),
        extra: BTreeMap::new(),
        extra_counts: BTreeMap::new(),
    }
}

impl Compressed {
    /// None if there are no bytes.
    fn new(zstd: u64, xz: u64, bytes: u64) -> Option<Compressed> {
        let bits_per_byte = |size: u64| (bytes > 0).then(|| 8.0 * size as f64 / bytes as f64);
        Some(Compressed {
            zstd,
            xz,
            zstd_bits_per_byte: bits_per_byte(zstd)?,
            xz_bits_per_byte: bits_per_byte(xz)?,
        })
    }
}

/// What is counted in one document.
struct Counts<'a> {
    document: &'a str,
    digest: [u8; 32],
    bytes: u64,
    tokens: u64,
    words: u64,
    /// Tokens of each reference.
    references: Vec<u64>,
    comes_back: bool,
}

impl<'a> Counts<'a> {
    /// Counts a document, and adds its ids to the occurrences.
    fn of(
        document: &'a Document,
        encoder: &dyn Encoder,
        references: &[(String, &dyn Encoder)],
        occurrences: &mut [u64],
    ) -> Counts<'a> {
        let Document { name, bytes } = document;
        let ids = encoder.encode(bytes);
        ids.iter().for_each(|&id| occurrences[id as usize] += 1);
        Counts {
            document: name,
            digest: *blake3::hash(bytes).as_bytes(),
            bytes: bytes.len() as u64,
            tokens: ids.len() as u64,
            words: words(bytes),
            references: references.iter().map(|(_, r)| r.encode(bytes).len() as u64).collect(),
            comes_back: encoder.comes_back(bytes, &ids),
        }
    }

    /// Compares bytes per token, exactly.
    fn cmp_ratio(&self, other: &Counts<'_>) -> Ordering {
        let product = |bytes: u64, tokens: u64| u128::from(bytes) * u128::from(tokens);
        product(self.bytes, other.tokens).cmp(&product(other.bytes, self.tokens))
    }
}

/// Maximal runs of bytes other than space, tab, line feed, form feed and carriage return.
fn words(bytes: &[u8]) -> u64 {
    bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count() as u64
}

/// What is counted in several documents.
struct Tally<'a> {
    documents: Vec<Counts<'a>>,
    /// How often each id occurs.
    occurrences: Vec<u64>,
}

impl<'a> Tally<'a> {
    fn new(id_bound: usize) -> Tally<'a> {
        Tally { documents: Vec::new(), occurrences: vec![0; id_bound] }
    }

    fn of(
        source: &'a Source,
        encoder: &dyn Encoder,
        references: &[(String, &dyn Encoder)],
        id_bound: usize,
    ) -> Tally<'a> {
        let add = |mut tally: Tally<'a>, document: &'a Document| {
            let counts = Counts::of(document, encoder, references, &mut tally.occurrences);
            tally.documents.push(counts);
            tally
        };
        source
            .documents
            .par_iter()
            .fold(|| Tally::new(id_bound), add)
            .reduce(|| Tally::new(id_bound), Tally::and)
    }

    /// Both, the documents of `other` behind those of `self`.
    fn and(mut self, other: Tally<'a>) -> Tally<'a> {
        self.documents.extend(other.documents);
        for (times, more) in self.occurrences.iter_mut().zip(other.occurrences) {
            *times += more;
        }
        self
    }

    fn sum(&self, count: impl Fn(&Counts<'_>) -> u64) -> u64 {
        self.documents.iter().map(count).sum()
    }

    fn bytes(&self) -> u64 {
        self.sum(|counts| counts.bytes)
    }

    fn pairs(&self, pair: impl Fn(&Counts<'_>) -> (u64, u64)) -> Vec<(u64, u64)> {
        self.documents.iter().map(pair).collect()
    }

    fn digest(&self) -> String {
        let mut digests: Vec<[u8; 32]> = self.documents.iter().map(|d| d.digest).collect();
        digests.sort_unstable();
        blake3::hash(digests.as_flattened()).to_hex().to_string()
    }

    fn worst(&self) -> Option<WorstDocument> {
        let full = self.documents.iter().filter(|counts| counts.bytes > 0 && counts.tokens > 0);
        let worst = full.min_by(|a, b| a.cmp_ratio(b))?;
        let bytes_per_token = worst.bytes as f64 / worst.tokens as f64;
        Some(WorstDocument { name: worst.document.to_owned(), bytes_per_token })
    }

    fn round_trips(&self) -> RoundTrips {
        let mut failed = self.documents.iter().filter(|counts| !counts.comes_back);
        RoundTrips {
            tried: self.documents.len() as u64,
            failed: failed.clone().count() as u64,
            first_failed: failed.next().map(|counts| counts.document.to_owned()),
        }
    }
}

fn summarize(
    name: &str,
    tally: &Tally<'_>,
    table: &TokenTable,
    references: &[(String, &dyn Encoder)],
    options: &Options,
    compressed: Option<Compressed>,
) -> SourceFigures {
    let (bytes, tokens) = (tally.bytes(), tally.sum(|counts| counts.tokens));
    let words = options.words.then(|| tally.sum(|counts| counts.words));
    let used = tally.occurrences.iter().filter(|&&times| times > 0).count() as u64;
    let over = |above: f64, below: u64| (below > 0).then(|| above / below as f64);
    let references = references.iter().enumerate().map(|(i, (name, reference))| {
        let tokens = tally.sum(|counts| counts.references[i]);
        ReferenceFigures {
            name: name.clone(),
            lossless: reference.is_lossless(),
            tokens,
            bytes_per_token: over(bytes as f64, tokens),
            ratio: ratio_of_sums(&tally.pairs(|counts| (counts.tokens, counts.references[i]))),
        }
    });
    SourceFigures {
        name: name.to_owned(),
        digest: tally.digest(),
        documents: tally.documents.len() as u64,
        bytes,
        tokens,
        bytes_per_token: ratio_of_sums(&tally.pairs(|counts| (counts.bytes, counts.tokens))),
        worst: tally.worst(),
        references: references.collect(),
        words,
        tokens_per_word: words.and_then(|words| over(tokens as f64, words)),
        used,
        used_share: over(used as f64, table.entries()).unwrap_or(0.0),
        renyi_efficiency: renyi_efficiency(&tally.occurrences, table.entries(), ALPHA),
        order_0_bits_per_byte: over(shannon(&tally.occurrences) * tokens as f64, bytes),
        compressed,
        partial: table.partial(&tally.occurrences),
        round_trips: tally.round_trips(),
        extra: BTreeMap::new(),
        extra_counts: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            figures::{Interval, Partial},
            testing::{Forgetful, options, source, tokenizer},
        },
        *,
    };

    fn close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn figures_of_two_sources_by_hand() {
        let encoder = tokenizer(&[(b'a', b'b'), (0xc3, 0xa4)]);
        let bytes = tokenizer(&[]);
        let sources = [
            source("one", &[b"abab", b"ab  cd", b""]),
            source("two", &["ä\u{e5}".as_bytes(), b"\xa4"]),
        ];
        let references: [(String, &dyn Encoder); 1] = [("bytes".to_owned(), &bytes)];
        let options = Options { compressors: true, ..options() };
        let figures = measure(&encoder, &sources, &references, &options);

        assert_eq!((figures.entries, figures.unreachable, figures.lossless), (258, 0, true));
        assert_eq!(figures.partial, Partial { single_bytes: 128, longer: 0 });
        assert_eq!(figures.random_round_trips.failed, 0);

        // ab ab | ab sp sp c d: 7 tokens, of ab 3, space 2, c, d 1.
        let one = &figures.sources[0];
        assert_eq!((one.documents, one.bytes, one.tokens, one.used), (3, 10, 7, 4));
        assert_eq!((one.words, one.tokens_per_word), (Some(3), Some(7.0 / 3.0)));
        // Bytes over tokens are 4/2, 6/5 and nothing.
        let Interval { estimate, low, high } = one.bytes_per_token.unwrap();
        assert_eq!((estimate, low, high), (10.0 / 7.0, 1.2, 2.0));
        assert_eq!(one.worst, Some(WorstDocument { name: "1".to_owned(), bytes_per_token: 1.2 }));
        assert_eq!(one.references[0].tokens, 10);
        assert_eq!(one.references[0].bytes_per_token, Some(1.0));
        assert_eq!(one.references[0].ratio.unwrap().estimate, 0.7);
        assert_eq!(one.used_share, 4.0 / 258.0);
        let share = |n: f64| -(n / 7.0) * (n / 7.0).log2();
        let bits = share(3.0) + share(2.0) + 2.0 * share(1.0);
        close(one.order_0_bits_per_byte, bits * 0.7);
        let sum: f64 = [3f64, 2.0, 1.0, 1.0].iter().map(|n| (n / 7.0).powf(2.5)).sum();
        close(one.renyi_efficiency, sum.ln() / -1.5 / 258f64.ln());
        assert_eq!((one.round_trips.tried, one.round_trips.failed), (3, 0));

        // ä | c3 | a5 and a4: one whole token, three single bytes.
        let two = &figures.sources[1];
        assert_eq!((two.bytes, two.tokens, two.words), (5, 4, Some(2)));
        assert_eq!(two.partial, Partial { single_bytes: 3, longer: 0 });

        let all = &figures.pooled;
        assert_eq!((all.documents, all.bytes, all.tokens, all.used), (5, 15, 11, 8));
        assert_eq!(all.bytes_per_token.unwrap().estimate, 15.0 / 11.0);
        let sizes = [one, two, all].map(|figures| figures.compressed.unwrap());
        assert!(sizes[0].zstd > 10 && sizes[0].xz > 10, "{sizes:?}");
        assert_eq!(sizes[2].zstd, sizes[0].zstd + sizes[1].zstd);
        close(Some(sizes[2].xz_bits_per_byte), 8.0 * (sizes[0].xz + sizes[1].xz) as f64 / 15.0);

        let occurrences: Vec<(u64, u64, u64)> =
            figures.lengths.iter().map(|l| (l.bytes, l.entries, l.occurrences)).collect();
        assert_eq!(occurrences, [(1, 256, 7), (2, 2, 4)]);
        assert_eq!(figures.ranks.iter().map(|rank| rank.occurrences).sum::<u64>(), 11);
        assert_eq!(figures.passages.len(), 2);
    }

    #[test]
    fn compressors_find_what_repeats() {
        let sources = [source("s", &[b"0123456789".repeat(1000).as_slice()])];
        let options = Options { compressors: true, ..options() };
        let figures = measure(&tokenizer(&[]), &sources, &[], &options);
        let compressed = figures.pooled.compressed.unwrap();
        assert!(compressed.zstd < 200 && compressed.xz < 300, "{compressed:?}");
    }

    #[test]
    fn nothing_has_no_ratios() {
        let options = Options { compressors: true, ..options() };
        for sources in [vec![], vec![source("empty", &[])], vec![source("blank", &[b""])]] {
            let figures = measure(&tokenizer(&[]), &sources, &[], &options);
            let all = figures.pooled;
            assert_eq!((all.bytes, all.tokens, all.used), (0, 0, 0));
            assert_eq!((all.bytes_per_token, all.tokens_per_word, all.worst), (None, None, None));
            assert_eq!((all.renyi_efficiency, all.order_0_bits_per_byte), (None, None));
            assert_eq!(all.compressed, None);
        }
    }

    #[test]
    fn what_is_not_asked_for_is_absent() {
        let options = Options { words: false, passage_bytes: 0, ..options() };
        let figures = measure(&tokenizer(&[]), &[source("s", &[b"a b"])], &[], &options);
        assert_eq!((figures.pooled.words, figures.pooled.compressed), (None, None));
        assert_eq!(figures.passages, []);
    }

    #[test]
    fn documents_that_do_not_come_back_are_named() {
        let sources = [source("s", &[b"a", b"a\0b", b"\0"])];
        let figures = measure(&Forgetful(tokenizer(&[])), &sources, &[], &options());
        let trips = &figures.sources[0].round_trips;
        assert_eq!((trips.tried, trips.failed), (3, 2));
        assert_eq!(trips.first_failed.as_deref(), Some("1"));
    }

    #[test]
    fn the_digest_is_that_of_the_documents_in_any_order() {
        let digest = |documents: &[&[u8]]| {
            measure(&tokenizer(&[]), &[source("s", documents)], &[], &options()).pooled.digest
        };
        assert_eq!(digest(&[b"a", b"b"]), digest(&[b"b", b"a"]));
        assert_ne!(digest(&[b"a", b"b"]), digest(&[b"ab"]));
    }

    #[test]
    fn threads_do_not_matter() {
        let documents: Vec<Vec<u8>> =
            (0..97usize).map(|n| b"abracadabra ab\n"[..n % 15].repeat(n)).collect();
        let documents: Vec<&[u8]> = documents.iter().map(Vec::as_slice).collect();
        let sources = [source("one", &documents[..60]), source("two", &documents[60..])];
        let (encoder, bytes) = (tokenizer(&[(b'a', b'b'), (b'r', b'a')]), tokenizer(&[]));
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let references: [(String, &dyn Encoder); 1] = [("bytes".to_owned(), &bytes)];
            pool.install(|| measure(&encoder, &sources, &references, &options()))
        };
        let figures = on(1);
        assert_eq!(figures, on(2));
        assert_eq!(figures, on(7));
    }
}
