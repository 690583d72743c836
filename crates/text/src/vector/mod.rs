//! Sixty-four bytes at a time: which of them are what, as bit masks.
//!
//! Bit `i` of a mask stands for byte `i` of a block. There are three ways to make the masks, which
//! tests hold equal: [`Portable`], which computes on words of eight bytes, and [`Avx2`] and
//! [`Avx512`], which are taken where the processor has them.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
use polytok_core::{Boundary, End};
pub(crate) use portable::Portable;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 64;

/// What the ASCII characters of a block are, and which bytes are none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Ascii {
    pub(crate) upper: u64,
    pub(crate) lower: u64,
    pub(crate) digit: u64,
    /// U+0020.
    pub(crate) space: u64,
    /// White space from U+0009 to U+000D, line breaks included.
    pub(crate) control_space: u64,
    /// `[\r\n]`
    pub(crate) newline: u64,
    pub(crate) apostrophe: u64,
    pub(crate) slash: u64,
    /// Bytes from 0x80 on.
    pub(crate) high: u64,
}

/// Characters of two and three bytes whose class the first bytes tell, by their first byte.
///
/// Only whole characters count: the bytes behind the first are continuation bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Uniform {
    /// Cyrillic capitals, U+0400 to U+042F.
    pub(crate) upper2: u64,
    /// Cyrillic small letters, U+0430 to U+045F.
    pub(crate) lower2: u64,
    /// Letters without case: ideographs, U+4E00 to U+9FFF, and Hangul, U+AC00 to U+D77F.
    pub(crate) letter3: u64,
    /// Bytes that go on with a symbol, from 0x80 to 0xBF, of whatever characters.
    pub(crate) tail: u64,
}

/// A way to make masks.
pub(crate) trait Vector: Copy {
    /// The bytes of a block, at hand.
    type Block: Copy;

    fn load(self, bytes: &[u8; BLOCK]) -> Self::Block;

    /// Bytes in `low..=high`, which are both below 0x80 or both not.
    fn within(self, block: Self::Block, low: u8, high: u8) -> u64;

    #[inline(always)]
    fn equal(self, block: Self::Block, byte: u8) -> u64 {
        self.within(block, byte, byte)
    }

    /// Bytes from 0x80 on.
    #[inline(always)]
    fn high(self, block: Self::Block) -> u64 {
        self.within(block, 0x80, 0xff)
    }

    /// Writes the ends of pieces, at the bits of `starts` counted from `at`, and anything behind them. Those
    /// with a bit in `soft` are soft boundaries.
    #[inline(always)]
    fn ends(self, at: usize, mut starts: u64, soft: u64, ends: &mut [End; BLOCK]) {
        // Eight at a time, since to foresee where exactly a loop ends is harder.
        let rounds = (starts.count_ones() as usize).div_ceil(8);
        for ends in ends.as_chunks_mut::<8>().0.iter_mut().take(rounds) {
            for end in ends {
                let start = starts.trailing_zeros();
                let boundary =
                    if soft >> (start & 63) & 1 == 1 { Boundary::Soft } else { Boundary::Hard };
                *end = End::new(at + start as usize, boundary);
                starts &= starts.wrapping_sub(1);
            }
        }
    }

    #[inline(always)]
    fn ascii(self, block: Self::Block) -> Ascii {
        Ascii {
            upper: self.within(block, b'A', b'Z'),
            lower: self.within(block, b'a', b'z'),
            digit: self.within(block, b'0', b'9'),
            space: self.equal(block, b' '),
            control_space: self.within(block, b'\t', b'\r'),
            newline: self.equal(block, b'\n') | self.equal(block, b'\r'),
            apostrophe: self.equal(block, b'\''),
            slash: self.equal(block, b'/'),
            high: self.high(block),
        }
    }

    #[inline(always)]
    fn uniform(self, block: Self::Block) -> Uniform {
        let from_80 = |last| self.within(block, 0x80, last);
        let [to_9d, to_9f, to_af, to_b7, to_bf] = [0x9d, 0x9f, 0xaf, 0xb7, 0xbf].map(from_80);
        let three = self.within(block, 0xe5, 0xe9)
            | self.within(block, 0xeb, 0xec)
            | self.equal(block, 0xe4) & (to_bf & !to_b7) >> 1
            | self.equal(block, 0xea) & (to_bf & !to_af) >> 1
            | self.equal(block, 0xed) & to_9d >> 1;
        let d0 = self.equal(block, 0xd0);
        Uniform {
            upper2: d0 & to_af >> 1,
            lower2: d0 & (to_bf & !to_af) >> 1 | self.equal(block, 0xd1) & to_9f >> 1,
            letter3: three & to_bf >> 1 & to_bf >> 2,
            tail: to_bf,
        }
    }
}

/// A loop over blocks, compiled for each way.
pub(crate) trait Kernel {
    type Output;

    /// Must be inlined, and all that it calls, to be compiled for the instructions of `vector`.
    fn run<V: Vector>(self, vector: V) -> Self::Output;
}

/// Runs a kernel in the best way that the processor has.
#[inline]
pub(crate) fn run<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = Avx512::detect() {
        return avx512.run(kernel);
    } else if let Some(avx2) = Avx2::detect() {
        return avx2.run(kernel);
    }
    kernel.run(Portable)
}

