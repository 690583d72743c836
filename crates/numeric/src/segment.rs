//! The segmenter for tables and series of numbers.

use polytok_core::{Boundary, Segmenter, Span};

use crate::{
    Date, Dialect, Grouping, Ip, Literal, Number, Time, Version, literals,
    text::{Text, is_word},
};

/// Cuts tables and series of numbers: CSV, TSV, JSON, fixed columns.
///
/// Every boundary is hard.
///
/// Literals, as [`literals`] finds them, are cut into their parts:
/// - numbers into sign, groups of digits by [`Grouping`], the separators that are written, decimal
///   mark, groups of the fraction, exponent mark with its sign, groups of the exponent, and per cent
///   sign or unit;
/// - dates, times, versions and addresses of version 4 into their fields and marks; a field stays
///   whole, but that the numbers of a version and the fraction of a second are grouped;
/// - addresses of version 6 into groups and colons; hexadecimal integers and the like into `0x` and
///   the rest.
///
/// What is between them is cut into words, runs of white space and runs of everything else. A word
/// or a run of everything else takes one space before it along, so that `, ` and a name cost what
/// they cost in prose. White space before a literal stays apart: no number has more than one form.
///
/// # Example
///
/// ```
/// use polytok_core::segments;
/// use polytok_numeric::{Grouping, Numeric};
///
/// let row = b"2024-01-31,General Motors,-1391.85,3.1e-05\n";
/// let cut: Vec<&str> = segments(&Numeric::new(Grouping::Right), row)
///     .iter()
///     .map(|(span, _)| std::str::from_utf8(span.of(row)).unwrap())
///     .collect();
/// assert_eq!(
///     cut.join("|"),
///     "2024|-|01|-|31|,|General| Motors|,|-|1|391|.|85|,|3|.|1|e-|05|\n"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Numeric {
    grouping: Grouping,
    dialect: Dialect,
    whole_years: bool,
    id: String,
}

impl Default for Numeric {
    fn default() -> Numeric {
        Numeric::new(Grouping::default())
    }
}

impl Numeric {
    /// The segmenter of a grouping, for the dialect of tables, with years cut like other numbers.
    pub fn new(grouping: Grouping) -> Numeric {
        let mut numeric = Numeric {
            grouping,
            dialect: Dialect::default(),
            whole_years: false,
            id: String::new(),
        };
        numeric.rename();
        numeric
    }

    /// Reads commas, points and spaces as the dialect says.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Numeric {
        self.dialect = dialect;
        self.rename();
        self
    }

    /// Leaves integers from 1000 to 2999 whole, which costs alignment with longer numbers.
    #[must_use]
    pub fn with_whole_years(mut self, whole: bool) -> Numeric {
        self.whole_years = whole;
        self.rename();
        self
    }

    /// The rule for digits.
    pub fn grouping(&self) -> Grouping {
        self.grouping
    }

    /// How commas, points and spaces are read.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn rename(&mut self) {
        let grouping = match self.grouping {
            Grouping::Right => "",
            Grouping::Left => "-left",
            Grouping::Single => "-single",
        };
        let dialect = match self.dialect {
            Dialect::Table => "",
            Dialect::English => "-english",
            Dialect::European => "-european",
        };
        let years = if self.whole_years { "-years" } else { "" };
        self.id = format!("numeric-1{grouping}{dialect}{years}");
    }

    fn literal(&self, input: &[u8], literal: &Literal, emit: &mut dyn FnMut(Span)) {
        match literal {
            Literal::Number(number) => self.number(input, number, emit),
            Literal::Year(span) if self.whole_years => emit(*span),
            Literal::Year(span) => self.grouping.integer(*span, emit),
            Literal::Radix(radix) => {
                emit(Span::new(radix.span.start, radix.digits.start));
                emit(radix.digits);
            }
            Literal::Version(version) => self.version(input, version, emit),
            Literal::Date(Date { span, .. }) => self.fields(input, *span, emit),
            Literal::Time(time) => self.time(input, time, emit),
            Literal::Ip(Ip { span, address, .. }) if address.is_ipv4() => {
                self.fields(input, *span, emit);
            }
            Literal::Ip(Ip { span, .. }) => runs(input, *span, u8::is_ascii_hexdigit, emit),
        }
    }

    fn number(&self, input: &[u8], number: &Number, emit: &mut dyn FnMut(Span)) {
        if let Some(sign) = number.sign {
            emit(sign.span);
        }
        let mut end = number.integer.start;
        for group in number.groups(input) {
            if group.start > end {
                emit(Span::new(end, group.start));
            }
            self.grouping.integer(group, emit);
            end = group.end;
        }
        if let Some(fraction) = number.fraction {
            emit(fraction.mark);
            self.grouping.fraction(fraction.digits, emit);
        }
        if let Some(exponent) = number.exponent {
            emit(exponent.mark);
            self.grouping.integer(exponent.digits, emit);
        }
        if let Some(suffix) = number.percent.or(number.unit) {
            emit(suffix);
        }
    }

    fn version(&self, input: &[u8], version: &Version, emit: &mut dyn FnMut(Span)) {
        if version.span.start < version.release.start {
            emit(Span::new(version.span.start, version.release.start));
        }
        runs(input, version.release, u8::is_ascii_digit, &mut |run| {
            if input[run.start].is_ascii_digit() {
                self.grouping.integer(run, emit);
            } else {
                emit(run);
            }
        });
        if let Some(suffix) = version.suffix {
            emit(suffix);
        }
    }

    fn time(&self, input: &[u8], time: &Time, emit: &mut dyn FnMut(Span)) {
        let Some(fraction) = time.fraction else { return self.fields(input, time.span, emit) };
        self.fields(input, Span::new(time.span.start, fraction.start), emit);
        self.grouping.fraction(fraction, emit);
    }

    fn fields(&self, input: &[u8], span: Span, emit: &mut dyn FnMut(Span)) {
        runs(input, span, u8::is_ascii_digit, &mut |run| {
            if input[run.start].is_ascii_digit() {
                self.grouping.field(run, emit);
            } else {
                emit(run);
            }
        });
    }
}

