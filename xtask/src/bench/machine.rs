//! Where and when figures were measured.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// A machine, a day and a command.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    processor: String,
    cores: usize,
    day: String,
    command: String,
}

impl Machine {
    pub(super) fn here() -> Machine {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        // Paths are of the machine, and nobody else's.
        let command = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Machine {
            processor: name.map_or(std::env::consts::ARCH, |(_, name)| name).to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            day: day(now.map_or(0, |since| since.as_secs() / 86_400)),
            command: format!("cargo xtask {command}"),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Machine { processor, cores, day, command } = self;
        write!(f, "{day}, {processor}, {cores} cores, `{command}`")
    }
}

/// The date of a day after 1970-01-01 (Hinnant 2013, "chrono-compatible low-level date
/// algorithms", `civil_from_days`).
fn day(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_have_dates() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(20_783), "2026-11-26");
    }
}
