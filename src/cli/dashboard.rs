// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl dashboard`.

use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::EngineArgs;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::dashboard::{Hands, serve};
use crate::app::observe::{Scope, subject};
use crate::app::tasks::spawn_thread;
use crate::app::watch::{Extent, Request};
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::{self, Theme as Dress};
use crate::tui::keymap::Keymap;
use crate::tui::look::{Look, Signs, Theme};
use crate::tui::model::{Permission, Start};
use crate::tui::{self, Inbox, terminal};

/// Orders that wait at most.
const ORDERS: usize = 256;

/// Show the stack on one screen, for as long as somebody looks: what is wrong, why, and what to do.
///
/// Everything that changes something is asked for first. Keys are shown by `?`; colours, columns and keys are set in
/// `[dashboard]` of `stackctl.toml`. `NO_COLOR` is respected.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl dashboard                  the project in this folder
  stackctl dashboard --all            every compose project of the engine
  stackctl dashboard --read-only      nothing can be changed from it
  stackctl dashboard --plain          the table alone, once, without a screen
  stackctl tui -c home -c nas         two engines

Exit status: 0 left, 1 failed, 2 no terminal, 9 no engine (only with --plain).")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
pub(super) struct DashboardArgs {
    /// Show every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// Change nothing from here.
    #[arg(long)]
    read_only: bool,

    /// Print the table once and end, without a screen.
    #[arg(long)]
    plain: bool,

    /// Colours [default: that of `stackctl.toml`, else dark].
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Theme::NAMES), help_heading = "Output options")]
    theme: Option<String>,

    /// Show ASCII signs alone [default: as `stackctl.toml` says, else as the locale does].
    #[arg(long, help_heading = "Output options")]
    ascii: bool,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// Why there is no screen.
#[derive(Debug)]
enum Fault {
    NoTerminal,
    Setting(String),
    Screen(String),
}

impl UserError for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoTerminal => "terminal_missing",
            Self::Setting(_) => "bad_settings",
            Self::Screen(_) => "output_failed",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoTerminal => "there is no terminal to show the dashboard on".to_owned(),
            Self::Setting(reason) => format!("`[dashboard]` of `stackctl.toml`: {reason}"),
            Self::Screen(reason) => format!("the terminal cannot be drawn on: {reason}"),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoTerminal => {
                vec!["`stackctl dashboard --plain` prints the table; `stackctl watch` goes on".to_owned()]
            }
            Self::Setting(_) => vec!["guides/reference/dashboard.md names commands, keys and columns".to_owned()],
            Self::Screen(_) => Vec::new(),
        }
    }
}

impl DashboardArgs {
    /// Whether there is no screen.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// Shows the screen until somebody leaves it.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        if self.plain {
            return super::status::plain(self.all, before, startup, session).await;
        }
        let Some(size) = terminal::columns_and_rows().filter(|_| session.has_terminal) else {
            return Ok(session.fail(&Fault::NoTerminal));
        };
        let subject = subject(&session.context, &startup.selection, self.all)?;
        let start = match self.start(size, session) {
            Ok(start) => start,
            Err(reason) => return Ok(session.fail(&Fault::Setting(reason))),
        };
        let project = match &subject.scope {
            Scope::Project(name) => Some(name.clone()),
            Scope::Everything => None,
        };
        let start = Start { project, notes: subject.notes, ..start };
        let request = Request {
            scope: subject.scope,
            services: std::collections::BTreeSet::new(),
            file: subject.file,
            is_only_engine: session.live.engines.len() == 1,
            extent: Extent::Ongoing,
        };
        Ok(match show(start, &request, startup, session).await {
            Ok(()) if session.cancelled.is_cancelled() => Exit::Interrupted,
            Ok(()) => Exit::Done,
            Err(fault) => session.fail(&fault),
        })
    }

    fn start(&self, size: (u16, u16), session: &Session<'_, '_>) -> Result<Start, String> {
        let settings = &session.settings.dashboard;
        let named = self.theme.as_deref().or(settings.theme.as_deref()).and_then(Theme::named);
        let theme = if session.theme == Dress::Plain { Theme::Mono } else { named.unwrap_or_default() };
        let is_ascii = match (self.ascii, settings.is_ascii) {
            (true, _) | (false, Some(true)) => true,
            (false, Some(false)) => false,
            (false, None) => session.layout.signs == output::Signs::Ascii,
        };
        let signs = if is_ascii { Signs::Ascii } else { Signs::Unicode };
        let known = tui::panel::stack::COLUMNS.map(|(_, name, ..)| name);
        if let Some(column) = settings.columns.iter().find(|column| !known.contains(&column.as_str())) {
            return Err(format!("`{column}` is no column; there are {}", known.join(", ")));
        }
        let faults = session.live.engines.iter().filter_map(|link| {
            let fault = link.engine.as_ref().err()?;
            Some((link.name.clone(), fault.message(), fault.hints().into_iter().next()))
        });
        Ok(Start {
            project: None,
            notes: Vec::new(),
            faults: faults.collect(),
            permission: if self.read_only { Permission::Look } else { Permission::Act },
            look: Look { theme, signs },
            keymap: Keymap::with(&settings.keys)?,
            columns: settings.columns.clone(),
            now: session.live.clock.now(),
            size,
        })
    }
}

async fn show(start: Start, request: &Request, startup: &Startup, session: &mut Session<'_, '_>) -> Result<(), Fault> {
    let inbox = Arc::new(Inbox::default());
    let (orders, taken) = tokio::sync::mpsc::channel(ORDERS);
    let outside =
        tui::Outside { stream: session.live.stream, stop_self: session.stop_self, inbox: Arc::clone(&inbox), orders };
    let screen =
        spawn_thread("screen", move || tui::run(start, &outside)).map_err(|error| Fault::Screen(error.to_string()))?;
    let live = session.live;
    let hands = Hands {
        live: &live,
        screen: inbox.as_ref(),
        selection: &startup.selection,
        flags: &startup.flags,
        sets: session.sets,
        settings: session.settings,
    };
    // The screen's end ends the orders, and with them the serving.
    serve(hands, request, taken, &session.cancelled).await;
    inbox.close();
    let ended = screen.join(std::time::Duration::from_secs(2)).await;
    ended.unwrap_or(Ok(())).map_err(|error| Fault::Screen(error.to_string()))
}
