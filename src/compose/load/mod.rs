// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From files to a project: reading, the layers, and what is made of them.

mod environment;
mod extends;
mod faults;
mod files;
mod include;
mod layer;
mod limits;
mod outcome;
mod request;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use crate::compose::model::{Comment, VariableUse};
use crate::compose::{Entry, Map};
use crate::diag::{Diagnostic, FileId, SourceMap};

pub use request::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Resolved, Sources};

/// Loads a project. Never fails as a whole: what is wrong is in the result.
#[must_use]
pub fn load(request: &LoadRequest, sources: &dyn Sources) -> Loaded {
    let loader = Loader {
        request,
        sources,
        map: SourceMap::default(),
        diagnostics: Vec::new(),
        variables: Vec::new(),
        comments: Vec::new(),
        files: Vec::new(),
        version: None,
        parsed: HashMap::new(),
        side_files: HashMap::new(),
        extended_files: HashMap::new(),
        unfinished: HashSet::new(),
        lacks_include: false,
        budget: limits::Budget::default(),
    };
    loader.run()
}

/// What is known while loading.
struct Loader<'a> {
    request: &'a LoadRequest,
    sources: &'a dyn Sources,
    map: SourceMap,
    diagnostics: Vec<Diagnostic>,
    variables: Vec<VariableUse>,
    comments: Vec<Comment>,
    files: Vec<FileId>,
    version: Option<Entry>,
    parsed: HashMap<PathBuf, Option<files::Parsed>>,
    side_files: HashMap<PathBuf, Result<(FileId, Rc<str>), ReadError>>,
    /// By path and by the environment that variables were replaced with.
    extended_files: HashMap<(PathBuf, usize), Option<Rc<Map>>>,
    /// Services whose `extends` could not be followed: what they lack may stand there.
    unfinished: HashSet<String>,
    /// Whether an `include` could not be followed: what is not defined may stand there.
    lacks_include: bool,
    /// What `include` and `extends` may still take.
    budget: limits::Budget,
}

#[cfg(test)]
mod one_fault_tests;
#[cfg(test)]
mod tests;
