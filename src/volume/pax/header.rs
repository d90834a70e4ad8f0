// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The ustar header block: 512 bytes, fields at fixed places, numbers in octal.

use super::BLOCK;

const MAGIC: &[u8; 8] = b"ustar\x0000";

/// The largest numbers that the fields hold.
pub(super) const MAX_SHORT: u64 = 0o777_7777;
pub(super) const MAX_LONG: u64 = 0o777_7777_7777;
/// How many bytes of a name fit.
pub(super) const NAME: usize = 100;

/// What an entry is, as one byte.
pub(super) mod kind {
    pub(in super::super) const FILE: u8 = b'0';
    pub(in super::super) const HARD_LINK: u8 = b'1';
    pub(in super::super) const SYMLINK: u8 = b'2';
    pub(in super::super) const CHAR_DEVICE: u8 = b'3';
    pub(in super::super) const BLOCK_DEVICE: u8 = b'4';
    pub(in super::super) const DIRECTORY: u8 = b'5';
    pub(in super::super) const FIFO: u8 = b'6';
    pub(in super::super) const RECORDS: u8 = b'x';
}

/// The fields that are used. Names of users and groups are left empty and never read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) mode: u64,
    pub(super) uid: u64,
    pub(super) gid: u64,
    pub(super) size: u64,
    pub(super) mtime: u64,
    pub(super) kind: u8,
    pub(super) link: Vec<u8>,
    pub(super) major: u64,
    pub(super) minor: u64,
}

/// The block of a header. Names are cut and numbers that do not fit are written as 0: a record must carry the true value.
pub(super) fn encode(header: &Header) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    put(&mut block, 0, NAME, &header.name);
    number(&mut block, 100, 8, header.mode);
    number(&mut block, 108, 8, header.uid);
    number(&mut block, 116, 8, header.gid);
    number(&mut block, 124, 12, header.size);
    number(&mut block, 136, 12, header.mtime);
    block[156] = header.kind;
    put(&mut block, 157, NAME, &header.link);
    put(&mut block, 257, MAGIC.len(), MAGIC);
    number(&mut block, 329, 8, header.major);
    number(&mut block, 337, 8, header.minor);
    let sum = checksum(&block);
    put(&mut block, 148, 8, format!("{sum:06o}\0 ").as_bytes());
    block
}

/// The fields of a block, or what is wrong with it.
pub(super) fn decode(block: &[u8; BLOCK]) -> Result<Header, &'static str> {
    let field = |at: usize, length: usize| &block[at..at + length];
    if octal(field(148, 8))? != checksum(block) {
        return Err("its checksum is wrong");
    }
    if field(257, 8) != MAGIC {
        return Err("it is no POSIX header");
    }
    let mut name = text(field(0, NAME));
    let prefix = text(field(345, 155));
    if !prefix.is_empty() {
        name = [prefix, b"/".to_vec(), name].concat();
    }
    Ok(Header {
        name,
        mode: octal(field(100, 8))?,
        uid: octal(field(108, 8))?,
        gid: octal(field(116, 8))?,
        size: octal(field(124, 12))?,
        mtime: octal(field(136, 12))?,
        kind: block[156],
        link: text(field(157, NAME)),
        major: octal(field(329, 8))?,
        minor: octal(field(337, 8))?,
    })
}

fn put(block: &mut [u8; BLOCK], at: usize, room: usize, bytes: &[u8]) {
    let length = bytes.len().min(room);
    block[at..at + length].copy_from_slice(&bytes[..length]);
}

/// Octal digits that fill the field but for its closing NUL.
fn number(block: &mut [u8; BLOCK], at: usize, room: usize, value: u64) {
    let digits = format!("{value:0width$o}", width = room - 1);
    let digits = if digits.len() < room { digits } else { "0".repeat(room - 1) };
    put(block, at, room, digits.as_bytes());
}

/// The sum of all bytes, the field of the sum itself counted as blanks.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum()
}

/// Blanks, octal digits, then NULs or blanks; nothing at all is 0.
fn octal(field: &[u8]) -> Result<u64, &'static str> {
    const WRONG: &str = "a number in it is not octal";
    let field = field.trim_ascii_start();
    let end = field.iter().position(|byte| !(b'0'..=b'7').contains(byte)).unwrap_or(field.len());
    if field[end..].iter().any(|byte| *byte != 0 && *byte != b' ') {
        return Err(WRONG);
    }
    // At most 12 digits of 3 bits.
    Ok(field[..end].iter().fold(0, |value, digit| value * 8 + u64::from(digit - b'0')))
}

/// Up to the first NUL, or all of it.
fn text(field: &[u8]) -> Vec<u8> {
    field.iter().take_while(|byte| **byte != 0).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_way_there_and_back() {
        let header = Header {
            name: vec![b'n'; NAME],
            mode: 0o4755,
            uid: MAX_SHORT,
            gid: 7,
            size: MAX_LONG,
            mtime: 1,
            kind: kind::CHAR_DEVICE,
            link: b"target".to_vec(),
            major: 1,
            minor: 3,
        };
        assert_eq!(decode(&encode(&header)), Ok(header));
    }

    #[test]
    fn every_flipped_bit_of_a_header_is_seen() {
        let block = encode(&Header { name: b"a".to_vec(), kind: kind::FILE, ..Header::default() });
        for at in 0..BLOCK * 8 {
            let mut damaged = block;
            damaged[at / 8] ^= 1 << (at % 8);
            // The closing NUL of a number may become a blank or a digit that changes nothing of the sum itself.
            assert!(decode(&damaged).is_err() || (148..156).contains(&(at / 8)), "bit {at}");
        }
    }

    #[test]
    fn other_formats_are_refused() {
        let mut block = encode(&Header { kind: kind::FILE, ..Header::default() });
        block[257..265].copy_from_slice(b"ustar  \0");
        let sum = checksum(&block);
        put(&mut block, 148, 8, format!("{sum:06o}\0 ").as_bytes());
        assert_eq!(decode(&block), Err("it is no POSIX header"));
    }
}
