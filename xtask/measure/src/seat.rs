//! A contestant at work: a state of its own, on a thread or in a process of its own.

use std::{
    sync::{
        Arc,
        mpsc::{self, Sender},
    },
    thread::JoinHandle,
};

use crate::{
    clock,
    contestant::{Document, Encoder, Loader},
    failure::{Failure, Outcome},
    job::Model,
};

/// A loaded contestant that waits for its turn.
pub trait Seat {
    /// The ids of a document.
    ///
    /// # Errors
    ///
    /// What the contestant says.
    fn ids(&mut self, document: &Document) -> Outcome<Vec<u32>>;

    /// Seconds of processor time to encode a document, into memory that is new.
    ///
    /// # Errors
    ///
    /// What the contestant says.
    fn encode(&mut self, document: &Document) -> Outcome<f64>;

    /// Seconds of processor time to encode documents one after the other, into memory that is used
    /// again; `None` if the contestant cannot show what it does without others' overhead.
    ///
    /// # Errors
    ///
    /// What the contestant says.
    fn encode_all(&mut self, documents: &Arc<Vec<Document>>) -> Outcome<Option<f64>> {
        let _ = documents;
        Ok(None)
    }

    /// The bytes of ids.
    ///
    /// # Errors
    ///
    /// What the contestant says.
    fn decode(&mut self, ids: Arc<Vec<u32>>) -> Outcome<Option<Vec<u8>>> {
        let _ = ids;
        Ok(None)
    }

    /// Seconds of processor time to decode.
    ///
    /// # Errors
    ///
    /// What the contestant says.
    fn decode_time(&mut self, ids: Arc<Vec<u32>>) -> Outcome<Option<f64>> {
        let _ = ids;
        Ok(None)
    }
}

type Task = Box<dyn FnOnce(&dyn Encoder) + Send>;

/// A contestant on a thread of its own: caches that belong to threads are new with it.
#[derive(Debug)]
pub struct ThreadSeat {
    /// Closed to end the thread.
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl ThreadSeat {
    /// Starts the thread and loads the contestant there; `None` if it does not know the vocabulary.
    ///
    /// # Errors
    ///
    /// What the contestant says against the vocabulary.
    pub fn new(load: Loader, model: Model) -> Outcome<Option<ThreadSeat>> {
        let (tasks, inbox) = mpsc::channel::<Task>();
        let (loaded, answer) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let encoder = match load(&model) {
                Ok(Some(encoder)) => encoder,
                Ok(None) => return drop(loaded.send(Ok(false))),
                Err(failure) => return drop(loaded.send(Err(failure))),
            };
            drop(loaded.send(Ok(true)));
            for task in inbox {
                task(&*encoder);
            }
        });
        let known = answer.recv().map_err(|_| Failure::GaveUp)??;
        Ok(known.then_some(ThreadSeat { tasks: Some(tasks), thread: Some(thread) }))
    }

    /// What `work` gives on the thread.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Encoder) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (done, answer) = mpsc::channel();
        let task: Task = Box::new(move |encoder| drop(done.send(work(encoder))));
        let tasks = self.tasks.as_ref().ok_or(Failure::GaveUp)?;
        tasks.send(task).map_err(|_| Failure::GaveUp)?;
        answer.recv().map_err(|_| Failure::GaveUp)?
    }
}

impl Drop for ThreadSeat {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            // A panic of a contestant has been reported as its failure.
            drop(thread.join());
        }
    }
}

impl Seat for ThreadSeat {
    fn ids(&mut self, document: &Document) -> Outcome<Vec<u32>> {
        let bytes = document.bytes.clone();
        self.ask(move |encoder| {
            let mut ids = Vec::new();
            encoder.encode_into(&bytes, &mut ids)?;
            Ok(ids)
        })
    }

    fn encode(&mut self, document: &Document) -> Outcome<f64> {
        let bytes = document.bytes.clone();
        self.ask(move |encoder| {
            let mut ids = Vec::new();
            let (seconds, done) = clock::processor(|| encoder.encode_into(&bytes, &mut ids));
            done?;
            std::hint::black_box(ids);
            Ok(seconds)
        })
    }

    fn encode_all(&mut self, documents: &Arc<Vec<Document>>) -> Outcome<Option<f64>> {
        let documents = Arc::clone(documents);
        self.ask(move |encoder| {
            let mut ids = Vec::new();
            let (seconds, done) = clock::processor(|| {
                for document in documents.iter() {
                    ids.clear();
                    encoder.encode_into(&document.bytes, &mut ids)?;
                    std::hint::black_box(&ids);
                }
                Ok(())
            });
            done.map(|()| Some(seconds))
        })
    }

    fn decode(&mut self, ids: Arc<Vec<u32>>) -> Outcome<Option<Vec<u8>>> {
        self.ask(move |encoder| encoder.decode(&ids))
    }

    fn decode_time(&mut self, ids: Arc<Vec<u32>>) -> Outcome<Option<f64>> {
        self.ask(move |encoder| {
            let (seconds, bytes) = clock::processor(|| encoder.decode(&ids));
            Ok(std::hint::black_box(bytes?).map(|_| seconds))
        })
    }
}
