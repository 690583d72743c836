//! The figures of its own that each modality has.

use polytok_binary::{TokenClass, classify};
use polytok_domain::{Noise, Stability};
use polytok_numeric::{additions, alignment_by};

use crate::{
    encoder::Encoder,
    eval::Figures,
    failure::{Failure, Outcome},
    instructions::are_instructions,
    load::Loaded,
    source::Source,
};

/// Seed of everything drawn here.
const SEED: u64 = 20_261_123;

/// Share of characters that the noise changes.
const NOISE: f64 = 0.05;

/// No more of a document goes through the noise: edit distances are quadratic.
const NOISY_BYTES: usize = 2_000;

/// The terms of Bommarito, Katz and Bommarito (2025), "KL3M tokenizers", table of domain-specific
/// terms. They measure; nothing is trained on them.
const LEGAL_TERMS: [&str; 10] = [
    "11 U.S.C. § 362(a)",
    "res judicata",
    "stare decisis",
    "habeas corpus",
    "certiorari",
    "de novo review",
    "28 C.F.R. § 14.2(a)",
    "42 U.S.C. § 1983",
    "Fed. R. Civ. P. 12(b)(6)",
    "prima facie",
];
const FINANCIAL_TERMS: [&str; 10] = [
    "EBITDA",
    "P/E ratio",
    "10-K filing",
    "SEC Form 8-K",
    "quarterly dividend",
    "year-over-year growth",
    "Basel III compliance",
    "GAAP accounting",
    "ROI analysis",
    "market capitalization",
];

/// Adds the figures of the modality that a vocabulary is of.
pub(crate) fn add(
    tokenizer: &Loaded,
    references: &[(String, &dyn Encoder)],
    sources: &[Source],
    figures: &mut Figures,
) -> Outcome {
    let id = tokenizer.segmenter();
    if id.starts_with("numeric-") || id.starts_with("text-") {
        alignment(tokenizer, figures);
    }
    if id.starts_with("numeric-") {
        let numbers = numbers(sources);
        tokens_of_numbers(tokenizer.encoder(), "", &numbers, figures);
        for (name, reference) in references {
            tokens_of_numbers(*reference, &format!("{name}: "), &numbers, figures);
        }
    }
    if id.starts_with("legal-") || id.starts_with("financial-") {
        terms(tokenizer, figures);
    }
    if id.starts_with("gpt2-") {
        stability(tokenizer.encoder(), "", sources, figures)?;
        for (name, reference) in references {
            stability(*reference, &format!("{name}: "), sources, figures)?;
        }
    }
    if id.starts_with("binary-") || id.starts_with("blocks-") {
        classes(tokenizer, figures);
    }
    if id.starts_with("genome-") {
        bases(tokenizer, sources, figures);
    }
    Ok(())
}

/// Additions whose numbers are cut at the same powers of ten (Singh and Strouse 2024,
/// "Tokenization counts", section 3, the lengths of its second experiment).
fn alignment(tokenizer: &Loaded, figures: &mut Figures) {
    let alignment = alignment_by(&additions(100, SEED), |digits, emit| {
        tokenizer.encoder().encode_spans(digits).1.into_iter().for_each(emit);
    });
    figures.extra_counts.insert("additions tried".into(), alignment.total as u64);
    figures.extra_counts.insert("additions aligned".into(), alignment.aligned as u64);
}

/// The numbers of the documents as they are written.
fn numbers(sources: &[Source]) -> Vec<&[u8]> {
    let documents = sources.iter().flat_map(|source| &source.documents);
    let numbers = documents.flat_map(|document| {
        let found = polytok_numeric::extract(&document.bytes).numbers;
        found.into_iter().map(|number| number.span.of(&document.bytes))
    });
    numbers.collect()
}

