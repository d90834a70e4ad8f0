// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl notify`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use super::error::choose_format;
use super::{GlobalArgs, Session, UsageError, VERSION};
use crate::app::sinks::{RunName, test};
use crate::exit::Exit;
use crate::output::render::notify;

const FORMATS: &[&str] = &["human", "json"];

/// See to those who are told what `supervise` sees.
#[derive(Debug, Args)]
pub(super) struct NotifyArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Test(TestArgs),
}

/// Send one test message through each configured sink.
///
/// A webhook gets a message that says that nothing is wrong; an MQTT broker one that nobody keeps, under
/// `stackctl/NAME/test`; for Prometheus it is tried whether the address can be had. Addresses are shown without what may
/// be a secret in them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl notify test
  stackctl notify test --sink mqtt
  stackctl notify test --format json

Exit status: 0 all went well, 1 one failed, 2 no sink is configured.
Settings: guides/reference/sinks.md.")]
struct TestArgs {
    /// Only this one: `prometheus`, `mqtt`, or the name of a webhook.
    #[arg(long, value_name = "NAME")]
    sink: Option<String>,

    /// How the answer is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    global: GlobalArgs,
}

impl NotifyArgs {
    /// The flags for all commands.
    pub(super) fn global(&self) -> &GlobalArgs {
        let Verb::Test(args) = &self.verb;
        &args.global
    }

    /// Tests, prints, and tells how it ended.
    pub(super) async fn run(self, before: Option<&str>, session: &mut Session<'_, '_>) -> Result<Exit, UsageError> {
        let Verb::Test(args) = self.verb;
        let format = choose_format("notify test", args.format, before, FORMATS)?;
        let run = RunName {
            run_id: session.printer.run_id().to_owned(),
            host: session.live.machine.identity().host,
            version: VERSION,
        };
        let testing = test(&session.settings.sinks, args.sink.as_deref(), session.sinks, &run, session.started);
        let Some(results) = session.cancelled.run_until_cancelled(testing).await else {
            return Ok(Exit::Interrupted);
        };
        let results = match results {
            Ok(results) => results,
            Err(fault) => return Ok(session.fail(&fault)),
        };
        let text = match format {
            Some("json") => notify::json(&results, session.printer.run_id()),
            _ => notify::human(&results, session.layout),
        };
        session.printer.result(&text);
        Ok(if results.iter().all(|one| one.result.is_ok()) { Exit::Done } else { Exit::Failed })
    }
}
