// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl validate`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::error::choose_format;
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::validate::{Outcome, Request, run};
use crate::config::{FindingFormat, Layer, PersonaChoice, level_word};
use crate::error::UserError as _;
use crate::exit::{self, Exit};
use crate::output::Verbosity;
use crate::output::render::{Report, github, human, json_v1, sarif};

/// Judge compose projects: faults that Compose refuses, and what the rules say.
///
/// Without a path, judges the project that is found from here. A folder stands for every compose project below it, except
/// what git ignores; a file for that file; `-` for standard input. Where `.env` is absent, `.env.example` stands in.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl validate                         the project in this folder
  stackctl validate .                       every project below this folder
  stackctl validate --format json a.yaml    one file, for a program
  stackctl validate --ignore port-unbound --fail-on warning
  cat compose.yaml | stackctl validate -

Exit status: 0 no finding at or above --fail-on, 1 findings, 2 bad command line or nothing found.")]
pub(super) struct ValidateArgs {
    /// Files, folders, or `-`.
    #[arg(value_name = "PATH")]
    pub(super) targets: Vec<String>,

    /// Only these rules speak; several separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// These rules are silent; several separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Which rules speak: `pedantic` adds hardening and style [default: default].
    #[arg(long, value_name = "PERSONA", value_parser = PossibleValuesParser::new(PersonaChoice::WORDS))]
    persona: Option<String>,

    /// Lowest level that makes the exit status 1 [default: error].
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(["error", "warning", "info"]))]
    fail_on: Option<String>,

    /// How findings are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FindingFormat::WORDS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl ValidateArgs {
    /// Writes the flags of this command into a layer of settings. `before` is the format given before the command's name.
    pub(super) fn set(&self, before: Option<&str>, flags: &mut Layer) -> Result<(), UsageError> {
        let format = choose_format("validate", self.format.clone(), before, FindingFormat::WORDS)?;
        let list = |names: &Vec<String>| (!names.is_empty()).then(|| names.clone());
        flags.select = list(&self.select);
        flags.ignore = list(&self.ignore);
        flags.persona = self.persona.as_deref().and_then(PersonaChoice::from_word);
        flags.fail_on = self.fail_on.as_deref().and_then(level_word);
        flags.format = format.and_then(FindingFormat::from_word);
        Ok(())
    }

    /// Judges, prints, and tells whether a finding reaches the threshold.
    pub(super) fn run(self, startup: &Startup, session: &mut Session<'_, '_>) -> Result<Exit, UsageError> {
        let request =
            Request { targets: self.targets, selection: startup.selection.clone(), flags: startup.flags.clone() };
        let outcome = run(&session.context, &request)?;
        session.printer.notes(&outcome.notes);
        print(&outcome, session);
        for failure in &outcome.failures {
            session.printer.error(failure);
        }
        Ok(match outcome.failures.first() {
            Some(failure) => exit::of_error(failure.code()),
            None if outcome.has_failing_finding() => Exit::Failed,
            None => Exit::Done,
        })
    }
}

fn print(outcome: &Outcome, session: &mut Session<'_, '_>) {
    let run_id = session.printer.run_id().to_owned();
    let report = Report::new(outcome, &run_id, session.started, VERSION);
    let text = match session.settings.format.value {
        FindingFormat::Human if session.printer.verbosity() == Verbosity::Quiet => {
            human::render_findings(&report, session.theme)
        }
        FindingFormat::Human => human::render(&report, session.theme),
        FindingFormat::Json => json_v1::render(&report),
        FindingFormat::Sarif => sarif::render(&report),
        FindingFormat::Github => github::render(&report),
    };
    session.printer.result(&text);
}
