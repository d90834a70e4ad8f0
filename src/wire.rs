// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The composition root: makes the real outside, reads settings, starts logging, runs the command. The only file beside
//! `sys` that meets the process itself.

#![expect(clippy::disallowed_methods, reason = "the process itself is met here and in `sys` alone")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::Future;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::app::engines::{EngineLink, engines};
use crate::app::observe::Live;
use crate::app::probe::{self, Outside};
use crate::app::sinks;
use crate::app::verify::Tools;
use crate::app::{self, Context, LoadedSettings};
use crate::catalog::Catalog;
use crate::cli::{self, Answer, Cli, Session, Startup};
use crate::config::{self, ColorChoice, LogFormat, Settings, SettingsError};
use crate::error::{self, UserError};
use crate::exit::{self, Exit};
use crate::output::{self, Layout, Printer, Verbosity, choose};
use crate::sys::Clock as _;
use crate::sys::docker::DockerConnect;
use crate::sys::endpoint::EngineResolver;
use crate::sys::os::net::{OsHttp, OsMqtt, OsServer, OsTalker};
use crate::sys::os::signal::{HangUps, Request, Requests};
use crate::sys::os::{
    self, OsClock, OsDisk, OsFiles, OsHost, OsInput, OsMachine, OsPrograms, OsPrompt, OsRecords, OsWorkers,
};
#[cfg(target_os = "linux")]
use crate::sys::worker;

/// Runs the program with these arguments, the first its name.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    tell_panics_as_errors();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match arguments.as_slice() {
        #[cfg(target_os = "linux")]
        [_, verb, folder] if verb == worker::VERB => work_in(Path::new(folder)),
        _ => run_command(arguments),
    }
}

