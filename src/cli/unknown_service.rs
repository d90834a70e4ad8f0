// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The fault of a command that is asked for a service that does not exist.

use crate::error::UserError;

/// A service that is asked for and is nowhere.
#[derive(Debug)]
pub(super) struct NoSuchService(pub(super) String);

impl UserError for NoSuchService {
    fn code(&self) -> &'static str {
        "service_unknown"
    }

    fn message(&self) -> String {
        format!("no service `{}`: neither in the compose file nor among the containers", self.0)
    }

    fn hints(&self) -> Vec<String> {
        vec!["`stackctl status` lists the services; `--all` looks at every project".to_owned()]
    }
}
