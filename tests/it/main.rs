// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one integration binary: drives the built program, and holds the repository to its own rules.

#![expect(clippy::disallowed_methods, reason = "tests set up files and run the program")]
#![expect(clippy::expect_used, clippy::panic, reason = "a failed set-up fails the test")]

mod backup;
mod burst;
mod cli_contract;
mod conformance;
mod dashboard;
mod engine_contract;
mod engine_link;
mod generated;
mod helper;
mod hostile;
mod live;
mod output_formats;
mod planted;
mod readme;
mod restore_points;
mod sarif;
mod shipped;
mod sinks;
mod ssh;
mod supervise;
mod support;
mod tidy;
mod tls;
mod verify;
mod watch;
mod worker;