/// Runs a command for people.
fn run_command(arguments: Vec<OsString>) -> Exit {
    let environment = os::environment();
    let started = OsClock.now();
    let run_id = run_id(&environment, started);
    let mut printer = Printer::new(io::stdout(), io::stderr(), Verbosity::Normal, run_id.clone());
    if cfg!(windows) {
        return fail(&mut printer, &Windows);
    }
    let theme = |choice, stream_is_terminal| choose(choice, stream_is_terminal, &environment);
    let cli = match Cli::read(arguments, theme(ColorChoice::Auto, io::stdout().is_terminal())) {
        Ok(cli) => cli,
        Err(Answer::Shown(text)) => {
            printer.result(&text);
            return finish(printer, Exit::Done);
        }
        Err(Answer::Refused(text)) => {
            printer.beside(&text);
            return finish(printer, Exit::Usage);
        }
    };
    let startup = match cli.startup() {
        Ok(startup) => startup,
        Err(error) => return fail(&mut printer, &error),
    };
    let mut printer = Printer::new(io::stdout(), io::stderr(), startup.verbosity, run_id.clone());
    let working_dir = match os::working_directory() {
        Ok(directory) => directory,
        Err(error) => return fail(&mut printer, &NoWorkingDirectory(error.to_string())),
    };
    let catalog = Catalog::embedded();
    let input = OsInput::default();
    let context = Context {
        files: &OsFiles,
        input: &input,
        environment: &environment,
        working_dir: &working_dir,
        catalog: &catalog,
        max_file_size: config::DEFAULT_MAX_FILE_SIZE,
    };
    let settings = match settings(&context, &startup) {
        Ok(loaded) => loaded.settings,
        Err(error) => return fail(&mut printer, &error),
    };
    if !cli.has_screen()
        && let Err(error) = start_logging(&settings)
    {
        return fail(&mut printer, &error);
    }
    let _run = tracing::error_span!("run", run_id = %run_id).entered();
    for note in cli::environment_notes(&environment) {
        printer.note(&note);
    }
    let wish = cli.engines();
    let outer = Outer::of(&environment);
    let resolver = EngineResolver { files: &OsFiles, environment: &environment };
    let links: Vec<EngineLink> = wish.iter().flat_map(|wish| engines(resolver, &outer.connect, wish)).collect();
    let context = Context { max_file_size: settings.max_file_size.value, ..context };
    let output_theme = theme(settings.color.value, io::stdout().is_terminal());
    let cancelled = CancellationToken::new();
    // Probes speak plain HTTP alone, so no authority is named.
    let http = OsHttp::new(&OsFiles, None);
    let authority = environment.get("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let web = OsHttp::new(&OsFiles, authority.map(|path| context.absolute(path)));
    let mut session = Session {
        context,
        live: Live {
            context,
            engines: &links,
            clock: &OsClock,
            host: &OsHost,
            machine: &OsMachine,
            programs: &OsPrograms,
            stream: || Box::new(io::stdout()),
        },
        tools: Tools {
            probe: Outside { http: &http, talker: &OsTalker, step: probe::STEP },
            records: &OsRecords,
            prompt: &OsPrompt,
        },
        sets: app::backup::Outside { disk: &outer.disk, clock: &OsClock },
        make_workers: &outer.workers,
        has_terminal: io::stdin().is_terminal() && io::stdout().is_terminal(),
        stop_self: crate::sys::os::signal::stop_self,
        sinks: sinks::Outside { files: &OsFiles, http: &web, server: &OsServer, mqtt: &OsMqtt },
        layout: Layout {
            width: output::columns(&environment, os::terminal_columns()),
            signs: output::signs(&environment),
            theme: output_theme,
        },
        cancelled: cancelled.clone(),
        settings: &settings,
        theme: output_theme,
        error_theme: theme(settings.color.value, io::stderr().is_terminal()),
        printer: &mut printer,
        started,
    };
    let exit = carry_out(cli, &startup, &mut session);
    match exit {
        Ok(exit) => finish(printer, exit),
        Err(error) => fail(&mut printer, &Internal(format!("no runtime: {error}"))),
    }
}

/// Runs a command in the way that it needs.
fn carry_out(cli: Cli, startup: &Startup, session: &mut Session<'_, '_>) -> io::Result<Exit> {
    if !cli.waits() {
        return block_on_nothing(cli.run(startup, session));
    }
    let hang_ups = if cli.has_screen() { HangUps::Heard } else { HangUps::Left };
    let cancelled = session.cancelled.clone();
    run_with_others(hang_ups, cli.run(startup, session), &cancelled)
}

/// The parts of the outside that tests of a debug build can make fail.
#[cfg(debug_assertions)]
struct Outer {
    connect: crate::sys::fault::FaultyConnect<DockerConnect<'static>>,
    disk: crate::sys::fault::FaultyDisk<OsDisk>,
    workers: OsWorkers,
}

#[cfg(debug_assertions)]
impl Outer {
    fn of(environment: &BTreeMap<String, String>) -> Self {
        use crate::sys::fault::{Fault, FaultyConnect, FaultyDisk, Strikes, VARIABLE};
        let point = environment.get(VARIABLE).cloned();
        let fault = point.as_deref().and_then(Fault::read);
        let strikes = Strikes { kill: os::kill_self, hold: os::hold_self };
        Self {
            connect: FaultyConnect::new(DockerConnect { files: &OsFiles }, fault, strikes),
            disk: FaultyDisk::new(OsDisk, fault, strikes),
            workers: OsWorkers { fail_point: point },
        }
    }
}

#[cfg(not(debug_assertions))]
struct Outer {
    connect: DockerConnect<'static>,
    disk: OsDisk,
    workers: OsWorkers,
}

#[cfg(not(debug_assertions))]
impl Outer {
    fn of(_: &BTreeMap<String, String>) -> Self {
        Self { connect: DockerConnect { files: &OsFiles }, disk: OsDisk, workers: OsWorkers { fail_point: None } }
    }
}

/// Serves another stackctl over standard input and output. No command for people: nothing is read but what it is told.
#[cfg(target_os = "linux")]
fn work_in(folder: &Path) -> Exit {
    match os::work_in(folder, &os::environment()) {
        Ok(()) => Exit::Done,
        Err(reason) => {
            let text = error::render(&WorkerFailed(reason), None);
            let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
            Exit::Failed
        }
    }
}

/// Runs a command that waits for nothing outside. Signals end it as they end any program.
fn block_on_nothing(command: impl Future<Output = Exit>) -> io::Result<Exit> {
    Ok(tokio::runtime::Builder::new_current_thread().build()?.block_on(command))
}

/// Runs a command that talks to others. The first signal asks it to end, the second ends it; either way the exit status
/// names the signal.
fn run_with_others(
    hang_ups: HangUps,
    command: impl Future<Output = Exit>,
    cancelled: &CancellationToken,
) -> io::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        let mut requests = Requests::listen(hang_ups)?;
        let mut command = std::pin::pin!(command);
        let exit_of = |request| match request {
            Request::Interrupt => Exit::Interrupted,
            Request::Terminate | Request::HangUp => Exit::Terminated,
        };
        let first = tokio::select! {
            exit = &mut command => return Ok(exit),
            request = requests.next() => request,
        };
        cancelled.cancel();
        tokio::select! {
            _ = &mut command => Ok(exit_of(first)),
            second = requests.next() => Ok(exit_of(second)),
        }
    });
    // A name that is still being looked up would hold up the end for as long as its servers are silent.
    runtime.shutdown_background();
    exit
}

