// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The setup guide of a service, and the verification command in it.

use std::path::{Path, PathBuf};

use crate::app::Context;
use crate::companion::verification::{Verification, verification};
use crate::diag::FileId;

/// Folders beside the compose file that hold guides, in the order in which they are searched.
const FOLDERS: &[&str] = &["guides", "docs"];

/// How the name of a setup guide ends.
const ENDING: &str = "_SETUP_GUIDE.MD";

/// The largest guide that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// What was found for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Guide {
    /// A guide with a verification command.
    Command {
        /// The guide as shown to people.
        path: String,
        /// The command.
        verification: Verification,
    },
    /// None, and why.
    Without {
        /// Why.
        reason: String,
        /// What to do about it.
        next_step: Option<String>,
    },
}

/// Looks for the guide of a service: `guides/<SERVICE>_SETUP_GUIDE.md`, then `docs/…`. The case of letters and the
/// difference between `-` and `_` do not count.
pub(super) fn find(context: &Context<'_>, project: &Path, service: &str) -> Guide {
    let Some(path) = locate(context, project, service) else {
        let name = format!("{}/{}_SETUP_GUIDE.md", FOLDERS[0], plain(service));
        return Guide::Without {
            reason: "it has no setup guide".to_owned(),
            next_step: Some(format!("write `{name}` with a heading `Verification` and a block of commands")),
        };
    };
    let shown = context.display(&path);
    let bytes = match context.files.read(&path, LARGEST.min(context.max_file_size)) {
        Ok(bytes) => bytes,
        Err(reason) => {
            let reason = format!("`{shown}` cannot be read: {reason}");
            return Guide::Without { reason, next_step: None };
        }
    };
    match verification(&String::from_utf8_lossy(&bytes), FileId::from_index(0)) {
        Some(verification) => Guide::Command { path: shown, verification },
        None => Guide::Without {
            reason: format!("`{shown}` has no verification command"),
            next_step: Some("add a heading `Verification` with a block of commands below it".to_owned()),
        },
    }
}

fn locate(context: &Context<'_>, project: &Path, service: &str) -> Option<PathBuf> {
    let wanted = format!("{}{ENDING}", plain(service));
    FOLDERS.iter().find_map(|folder| {
        let folder = project.join(folder);
        let names = context.files.list(&folder).ok()?;
        names.iter().find(|name| plain(name) == wanted).map(|name| folder.join(name))
    })
}

/// A name in capital letters, with `_` for `-`.
fn plain(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}