/// What a kernel gives in each way that the processor has.
#[cfg(test)]
pub(crate) fn in_each_way<K: Kernel + Copy>(kernel: K) -> Vec<K::Output> {
    let mut ways = vec![kernel.run(Portable)];
    #[cfg(target_arch = "x86_64")]
    {
        ways.extend(Avx2::detect().map(|avx2| avx2.run(kernel)));
        ways.extend(Avx512::detect().map(|avx512| avx512.run(kernel)));
    }
    ways
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::class::{Class, symbol};

    /// The masks, byte by byte from the table of classes.
    fn expected(block: &[u8; BLOCK]) -> (Ascii, Uniform) {
        let (mut ascii, mut uniform) = (Ascii::default(), Uniform::default());
        for (at, &byte) in block.iter().enumerate() {
            let bit = 1 << at;
            match byte {
                b'A'..=b'Z' => ascii.upper |= bit,
                b'a'..=b'z' => ascii.lower |= bit,
                b'0'..=b'9' => ascii.digit |= bit,
                b' ' => ascii.space |= bit,
                b'\'' => ascii.apostrophe |= bit,
                b'/' => ascii.slash |= bit,
                0x80.. => ascii.high |= bit,
                _ => {}
            }
            if (9..14).contains(&byte) {
                ascii.control_space |= bit;
            }
            if matches!(byte, b'\r' | b'\n') {
                ascii.newline |= bit;
            }
            if (0x80..0xc0).contains(&byte) {
                uniform.tail |= bit;
            }
            let known = |len: usize| {
                let text = std::str::from_utf8(block.get(at..at + len)?).ok()?;
                text.chars().next().filter(|c| c.len_utf8() == len)
            };
            match (known(2), known(3)) {
                (Some('\u{400}'..='\u{42f}'), _) => uniform.upper2 |= bit,
                (Some('\u{430}'..='\u{45f}'), _) => uniform.lower2 |= bit,
                (_, Some('\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d77f}')) => {
                    uniform.letter3 |= bit;
                }
                _ => {}
            }
        }
        (ascii, uniform)
    }

    #[derive(Clone, Copy)]
    struct Masks<'a>(&'a [u8; BLOCK]);

    impl Kernel for Masks<'_> {
        type Output = (Ascii, Uniform);

        #[inline(always)]
        fn run<V: Vector>(self, vector: V) -> (Ascii, Uniform) {
            let block = vector.load(self.0);
            (vector.ascii(block), vector.uniform(block))
        }
    }

    fn check(block: &[u8; BLOCK]) {
        for masks in in_each_way(Masks(block)) {
            assert_eq!(masks, expected(block), "{block:x?}");
        }
    }

    #[derive(Clone, Copy)]
    struct Ends {
        at: usize,
        starts: u64,
        soft: u64,
    }

    impl Kernel for Ends {
        type Output = [End; BLOCK];

        #[inline(always)]
        fn run<V: Vector>(self, vector: V) -> [End; BLOCK] {
            let mut ends = [End::new(7, Boundary::Soft); BLOCK];
            vector.ends(self.at, self.starts, self.soft, &mut ends);
            ends
        }
    }

    #[test]
    fn characters_of_one_class_have_it() {
        let mut bytes = [0; 4];
        for c in '\u{400}'..='\u{d77f}' {
            let class = symbol(c.encode_utf8(&mut bytes).as_bytes(), 0).map(|(class, _)| class);
            let expected = match c {
                '\u{400}'..='\u{42f}' => Class::Upper,
                '\u{430}'..='\u{45f}' => Class::Lower,
                '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d77f}' => Class::Letter,
                _ => continue,
            };
            assert_eq!(class, Some(expected), "{c:?}");
        }
    }

    #[test]
    fn every_byte_at_every_place_is_told() {
        for byte in 0..=255 {
            for at in 0..BLOCK {
                let mut block = [b'x'; BLOCK];
                block[at] = byte;
                check(&block);
            }
            check(&[byte; BLOCK]);
        }
    }

    #[test]
    fn every_start_of_a_character_is_told() {
        for first in 0xc0..=0xff {
            for second in 0..=0xff {
                for third in [0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xe5] {
                    let mut block = [b'x'; BLOCK];
                    block[5..8].copy_from_slice(&[first, second, third]);
                    block[61..].copy_from_slice(&[first, second, third]);
                    block[30..32].copy_from_slice(&[first, second]);
                    check(&block);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn ends_are_written_in_their_order(
            at in 0usize..1 << 40,
            starts in prop_oneof![any::<u64>(), any::<[u64; 3]>().prop_map(|[a, b, c]| a & b & c)],
            soft: u64,
        ) {
            let expected: Vec<End> = (0..BLOCK)
                .filter(|bit| starts >> bit & 1 == 1)
                .map(|bit| match soft >> bit & 1 {
                    0 => End::new(at + bit, Boundary::Hard),
                    _ => End::new(at + bit, Boundary::Soft),
                })
                .collect();
            for ends in in_each_way(Ends { at, starts, soft }) {
                prop_assert_eq!(&ends[..expected.len()], &expected[..]);
            }
        }

        #[test]
        fn blocks_of_any_bytes(head: [u8; 32], tail: [u8; 32]) {
            let mut block = [0; BLOCK];
            block[..32].copy_from_slice(&head);
            block[32..].copy_from_slice(&tail);
            check(&block);
        }

        #[test]
        fn blocks_of_text(text in "[a-zA-Z0-9 '\n/\u{400}-\u{480}\u{4dff}-\u{4e10}\u{9ff0}-\u{a010}\u{d770}-\u{d7ff}]{64}", skip in 0usize..3) {
            let mut block = [0; BLOCK];
            block.copy_from_slice(&text.as_bytes()[..64]);
            block.rotate_left(skip);
            check(&block);
        }
    }
}
