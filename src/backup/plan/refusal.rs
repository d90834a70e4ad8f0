// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What forbids a backup.

use crate::error::{UserError, quoted};

/// A reason not to begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No service has this name.
    #[error("the project has no service `{name}`")]
    ServiceUnknown {
        /// The name.
        name: String,
    },
    /// No volume has this name, and no path.
    #[error("the project has no volume `{name}`")]
    VolumeUnknown {
        /// The name.
        name: String,
    },
    /// It lives in memory.
    #[error("the volume `{name}` lives in memory: there is nothing to keep")]
    InMemory {
        /// The name.
        name: String,
    },
    /// The store lies in what would be captured.
    #[error("the store lies in `{path}`, which would be captured")]
    StoreInside {
        /// The path.
        path: String,
    },
    /// Somebody else's container would have to be stopped.
    #[error("`{container}`{} {does}", project.as_ref().map(|name| format!(" of project `{name}`")).unwrap_or_default())]
    Foreign {
        /// The container's name.
        container: String,
        /// Its project.
        project: Option<String>,
        /// What it does, as the end of a sentence.
        does: String,
    },
    /// The store has too little room.
    #[error("the store has {free_bytes} bytes free, and {needed_bytes} may be needed")]
    Space {
        /// What may be needed.
        needed_bytes: u64,
        /// What is free.
        free_bytes: u64,
    },
    /// There is nothing to capture.
    #[error("there is nothing to back up")]
    Nothing,
}

impl UserError for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::ServiceUnknown { .. } => "service_unknown",
            Self::VolumeUnknown { .. } => "volume_unknown",
            Self::InMemory { .. } => "volume_in_memory",
            Self::StoreInside { .. } => "store_inside",
            Self::Foreign { .. } => "foreign_writer",
            Self::Space { .. } => "store_full",
            Self::Nothing => "nothing_to_back_up",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::ServiceUnknown { .. } => "`stackctl status` lists the services".to_owned(),
            Self::VolumeUnknown { .. } => "`stackctl backup --dry-run` lists what is there".to_owned(),
            Self::InMemory { name } => format!("leave it out with `--exclude {name}`"),
            Self::StoreInside { .. } => "put the store elsewhere with `--store DIR`".to_owned(),
            Self::Foreign { container, .. } => format!(
                "stop it first, or agree with {}; `--exclude` leaves the data out",
                quoted(&[format!("--stop-foreign {container}")])
            ),
            Self::Space { .. } => {
                "remove old sets with `stackctl backup prune`, or use another `--store DIR`".to_owned()
            }
            Self::Nothing => "`stackctl backup --dry-run` says why each volume is left out".to_owned(),
        };
        vec![hint]
    }
}
