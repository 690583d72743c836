//! Cuts are cuts, and what is spare makes no difference, whatever stands around.

use base64::Engine as _;
use polytok_core::{
    Appender, Boundary, Document, IntervalCounter, SPARE_WINDOW, SegmentCounts, Segmenter, Span,
    Tokenizer, TrainConfig, check_cuts, segments, train,
};
use polytok_text::{
    Cl100k, DeepSeek3, Gpt2, Llama3, O200k, Qwen2, Text, Words,
    import::{Imported, Scheme},
};
use proptest::{prelude::*, sample::Index};

use crate::{
    fixtures::fixtures,
    symbols::{BAD_BYTES, REPRESENTATIVES, mixed, text_with_runs},
};

const ALL: [&dyn Segmenter; 8] =
    [&Cl100k, &DeepSeek3, &Gpt2, &Llama3, &O200k, &Qwen2, &Text, &Words];

/// What cuts and spare spans are told by: everything that segmenters treat each in its own way.
const TELLING: [&[u8]; 24] = [
    b"a",
    b"l",
    b"S",
    "ſ".as_bytes(),
    "中".as_bytes(),
    "・".as_bytes(),
    b"1",
    "٣".as_bytes(),
    b" ",
    b"\n",
    b"\r",
    b"\t",
    "\u{a0}".as_bytes(),
    b"'",
    "’".as_bytes(),
    b"/",
    b".",
    ")".as_bytes(),
    "。".as_bytes(),
    "\u{301}".as_bytes(),
    "\u{200d}".as_bytes(),
    b"\0",
    b"\xe4",
    b"\xb8",
];

/// Leaving out what is spare takes it out of its segment and changes nothing else.
fn check_spare(segmenter: &dyn Segmenter, before: &[u8], window: &[u8], behind: &[u8]) {
    let Some(gap) = segmenter.spare(window) else { return };
    let whole = [before, window, behind].concat();
    let short = [before, &window[..gap.start], &window[gap.end..], behind].concat();
    let at = before.len() + gap.start;
    let moved = |place: usize| if place > at { place + gap.len() } else { place };
    let found: Vec<(Span, Boundary)> = segments(segmenter, &short)
        .into_iter()
        .map(|(span, boundary)| (Span::new(moved(span.start), moved(span.end)), boundary))
        .collect();
    let text = bstr::BStr::new(&whole);
    assert_eq!(found, segments(segmenter, &whole), "{} {gap:?} of {text:?}", segmenter.id());
    assert!(found.iter().any(|(span, _)| span.start < at && span.end > at + gap.len()));
}

#[test]
fn every_string_of_four_is_cut_where_it_says() {
    let mut input = Vec::new();
    for number in 0..TELLING.len().pow(4) {
        input.clear();
        let mut rest = number;
        for _ in 0..4 {
            input.extend_from_slice(TELLING[rest % TELLING.len()]);
            rest /= TELLING.len();
        }
        for segmenter in ALL {
            let checked = check_cuts(segmenter, &input, Span::new(0, input.len()));
            assert_eq!(checked, Ok(()), "{}: {:?}", segmenter.id(), bstr::BStr::new(&input));
        }
    }
}

fn telling() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((prop::sample::select(&TELLING[..]), 1usize..5), 0..12)
        .prop_map(|parts| parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect())
}

