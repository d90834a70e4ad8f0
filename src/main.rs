// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Hands the arguments to the library and returns its exit status.

#![expect(clippy::disallowed_methods, reason = "hands the arguments over")]

use std::process::ExitCode;

fn main() -> ExitCode {
    stackctl::main(std::env::args_os())
}