/// The settings for the run as a whole, from the `stackctl.toml` near what is named, else near the working directory.
fn settings(context: &Context<'_>, startup: &Startup) -> Result<LoadedSettings, app::AppError> {
    let near = startup.settings_near.as_ref().map(|path| context.absolute(path));
    let folder: &Path = match &near {
        Some(path) if context.files.is_directory(path) => path,
        Some(path) => path.parent().unwrap_or(context.working_dir),
        None => context.working_dir,
    };
    app::load_settings(context, folder, &startup.flags)
}

/// Log lines go to standard error; colour is left out so that text and JSON read alike in files.
fn start_logging(settings: &Settings) -> Result<(), SettingsError> {
    let level = &settings.log_level;
    let filter = EnvFilter::try_new(&level.value).map_err(|_| SettingsError::BadValue {
        place: level.origin.to_string(),
        key: "log_level".into(),
        expected: "`error`, `warn`, `info`, `debug`, `trace` or a filter".into(),
        found: level.value.clone(),
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    let started = match settings.log_format.value {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    // A logger that is already there (the library used twice in one process) stays.
    drop(started);
    Ok(())
}

/// `STACKCTL_RUN_ID`, else the time in seconds and the process id: short, sortable, and different for runs side by side.
fn run_id(environment: &BTreeMap<String, String>, started: DateTime<Utc>) -> String {
    match environment.get(config::env::RUN_ID).filter(|id| !id.is_empty()) {
        Some(id) => id.chars().filter(|letter| !letter.is_control()).take(128).collect(),
        None => format!("{}-{:x}", started.format("%Y%m%dT%H%M%S"), std::process::id()),
    }
}

fn fail(printer: &mut Printer<'_>, error: &dyn UserError) -> Exit {
    printer.error(error);
    exit::of_error(error.code())
}

/// The exit status, unless the result could not be written.
fn finish(printer: Printer<'_>, exit: Exit) -> Exit {
    let run_id = printer.run_id().to_owned();
    match printer.finish() {
        Ok(()) => exit,
        Err(failure) => {
            let text = error::render(&WriteFailed(failure.to_string()), Some(&run_id));
            // When standard error is gone too, the exit status is all that is left.
            let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
            Exit::Failed
        }
    }
}

/// A bug still ends in the words that users know, and without a stack trace unless asked for.
fn tell_panics_as_errors() {
    let with_trace = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            with_trace(panic);
        } else {
            let text = error::render(&Internal(panic.to_string()), None);
            let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
        }
        #[expect(clippy::exit, reason = "a bug ends the run with a status of the contract, not with SIGABRT")]
        std::process::exit(i32::from(Exit::Failed.code()));
    }));
}

#[derive(Debug)]
struct Windows;

impl UserError for Windows {
    fn code(&self) -> &'static str {
        "platform_unsupported"
    }
    fn message(&self) -> String {
        "stackctl does not run on native Windows".into()
    }
    fn hints(&self) -> Vec<String> {
        vec!["run it inside WSL2 with Docker Desktop".into()]
    }
}

#[derive(Debug)]
struct NoWorkingDirectory(String);

impl UserError for NoWorkingDirectory {
    fn code(&self) -> &'static str {
        "input_unreadable"
    }
    fn message(&self) -> String {
        format!("cannot tell the working directory: {}", self.0)
    }
}

#[cfg(target_os = "linux")]
#[derive(Debug)]
struct WorkerFailed(String);

#[cfg(target_os = "linux")]
impl UserError for WorkerFailed {
    fn code(&self) -> &'static str {
        "worker_failed"
    }
    fn message(&self) -> String {
        self.0.clone()
    }
}

#[derive(Debug)]
struct WriteFailed(String);

impl UserError for WriteFailed {
    fn code(&self) -> &'static str {
        "output_failed"
    }
    fn message(&self) -> String {
        format!("cannot write the result: {}", self.0)
    }
}

#[derive(Debug)]
struct Internal(String);

impl UserError for Internal {
    fn code(&self) -> &'static str {
        "internal"
    }
    fn message(&self) -> String {
        self.0.replace('\n', " ")
    }
    fn hints(&self) -> Vec<String> {
        vec!["this is a bug in stackctl; set `RUST_BACKTRACE=1` and report what is shown".into()]
    }
}
