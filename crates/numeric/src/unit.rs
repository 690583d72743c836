//! Units written without a space.

use crate::text::Text;

/// Letters that may follow digits and leave them a number.
///
/// Symbols of the SI with their common prefixes (BIPM 2019, "The International System of Units",
/// tables 2, 4 and 7), bytes and bits, typographic and imperial units, ordinal endings. Single
/// letters that are as common in identifiers (`A`, `B`, `C`, `F`, `J`, `K`, `L`, `M`, `V`, `W`) are
/// left out.
const UNITS: [&str; 74] = [
    "GB", "GHz", "GW", "GWh", "GiB", "Gbps", "Hz", "KB", "KiB", "MB", "MHz", "MPa", "MW", "MWh",
    "MiB", "Mbps", "Pa", "TB", "THz", "TWh", "TiB", "bp", "bps", "cm", "dB", "dl", "em", "eV",
    "fs", "ft", "g", "h", "ha", "hPa", "in", "kB", "kHz", "kJ", "kPa", "kV", "kW", "kWh", "kb",
    "kbp", "kbps", "kg", "km", "kcal", "l", "lb", "lbs", "m", "mA", "mV", "mW", "mg", "mi", "min",
    "ml", "mL", "mm", "mol", "ms", "nd", "nm", "ns", "oz", "ps", "pt", "px", "rd", "s", "st", "th",
];

/// The letters of the longest unit.
const LONGEST: usize = 4;

/// The end of the unit at `at`, if the word there is one.
pub(crate) fn unit_end(text: &Text<'_>, at: usize) -> Option<usize> {
    let len = (0..=LONGEST)
        .take_while(|&i| text.get(at + i).is_some_and(|byte| byte.is_ascii_alphabetic()))
        .count();
    if len == 0 || len > LONGEST || text.is_word(at + len) {
        return None;
    }
    let word = text.slice(at, at + len);
    UNITS.iter().any(|unit| unit.as_bytes() == word).then_some(at + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_whole_words() {
        assert!(UNITS.iter().all(|unit| unit.len() <= LONGEST));
        for (word, end) in
            [("km", Some(2)), ("kmh", None), ("kg.", Some(2)), ("s_", None), ("", None)]
        {
            assert_eq!(unit_end(&Text::new(word.as_bytes()), 0), end, "{word}");
        }
        assert_eq!(unit_end(&Text::new("mé".as_bytes()), 0), None);
    }
}
