// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: resolve a project as `docker compose config` does.

use std::collections::BTreeMap;

use super::sources::FileSources;
use super::{AppError, Context, Reach, Selection, discover};
use crate::compose::{self, Loaded, Purpose};

/// Whether variables are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpolation {
    /// They are.
    Replace,
    /// They stay as written.
    Keep,
}

/// What to resolve.
#[derive(Debug, Clone)]
pub struct Request {
    /// The flags that choose a project.
    pub selection: Selection,
    /// Whether variables are replaced.
    pub interpolation: Interpolation,
}

/// The resolved project, or what is wrong with it.
#[derive(Debug)]
pub struct Outcome {
    /// The loader's result.
    pub loaded: Loaded,
    /// The environment that the project was read in.
    pub environment: BTreeMap<String, String>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Whether Compose would refuse the project.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.loaded.resolved.is_none()
    }
}

/// Finds and resolves the project.
///
/// # Errors
/// When there is no project to read, or its environment cannot be read.
pub fn run(context: &Context<'_>, request: &Request) -> Result<Outcome, AppError> {
    let mut discovered = discover(context, &request.selection, Reach::Compose, Purpose::Config)?;
    if !discovered.env_faults.is_empty() {
        return Err(discovered.env_faults.swap_remove(0).into_error());
    }
    discovered.request.interpolate = request.interpolation == Interpolation::Replace;
    let loaded = compose::load::load(&discovered.request, &FileSources::new(context));
    let mut environment = discovered.request.environment;
    if let Some(resolved) = &loaded.resolved {
        // Compose 2.40 sets it for interpolation and lists it under `config --environment`.
        environment.insert("COMPOSE_PROJECT_NAME".to_owned(), resolved.name.clone());
    }
    Ok(Outcome { loaded, environment, notes: discovered.notes })
}
