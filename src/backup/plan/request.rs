// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is asked for.

/// How writers are kept still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiesce {
    /// They are stopped, and started again.
    Stop,
    /// They are frozen: the data is as after a power cut.
    Pause,
    /// Their own hooks make the data safe to read; those without hooks are stopped.
    Hook,
    /// They run on: the data may be torn.
    None,
}

impl Quiesce {
    /// The words of all ways.
    pub const WORDS: [&str; 4] = ["stop", "pause", "hook", "none"];

    /// The way of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|known| *known == word)?;
        [Self::Stop, Self::Pause, Self::Hook, Self::None].get(at).copied()
    }
}

/// What becomes of caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cache {
    /// What they hold is listed.
    #[default]
    Listed,
    /// They are captured.
    Captured,
}

/// What becomes of secrets that are mounted as files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secrets {
    /// They are left out.
    #[default]
    LeftOut,
    /// They are captured.
    Captured,
}

/// What becomes of data that has not changed since an earlier set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unchanged {
    /// The files of that set are taken.
    #[default]
    Linked,
    /// It is read again.
    Read,
}

/// What is asked for. Empty lists ask for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Only what these services mount.
    pub services: Vec<String>,
    /// Only these: volumes by name or key, absolute paths of the host.
    pub volumes: Vec<String>,
    /// Not these, likewise.
    pub exclude: Vec<String>,
    /// How every writer is kept still; `None`: as its label says, else by stopping it.
    pub quiesce: Option<Quiesce>,
    /// What becomes of caches.
    pub cache: Cache,
    /// What becomes of secrets.
    pub secrets: Secrets,
    /// What becomes of data that has not changed since an earlier set.
    pub unchanged: Unchanged,
    /// Containers of other projects that may be stopped, by name.
    pub stop_foreign: Vec<String>,
    /// Paths outside the project folder that are captured too.
    pub outside: Vec<String>,
}
