// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl config`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::error::choose_format;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::AppError;
use crate::app::config::{Interpolation, Outcome, Request, run};
use crate::compose::{self, Resolved};
use crate::diag::{Diagnostic, Level};
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::Verbosity;
use crate::output::render::{self, Masking, config_json, config_lists, config_yaml, human};

const FORMATS: &[&str] = &["yaml", "json"];

/// Show what Compose makes of the files: merged, interpolated and normalised, as `docker compose config` does.
///
/// Values are shown as they are, secrets too; `--mask` hides those.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl config                              the resolved project as YAML
  stackctl -f a.yaml -f b.yaml config --format json
  stackctl config --services                   one name a line
  stackctl config --mask                       fit for a bug report
  stackctl config -q                           only the exit status

Exit status: 0 done, 1 when Compose would refuse the files, 2 bad command line.")]
pub(super) struct ConfigArgs {
    /// How the project is written [default: yaml].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    /// Leave variables as they are written.
    #[arg(long)]
    no_interpolate: bool,

    /// Mask the values of secrets.
    #[arg(long)]
    mask: bool,

    #[command(flatten)]
    view: ViewArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// What is shown instead of the whole project.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
struct ViewArgs {
    /// Print the service names, one a line.
    #[arg(long)]
    services: bool,

    /// Print the image names, one a line.
    #[arg(long)]
    images: bool,

    /// Print the volume names, one a line.
    #[arg(long)]
    volumes: bool,

    /// Print the network names, one a line.
    #[arg(long)]
    networks: bool,

    /// Print the profile names, one a line.
    #[arg(long)]
    profiles: bool,

    /// Print the variables with their defaults.
    #[arg(long)]
    variables: bool,

    /// Print the environment that variables are taken from.
    #[arg(long)]
    environment: bool,
}

/// The files do not make a project.
#[derive(Debug)]
struct Refused {
    file: String,
    errors: usize,
}

impl UserError for Refused {
    fn code(&self) -> &'static str {
        "config_failed"
    }

    fn message(&self) -> String {
        match self.errors {
            1 => format!("`{}` cannot be resolved: 1 error", self.file),
            errors => format!("`{}` cannot be resolved: {errors} errors", self.file),
        }
    }

    fn hints(&self) -> Vec<String> {
        vec!["`stackctl validate` judges the files as a whole".into()]
    }
}

impl ConfigArgs {
    /// Resolves and prints. Whatever Compose would refuse ends with status 1, a missing file too.
    pub(super) fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("config", self.format.clone(), before, FORMATS)?.unwrap_or("yaml");
        let keep = self.no_interpolate || self.view.variables;
        let request = Request {
            selection: startup.selection.clone(),
            interpolation: if keep { Interpolation::Keep } else { Interpolation::Replace },
        };
        let mut outcome = match run(&session.context, &request) {
            Ok(outcome) => outcome,
            Err(error @ AppError::Settings(_)) => return Err(error.into()),
            Err(error) => {
                session.printer.error(&error);
                return Ok(Exit::Failed);
            }
        };
        session.printer.notes(&outcome.notes);
        let Some(resolved) = outcome.loaded.resolved.take() else {
            refuse(&outcome, session);
            return Ok(Exit::Failed);
        };
        if session.printer.verbosity() >= Verbosity::Normal {
            tell(&outcome, &[Level::Warning], session);
        }
        let text = self.text(format, resolved, &outcome, &request);
        if session.printer.verbosity() >= Verbosity::Normal {
            session.printer.result(&text);
        }
        Ok(Exit::Done)
    }

    fn text(&self, format: &str, resolved: Resolved, outcome: &Outcome, request: &Request) -> String {
        let masking = if self.mask { Masking::On } else { Masking::Off };
        let view = &self.view;
        let tree = &resolved.tree;
        if view.services {
            return config_lists::services(tree);
        }
        if view.images {
            return config_lists::images(tree, &resolved.name);
        }
        if view.volumes {
            return config_lists::section(tree, "volumes");
        }
        if view.networks {
            return config_lists::section(tree, "networks");
        }
        if view.profiles {
            return config_lists::profiles(&resolved.profiles);
        }
        if view.environment {
            return config_lists::environment(&outcome.environment, masking);
        }
        if view.variables {
            let variables = config_lists::variables(&resolved.variables, masking);
            return if format == "json" {
                config_lists::variable_json(&variables)
            } else {
                config_lists::variable_table(&variables)
            };
        }
        let tree = if self.mask { render::mask_tree(tree) } else { resolved.tree };
        let text = match (format, request.interpolation) {
            ("json", Interpolation::Replace) => config_json::render(&compose::json_view(tree)),
            // Compose 2.40 prints the merged files here, and leaves nothing out.
            ("json", Interpolation::Keep) => config_json::render(&tree),
            _ => config_yaml::render(&tree),
        };
        match request.interpolation {
            // Compose 2.40 doubles every `$` of the written text, so that reading it again gives the same project.
            Interpolation::Replace if text.contains('$') => text.replace('$', "$$"),
            Interpolation::Replace | Interpolation::Keep => text,
        }
    }
}

fn refuse(outcome: &Outcome, session: &mut Session<'_, '_>) {
    tell(outcome, &[Level::Error, Level::Warning], session);
    let errors = outcome.loaded.diagnostics.iter().filter(|found| found.level == Level::Error).count();
    let file = outcome.loaded.sources.files().next().map_or("project", |(_, file)| file.name()).to_owned();
    session.printer.error(&Refused { file, errors });
}

/// Prints the diagnostics of these levels beside the result.
fn tell(outcome: &Outcome, levels: &[Level], session: &mut Session<'_, '_>) {
    let found: Vec<Diagnostic> =
        outcome.loaded.diagnostics.iter().filter(|found| levels.contains(&found.level)).cloned().collect();
    if !found.is_empty() {
        session.printer.beside(&human::render_diagnostics(&found, &outcome.loaded.sources, session.error_theme));
    }
}
