// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who makes workers: with this very program, in a container or as a child; or with a thread of this process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{OsBinaries, OsLaunch, OsMachine, OsThreads};
use crate::sys::engine::Engine;
use crate::sys::lock::Machine as _;
use crate::sys::worker::archive::ArchiveWorkers;
use crate::sys::worker::helper::{Binaries as _, HelperWorkers, Program};
use crate::sys::worker::{HostWorkers, MakeWorkers, Workers};

/// Workers that run this program.
#[derive(Debug, Clone, Default)]
pub struct OsWorkers {
    /// Where those in containers are to fail; heeded in debug builds alone.
    pub fail_point: Option<String>,
}

impl MakeWorkers for OsWorkers {
    fn architecture(&self) -> String {
        OsBinaries.processor()
    }

    fn helper(&self, engine: Arc<dyn Engine>, project: &str) -> Box<dyn Workers> {
        let whose = (OsMachine.identity().host, project.to_owned());
        Box::new(HelperWorkers::new(engine, Arc::new(OsBinaries), Program::own(), whose, self.fail_point.clone()))
    }

    fn host(&self, mountpoints: BTreeMap<String, PathBuf>) -> Box<dyn Workers> {
        Box::new(HostWorkers::new(OsLaunch::default(), mountpoints))
    }

    fn archive(&self, engine: Arc<dyn Engine>, project: &str) -> Box<dyn Workers> {
        let whose = (OsMachine.identity().host, project.to_owned());
        Box::new(ArchiveWorkers::new(engine, Arc::new(OsThreads), whose))
    }
}
