// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A machine in memory.

use std::path::Path;

use crate::sys::{Answer, Host, ProgramFault, Room};

/// A machine with these answers.
#[derive(Debug, Clone)]
pub struct FakeHost {
    /// `linux/amd64` and the like.
    pub platform: String,
    /// The kernel's release.
    pub kernel: String,
    /// The room on every file system.
    pub room: Option<Room>,
    /// The number of the file system that everything is on.
    pub device: Option<u64>,
    /// Whether every folder can be written.
    pub writable: bool,
    /// What every program says.
    pub says: Result<String, ProgramFault>,
}

impl Default for FakeHost {
    /// A machine where all is well, with Compose 2.40.3.
    fn default() -> Self {
        Self {
            platform: "linux/amd64".to_owned(),
            kernel: "6.12.0".to_owned(),
            room: Some(Room { total_bytes: 100 << 30, free_bytes: 60 << 30 }),
            device: None,
            writable: true,
            says: Ok("2.40.3\n".to_owned()),
        }
    }
}

impl Host for FakeHost {
    fn platform(&self) -> String {
        self.platform.clone()
    }

    fn kernel(&self) -> String {
        self.kernel.clone()
    }

    fn room(&self, _: &Path) -> Option<Room> {
        self.room
    }

    fn device(&self, _: &Path) -> Option<u64> {
        self.device
    }

    fn can_write(&self, _: &Path) -> bool {
        self.writable
    }

    fn output<'a>(&'a self, _: &'a str, _: &'a [&'a str]) -> Answer<'a> {
        Box::pin(async { self.says.clone() })
    }
}
