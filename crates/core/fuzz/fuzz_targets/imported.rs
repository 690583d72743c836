//! What holds of every imported vocabulary.

use polytok_text::import::{Imported, Special};

/// Encodes some text and compares the ways to do it.
pub(crate) fn check(imported: &Imported, text: &[u8]) {
    for special in [Special::None, Special::All] {
        let ids = imported.encode_with_special(text, special);
        let (same, spans) = imported.encode_spans(text, special);
        assert_eq!(ids, same);
        assert_eq!(ids.len(), spans.len());
        let mut start = 0;
        for span in &spans {
            assert!(start <= span.start && span.start <= span.end && span.end <= text.len());
            start = span.start;
        }
        let decoded = imported.decode(&ids).expect("every id given is of the vocabulary");
        if imported.is_lossless() {
            assert_eq!(decoded, text);
        }
        assert!(ids.iter().all(|&id| u64::from(id) < imported.id_bound()));
    }
    let mut appended = vec![7];
    imported.encode_into(text, &mut appended);
    assert_eq!(appended[1..], imported.encode(text));
    assert_eq!(imported.tokens().count(), imported.len());
}