/// How many tokens a number takes, each on its own.
fn tokens_of_numbers(
    encoder: &dyn Encoder,
    prefix: &str,
    numbers: &[&[u8]],
    figures: &mut Figures,
) {
    let tokens: usize = numbers.iter().map(|number| encoder.encode(number).len()).sum();
    if !numbers.is_empty() {
        let ratio = tokens as f64 / numbers.len() as f64;
        figures.extra.insert(format!("{prefix}tokens per number"), ratio);
    }
}

fn terms(tokenizer: &Loaded, figures: &mut Figures) {
    for (name, terms) in [("legal", &LEGAL_TERMS), ("financial", &FINANCIAL_TERMS)] {
        let tokens: usize =
            terms.iter().map(|term| tokenizer.encoder().encode(term.as_bytes()).len()).sum();
        figures.extra_counts.insert(format!("tokens of 10 {name} terms"), tokens as u64);
    }
}

/// How well token boundaries stand errors of scanning; of the beginnings of documents.
fn stability(
    encoder: &dyn Encoder,
    prefix: &str,
    sources: &[Source],
    figures: &mut Figures,
) -> Outcome {
    let noise = Noise::new(NOISE, SEED).map_err(Failure::about("noise"))?;
    let (mut matched, mut clean_cuts, mut noisy_cuts) = (0, 0, 0);
    let (mut identical, mut tokens, mut token_edits, mut character_edits) = (0, 0, 0, 0);
    for document in sources.iter().flat_map(|source| &source.documents) {
        let bytes = &document.bytes[..document.bytes.len().min(NOISY_BYTES)];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
        let noisy = noise.apply(text);
        let clean = encoder.encode_spans(text.as_bytes()).1;
        let dirty = encoder.encode_spans(noisy.text.as_bytes()).1;
        let figures = Stability::of(
            (text.as_bytes(), &clean),
            (noisy.text.as_bytes(), &dirty),
            &noisy.alignment,
        );
        matched += figures.boundaries.matched;
        clean_cuts += figures.boundaries.clean;
        noisy_cuts += figures.boundaries.noisy;
        identical += figures.identical;
        tokens += figures.clean_tokens;
        token_edits += figures.token_edits;
        character_edits += figures.character_edits;
    }
    let ratio =
        |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    for (name, value) in [
        ("boundary F1 under noise", ratio(2 * matched, clean_cuts + noisy_cuts)),
        ("identical tokens under noise", ratio(identical, tokens)),
        ("token edits by character edit", ratio(token_edits, character_edits)),
    ] {
        figures.extra.insert(format!("{prefix}{name}"), value);
    }
    Ok(())
}

/// Entries by what their bytes look like.
fn classes(tokenizer: &Loaded, figures: &mut Figures) {
    for id in (0..tokenizer.encoder().id_bound()).filter_map(|id| u32::try_from(id).ok()) {
        if let Some(token) = tokenizer.encoder().token(id) {
            let class = match classify(&token) {
                TokenClass::Data if are_instructions(&token) => "instructions",
                class => class.name(),
            };
            *figures.extra_counts.entry(format!("entries: {class}")).or_default() += 1;
        }
    }
}

/// Bases (A, C, G, T in either case) and the tokens spent on runs of them.
fn bases(tokenizer: &Loaded, sources: &[Source], figures: &mut Figures) {
    let (mut bases, mut tokens) = (0u64, 0u64);
    for document in sources.iter().flat_map(|source| &source.documents) {
        let is_base = |byte: &u8| b"ACGTacgt".contains(byte);
        for run in document.bytes.split(|byte| !is_base(byte)).filter(|run| !run.is_empty()) {
            bases += run.len() as u64;
            tokens += tokenizer.encoder().encode(run).len() as u64;
        }
    }
    figures.extra_counts.insert("bases".into(), bases);
    figures.extra_counts.insert("tokens of bases".into(), tokens);
    if tokens > 0 {
        figures.extra.insert("bases per token".into(), bases as f64 / tokens as f64);
    }
}
