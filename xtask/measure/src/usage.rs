//! What this process has used so far, and may use.

/// Processor time of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// Seconds in the program.
    pub user: f64,
    /// Seconds in the system on its behalf.
    pub system: f64,
}

/// The high water mark of resident memory, in kibibytes, where the system tells.
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Lets this process hold no more than `bytes` of memory that it writes to; what asks for more ends
/// it. False where a system cannot do that.
pub fn limit_memory(bytes: u64) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
        setrlimit(Resource::Data, limit).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = bytes;
        false
    }
}

/// Processor time of all threads so far, in steps of about 10 ms, where the system tells.
pub fn spent() -> Option<Spent> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    parse(&stat, ticks()?)
}

#[cfg(target_os = "linux")]
fn ticks() -> Option<f64> {
    Some(rustix::param::clock_ticks_per_second() as f64)
}

#[cfg(not(target_os = "linux"))]
fn ticks() -> Option<f64> {
    None
}

/// The fields behind the name, which stands in parentheses and may hold any character.
fn parse(stat: &str, ticks: f64) -> Option<Spent> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let seconds = |field: usize| Some(fields.get(field)?.parse::<f64>().ok()? / ticks);
    Some(Spent { user: seconds(11)?, system: seconds(12)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_move_fields() {
        let stat = "7 (a ) b) R 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 1 0";
        assert_eq!(parse(stat, 100.0), Some(Spent { user: 2.5, system: 0.5 }));
        assert_eq!(parse("7 (a) R 1", 100.0), None);
    }
}
