// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The settings that hold for a project: finds its `stackctl.toml` and lays the layers over each other.

use std::path::Path;

use super::{AppError, Context};
use crate::compose::ReadError;
use crate::config::{self, Layer, Settings, SettingsError};
use crate::rules;

/// A settings file larger than this is a mistake (1 MiB).
const MAX_SETTINGS_SIZE: u64 = 1 << 20;

/// Settings, and the file that took part.
#[derive(Debug, Clone)]
pub struct LoadedSettings {
    /// The settings that hold.
    pub settings: Settings,
    /// The settings file as shown to people.
    pub file: Option<String>,
}

/// Reads the `stackctl.toml` nearest to a folder, not above the root of its git repository (without a repository: in the
/// folder alone), and lays environment and flags over it.
///
/// # Errors
/// A file or variable that is not understood.
pub fn load_settings(context: &Context<'_>, folder: &Path, flags: &Layer) -> Result<LoadedSettings, AppError> {
    let environment = config::env::layer(context.environment)?;
    let file = nearest_file(context, folder)?;
    tracing::debug!(file = ?file.as_ref().map(|(name, _)| name), "settings read");
    let named = file.as_ref().map(|(name, layer)| (name.as_str(), layer));
    let settings = config::resolve(named, &environment, flags);
    Ok(LoadedSettings { settings, file: file.map(|(name, _)| name) })
}

fn nearest_file(context: &Context<'_>, folder: &Path) -> Result<Option<(String, Layer)>, SettingsError> {
    let in_repository = folder.ancestors().any(|folder| context.files.exists(&folder.join(".git")));
    for folder in folder.ancestors() {
        let path = folder.join(config::FILE_NAME);
        let display = context.display(&path);
        match context.files.read(&path, MAX_SETTINGS_SIZE) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).map_err(|_| SettingsError::Unreadable {
                    file: display.clone(),
                    reason: "it is not UTF-8".into(),
                })?;
                let mut layer = config::parse_file(&display, &text)?;
                layer.sinks.anchor(folder);
                return Ok(Some((display, layer)));
            }
            Err(ReadError::NotFound) => {}
            Err(reason) => return Err(SettingsError::Unreadable { file: display, reason: reason.to_string() }),
        }
        if !in_repository || context.files.exists(&folder.join(".git")) {
            break;
        }
    }
    Ok(None)
}

/// Whether every rule that the settings name exists.
///
/// # Errors
/// The first name that no rule has, with the place where it is written.
pub fn check_rule_names(settings: &Settings) -> Result<(), SettingsError> {
    let known = || rules::registry().iter().map(|rule| rule.meta.name);
    let listed = [&settings.select, &settings.ignore];
    let lists = listed.into_iter().flat_map(|setting| setting.value.iter().map(move |name| (name, &setting.origin)));
    let levels = settings.levels.iter().map(|(name, setting)| (name, &setting.origin));
    for (name, origin) in levels.chain(lists) {
        if rules::find(name).is_none() {
            return Err(SettingsError::UnknownRule {
                place: origin.to_string(),
                name: name.clone(),
                closest: crate::diag::closest(name, known()).map(str::to_owned),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::Catalog;
    use crate::config::Origin;
    use crate::diag::Level;
    use crate::sys::fake::{FakeFiles, FakeInput};

    fn fail_on(files: &[(&str, &str)]) -> (Level, Origin) {
        let files = FakeFiles::new(files);
        let context = Context {
            files: &files,
            input: &FakeInput::default(),
            environment: &BTreeMap::new(),
            working_dir: Path::new("/r/a"),
            catalog: &Catalog::default(),
            max_file_size: 1 << 20,
        };
        let loaded = load_settings(&context, Path::new("/r/a/b"), &Layer::default()).unwrap();
        (loaded.settings.fail_on.value, loaded.settings.fail_on.origin)
    }

    #[test]
    fn the_nearest_file_up_to_the_git_root_counts() {
        let text = "fail_on = \"info\"";
        assert_eq!(
            fail_on(&[("/r/.git/HEAD", ""), ("/r/stackctl.toml", text), ("/r/a/b/compose.yaml", "")]).0,
            Level::Info
        );
        assert_eq!(fail_on(&[("/r/a/.git/HEAD", ""), ("/r/stackctl.toml", text)]).1, Origin::Default);
        assert_eq!(fail_on(&[("/r/stackctl.toml", text)]).1, Origin::Default);
        assert_eq!(fail_on(&[("/r/a/b/stackctl.toml", text)]).1, Origin::File("b/stackctl.toml".into()));
    }
}