/// A row of symbols from a few, so that many of them are all of one kind.
fn row() -> impl Strategy<Value = Vec<u8>> {
    let one = prop_oneof![
        prop::sample::select(&REPRESENTATIVES[..]).prop_map(|s| s.as_bytes().to_vec()),
        prop::sample::select(&BAD_BYTES[..]).prop_map(<[u8]>::to_vec),
        prop::sample::select(&TELLING[..]).prop_map(<[u8]>::to_vec),
    ];
    prop_oneof![
        one.prop_map(|one| vec![one]),
        prop::collection::vec(prop::sample::select(&["a", "b", "t", "ж", "é"][..]), 1..4)
            .prop_map(|some| some.iter().map(|one| one.as_bytes().to_vec()).collect()),
        prop::collection::vec(prop::sample::select(&["中", "あ", "ไ", "ع", "ー"][..]), 1..4)
            .prop_map(|some| some.iter().map(|one| one.as_bytes().to_vec()).collect()),
        prop::collection::vec(prop::sample::select(&["A", "Ж", "a", "ǅ"][..]), 1..4)
            .prop_map(|some| some.iter().map(|one| one.as_bytes().to_vec()).collect()),
    ]
    .prop_flat_map(|some: Vec<Vec<u8>>| {
        prop::collection::vec(prop::sample::select(some), SPARE_WINDOW)
            .prop_map(|parts| parts.concat()[..SPARE_WINDOW].to_vec())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn cuts_are_cuts(
        input in prop_oneof![
            telling(), mixed(), text_with_runs().prop_map(String::into_bytes),
        ],
        start: Index,
        end: Index,
    ) {
        let (start, end) = (start.index(input.len() + 1), end.index(input.len() + 1));
        for segmenter in ALL {
            let parts = [(0, input.len()), (start.min(end), start.max(end))];
            for (start, end) in parts {
                let checked = check_cuts(segmenter, &input, Span::new(start, end));
                prop_assert_eq!(checked, Ok(()), "{}", segmenter.id());
            }
        }
    }

    #[test]
    fn what_is_spare_makes_no_difference(
        before in prop_oneof![telling(), mixed()],
        window in row(),
        offset in 0usize..4,
        behind in prop_oneof![telling(), mixed()],
    ) {
        let window = [&window[offset..], &window[..offset]].concat();
        for segmenter in ALL {
            check_spare(segmenter, &before, &window, &behind);
        }
    }
}

#[test]
fn runs_of_any_length_are_spare() {
    let runs = ["a", "中", "ж", " ", "!", "\n", "\0", "=", "é"];
    for run in runs {
        let window = run.repeat(SPARE_WINDOW).as_bytes()[..SPARE_WINDOW].to_vec();
        for segmenter in &ALL[..7] {
            assert!(segmenter.spare(&window).is_some_and(|span| span.len() > 80), "{run}");
        }
    }
}

/// Text is cut every few bytes, in every script.
#[test]
fn fixtures_are_cut_often() {
    for (path, file) in fixtures("text") {
        for segmenter in &ALL[..7] {
            let (mut from, mut longest) = (0, 0);
            while let Some(cut) = segmenter.cut(&file, from, Boundary::Soft) {
                longest = longest.max(cut - from);
                from = cut + 1;
            }
            assert!(longest < 1500, "{longest} bytes of {} by {}", path.display(), segmenter.id());
        }
    }
}

fn tokenizers() -> Vec<Tokenizer> {
    fn tokenizer(segmenter: impl Segmenter + 'static) -> Tokenizer {
        let mut counts = SegmentCounts::new(segmenter.id());
        for part in TELLING.iter().chain(&TELLING) {
            counts.add_document(&segmenter, &part.repeat(3)).unwrap();
        }
        counts
            .add_document(&segmenter, "it's aalal llaal aa  a 111 1 中中 aaSS...".as_bytes())
            .unwrap();
        let config = TrainConfig { vocabulary_size: 330, ..TrainConfig::default() };
        Tokenizer::new(train(&counts, &config).unwrap(), segmenter).unwrap()
    }
    vec![
        tokenizer(Cl100k),
        tokenizer(DeepSeek3),
        tokenizer(Gpt2),
        tokenizer(Llama3),
        tokenizer(O200k),
        tokenizer(Qwen2),
        tokenizer(Text),
        tokenizer(Words),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn texts_that_grow_shrink_and_change_are_encoded_as_if_new(
        parts in prop::collection::vec((telling(), row(), 0usize..4, any::<Index>()), 1..4),
        places in prop::collection::vec((any::<Index>(), any::<Index>()), 8),
    ) {
        for tokenizer in tokenizers() {
            let mut appender = Appender::new(&tokenizer);
            for (text, row, times, back) in &parts {
                for byte in text.iter().chain(&row.repeat(*times)) {
                    appender.push(&[*byte]);
                    if appender.text().len().is_multiple_of(7) {
                        prop_assert_eq!(appender.count(), tokenizer.count(appender.text()));
                    }
                }
                appender.truncate(back.index(appender.text().len() + 1));
                appender.push(text);
                prop_assert_eq!(appender.ids(), tokenizer.encode(appender.text()));
            }
            let mut text = appender.text().to_vec();
            let counter = IntervalCounter::new(&tokenizer, &text);
            for (start, end) in &places {
                let (start, end) = (start.index(text.len() + 1), end.index(text.len() + 1));
                let range = start.min(end)..start.max(end);
                prop_assert_eq!(counter.count(range.clone()), Some(tokenizer.count(&text[range])));
            }
            let mut document = Document::new(&tokenizer, &text);
            for (part, (start, end)) in parts.iter().zip(&places) {
                let start = start.index(text.len() + 1);
                let range = start..(start + end.index(30)).min(text.len());
                document.replace(range.clone(), &part.0).unwrap();
                text.splice(range, part.0.iter().copied());
                prop_assert!(document.ids().eq(tokenizer.encode(&text)));
            }
        }
    }
}

#[test]
fn fixtures_are_encoded_in_parallel_as_alone() {
    let all: Vec<u8> = fixtures("text").into_iter().flat_map(|(_, file)| file).collect();
    let long = [&all[..], &vec![b'a'; 200_000], &all[..50_000]].concat();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for tokenizer in tokenizers() {
        assert!(pool.install(|| tokenizer.encode_parallel(&long)) == tokenizer.encode(&long));
    }
}

/// A rank file of the bytes and some pairs, for each scheme.
#[test]
fn imported_vocabularies_are_encoded_in_parallel_as_alone() {
    let mut file = String::new();
    let tokens = (0..=255u8).map(|byte| vec![byte]);
    let pairs = [&b"th"[..], b"he", b"the", b" t", b" the", b"in", b"er", b"  "];
    for (token, rank) in tokens.chain(pairs.map(<[u8]>::to_vec)).zip(0..) {
        file += &format!("{} {rank}\n", base64::engine::general_purpose::STANDARD.encode(token));
    }
    let files: Vec<Vec<u8>> = fixtures("text").into_iter().map(|(_, file)| file).collect();
    let all = files.concat();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for scheme in [Scheme::Gpt2, Scheme::Cl100k, Scheme::O200k] {
        let imported =
            Imported::from_tiktoken(file.as_bytes(), scheme, &[("<|end|>", 264)]).unwrap();
        assert!(pool.install(|| imported.encode_parallel(&all)) == imported.encode(&all));
        let batch = pool.install(|| imported.encode_batch(&files));
        for (file, number) in files.iter().zip(0..) {
            assert!(batch.get(number) == Some(&imported.encode(file)[..]));
        }
    }
}

/// Added tokens may stand across any cut.
#[test]
fn added_tokens_are_found_by_parallel_encoding() {
    let vocabulary: serde_json::Map<String, serde_json::Value> = (0..=255u8)
        .map(|byte| match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae.. => u32::from(byte),
            0..=b' ' => 256 + u32::from(byte),
            0x7f..=0xa0 => 256 + 33 + u32::from(byte) - 0x7f,
            0xad => 256 + 33 + 34,
        })
        .zip(0..)
        .map(|(spelled, id)| (char::from_u32(spelled).unwrap().to_string(), id.into()))
        .collect();
    let file = serde_json::json!({
        "version": "1.0",
        "added_tokens": [{
            "id": 256, "content": "o be or n", "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": false,
        }],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    });
    let imported = Imported::from_tokenizer_json(file.to_string().as_bytes()).unwrap();
    let text = b"to be or not ".repeat(20_000);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let ids = imported.encode(&text);
    assert_eq!(ids.len(), 5 * 20_000);
    assert!(pool.install(|| imported.encode_parallel(&text)) == ids);
}
