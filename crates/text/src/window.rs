//! Cutting text many pieces at a time: the classes of up to 64 bytes as masks, and starts of pieces
//! by arithmetic on them.
//!
//! A window begins where a piece begins, so that nothing in front of it matters: a split that looks
//! ahead only goes on from any of its cuts as from the start of a text. It ends after 64 bytes or
//! less, with a whole symbol. Pieces that begin in it are cut together, all but the last, whose end
//! may lie outside: the next window begins with that one. A piece that reaches beyond its window is
//! cut by the scanner of single pieces.

use polytok_core::{Boundary, ENDS, End};

use crate::{
    class::{Class, long_symbol},
    vector::{self, BLOCK, Kernel, Vector},
};

/// What the bytes of a window are. Bit `i` stands for byte `i`; all bytes of a symbol have its class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    pub(crate) input: &'a [u8],
    /// Where in `input` it begins.
    pub(crate) at: usize,
    /// Its bytes, at least one and at most 64.
    pub(crate) len: u32,
    /// Whether the input ends with it.
    pub(crate) ends_input: bool,
    pub(crate) upper: u64,
    pub(crate) lower: u64,
    /// Letters without case, and modifier letters.
    pub(crate) letter: u64,
    pub(crate) mark: u64,
    /// `[0-9]`
    pub(crate) digit: u64,
    /// Numbers outside ASCII.
    pub(crate) number: u64,
    /// U+0020.
    pub(crate) space: u64,
    /// White space but line breaks.
    pub(crate) blank: u64,
    /// Symbols of blanks, by their first byte, behind which no white space follows in the window.
    pub(crate) last_blank: u64,
    pub(crate) newline: u64,
    /// Everything else but marks: punctuation, symbols, controls, joiners, bytes that are not UTF-8.
    pub(crate) other: u64,
    /// Those of them that words of Indic and Persian text hold.
    pub(crate) joiner: u64,
    /// Those of them that are no part of well-formed UTF-8.
    pub(crate) invalid: u64,
    /// Bytes of symbols but their first.
    pub(crate) continued: u64,
    pub(crate) apostrophe: u64,
    pub(crate) slash: u64,
}

/// The lowest `len` bits.
#[inline(always)]
pub(crate) fn low(len: u32) -> u64 {
    if len >= 64 { u64::MAX } else { (1 << len) - 1 }
}

