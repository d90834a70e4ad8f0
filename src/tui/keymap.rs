// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which key does what: the table, and what settings change of it.

use std::collections::BTreeMap;

use super::command::{Command, Place, TABLE};
use super::key::Key;
use super::tab::Tab;

/// Keys and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// By place, for one key can do one thing with logs and another with services.
    keys: Vec<(Key, Place, Command)>,
}

impl Default for Keymap {
    fn default() -> Self {
        // The table's own keys are read by its test.
        Self::with(&BTreeMap::new()).unwrap_or(Self { keys: Vec::new() })
    }
}

impl Keymap {
    /// The table with other keys for some commands, by name. A key given anew is taken away from who had it.
    ///
    /// # Errors
    /// A name that is no command, a key that is none, or one that is given twice; as a fragment.
    pub fn with(changes: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let mut given: Vec<(Key, Place, Command)> = Vec::new();
        for (name, keys) in changes {
            let row = TABLE.iter().find(|row| row.name == name).ok_or_else(|| no_command(name))?;
            for text in keys {
                let key: Key = text.parse()?;
                if let Some((_, _, other)) = given.iter().find(|(one, place, _)| *one == key && meet(*place, row.place))
                {
                    let other = other.row().map_or("", |row| row.name);
                    return Err(format!("`{text}` is given to `{other}` and to `{name}`"));
                }
                given.push((key, row.place, row.command));
            }
        }
        let mut keys = given.clone();
        for row in TABLE.iter().filter(|row| !changes.contains_key(row.name)) {
            for text in row.keys {
                let key: Key = text.parse()?;
                let is_taken = given.iter().any(|(one, place, _)| *one == key && meet(*place, row.place));
                if !is_taken {
                    keys.push((key, row.place, row.command));
                }
            }
        }
        Ok(Self { keys })
    }

    /// What a key does on a tab: what it does there alone comes first.
    #[must_use]
    pub fn command(&self, key: Key, tab: Tab) -> Option<Command> {
        let found = || self.keys.iter().filter(|(one, place, _)| *one == key && place.has(tab));
        let own = found().find(|(_, place, _)| *place != Place::Everywhere);
        Command::is_fixed(key).or_else(|| own.or_else(|| found().next()).map(|(_, _, command)| *command))
    }

    /// The keys of a command, as people write them.
    #[must_use]
    pub fn keys(&self, command: Command) -> Vec<String> {
        self.keys.iter().filter(|(_, _, one)| *one == command).map(|(key, _, _)| key.to_string()).collect()
    }

    /// The first key of a command, for a reminder on the screen.
    #[must_use]
    pub fn key(&self, command: Command) -> String {
        self.keys(command).into_iter().next().unwrap_or_else(|| "-".to_owned())
    }
}

/// Whether two places share a tab on which one key would have two meanings of the same rank.
fn meet(one: Place, other: Place) -> bool {
    one == other
}

fn no_command(name: &str) -> String {
    let closest = crate::diag::closest(name, TABLE.iter().map(|row| row.name));
    match closest {
        Some(closest) => format!("`{name}` is no command of the dashboard; did you mean `{closest}`?"),
        None => format!("`{name}` is no command of the dashboard"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a failed set-up fails the test")]

    use super::*;

    fn with(changes: &[(&str, &[&str])]) -> Result<Keymap, String> {
        let owned = |keys: &&[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        Keymap::with(&changes.iter().map(|(name, keys)| ((*name).to_owned(), owned(keys))).collect())
    }

    #[test]
    fn every_command_has_a_key_that_reaches_it_where_it_is_of_use() {
        let keymap = Keymap::default();
        for row in TABLE {
            let tab = *Tab::ALL.iter().find(|tab| row.place.has(**tab)).expect("a tab");
            for key in row.keys {
                let key = key.parse().expect("a key");
                assert_eq!(keymap.command(key, tab), Some(row.command), "{} by {key}", row.name);
            }
        }
    }

    #[test]
    fn a_key_given_anew_is_taken_away_from_who_had_it() {
        let keymap = with(&[("restart", &["x", "q"])]).expect("keys");
        let command = |key: &str, tab| keymap.command(key.parse().expect("a key"), tab);
        assert_eq!(command("x", Tab::Stack), Some(Command::Restart));
        assert_eq!(command("r", Tab::Stack), None);
        // What is of use in one place alone wins there, and leaves the rest as it was.
        assert_eq!(command("q", Tab::Stack), Some(Command::Restart));
        assert_eq!(command("q", Tab::Logs), Some(Command::Quit));
        assert_eq!(command("ctrl-c", Tab::Stack), Some(Command::Quit));
    }

    #[test]
    fn what_cannot_be_is_told() {
        assert!(with(&[("restrat", &["x"])]).is_err_and(|text| text.contains("`restart`")));
        assert!(with(&[("restart", &["nokey"])]).is_err_and(|text| text.contains("`nokey`")));
        assert!(with(&[("restart", &["x"]), ("stop", &["x"])]).is_err_and(|text| text.contains("given to")));
    }
}
