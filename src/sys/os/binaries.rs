// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs and libraries of this machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::sys::worker::helper::Binaries;

/// The files of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsBinaries;

impl Binaries for OsBinaries {
    fn processor(&self) -> String {
        processor(std::env::consts::ARCH).to_owned()
    }

    fn open(&self, path: &Path) -> io::Result<(u64, Box<dyn Read + Send>)> {
        let file = File::open(path)?;
        Ok((file.metadata()?.len(), Box::new(file)))
    }
}

/// A processor as engines call it, which is as Go does.
pub(super) fn processor(ours: &str) -> &str {
    match ours {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    }
}
