// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What must hold in a manifest beyond the types of its fields. A manifest may come from anywhere.

use std::collections::BTreeSet;

use super::{DIGEST_FILE, FILE, FileRef, Manifest, Result as SetResult};

/// Whether a path stays inside a set: relative, of plain parts, no control characters.
pub(super) fn is_inside(path: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    path.len() <= 1024 && path.split('/').all(is_plain) && !path.chars().any(|c| c.is_control() || c == '\\')
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn file(file: &FileRef, seen: &mut BTreeSet<String>) -> Result<(), String> {
    let path: String = file.path.chars().filter(|letter| !letter.is_control()).take(80).collect();
    if !is_inside(&file.path) {
        return Err(format!("the path `{path}` leads out of the set"));
    }
    if file.path == FILE || file.path == DIGEST_FILE {
        return Err(format!("`{path}` lists itself"));
    }
    if !is_sha256(&file.sha256) {
        return Err(format!("`{path}` has no digest"));
    }
    if !seen.insert(file.path.clone()) {
        return Err(format!("`{path}` is listed twice"));
    }
    Ok(())
}

/// Whether an engine takes this as the name of a volume.
fn is_volume_name(name: &str) -> bool {
    let is_start = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    is_start && name.len() <= 255 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// What is wrong with a manifest, as a fragment.
pub(super) fn check(manifest: &Manifest) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    manifest.files().try_for_each(|one| file(one, &mut seen))?;
    let mut names = BTreeSet::new();
    for volume in &manifest.volumes {
        if !is_volume_name(&volume.name) {
            return Err("a volume has a name that no engine takes".to_owned());
        }
        if !names.insert(volume.name.as_str()) {
            return Err(format!("the volume `{}` is in it twice", volume.name));
        }
    }
    let mut sources = BTreeSet::new();
    for bind in &manifest.binds {
        let is_relative_safe = bind.relative.as_deref().is_none_or(|path| path == "." || is_inside(path));
        if !bind.source.starts_with('/') || !is_relative_safe {
            return Err("a path of the host is not absolute, or leads out of the project".to_owned());
        }
        if !sources.insert(bind.source.as_str()) {
            return Err(format!("`{}` is in it twice", bind.source));
        }
    }
    let lacking = manifest.left_out.iter().find(|one| one.required);
    match (manifest.result, lacking) {
        (SetResult::Complete, Some(lacking)) => Err(format!("it is said to be complete and lacks `{}`", lacking.name)),
        _ => Ok(()),
    }
}
