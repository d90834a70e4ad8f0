// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Pages that are made from code: compared with what lies in the repository, or rewritten when `STACKCTL_UPDATE` is set
//! (`make docs`).

mod pages;

use std::collections::BTreeMap;
use std::fs;

use super::support::Repository;

/// Folders that hold generated pages alone.
const WHOLE_FOLDERS: &[&str] = &["guides/rules", "guides/man"];

#[test]
fn generated_pages_are_current() {
    let pages: BTreeMap<String, String> = pages::all();
    if std::env::var_os("STACKCTL_UPDATE").is_some_and(|value| !value.is_empty()) {
        rewrite(&pages);
    }
    let mut stale: Vec<String> = pages
        .iter()
        .filter(|(name, text)| fs::read_to_string(Repository::root().join(name)).ok().as_ref() != Some(*text))
        .map(|(name, _)| format!("{name} is stale"))
        .collect();
    stale.extend(strangers(&pages).into_iter().map(|name| format!("{name} is made by nothing")));
    assert!(stale.is_empty(), "run `make docs`: {stale:#?}");
}

/// Files in the generated folders that no page is made for.
fn strangers(pages: &BTreeMap<String, String>) -> Vec<String> {
    let mut names = Vec::new();
    for folder in WHOLE_FOLDERS {
        if Repository::root().join(folder).is_dir() {
            names.extend(Repository::names_in(folder).into_iter().map(|name| format!("{folder}/{name}")));
        }
    }
    names.retain(|name| !pages.contains_key(name));
    names
}

fn rewrite(pages: &BTreeMap<String, String>) {
    for name in strangers(pages) {
        fs::remove_file(Repository::root().join(name)).expect("a file that can be removed");
    }
    for (name, text) in pages {
        let path = Repository::root().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a page");
    }
}
