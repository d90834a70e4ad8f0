// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Embeds what stackctl knows of services: reads `stacks/*/service.yaml`, checks it, writes compact JSON.
//!
//! The types and checks are the library's own files, so the program and its build cannot disagree.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a build script reads files and speaks to cargo by printing"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "src/catalog/check.rs"]
mod check;
#[expect(unreachable_pub, reason = "shared with the library, where these are public")]
#[path = "src/catalog/data.rs"]
mod data;
#[expect(dead_code, unreachable_pub, reason = "shared with the library, which uses the rest")]
#[path = "src/catalog/failure.rs"]
mod failure;
#[expect(dead_code, unreachable_pub, reason = "shared with the library, which uses the rest")]
#[path = "src/catalog/image.rs"]
mod image;
#[expect(dead_code, unreachable_pub, reason = "shared with the library, which uses the rest")]
#[path = "src/catalog/tag.rs"]
mod tag;

fn main() {
    name_commit();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=stacks");
    for shared in ["check", "data", "failure", "image", "tag"] {
        println!("cargo::rerun-if-changed=src/catalog/{shared}.rs");
    }
    if let Err(faults) = embed() {
        for fault in faults {
            println!("cargo::error={}", fault.replace('\n', " "));
        }
    }
}

/// Tells release builds from which commit they come; without git or a repository they do not know. Builds for
/// development are left alone: they would be built anew after every commit.
fn name_commit() {
    println!("cargo::rerun-if-env-changed=BUILT_FROM_COMMIT");
    if std::env::var_os("PROFILE").is_none_or(|profile| profile != "release") {
        return;
    }
    let git = |arguments: &[&str]| -> Option<String> {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    };
    // A source package inside somebody else's repository must not take that one's commit.
    if git(&["rev-parse", "--show-prefix"]).is_some() {
        return;
    }
    let Some(hash) = git(&["rev-parse", "--short=12", "HEAD"]) else { return };
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rustc-env=BUILT_FROM_COMMIT={hash}");
}

fn embed() -> Result<(), Vec<String>> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let files = read_all(&root.join("stacks"))?;
    let known = check::collect(files)?;
    let json = serde_json::to_string(&known).map_err(|error| vec![error.to_string()])?;
    let target = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default().join("catalog.json");
    fs::write(&target, json).map_err(|error| vec![format!("cannot write `{}`: {error}", target.display())])
}

/// Every `service.yaml`, by folder. A folder without one holds something else and is left alone.
fn read_all(stacks: &Path) -> Result<Vec<(String, data::ServiceFile)>, Vec<String>> {
    let entries = fs::read_dir(stacks).map_err(|error| vec![format!("cannot read `{}`: {error}", stacks.display())])?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for folder in folders {
        let path = folder.join("service.yaml");
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !path.is_file() {
            continue;
        }
        match fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| serde_yaml::from_str::<data::ServiceFile>(&text).map_err(|error| error.to_string()))
        {
            Ok(file) => files.push((name, file)),
            Err(error) => faults.push(format!("stacks/{name}/service.yaml: {error}")),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(faults) }
}
