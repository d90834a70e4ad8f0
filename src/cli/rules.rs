// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl rules`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::error::choose_format;
use super::{GlobalArgs, Session, UsageError};
use crate::exit::Exit;
use crate::output::render::rule_list;
use crate::rules;

const FORMATS: &[&str] = &["human", "json"];

/// List all rules.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl rules
  stackctl rules --format json")]
pub(super) struct RulesArgs {
    /// How the list is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl RulesArgs {
    /// Prints the list.
    pub(super) fn run(self, before: Option<&str>, session: &mut Session<'_, '_>) -> Result<Exit, UsageError> {
        let format = choose_format("rules", self.format, before, FORMATS)?;
        let metas = rules::registry().iter().map(|rule| rule.meta);
        let text = match format {
            Some("json") => rule_list::json(metas, session.printer.run_id()),
            _ => rule_list::human(metas),
        };
        session.printer.result(&text);
        Ok(Exit::Done)
    }
}
