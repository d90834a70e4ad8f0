// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where the store of a project lies.

use std::path::PathBuf;

use super::BackupError;
use crate::app::observe::{Scope, subject};
use crate::app::{Context, Selection};
use crate::config::env::STORE;

/// The folder: as given, else `STACKCTL_STORE`, else `stackctl/backups/<project>` below `XDG_DATA_HOME`, else below
/// `~/.local/share` (XDG Base Directory Specification 0.8). It need not be there yet. The project is looked for only
/// when its name is needed.
///
/// # Errors
/// A compose file that was named and is not there; nothing that tells the folder.
pub fn store_folder(context: &Context<'_>, selection: &Selection, given: Option<&str>) -> Result<PathBuf, BackupError> {
    let variable = |name: &str| context.environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
    if let Some(path) = given.or_else(|| variable(STORE)) {
        return Ok(context.absolute(path));
    }
    let absolute = |name: &str| variable(name).filter(|value| value.starts_with('/')).map(PathBuf::from);
    let data = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    match (data, subject(context, selection, false)?.scope) {
        (Some(data), Scope::Project(name)) => Ok(data.join("stackctl/backups").join(name)),
        _ => Err(BackupError::NoPlace),
    }
}

/// The name of the project that is meant.
///
/// # Errors
/// A compose file that was named and is not there; nothing that tells the project.
pub fn project_name(context: &Context<'_>, selection: &Selection) -> Result<String, BackupError> {
    subject(context, selection, false)?.project().ok_or(BackupError::NoPlace)
}
