// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The little that must be known of a program file: which loader it needs, and by which name others need a library.
//! ELF of 32 and 64 bits, little-endian, as of the System V ABI and `elf(5)`.

const MAGIC: &[u8; 4] = b"\x7fELF";

/// Kinds of program headers.
const LOAD: u64 = 1;
const DYNAMIC: u64 = 2;
const INTERPRETER: u64 = 3;

/// Tags of the dynamic section.
const STRINGS: u64 = 5;
const SONAME: u64 = 14;

/// The longest name that is taken, in bytes.
const MAX_NAME: usize = 4096;

/// A program or library, or the beginning of one.
pub(super) struct Elf<'a> {
    bytes: &'a [u8],
    is_wide: bool,
}

/// A program header.
struct Segment {
    kind: u64,
    offset: u64,
    address: u64,
    length: u64,
}

impl<'a> Elf<'a> {
    /// None for what is no ELF file that this module reads.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_wide = match (bytes.get(4)?, bytes.get(5)?) {
            (1, 1) => false,
            (2, 1) => true,
            _ => return None,
        };
        bytes.starts_with(MAGIC).then_some(Self { bytes, is_wide })
    }

    /// The path of the loader; none for a static program. An error when that lies beyond the bytes that are there.
    pub(super) fn interpreter(&self) -> Result<Option<String>, &'static str> {
        const BEYOND: &str = "its loader is not named where programs name it";
        let segments = self.segments().ok_or(BEYOND)?;
        let Some(segment) = segments.iter().find(|segment| segment.kind == INTERPRETER) else { return Ok(None) };
        self.text(segment.offset).map(Some).ok_or(BEYOND)
    }

    /// The name by which other programs need this library.
    pub(super) fn soname(&self) -> Option<String> {
        let segments = self.segments()?;
        let dynamic = segments.iter().find(|segment| segment.kind == DYNAMIC)?;
        let word = self.pick(8, 4);
        let (mut strings, mut name) = (None, None);
        let (mut at, end) = (dynamic.offset, dynamic.offset.checked_add(dynamic.length)?);
        while at < end {
            let value = self.number(at.checked_add(word)?, word)?;
            match self.number(at, word)? {
                0 => break,
                STRINGS => strings = Some(value),
                SONAME => name = Some(value),
                _ => {}
            }
            at = at.checked_add(2 * word)?;
        }
        let address = strings?.checked_add(name?)?;
        let holds = |segment: &&Segment| {
            segment.kind == LOAD && (segment.address..segment.address.saturating_add(segment.length)).contains(&address)
        };
        let load = segments.iter().find(holds)?;
        self.text(load.offset.checked_add(address - load.address)?)
    }

    fn segments(&self) -> Option<Vec<Segment>> {
        let word = self.pick(8, 4);
        let begin = self.number(self.pick(0x20, 0x1c), word)?;
        let size = self.number(self.pick(0x36, 0x2a), 2)?;
        let count = self.number(self.pick(0x38, 0x2c), 2)?;
        let segment = |number: u64| {
            let at = begin.checked_add(number * size)?;
            let field = |wide: u64, narrow: u64| self.number(at.checked_add(self.pick(wide, narrow))?, word);
            Some(Segment {
                kind: self.number(at, 4)?,
                offset: field(8, 4)?,
                address: field(16, 8)?,
                length: field(32, 16)?,
            })
        };
        (0..count).map(segment).collect()
    }

    fn pick(&self, wide: u64, narrow: u64) -> u64 {
        if self.is_wide { wide } else { narrow }
    }

    fn number(&self, at: u64, length: u64) -> Option<u64> {
        let (at, length) = (usize::try_from(at).ok()?, usize::try_from(length).ok()?);
        let field = self.bytes.get(at..at.checked_add(length)?)?;
        Some(field.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Up to the NUL that ends it.
    fn text(&self, at: u64) -> Option<String> {
        let rest = self.bytes.get(usize::try_from(at).ok()?..)?;
        let end = rest.iter().take(MAX_NAME).position(|byte| *byte == 0)?;
        std::str::from_utf8(&rest[..end]).ok().filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    /// A program with a loader, or a library with a name, or neither: 64 bits, one string after the headers.
    pub(in super::super) fn made(interpreter: Option<&str>, soname: Option<&str>) -> Vec<u8> {
        let mut bytes = vec![0; 0x40 + 3 * 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[0x20] = 0x40;
        bytes[0x36] = 56;
        bytes[0x38] = 3;
        let strings = bytes.len() as u64;
        let text = interpreter.or(soname).unwrap_or_default();
        bytes.extend(text.bytes().chain([0]));
        let dynamic = bytes.len() as u64;
        for word in [STRINGS, 0x1000 + strings, SONAME, 0, 0, 0] {
            bytes.extend(word.to_le_bytes());
        }
        let length = bytes.len() as u64;
        let kind = |is: bool, kind: u64| if is { kind } else { 0 };
        let segments = [
            [LOAD, 0, 0x1000, length],
            [kind(soname.is_some(), DYNAMIC), dynamic, 0, 48],
            [kind(interpreter.is_some(), INTERPRETER), strings, 0, 1],
        ];
        for (number, [kind, offset, address, length]) in segments.into_iter().enumerate() {
            let at = 0x40 + number * 56;
            for (field, value) in [(0, kind), (8, offset), (16, address), (32, length)] {
                bytes[at + field..at + field + 8].copy_from_slice(&value.to_le_bytes());
            }
        }
        bytes
    }

    #[test]
    fn loaders_and_names_are_found() {
        let program = made(Some("/lib/ld.so"), None);
        assert_eq!(Elf::new(&program).unwrap().interpreter(), Ok(Some("/lib/ld.so".to_owned())));
        assert_eq!(Elf::new(&program).unwrap().soname(), None);
        let library = made(None, Some("libc.so.6"));
        assert_eq!(Elf::new(&library).unwrap().interpreter(), Ok(None));
        assert_eq!(Elf::new(&library).unwrap().soname().as_deref(), Some("libc.so.6"));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_no_program() {
        assert!(Elf::new(b"#!/bin/sh\n").is_none());
        let program = made(Some("/lib/ld.so"), Some("x"));
        for length in 0..program.len() {
            // Whatever it says, it does not panic.
            let _ = Elf::new(&program[..length]).map(|elf| (elf.interpreter(), elf.soname()));
        }
        assert!(Elf::new(&program[..0x50]).unwrap().interpreter().is_err());
    }
}
