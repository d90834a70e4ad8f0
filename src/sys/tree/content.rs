// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The content of a file: where its data is, and the data.

use std::os::fd::BorrowedFd;

use rustix::fs::{SeekFrom, Stat, seek};
use rustix::io::{Errno, pread};

use crate::volume::{Extent, MAX_EXTENTS};

/// Where the data of a file is. Asked only when it takes less room on the disk than its size.
pub(super) fn extents(file: BorrowedFd<'_>, stat: &Stat, size: u64) -> Result<Vec<Extent>, Errno> {
    let full = || if size == 0 { Vec::new() } else { vec![Extent { offset: 0, length: size }] };
    let allocated = u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512);
    if allocated >= size {
        return Ok(full());
    }
    let (mut extents, mut at) = (Vec::new(), 0);
    while at < size {
        let data = match seek(file, SeekFrom::Data(at)) {
            Ok(data) => data,
            // Nothing but a hole from here on.
            Err(Errno::NXIO) => break,
            // The file system does not know holes.
            Err(Errno::INVAL | Errno::OPNOTSUPP) => return Ok(full()),
            Err(error) => return Err(error),
        };
        if data >= size {
            break;
        }
        let hole = if extents.len() + 1 == MAX_EXTENTS { size } else { seek(file, SeekFrom::Hole(data))? };
        let end = hole.min(size);
        if end <= data {
            break;
        }
        extents.push(Extent { offset: data, length: end - data });
        at = end;
    }
    Ok(extents)
}

/// Fills the buffer from this offset, as far as the file goes.
pub(super) fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize, Errno> {
    let mut length = 0;
    while length < buffer.len() {
        match pread(file, &mut buffer[length..], offset + length as u64) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
