//! Reading the normalizer and the pre-tokenizer of a `tokenizer.json`.

use serde_json::Value;

use super::{
    ImportError,
    normalize::Form,
    patterns,
    split::{Published, Step},
};

/// What a `pre_tokenizer` asks for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct PreTokenizer {
    pub(super) steps: Vec<Step>,
    /// Bytes are spelled with the byte-level alphabet.
    pub(super) byte_level: bool,
    /// A space goes before every part of the text that does not start with one.
    pub(super) prefix_space: bool,
}

/// Patterns of published files, each with the scanner that does the same.
const PATTERNS: &[(&str, Step)] = &[
    (patterns::GPT2, Step::Published(Published::Gpt2)),
    (patterns::GPT2_TIKTOKEN, Step::Published(Published::Gpt2)),
    (patterns::CL100K, Step::Published(Published::Cl100k)),
    (patterns::CL100K_PORTABLE, Step::Published(Published::Cl100k)),
    (patterns::CL100K_2023, Step::Published(Published::Llama3)),
    (patterns::LLAMA3, Step::Published(Published::Llama3)),
    (patterns::QWEN2, Step::Published(Published::Qwen2)),
    (patterns::O200K, Step::Published(Published::O200k)),
];

/// Whether matches cover every text, so that dropping what lies between them drops nothing.
fn is_total(step: &Step) -> bool {
    matches!(step, Step::Published(split) if *split != Published::DeepSeek3)
}

fn unsupported(part: &'static str, found: impl ToString) -> ImportError {
    ImportError::Unsupported { part, found: found.to_string() }
}

fn kind<'a>(part: &'static str, value: &'a Value) -> Result<&'a str, ImportError> {
    value.get("type").and_then(Value::as_str).ok_or_else(|| unsupported(part, "no type"))
}

fn flag(value: &Value, name: &str, default: bool) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(default)
}

fn members<'a>(
    part: &'static str,
    value: &'a Value,
    name: &str,
) -> Result<&'a [Value], ImportError> {
    match value.get(name) {
        Some(Value::Array(members)) => Ok(members),
        _ => Err(unsupported(part, "a sequence without members")),
    }
}

/// Reads a `normalizer`.
pub(super) fn normalizer(value: &Value) -> Result<Vec<Form>, ImportError> {
    const PART: &str = "normalizer";
    if value.is_null() {
        return Ok(Vec::new());
    }
    Ok(match kind(PART, value)? {
        "NFC" => vec![Form::Nfc],
        "NFD" => vec![Form::Nfd],
        "NFKC" => vec![Form::Nfkc],
        "NFKD" => vec![Form::Nfkd],
        "Lowercase" => vec![Form::Lowercase],
        "Sequence" => {
            let mut forms = Vec::new();
            for member in members(PART, value, "normalizers")? {
                forms.extend(normalizer(member)?);
            }
            forms
        }
        other => return Err(unsupported(PART, other)),
    })
}

/// Reads a `pre_tokenizer`.
pub(super) fn pre_tokenizer(value: &Value) -> Result<PreTokenizer, ImportError> {
    let mut read = PreTokenizer::default();
    add(value, &mut read)?;
    Ok(read)
}

const PART: &str = "pre_tokenizer";

fn add(value: &Value, read: &mut PreTokenizer) -> Result<(), ImportError> {
    if value.is_null() {
        return Ok(());
    }
    let kind = kind(PART, value)?;
    if read.byte_level && kind != "Sequence" {
        // It would cut what the byte-level alphabet spells, not the text.
        return Err(unsupported(PART, format!("{kind} behind ByteLevel")));
    }
    match kind {
        "Sequence" => {
            let mut rest = members(PART, value, "pretokenizers")?;
            if let Some((three, behind)) = rest.split_first_chunk()
                && !read.byte_level
                && is_deepseek3(three)
            {
                read.steps.push(Step::Published(Published::DeepSeek3));
                rest = behind;
            }
            for member in rest {
                add(member, read)?;
            }
        }
        "ByteLevel" => {
            if flag(value, "add_prefix_space", true) {
                if !read.steps.is_empty() {
                    return Err(unsupported(PART, "add_prefix_space behind another rule"));
                }
                read.prefix_space = true;
            }
            if flag(value, "use_regex", true) {
                read.steps.push(Step::Published(Published::Gpt2));
            }
            read.byte_level = true;
        }
        "Whitespace" => read.steps.push(Step::WordsAndSymbols),
        "WhitespaceSplit" => read.steps.push(Step::Visible),
        "Digits" => {
            read.steps.push(Step::Digits { each: flag(value, "individual_digits", false) });
        }
        "Split" => read.steps.push(split(value)?),
        other => return Err(unsupported(PART, other)),
    }
    Ok(())
}

/// Whether three rules are those of DeepSeek V3, which one scanner does together.
fn is_deepseek3(rules: &[Value; 3]) -> bool {
    rules.iter().zip(patterns::DEEPSEEK3).all(|(rule, pattern)| {
        rule.get("type").and_then(Value::as_str) == Some("Split")
            && rule.pointer("/pattern/Regex").and_then(Value::as_str) == Some(pattern)
            && rule.get("behavior").and_then(Value::as_str).is_none_or(|name| name == "Isolated")
    })
}

fn split(value: &Value) -> Result<Step, ImportError> {
    let behavior = value.get("behavior").and_then(Value::as_str).unwrap_or("Isolated");
    let invert = flag(value, "invert", false);
    let pattern = value.get("pattern").unwrap_or(&Value::Null);
    let step = match (pattern.get("Regex"), pattern.get("String")) {
        (Some(Value::String(regex)), None) => {
            let known = PATTERNS.iter().find(|(pattern, _)| pattern == regex);
            let Some((_, step)) = known else { return Err(unsupported(PART, regex)) };
            let same =
                (behavior == "Isolated") || (is_total(step) && behavior == "Removed" && invert);
            if !same {
                return Err(unsupported(PART, format!("Split with {behavior} of {regex}")));
            }
            step.clone()
        }
        (None, Some(Value::String(text))) if !text.is_empty() => {
            let keep = match behavior {
                "Isolated" => true,
                "Removed" if !invert => false,
                other => return Err(unsupported(PART, format!("Split with {other} of {text:?}"))),
            };
            Step::Literal { text: text.clone().into_bytes(), keep }
        }
        _ => return Err(unsupported(PART, "Split without a pattern")),
    };
    Ok(step)
}
