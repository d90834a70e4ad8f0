// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The fault of a command that is asked for a service that does not exist.

use crate::error::UserError;

/// A service that is asked for and is nowhere.
#[derive(Debug)]
pub(super) struct NoSuchService {
    name: String,
    closest: Option<String>,
}

impl NoSuchService {
    /// Where the names that there are were not at hand.
    pub(super) fn new(name: &str) -> Self {
        Self::near(name, None)
    }

    /// With the name that was probably meant.
    pub(super) fn near(name: &str, closest: Option<&str>) -> Self {
        Self { name: name.to_owned(), closest: closest.map(str::to_owned) }
    }
}

impl UserError for NoSuchService {
    fn code(&self) -> &'static str {
        "service_unknown"
    }

    fn message(&self) -> String {
        format!("no service `{}`: neither in the compose file nor among the containers", self.name)
    }

    fn hints(&self) -> Vec<String> {
        let meant = self.closest.iter().map(|name| format!("did you mean `{name}`?"));
        let list = "`stackctl status` lists the services; `--all` looks at every project".to_owned();
        meant.chain([list]).collect()
    }
}
