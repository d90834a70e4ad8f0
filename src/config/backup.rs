// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `[backup]`: which sets are kept, whether the others go after each backup, and how old the newest may grow.

use std::time::Duration;

use super::SettingsError;
use super::reader::Field;

const KEYS: &[&str] = &["keep_daily", "keep_last", "keep_monthly", "keep_weekly", "max_age", "prune"];

/// The age of the newest verified set from which `doctor` warns, unless settings say otherwise: a weekly backup, and a day.
const MAX_AGE: Duration = Duration::from_hours(8 * 24);

/// What a settings file says of restore points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSettings {
    /// How many of the newest sets are kept.
    pub keep_last: usize,
    /// Of so many days the newest.
    pub keep_daily: usize,
    /// Of so many weeks the newest.
    pub keep_weekly: usize,
    /// Of so many months the newest.
    pub keep_monthly: usize,
    /// Whether sets that no rule keeps are removed after each backup.
    pub prunes: bool,
    /// The age of the newest verified set from which `doctor` warns.
    pub max_age: Duration,
}

impl Default for BackupSettings {
    fn default() -> Self {
        Self { keep_last: 0, keep_daily: 0, keep_weekly: 0, keep_monthly: 0, prunes: false, max_age: MAX_AGE }
    }
}

impl BackupSettings {
    /// Whether no rule keeps anything.
    #[must_use]
    pub fn keeps_nothing(&self) -> bool {
        [self.keep_last, self.keep_daily, self.keep_weekly, self.keep_monthly] == [0; 4]
    }
}

/// Reads the table.
///
/// # Errors
/// Its first fault.
pub(super) fn backup(at: &Field<'_>) -> Result<BackupSettings, SettingsError> {
    let mut settings = BackupSettings::default();
    let count = |field: &Field<'_>| Ok::<_, SettingsError>(usize::try_from(field.count()?).unwrap_or(usize::MAX));
    for field in at.table("a table")? {
        match field.name() {
            "keep_daily" => settings.keep_daily = count(&field)?,
            "keep_last" => settings.keep_last = count(&field)?,
            "keep_monthly" => settings.keep_monthly = count(&field)?,
            "keep_weekly" => settings.keep_weekly = count(&field)?,
            "max_age" => settings.max_age = field.length_from(Duration::from_hours(1))?,
            "prune" => settings.prunes = field.flag()?,
            _ => return Err(field.unknown(KEYS)),
        }
    }
    if settings.prunes && settings.keeps_nothing() {
        return Err(at.refused(
            "`prune` is set, and no rule says which sets to keep",
            "add one or more, such as `keep_last = 3` and `keep_daily = 7`",
        ));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::config::parse_file;
    use crate::error::UserError as _;

    fn read(text: &str) -> Result<BackupSettings, SettingsError> {
        parse_file("stackctl.toml", text).map(|layer| layer.backup.unwrap_or_default())
    }

    #[test]
    fn says_what_is_kept_and_when_the_rest_goes() {
        assert_eq!(read("").unwrap(), BackupSettings::default());
        let text = "[backup]\nkeep_last = 3\nkeep_daily = 7\nkeep_weekly = 4\nkeep_monthly = 6\nprune = true\nmax_age = \"2d\"\n";
        let expected = BackupSettings {
            keep_last: 3,
            keep_daily: 7,
            keep_weekly: 4,
            keep_monthly: 6,
            prunes: true,
            max_age: Duration::from_hours(48),
        };
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn removing_everything_is_no_setting() {
        let error = read("[backup]\nprune = true\n").unwrap_err();
        assert!(error.to_string().contains("no rule says which sets to keep"), "{error}");
        assert!(error.hints()[0].contains("keep_last"));
        for text in ["[backup]\nkeep_lst = 1\n", "[backup]\nkeep_last = 0\n", "[backup]\nmax_age = \"5m\"\n"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.is_sorted());
    }
}
