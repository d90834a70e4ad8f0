// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Any bytes as a compose file: the loader and the rules come to an end, without a panic, and point into the texts.
//!
//! What follows the first line `---8<---` is the content of every file that the first part names.

#![no_main]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use stackctl::catalog::Catalog;
use stackctl::compose::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources, load};
use stackctl::diag::Diagnostic;
use stackctl::rules::{Context, Facts, Settings, judge};

const CUT: &[u8] = b"\n---8<---\n";

/// Every path holds the same bytes, or nothing.
struct Same<'a>(Option<&'a [u8]>);

impl Sources for Same<'_> {
    fn read(&self, _: &Path) -> Result<Vec<u8>, ReadError> {
        self.0.map(<[u8]>::to_vec).ok_or(ReadError::NotFound)
    }
}

fuzz_target!(|data: &[u8]| {
    let cut = data.windows(CUT.len()).position(|window| window == CUT);
    let (compose, other) = match cut {
        Some(at) => (&data[..at], Some(&data[at + CUT.len()..])),
        None => (data, None),
    };
    for (purpose, interpolate) in [(Purpose::Validate, true), (Purpose::Config, true), (Purpose::Config, false)] {
        let loaded = load(&request(compose, purpose, interpolate), &Same(other));
        points_into_texts(&loaded, &loaded.diagnostics);
        if let Some(project) = &loaded.project {
            let catalog = Catalog::embedded();
            let context = Context { project, sources: &loaded.sources, catalog: &catalog, facts: &Facts {} };
            let judgement = judge(&context, loaded.diagnostics.clone(), &Settings::default());
            points_into_texts(&loaded, &judgement.findings);
        }
    }
});

fn request(compose: &[u8], purpose: Purpose, interpolate: bool) -> LoadRequest {
    let folder = PathBuf::from("/project");
    LoadRequest {
        files: vec![InputFile {
            path: folder.join("compose.yaml"),
            display: "compose.yaml".to_owned(),
            content: Some(compose.to_vec()),
        }],
        project_dir: folder.clone(),
        working_dir: folder,
        project_name: None,
        default_name: "project".to_owned(),
        environment: BTreeMap::from([("SET".to_owned(), "value".to_owned()), ("EMPTY".to_owned(), String::new())]),
        example_environment: BTreeMap::new(),
        profiles: vec!["*".to_owned()],
        interpolate,
        purpose,
    }
}

/// Every place lies in its text, between characters.
fn points_into_texts(loaded: &Loaded, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.related) {
            let text = loaded.sources.file(label.span.file).text();
            assert!(text.get(label.span.range()).is_some(), "{:?} of {} lies outside", label.span, diagnostic.rule);
        }
    }
}
