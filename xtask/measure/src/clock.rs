//! Seconds, and the core they are spent on.

use std::time::Instant;

use crate::failure::Outcome;

/// Seconds of processor time that the process takes for `work`; of time on the wall where a system
/// does not tell.
pub(crate) fn processor<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = processor_seconds();
    let (wall, result) = wall(work);
    match (before, processor_seconds()) {
        (Some(before), Some(after)) => (after - before, result),
        _ => (wall, result),
    }
}

/// Seconds on the wall that `work` takes.
pub(crate) fn wall<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed().as_secs_f64(), result)
}

#[cfg(target_os = "linux")]
fn processor_seconds() -> Option<f64> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

#[cfg(not(target_os = "linux"))]
fn processor_seconds() -> Option<f64> {
    None
}

/// Binds this thread, and the threads and processes that it starts from now on, to one core, so
/// that who asks for the number of cores gets one. Does nothing where a system cannot.
pub fn bind_to_one_core() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(allowed) = sched_getaffinity(None) else { return };
        // The last, since the first has the interrupts.
        if let Some(core) = (0..CpuSet::MAX_CPU).rev().find(|&core| allowed.is_set(core)) {
            let mut one = CpuSet::new();
            one.set(core);
            // Where it is refused, times are a little less steady.
            let _ = sched_setaffinity(None, &one);
        }
    }
}

/// Does `work` on a thread that is bound to one core, and whose threads are.
pub(crate) fn on_one_core(work: impl FnOnce() -> Outcome + Send) -> Outcome {
    let bound = || {
        bind_to_one_core();
        work()
    };
    std::thread::scope(|scope| match scope.spawn(bound).join() {
        Ok(outcome) => outcome,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// The middle of `times`; no time for none.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
