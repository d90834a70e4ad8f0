// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Files read and parsed once each.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::compose::yaml;
use crate::compose::{Node, ReadError};
use crate::diag::{Diagnostic, FileId, Level, Span};

use super::{InputFile, Loader};

/// A parsed compose file.
#[derive(Clone)]
pub(super) struct Parsed {
    file: FileId,
    documents: Rc<Vec<Node>>,
}

impl Parsed {
    /// The file that was parsed.
    pub(super) fn file(&self) -> FileId {
        self.file
    }

    /// The documents, to look at.
    pub(super) fn documents(&self) -> &[Node] {
        &self.documents
    }
}

impl Loader<'_> {
    /// The documents of a compose file; `None` when it cannot be read, with the fault at `asked_at` (or at the file).
    pub(super) fn documents(&mut self, file: &InputFile, asked_at: Option<Span>) -> Option<Parsed> {
        if let Some(parsed) = self.parsed.get(&file.path) {
            return parsed.clone();
        }
        let bytes = match &file.content {
            Some(bytes) => Ok(bytes.clone()),
            None => self.sources.read(&file.path),
        };
        let parsed = match bytes {
            Ok(bytes) => self.parse(file, bytes),
            Err(error) => {
                self.unreadable(file, &error, asked_at);
                None
            }
        };
        self.parsed.insert(file.path.clone(), parsed.clone());
        parsed
    }

    /// The documents of a compose file, to be changed. They leave the cache, because a large file costs more to copy than
    /// to keep, and few files are read twice; one that is gets parsed again, without its faults being told twice.
    pub(super) fn take_documents(&mut self, file: &InputFile, asked_at: Option<Span>) -> Option<Vec<Node>> {
        let parsed = self.documents(file, asked_at)?;
        if let Some(Some(cached)) = self.parsed.get_mut(&file.path) {
            cached.documents = Rc::default();
        }
        let taken = Rc::try_unwrap(parsed.documents).unwrap_or_else(|shared| (*shared).clone());
        if !taken.is_empty() {
            return Some(taken);
        }
        let text = self.map.file(parsed.file).text().clone();
        Some(mappings(yaml::parse(parsed.file, &text).roots))
    }

    fn parse(&mut self, file: &InputFile, bytes: Vec<u8>) -> Option<Parsed> {
        let text = match yaml::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                let id = self.map.add(file.display.clone(), "");
                let message = format!("`{}` is {error}", file.display);
                let fault = Diagnostic::new(yaml::RULE, Level::Error, Span::new(id, 0, 0), "", message);
                self.diagnostics.push(fault.hint("save the file as UTF-8"));
                return None;
            }
        };
        let id = self.map.add(file.display.clone(), text.as_str());
        self.files.push(id);
        let parsed = yaml::parse(id, &text);
        let broken = !parsed.faults.is_empty();
        self.diagnostics.extend(parsed.faults);
        self.comments.extend(parsed.comments);
        // A file without any document (comments alone) adds nothing, and is no fault beside others.
        let alone = parsed.roots.is_empty() && self.request.files.len() == 1;
        if (alone || parsed.roots.iter().any(Node::is_null)) && !broken {
            let span = Span::new(id, 0, text.trim_end().len());
            let fault = Diagnostic::new(yaml::RULE, Level::Error, span, "", "the file has an empty document");
            self.diagnostics.push(fault.hint("write at least `services:`, or remove the `---` that opens nothing"));
        }
        for root in &parsed.roots {
            if !root.is_null() && root.as_map().is_none() {
                let message = format!("the top of a compose file must be a mapping, this is a {}", root.type_name());
                self.diagnostics.push(
                    Diagnostic::new(yaml::RULE, Level::Error, root.span, "", message)
                        .hint("start with `services:` and indent the services below it"),
                );
            }
        }
        let documents = mappings(parsed.roots);
        Some(Parsed { file: id, documents: Rc::new(documents) })
    }

    fn unreadable(&mut self, file: &InputFile, error: &ReadError, asked_at: Option<Span>) {
        let message = format!("cannot read `{}`: {error}", file.display);
        let (rule, span) = match asked_at {
            Some(span) => ("reference-invalid", span),
            None => (yaml::RULE, Span::new(self.map.add(file.display.clone(), ""), 0, 0)),
        };
        let hint = match (error, asked_at) {
            (ReadError::NotFound, Some(_)) => "create the file, or correct the path",
            (ReadError::IsDirectory, _) => "name a file in that folder",
            (ReadError::TooLarge { .. }, _) => {
                "raise `max-file-size` in `stackctl.toml` when the file is meant to be so large"
            }
            _ => "see that the file exists and may be read",
        };
        self.diagnostics.push(Diagnostic::new(rule, Level::Error, span, "", message).hint(hint));
    }

    /// A text file beside the compose files, for spans that point into it.
    pub(super) fn side_file(&mut self, path: &Path) -> Result<(FileId, Rc<str>), ReadError> {
        if let Some(known) = self.side_files.get(path) {
            return known.clone();
        }
        let read = self
            .sources
            .read(path)
            .and_then(|bytes| yaml::decode(bytes).map_err(|error| ReadError::Other(error.to_string())));
        let display = self.display(path);
        let result = read.map(|text| {
            let text: Rc<str> = text.into();
            (self.map.add(display, &*text), text)
        });
        self.side_files.insert(path.to_owned(), result.clone());
        result
    }

    /// The name of a file as people see it: relative to the working directory when inside.
    pub(super) fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.request.working_dir).unwrap_or(path).to_string_lossy().into_owned()
    }

    /// An input file for a path that a compose file names.
    pub(super) fn input(&self, path: PathBuf) -> InputFile {
        InputFile { display: self.display(&path), path, content: None }
    }
}

/// Documents that are no mapping have been reported, and go no further.
fn mappings(roots: Vec<Node>) -> Vec<Node> {
    roots.into_iter().filter(|root| root.as_map().is_some()).collect()
}
