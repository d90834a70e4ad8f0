// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Any bytes as an archive, an index and a list of renames: reading comes to an end, and what was read can be written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackctl::volume::Fidelity;
use stackctl::volume::commit::CommitList;
use stackctl::volume::index::IndexReader;
use stackctl::volume::pax::{Reader, Writer};

const BLOCK: usize = 512;

fuzz_target!(|data: &[u8]| {
    let mended = with_right_checksums(data);
    for bytes in [data, mended.as_slice()] {
        for fidelity in [Fidelity::Exact, Fidelity::EngineArchive] {
            read(bytes, fidelity);
        }
    }
    let _ = CommitList::of_bytes(data);
    if let Ok(mut index) = IndexReader::new(data) {
        while let Ok(Some(_)) = index.record() {}
    }
});

fn read(bytes: &[u8], fidelity: Fidelity) {
    let mut reader = Reader::new(bytes, fidelity);
    let mut writer = Writer::new(std::io::sink());
    let mut buffer = [0; 1000];
    while let Ok(Some(entry)) = reader.entry() {
        writer.entry(&entry).expect("what can be read can be written");
        loop {
            match reader.data(&mut buffer) {
                Ok(0) => break,
                Ok(length) => writer.data(&buffer[..length]).expect("data of the length that was told"),
                Err(_) => return,
            }
        }
    }
}

/// Nearly every change makes a checksum wrong; without this nothing behind the first header would be reached.
fn with_right_checksums(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    for block in bytes.chunks_exact_mut(BLOCK) {
        if block[257..262] == *b"ustar" {
            block[148..156].fill(b' ');
            let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
    bytes
}
