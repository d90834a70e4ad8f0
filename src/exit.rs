// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Exit statuses: the one table from kinds of ends to numbers.

/// How a run ended, as the calling shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; nothing to complain about.
    Done,
    /// Failed, or findings at or above the threshold.
    Failed,
    /// Bad command line, bad settings, or nothing to work on.
    Usage,
    /// Refused: a precondition does not hold.
    Refused,
    /// A confirmation is needed and could not be asked for.
    ConfirmationNeeded,
    /// The change failed and was undone.
    RolledBack,
    /// The change failed and could not be undone wholly, or the stack is not healthy after it.
    RollbackIncomplete,
    /// The change failed and was left in place, as asked.
    LeftInPlace,
    /// Another run holds the lock.
    Locked,
    /// A program or the container engine is missing.
    Missing,
    /// There is something (only with `--exit-code`).
    Something,
    /// Ended by SIGINT.
    Interrupted,
    /// Ended by SIGTERM.
    Terminated,
}

impl Exit {
    /// Every exit status, in order of number.
    pub const ALL: [Self; 13] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Refused,
        Self::ConfirmationNeeded,
        Self::RolledBack,
        Self::RollbackIncomplete,
        Self::LeftInPlace,
        Self::Locked,
        Self::Missing,
        Self::Something,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number handed to the operating system.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::ConfirmationNeeded => 4,
            Self::RolledBack => 5,
            Self::RollbackIncomplete => 6,
            Self::LeftInPlace => 7,
            Self::Locked => 8,
            Self::Missing => 9,
            Self::Something => 10,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// One line for the reference guide.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed, or findings at or above the threshold",
            Self::Usage => "bad command line or settings, or no input",
            Self::Refused => "refused: a precondition does not hold",
            Self::ConfirmationNeeded => "a confirmation is needed and could not be asked for",
            Self::RolledBack => "failed and rolled back",
            Self::RollbackIncomplete => "rollback incomplete, or the stack is not healthy after it",
            Self::LeftInPlace => "failed and left in place, as asked",
            Self::Locked => "another run holds the lock",
            Self::Missing => "a program or the container engine is missing",
            Self::Something => "there is something (only with `--exit-code`)",
            Self::Interrupted => "interrupted (SIGINT)",
            Self::Terminated => "terminated (SIGTERM)",
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The exit status of each error code; a code that is not listed ends with [`Exit::Failed`].
const BY_ERROR_CODE: &[(&str, Exit)] = &[
    ("archive_path_no_renames", Exit::Refused),
    ("archive_path_no_volume", Exit::Refused),
    ("archive_path_not_new", Exit::Refused),
    ("bad_environment", Exit::Usage),
    ("bad_project_name", Exit::Usage),
    ("bad_settings", Exit::Usage),
    ("config_failed", Exit::Failed),
    ("confirmation_needed", Exit::ConfirmationNeeded),
    ("context_missing", Exit::Usage),
    ("data_path_none", Exit::Refused),
    ("docker_config_unreadable", Exit::Usage),
    ("engine_address_bad", Exit::Usage),
    ("engine_certificates", Exit::Missing),
    ("engine_denied", Exit::Missing),
    ("engine_too_old", Exit::Missing),
    ("engine_unreachable", Exit::Missing),
    ("engines_many", Exit::Usage),
    ("env_file_invalid", Exit::Usage),
    ("env_file_missing", Exit::Usage),
    ("foreign_user", Exit::Refused),
    ("foreign_writer", Exit::Refused),
    ("image_missing", Exit::Refused),
    ("in_place_no_volume", Exit::Refused),
    ("in_place_no_way_back", Exit::Refused),
    ("input_missing", Exit::Usage),
    ("input_unreadable", Exit::Usage),
    ("locked", Exit::Locked),
    ("not_in_set", Exit::Usage),
    ("nothing_to_back_up", Exit::Refused),
    ("nothing_to_restore", Exit::Refused),
    ("operation_unfinished", Exit::Refused),
    ("platform_unsupported", Exit::Refused),
    ("project_ambiguous", Exit::Usage),
    ("project_missing", Exit::Usage),
    ("refused_by_user", Exit::Failed),
    ("restore_point_impossible", Exit::Refused),
    ("retention_empty", Exit::Usage),
    ("rule_unknown", Exit::Usage),
    ("service_unknown", Exit::Usage),
    ("set_exists", Exit::Refused),
    ("set_format_newer", Exit::Refused),
    ("set_missing", Exit::Usage),
    ("sink_address_missing", Exit::Usage),
    ("sink_secret_unreadable", Exit::Usage),
    ("sink_token_bad", Exit::Usage),
    ("sink_unknown", Exit::Usage),
    ("sinks_none", Exit::Usage),
    ("store_format", Exit::Refused),
    ("store_full", Exit::Refused),
    ("store_inside", Exit::Refused),
    ("store_missing", Exit::Usage),
    ("store_split", Exit::Refused),
    ("terminal_missing", Exit::Usage),
    ("usage", Exit::Usage),
    ("volume_differs", Exit::Refused),
    ("volume_foreign", Exit::Refused),
    ("volume_full", Exit::Refused),
    ("volume_in_memory", Exit::Refused),
    ("volume_moved", Exit::Refused),
    ("volume_secrets_missing", Exit::Refused),
    ("volume_unknown", Exit::Usage),
    ("worker_impossible", Exit::Missing),
];

/// The exit status of an error code.
#[must_use]
pub fn of_error(code: &str) -> Exit {
    BY_ERROR_CODE.iter().find(|(name, _)| *name == code).map_or(Exit::Failed, |(_, exit)| *exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_contract() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130, 143]);
    }

    #[test]
    fn table_of_error_codes_is_sorted_and_snake_case() {
        assert!(BY_ERROR_CODE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(BY_ERROR_CODE.iter().all(|(code, _)| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    #[test]
    fn unknown_error_code_fails_plainly() {
        assert_eq!(of_error("never_heard_of"), Exit::Failed);
        assert_eq!(of_error("project_missing"), Exit::Usage);
    }
}
