//! Those who are measured.

use std::{ffi::OsString, sync::Arc};

use crate::{
    failure::{Failure, Outcome},
    job::{Job, Model},
    seat::{Seat, ThreadSeat},
};

/// A loaded tokenizer. It lives on one thread.
pub trait Encoder {
    /// Appends the ids of `input`.
    ///
    /// # Errors
    ///
    /// What the tokenizer says against the input.
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome;

    /// The bytes that `ids` stand for; `None` if the tokenizer does not decode.
    ///
    /// # Errors
    ///
    /// What the tokenizer says against the ids.
    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        let _ = ids;
        Ok(None)
    }
}

/// Makes a tokenizer from a vocabulary; `None` if the contestant does not know such.
pub type Loader = fn(&Model) -> Outcome<Option<Box<dyn Encoder>>>;

/// Somebody who can be measured.
pub trait Contestant: Sync {
    /// The name in tables.
    fn name(&self) -> &str;

    /// A new state with all caches empty, on a thread or in a process of its own; `None` if the
    /// contestant does not know such a vocabulary.
    ///
    /// # Errors
    ///
    /// What the contestant says against the vocabulary.
    fn seat(&self, model: &Model) -> Outcome<Option<Box<dyn Seat>>>;

    /// How to load it here; `None` if it runs in another process.
    fn loader(&self) -> Option<Loader> {
        None
    }
}

/// A contestant that is linked into this program.
#[derive(Debug)]
pub struct InProcess {
    /// The name in tables.
    pub name: &'static str,
    /// How to load it.
    pub load: Loader,
}

impl Contestant for InProcess {
    fn name(&self) -> &str {
        self.name
    }

    fn seat(&self, model: &Model) -> Outcome<Option<Box<dyn Seat>>> {
        let seat = ThreadSeat::new(self.load, model.clone())?;
        Ok(seat.map(|seat| Box::new(seat) as Box<dyn Seat>))
    }

    fn loader(&self) -> Option<Loader> {
        Some(self.load)
    }
}

/// Those who take part.
pub struct Field {
    /// In the order of their turns.
    pub contestants: Vec<Box<dyn Contestant>>,
    /// Say which ids are right. The first that knows the vocabulary and does not give up counts;
    /// without any, a contestant is right whose ids decode to the input.
    pub oracles: Vec<Loader>,
    /// Arguments with which this program, started again, calls [`solo`](crate::solo) with one more
    /// argument.
    pub again: Vec<OsString>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.contestants.iter().map(|one| one.name()).collect();
        write!(f, "Field({names:?})")
    }
}

/// Who tells the right ids of one vocabulary.
pub(crate) struct Judge<'a> {
    oracles: &'a [Loader],
    model: &'a Model,
}

impl<'a> Judge<'a> {
    pub(crate) fn of(field: &'a Field, model: &'a Model) -> Judge<'a> {
        Judge { oracles: &field.oracles, model }
    }

    /// The ids of documents, if there is anybody to tell.
    pub(crate) fn expected(&self, documents: &[Document]) -> Option<Vec<Vec<u32>>> {
        self.oracles.iter().find_map(|&oracle| {
            let mut seat = ThreadSeat::new(oracle, self.model.clone()).ok()??;
            documents.iter().map(|document| seat.ids(document).ok()).collect()
        })
    }

    /// Those of the field that know a vocabulary, are wanted, and give the right ids for all
    /// documents; the others are reported to `report`.
    pub(crate) fn admitted<'f>(
        &self,
        job: &Job,
        field: &'f Field,
        documents: &[Document],
        mut report: impl FnMut(&str, String),
    ) -> Vec<&'f dyn Contestant> {
        let expected = self.expected(documents);
        let mut admitted = Vec::new();
        for contestant in field.contestants.iter().filter(|one| job.wants(one.name())) {
            // Another process gets whole files alone.
            if contestant.loader().is_none() && documents.iter().any(|one| one.path.is_none()) {
                continue;
            }
            let tried = contestant.seat(self.model).and_then(|seat| match seat {
                Some(mut seat) => right(&mut *seat, documents, expected.as_deref()).map(|()| true),
                None => Ok(false),
            });
            match tried {
                Ok(true) => admitted.push(&**contestant),
                Ok(false) => {}
                Err(failure) => report(contestant.name(), failure.to_string()),
            }
        }
        admitted
    }
}

/// A document, in memory and perhaps in a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Where another process finds it.
    pub path: Option<Arc<std::path::Path>>,
}

/// An error if a seat gives other ids than expected, or ids that do not decode where nothing is
/// expected.
pub(crate) fn right(
    seat: &mut dyn Seat,
    documents: &[Document],
    expected: Option<&[Vec<u32>]>,
) -> Outcome {
    for (at, document) in documents.iter().enumerate() {
        let ids = seat.ids(document)?;
        match expected.and_then(|expected| expected.get(at)) {
            Some(expected) => compare(at, expected, &ids)?,
            None => {
                if seat.decode(Arc::new(ids))?.is_some_and(|back| back != *document.bytes) {
                    let message = format!("wrong ids: document {at} does not come back");
                    return Err(Failure::Refused(message));
                }
            }
        }
    }
    Ok(())
}

/// Says where ids first differ.
fn compare(document: usize, expected: &[u32], ids: &[u32]) -> Outcome {
    if expected == ids {
        return Ok(());
    }
    let at = expected.iter().zip(ids).take_while(|(expected, id)| expected == id).count();
    let show = |ids: &[u32]| ids.get(at).map_or("the end".to_owned(), u32::to_string);
    Err(Failure::Refused(format!(
        "wrong ids: document {document}, id {at} is {} instead of {}",
        show(ids),
        show(expected)
    )))
}