impl Segmenter for Numeric {
    /// `numeric-1`, and `-left` or `-single`, `-english` or `-european`, `-years` where chosen.
    fn id(&self) -> &str {
        &self.id
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut emit = |span| emit(span, Boundary::Hard);
        let mut end = 0;
        for literal in literals(input, self.dialect) {
            let span = literal.span();
            between(input, Span::new(end, span.start), &mut emit);
            self.literal(input, &literal, &mut emit);
            end = span.end;
        }
        between(input, Span::new(end, input.len()), &mut emit);
    }

    /// Where a line begins with a letter, a digit or a sign of ASCII: no literal holds a line break, and to
    /// what looks at its neighbors one is as good as the end.
    fn cut(&self, input: &[u8], from: usize, _: Boundary) -> Option<usize> {
        let begins = |at: usize| input[at - 1] == b'\n' && input[at].is_ascii_graphic();
        (from.max(1)..input.len()).find(|&at| begins(at))
    }
}

/// Cuts a span into runs of bytes inside and outside of a class.
fn runs(input: &[u8], span: Span, is_in: fn(&u8) -> bool, emit: &mut dyn FnMut(Span)) {
    let mut start = span.start;
    for run in span.of(input).chunk_by(|a, b| is_in(a) == is_in(b)) {
        emit(Span::new(start, start + run.len()));
        start += run.len();
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Class {
    Word,
    Space,
    Other,
}

/// Cuts what is between two literals; each end of `gap` is one of the input or of a literal.
fn between(input: &[u8], gap: Span, emit: &mut dyn FnMut(Span)) {
    let text = Text::new(&input[..gap.end]);
    let class_at = |at| match text.char_at(at) {
        Some((' ' | '\t' | '\n' | '\x0B' | '\x0C' | '\r', len)) => (Class::Space, len),
        Some((c, len)) if is_word(c) => (Class::Word, len),
        Some((_, len)) => (Class::Other, len),
        None => (Class::Other, 1),
    };
    let mut start = gap.start;
    while start < gap.end {
        let (class, len) = class_at(start);
        let mut end = start + len;
        let end_of_run = |mut end: usize, class| {
            while end < gap.end
                && let (next, len) = class_at(end)
                && next == class
            {
                end += len;
            }
            end
        };
        end = end_of_run(end, class);
        if class == Class::Space && end < gap.end && input[end - 1] == b' ' {
            if start < end - 1 {
                emit(Span::new(start, end - 1));
            }
            start = end - 1;
            end = end_of_run(end, class_at(end).0);
        }
        emit(Span::new(start, end));
        start = end;
    }
}
