// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The reference of the command line as Markdown, made from the command line itself: `guides/reference/cli.md`.

use std::fmt::Write as _;

use crate::config::env::VARIABLES;
use crate::exit::Exit;

/// The whole page: every command with its flags, the exit statuses, the variables.
#[must_use]
pub fn cli_reference(command: &clap::Command) -> String {
    let mut command = command.clone().term_width(100).version("VERSION");
    command.build();
    let mut page = String::from(
        "<!-- AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices -->\n# Command line\n\n\
         Made from the program itself; do not edit.\n\n\
         Standard output carries the result only; everything else goes to standard error. Flags of all commands may stand\n\
         before or after the command's name. Precedence: flag, `STACKCTL_*` variable, `stackctl.toml`, default.\n\n",
    );
    write_command(&mut page, &mut command, 2);
    page.push_str("## Exit status\n\n| Status | Meaning |\n|---|---|\n");
    for exit in Exit::ALL {
        let _ = writeln!(page, "| {} | {} |", exit.code(), exit.meaning());
    }
    page.push_str("\n## Variables\n\n| Variable | What it sets | Since |\n|---|---|---|\n");
    for variable in VARIABLES {
        let _ = writeln!(page, "| `{}` | {} | {} |", variable.name, variable.about, variable.since);
    }
    page
}

fn write_command(page: &mut String, command: &mut clap::Command, depth: usize) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let trimmed: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(page, "{} {name}\n\n```text\n{}\n```\n\n", "#".repeat(depth), trimmed.join("\n").trim_end());
    let visible = command.get_subcommands_mut().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help");
    for inner in visible {
        write_command(page, inner, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_exit_status_is_there() {
        let page = cli_reference(&super::super::command());
        for part in [
            "## stackctl\n",
            "### stackctl validate\n",
            "### stackctl config\n",
            "--no-interpolate",
            "| 143 |",
            "`STACKCTL_RUN_ID`",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains('\u{1b}') && !page.contains(env!("CARGO_PKG_VERSION").repeat(2).as_str()));
    }
}
