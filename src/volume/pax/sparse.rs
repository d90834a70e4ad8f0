// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The map of a file with holes, GNU sparse format 1.0: decimal lines before the data, filled up to a whole block.
//!
//! The number of runs, then offset and length of each. GNU tar ends the map of a file that ends in a hole with an empty
//! run at its size; so do we.

use std::fmt::Write as _;

use crate::volume::{Extent, Kind, MAX_EXTENTS};

use super::{BLOCK, padding};

/// The map of a file, whole blocks.
pub(super) fn encode(extents: &[Extent], size: u64) -> Vec<u8> {
    let ends_in_hole = extents.last().is_none_or(|last| last.offset + last.length < size);
    let mut map = format!("{}\n", extents.len() + usize::from(ends_in_hole));
    for extent in extents {
        let _ = writeln!(map, "{}\n{}", extent.offset, extent.length);
    }
    if ends_in_hole {
        let _ = writeln!(map, "{size}\n0");
    }
    let mut map = map.into_bytes();
    let fill = usize::try_from(padding(map.len() as u64)).unwrap_or(0);
    map.resize(map.len() + fill, 0);
    map
}

/// Reads a map block by block.
#[derive(Debug, Default)]
pub(super) struct MapReader {
    numbers: Vec<u64>,
    digits: Option<u64>,
}

impl MapReader {
    /// Takes the next block; true when the map is complete with it.
    pub(super) fn block(&mut self, block: &[u8; BLOCK]) -> Result<bool, &'static str> {
        for (at, byte) in block.iter().enumerate() {
            match (byte, self.digits) {
                (b'0'..=b'9', before) => {
                    let more =
                        before.unwrap_or(0).checked_mul(10).and_then(|ten| ten.checked_add(u64::from(byte - b'0')));
                    self.digits = Some(more.ok_or("a number in the map of holes is too large")?);
                }
                (b'\n', Some(number)) => {
                    self.numbers.push(number);
                    self.digits = None;
                    if self.is_complete()? {
                        let rest = &block[at + 1..];
                        return if rest.iter().all(|byte| *byte == 0) { Ok(true) } else { Err(WRONG) };
                    }
                }
                _ => return Err(WRONG),
            }
        }
        Ok(false)
    }

    fn is_complete(&self) -> Result<bool, &'static str> {
        // One more than can be written: the empty run at the end.
        let count = self.numbers.first().copied().unwrap_or(0);
        let count = usize::try_from(count).ok().filter(|count| *count <= MAX_EXTENTS + 1);
        let count = count.ok_or("the map of holes is too long")?;
        Ok(self.numbers.len() == 1 + 2 * count)
    }

    /// The file of this size. Empty runs are left out, neighbours stay as they are.
    pub(super) fn finish(self, size: u64) -> Option<Kind> {
        let runs = self.numbers.get(1..)?.chunks_exact(2);
        let mut extents = Vec::with_capacity(runs.len());
        for run in runs {
            let [offset, length] = *run else { return None };
            if length > 0 {
                extents.push(Extent { offset, length });
            } else if offset > size {
                return None;
            }
        }
        crate::volume::extents_fit(&extents, size).then_some(Kind::File { size, extents })
    }
}

const WRONG: &str = "the map of holes is not as it should be";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(map: &[u8], size: u64) -> Option<Kind> {
        let mut reader = MapReader::default();
        for block in map.as_chunks::<BLOCK>().0 {
            if reader.block(block).ok()? {
                return reader.finish(size);
            }
        }
        None
    }

    #[test]
    fn maps_come_back() {
        let run = |offset, length| Extent { offset, length };
        let many: Vec<Extent> = (0..300).map(|at| run(at * 8192, 4096)).collect();
        for (extents, size) in [(vec![], 9), (vec![run(0, 4)], 9), (vec![run(5, 4)], 9), (many, 300 * 8192)] {
            let map = encode(&extents, size);
            assert_eq!(map.len() % BLOCK, 0);
            assert_eq!(read(&map, size), Some(Kind::File { size, extents }));
        }
    }

    #[test]
    fn damaged_maps_are_refused() {
        let block = |text: &[u8]| {
            let mut block = text.to_vec();
            block.resize(BLOCK, 0);
            block
        };
        for wrong in [
            &b""[..],
            b"x\n",
            b"1\n5\n",
            b"1\n0\n99\n",
            b"2\n5\n2\n4\n2\n",
            b"9999999\n",
            b"0\nx",
            b"\n",
            b"99999999999999999999999\n",
        ] {
            assert_eq!(read(&block(wrong), 9), None, "{}", wrong.escape_ascii());
        }
    }
}
