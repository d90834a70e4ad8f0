// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Writes a compose file with as many services as the argument says, for the comparison with other tools.

#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use std::io::{self, Write as _};

#[path = "../stack/mod.rs"]
mod stack;

fn main() -> io::Result<()> {
    let services = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(3);
    io::stdout().write_all(stack::stack(services).as_bytes())
}
