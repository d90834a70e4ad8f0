// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! stackctl: a Docker Compose stack manager and health supervisor.
//!
//! Code map, in reading order. Data flows one way: arguments, request, use case, pure core, outcome, output.
//!
//! - [`diag`]: places in texts, and what is said about them.
//! - [`compose`]: compose files to a resolved project, exactly as Compose reads them. Pure.
//! - [`companion`]: files that stand beside the compose file. Pure.
//! - [`catalog`]: what is known of services.
//! - [`rules`]: the checks. Pure.
//! - [`health`]: what containers do, what that means, and what to do about it. Pure.
//! - [`backup`]: restore points, their plans, and their ways back. Pure.
//! - [`volume`]: the content of a volume as an archive, an index, frames and a list of renames. Pure.
//! - [`config`]: settings in layers.
//! - [`sys`]: the outside, behind traits.
//! - [`app`]: the use cases.
//! - [`output`]: outcomes to text.
//! - [`tui`]: the dashboard.
//! - [`cli`]: the command line.
//! - `wire`: puts it all together.

pub mod app;
pub mod backup;
pub mod catalog;
pub mod cli;
pub mod companion;
pub mod compose;
pub mod config;
pub mod diag;
pub mod error;
pub mod exit;
pub mod health;
pub mod output;
pub mod rules;
pub mod sys;
pub mod tui;
pub mod volume;
mod wire;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with these arguments (the first is its name) and returns its exit status.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    wire::run(arguments).into()
}
