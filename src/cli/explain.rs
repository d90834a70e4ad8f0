// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl explain`.

use clap::Args;

use super::error::choose_format;
use super::{GlobalArgs, Session, UsageError};
use crate::diag::closest;
use crate::exit::Exit;
use crate::output::render::guide;
use crate::rules;

/// Say why a rule exists, what it flags and how to satisfy it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl explain image-tag-mutable")]
pub(super) struct ExplainArgs {
    /// Name of the rule.
    #[arg(value_name = "RULE")]
    rule: String,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl ExplainArgs {
    /// Prints the page of the rule.
    pub(super) fn run(self, before: Option<&str>, session: &mut Session<'_, '_>) -> Result<Exit, UsageError> {
        choose_format("explain", None, before, &["human"])?;
        let Some(rule) = rules::find(&self.rule) else {
            let known = rules::registry().iter().map(|rule| rule.meta.name);
            let closest = closest(&self.rule, known).map(str::to_owned);
            return Err(UsageError::UnknownRule { name: self.rule, closest });
        };
        session.printer.result(&guide::rule_text(rule.meta));
        Ok(Exit::Done)
    }
}
