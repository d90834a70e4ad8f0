// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Layers laid over each other: the settings that hold, each with its origin.

use std::collections::BTreeMap;

use super::{
    BackupSettings, ColorChoice, DashboardSettings, FindingFormat, Layer, LogFormat, Origin, PersonaChoice,
    SinkSettings, SuperviseSettings, env,
};
use crate::diag::Level;

/// The largest file that is read unless settings say otherwise: 16 MiB.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 16 << 20;

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// The settings that hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Levels by rule name; `None` switches a rule off.
    pub levels: BTreeMap<String, Setting<Option<Level>>>,
    /// When not empty, only these rules speak.
    pub select: Setting<Vec<String>>,
    /// These rules are silent.
    pub ignore: Setting<Vec<String>>,
    /// Which rules speak.
    pub persona: Setting<PersonaChoice>,
    /// The lowest level that fails a run.
    pub fail_on: Setting<Level>,
    /// The largest file that is read, in bytes.
    pub max_file_size: Setting<u64>,
    /// When to use colour.
    pub color: Setting<ColorChoice>,
    /// How findings are written.
    pub format: Setting<FindingFormat>,
    /// How log lines are written.
    pub log_format: Setting<LogFormat>,
    /// Which log lines are written.
    pub log_level: Setting<String>,
    /// What becomes of restore points.
    pub backup: BackupSettings,
    /// What the screen is like.
    pub dashboard: DashboardSettings,
    /// Who is told what a supervisor sees.
    pub sinks: SinkSettings,
    /// What the supervisor may do.
    pub supervise: SuperviseSettings,
}

/// Lays the layers over each other: `file` over the defaults, `environment` over that, `flags` on top. Levels of rules are
/// merged rule by rule; every other value is taken whole.
///
/// `file` comes with its name as shown to people.
#[must_use]
pub fn resolve(file: Option<(&str, &Layer)>, environment: &Layer, flags: &Layer) -> Settings {
    let file_origin = || Origin::File(file.map_or("", |(name, _)| name).to_owned());
    let empty = Layer::default();
    let layers =
        Layers { file: file.map_or(&empty, |(_, layer)| layer), environment, flags, file_origin: file_origin() };

    let mut levels = BTreeMap::new();
    for (layer, origin) in [(layers.file, file_origin()), (flags, Origin::Flag)] {
        for (rule, level) in &layer.levels {
            levels.insert(rule.clone(), Setting { value: *level, origin: origin.clone() });
        }
    }
    Settings {
        levels,
        select: layers.pick(|layer| layer.select.clone(), env::SELECT, Vec::new()),
        ignore: layers.pick(|layer| layer.ignore.clone(), env::IGNORE, Vec::new()),
        persona: layers.pick(|layer| layer.persona, env::PERSONA, PersonaChoice::Default),
        fail_on: layers.pick(|layer| layer.fail_on, env::FAIL_ON, Level::Error),
        max_file_size: layers.pick(|layer| layer.max_file_size, env::MAX_FILE_SIZE, DEFAULT_MAX_FILE_SIZE),
        color: layers.pick(|layer| layer.color, env::COLOR, ColorChoice::Auto),
        format: layers.pick(|layer| layer.format, env::FORMAT, FindingFormat::Human),
        log_format: layers.pick(|layer| layer.log_format, env::LOG_FORMAT, LogFormat::Text),
        log_level: layers.pick(|layer| layer.log_level.clone(), env::LOG_LEVEL, "warn".to_owned()),
        backup: layers.file.backup.clone().unwrap_or_default(),
        dashboard: layers.file.dashboard.clone().unwrap_or_default(),
        sinks: layers.file.sinks.under(&environment.sinks),
        supervise: layers.file.supervise.clone().unwrap_or_default(),
    }
}

struct Layers<'a> {
    file: &'a Layer,
    environment: &'a Layer,
    flags: &'a Layer,
    file_origin: Origin,
}

impl Layers<'_> {
    fn pick<T>(&self, get: impl Fn(&Layer) -> Option<T>, variable: &'static str, default: T) -> Setting<T> {
        if let Some(value) = get(self.flags) {
            return Setting { value, origin: Origin::Flag };
        }
        if let Some(value) = get(self.environment) {
            return Setting { value, origin: env::origin(variable) };
        }
        match get(self.file) {
            Some(value) => Setting { value, origin: self.file_origin.clone() },
            None => Setting { value: default, origin: Origin::Default },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_layer_wins_and_says_so() {
        let file = Layer { fail_on: Some(Level::Info), color: Some(ColorChoice::Never), ..Layer::default() };
        let environment = Layer { fail_on: Some(Level::Warning), ..Layer::default() };
        let flags = Layer { persona: Some(PersonaChoice::Pedantic), ..Layer::default() };
        let settings = resolve(Some(("stackctl.toml", &file)), &environment, &flags);
        assert_eq!(settings.fail_on.value, Level::Warning);
        assert_eq!(settings.fail_on.origin, Origin::Environment("STACKCTL_FAIL_ON"));
        assert_eq!(settings.color.origin, Origin::File("stackctl.toml".into()));
        assert_eq!(settings.persona.origin, Origin::Flag);
        assert_eq!(settings.max_file_size, Setting { value: 16 << 20, origin: Origin::Default });
    }

    #[test]
    fn flags_beat_everything() {
        let all = |level| Layer { fail_on: Some(level), ..Layer::default() };
        let settings = resolve(Some(("f", &all(Level::Info))), &all(Level::Warning), &all(Level::Error));
        assert_eq!(settings.fail_on, Setting { value: Level::Error, origin: Origin::Flag });
    }

    #[test]
    fn levels_merge_rule_by_rule() {
        let file = Layer { levels: [("a".to_owned(), None)].into(), ..Layer::default() };
        let settings = resolve(Some(("f", &file)), &Layer::default(), &Layer::default());
        assert_eq!(settings.levels["a"].value, None);
    }
}
