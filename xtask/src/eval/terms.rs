//! What the figures of the report mean, and what they do not say.

/// What the figures mean, for the foot of the page.
pub(super) const TERMS: &[(&str, &str)] = &[
    (
        "Bytes per token",
        "Total bytes over total tokens. The 95 % interval resamples documents 1,000 times with a \
         fixed seed; one document has no width.",
    ),
    (
        "Tokens against a reference",
        "Tokens of the vocabulary over tokens of the reference on the same documents: below 1, the \
         vocabulary needs fewer. The interval is paired.",
    ),
    ("Worst document", "The lowest bytes per token of a single document."),
    (
        "Tokens per word",
        "Fertility: tokens, those of white space included, over maximal runs of bytes other than \
         ASCII white space.",
    ),
    ("Used", "Entries that occur, over all entries."),
    (
        "Rényi efficiency",
        "Rényi entropy of order 2.5 of the tokens, over the logarithm of the number of entries, \
         used or not (Zouhar et al., 2023).",
    ),
    (
        "Bits per byte",
        "Entropy of single tokens times tokens over bytes: what a static arithmetic code would need, \
         without its table. Beside it zstd at level 19 and xz at level 9 on each source as one \
         stream, for context; those see what repeats at a distance.",
    ),
    (
        "Partial",
        "Occurrences of tokens of two bytes and more that are not valid UTF-8, then those of single \
         bytes.",
    ),
    ("Failed", "Documents that decoding did not give back."),
];

/// What must not be read into the figures.
pub(super) const LIMITS: &[&str] = &[
    "Fewer tokens are less work for a model, not a better model: none was trained here.",
    "The documents are of the same sources as those of training; on others the figures differ. Where a \
     source has few documents its interval says so, and one document has none.",
    "Published vocabularies were made for other mixtures of data, and are larger or smaller: the number \
     of entries belongs to every comparison.",
    "What is counted is exact and the same on every machine; time is not measured here.",
];