impl<'a> Window<'a> {
    /// The window at `at`, which lies within `input`.
    #[inline(always)]
    pub(crate) fn new<V: Vector>(vector: V, input: &'a [u8], at: usize) -> Window<'a> {
        let rest = &input[at..];
        let mut copy = [0; BLOCK];
        let block = match rest.first_chunk() {
            Some(block) => block,
            None => {
                copy[..rest.len()].copy_from_slice(rest);
                &copy
            }
        };
        let block = vector.load(block);
        let ascii = vector.ascii(block);
        let len = rest.len().min(BLOCK) as u32;
        let valid = low(len);
        let blank = ascii.space | (ascii.control_space & !ascii.newline);
        let word = ascii.upper | ascii.lower | ascii.digit;
        let white = blank | ascii.newline;
        let mut window = Window {
            input,
            at,
            len,
            ends_input: rest.len() <= BLOCK,
            upper: ascii.upper,
            lower: ascii.lower,
            letter: 0,
            mark: 0,
            digit: ascii.digit,
            number: 0,
            space: ascii.space,
            blank,
            last_blank: blank & !(white >> 1),
            newline: ascii.newline,
            other: valid & !(word | white | ascii.high),
            joiner: 0,
            invalid: 0,
            continued: 0,
            apostrophe: ascii.apostrophe,
            slash: ascii.slash,
        };
        if ascii.high != 0 {
            window.add_wide(vector, block, ascii.high);
        }
        window
    }

    /// Adds the symbols outside ASCII, whose bytes are `high`.
    #[inline(always)]
    fn add_wide<V: Vector>(&mut self, vector: V, block: V::Block, high: u64) {
        let uniform = vector.uniform(block);
        let (upper, lower, letter) = (uniform.upper2, uniform.lower2, uniform.letter3);
        let behind = (upper | lower | letter) << 1 | letter << 2;
        self.upper |= upper | upper << 1;
        self.lower |= lower | lower << 1;
        self.letter |= letter | letter << 1 | letter << 2;
        let mut rest = high & !(upper | lower | letter | behind);
        let mut classes = [0; 16];
        // One after the other, but none waits for the one before it.
        let mut firsts = rest & !uniform.tail;
        while firsts != 0 {
            let at = firsts.trailing_zeros();
            let (class, len) = long_symbol(&self.input[self.at + at as usize..]);
            let len = len as u32;
            if at + len > BLOCK as u32 {
                self.cut(at);
                rest &= low(at);
                break;
            }
            let bits = low(len) << at;
            classes[class as usize] |= bits;
            rest &= !bits;
            firsts &= firsts - 1;
        }
        self.continued = uniform.tail & !rest;
        // Bytes that go on with a symbol, where there is none.
        classes[Class::Invalid as usize] |= rest;
        self.upper |= classes[Class::Upper as usize];
        self.lower |= classes[Class::Lower as usize];
        self.letter |= classes[Class::Letter as usize];
        self.mark |= classes[Class::Mark as usize];
        self.number |= classes[Class::Number as usize] | classes[Class::NumberOther as usize];
        self.other |= classes[Class::Other as usize]
            | classes[Class::Punctuation as usize]
            | classes[Class::PunctuationWord as usize]
            | classes[Class::OtherWord as usize]
            | classes[Class::Invalid as usize];
        self.joiner = classes[Class::OtherWord as usize];
        self.invalid = classes[Class::Invalid as usize];
        let wide = classes[Class::Space as usize];
        if wide != 0 {
            let ascii = self.blank;
            self.blank |= wide;
            let white = self.blank | self.newline;
            self.last_blank = ascii & !(white >> 1) | self.symbols_before(wide, !white);
        }
    }

    /// Symbols of `from`, by their first byte, behind which a byte of `next` follows; or nothing, at
    /// bit 64.
    #[inline(always)]
    fn symbols_before(&self, from: u64, next: u64) -> u64 {
        let mut starts = from & !self.continued;
        let mut found = 0;
        while starts != 0 {
            let at = starts.trailing_zeros();
            let end = self.end_of_symbol(at);
            if end >= 64 || next >> end & 1 == 1 {
                found |= 1 << at;
            }
            starts &= starts - 1;
        }
        found
    }

    /// Where the symbol at `at` ends.
    #[inline(always)]
    fn end_of_symbol(&self, at: u32) -> u32 {
        at + 1 + (self.continued >> at >> 1).trailing_ones()
    }

    /// Makes the window end at a place, which must be the start of a symbol.
    #[inline(always)]
    pub(crate) fn cut(&mut self, len: u32) {
        self.len = len;
        self.ends_input = false;
    }

    /// The first byte of the symbol behind each symbol of `starts`, given by its first byte.
    #[inline(always)]
    pub(crate) fn next(&self, starts: u64) -> u64 {
        // A carry goes through the bytes of the symbol. No carry meets another, since between two
        // first bytes there is the end of a symbol.
        (starts << 1).wrapping_add(self.continued) & !self.continued
    }

    /// `\s`
    #[inline(always)]
    pub(crate) fn white(&self) -> u64 {
        self.blank | self.newline
    }
}

/// The bits of `set` in the runs of bits that begin at, or hold, a bit of `from`: those bits and all
/// behind them. `from` must lie within `set`.
#[inline(always)]
pub(crate) fn to_the_end(from: u64, set: u64) -> u64 {
    set & !set.wrapping_add(from) | from
}

/// Where pieces start in a window. The first bit and bits beyond the window mean nothing. In white
/// space that touches the end of the window, only the first bit counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starts {
    pub(crate) all: u64,
    /// Those of them with a soft boundary before them.
    pub(crate) soft: u64,
}

impl Starts {
    /// Starts behind hard boundaries.
    pub(crate) const fn hard(all: u64) -> Starts {
        Starts { all, soft: 0 }
    }
}

/// A split whose pieces do not depend on what is in front of them.
pub(crate) trait Split: Copy {
    /// Hands on the ends of one or more pieces, the first of which starts at `at`, which lies within
    /// `input`; and says where the last ends.
    fn scan(self, input: &[u8], at: usize, emit: &mut impl FnMut(End)) -> usize;

    /// Where pieces start in a window, of which it may cut off what it does not know.
    fn starts(self, window: &mut Window<'_>) -> Starts;
}

/// Hands on the end of one piece with a hard boundary.
pub(crate) fn one(end: usize, emit: &mut impl FnMut(End)) -> usize {
    emit(End::new(end, Boundary::Hard));
    end
}

/// Hands on the ends of the pieces of `input`.
pub(crate) fn cut<S: Split>(split: S, input: &[u8], emit: &mut dyn FnMut(&[End])) {
    // Room is filled before it is used, which shows in short inputs.
    if input.len() <= BLOCK * 2 {
        vector::run(Cutter::<S, { 2 * BLOCK }> { split, input, emit });
    } else {
        vector::run(Cutter::<S, { ENDS }> { split, input, emit });
    }
}

/// With room for so many ends.
struct Cutter<'a, S, const ROOM: usize> {
    split: S,
    input: &'a [u8],
    emit: &'a mut dyn FnMut(&[End]),
}

impl<S: Split, const ROOM: usize> Kernel for Cutter<'_, S, ROOM> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self, vector: V) {
        let Cutter { split, input, emit } = self;
        let mut ends = [End::new(0, Boundary::Hard); ROOM];
        let (mut n, mut at) = (0, 0);
        while at < input.len() {
            let mut window = Window::new(vector, input, at);
            let Starts { mut all, soft } = split.starts(&mut window);
            if window.len == 0 {
                // What the window does not know comes first.
                (window.len, window.ends_input, all) = (1, false, 0);
            }
            let white = (window.white() << (64 - window.len)).leading_ones();
            // Behind the start of such white space, what it is cut into depends on what follows.
            let sure = (window.len - white).min(window.len - 1);
            let sure = all & low(sure + 1) & !1;
            let last = at + 63 - (sure | 1).leading_zeros() as usize;
            // A window has at most as many pieces as bytes.
            let room = ends[n..].first_chunk_mut().expect("there is room for a window");
            vector.ends(at, sure, soft, room);
            n += sure.count_ones() as usize;
            if white == 0 && window.ends_input {
                // The rest is one piece.
                at = input.len();
                ends[n] = End::new(at, Boundary::Hard);
                n += 1;
            } else if last > at {
                at = last;
            } else {
                at = split.scan(input, at, &mut |end| {
                    if n == ends.len() {
                        emit(&ends);
                        n = 0;
                    }
                    ends[n] = end;
                    n += 1;
                });
            }
            // A window has at most as many pieces as bytes.
            if n > ROOM - BLOCK {
                emit(&ends[..n]);
                n = 0;
            }
        }
        if n > 0 {
            emit(&ends[..n]);
        }
    }
}

/// The ends that [`cut`] hands on.
#[cfg(test)]
#[derive(Clone, Copy)]
struct Ends<'a, S> {
    split: S,
    input: &'a [u8],
}

#[cfg(test)]
impl<S: Split> Kernel for Ends<'_, S> {
    type Output = Vec<End>;

    #[inline(always)]
    fn run<V: Vector>(self, vector: V) -> Vec<End> {
        let Ends { split, input } = self;
        let mut all = Vec::new();
        let emit = &mut |ends: &[End]| all.extend_from_slice(ends);
        Cutter::<S, { 2 * BLOCK }> { split, input, emit }.run(vector);
        all
    }
}

/// The ends that [`cut`] hands on, in each way that the processor has.
#[cfg(test)]
pub(crate) fn ends_in_each_way<S: Split>(split: S, input: &[u8]) -> Vec<Vec<End>> {
    vector::in_each_way(Ends { split, input })
}
