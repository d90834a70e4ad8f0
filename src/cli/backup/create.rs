// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup create`.

use std::path::Path;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Fault;
use super::args::{FORMATS, StoreArgs, given_or_configured};
use crate::app::backup::recover::{Course, Way, recover, unfinished};
use crate::app::backup::{
    BackupError, Images, Means, Prepared, Site, Store, Wish, create, forecast, open_or_make, prepare, project_name,
};
use crate::backup::plan::{Cache, Quiesce, Request, Secrets, Unchanged};
use crate::backup::retention::{EmptyPolicy, Policy};
use crate::cli::engine::EngineArgs;
use crate::cli::operation::{Needs, OperationArgs, agree, holding, question, teller};
use crate::cli::telling::{self, Ended, Outcome};
use crate::cli::{Session, Startup, VERSION};
use crate::config::BackupSettings;
use crate::exit::Exit;
use crate::output::render::{change_json, restore_points};

/// Make a restore point: stop who writes, read, start again, read back, publish.
///
/// Shows the plan and asks. Services that mount what is read are stopped in the order in which they need each other,
/// and started again as soon as the data is read. Nothing is published that was not read back from the disk.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  stackctl backup                                  the whole project
  stackctl backup create ovos_core --note 'works'  what one service mounts
  stackctl backup --dry-run                        what would be read, stopped, left out
  stackctl backup --quiesce none --yes             without a stop; the data may be torn
  stackctl backup --save-images --store /mnt/nas/lab --yes
  stackctl backup --yes --notify --prune --keep-last 3 --keep-daily 7

Exit status: 0 done, 1 failed and nothing published (or the set is good and old ones could not be removed), 3 refused, 4 a confirmation is needed, 6 the set is good and the
stack is not well, 8 another run works on the project, 9 no engine.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
pub(super) struct CreateArgs {
    /// Only what these services mount.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// Only these: volumes by name or key, absolute paths; may be given more than once.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    volumes: Vec<String>,

    /// Not these, likewise.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    exclude: Vec<String>,

    /// How every writer is kept still [default: as its label says, else stop].
    #[arg(long, value_name = "WAY", value_parser = PossibleValuesParser::new(Quiesce::WORDS))]
    quiesce: Option<String>,

    #[command(flatten)]
    extent: ExtentArgs,

    /// Put values of secrets into the set: `.env`, and files mounted as secrets.
    #[arg(long)]
    include_secrets: bool,

    /// Put the images into the set.
    #[arg(long)]
    save_images: bool,

    /// A path outside the project folder that is read too; may be given more than once.
    #[arg(long, value_name = "PATH")]
    include_path: Vec<String>,

    /// A container of another project that may be stopped; may be given more than once.
    #[arg(long, value_name = "CONTAINER")]
    stop_foreign: Vec<String>,

    /// What is written about it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Once the set is there and the stack is well, remove sets that no rule keeps: by the rules below, else by those of
    /// `[backup]` in `stackctl.toml`.
    #[arg(long, help_heading = "Retention")]
    prune: bool,

    /// Remove nothing, whatever `stackctl.toml` says.
    #[arg(long, conflicts_with = "prune", help_heading = "Retention")]
    no_prune: bool,

    /// Keep the newest sets.
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "prune", help_heading = "Retention")]
    keep_last: usize,

    /// Keep the newest set of each of so many days.
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "prune", help_heading = "Retention")]
    keep_daily: usize,

    /// Keep the newest set of each of so many weeks.
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "prune", help_heading = "Retention")]
    keep_weekly: usize,

    /// Keep the newest set of each of so many months.
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "prune", help_heading = "Retention")]
    keep_monthly: usize,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) operation: OperationArgs,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Flags that say how much is read.
#[derive(Debug, Clone, Args)]
struct ExtentArgs {
    /// Read caches too, such as models that can be downloaded again.
    #[arg(long)]
    include_cache: bool,

    /// Read all data, also what has not changed since an earlier set.
    #[arg(long)]
    full: bool,
}

impl CreateArgs {
    /// Which sets are kept afterwards; none: all.
    fn keep(&self, settings: &BackupSettings) -> Result<Option<Policy>, BackupError> {
        if self.no_prune || !(self.prune || settings.prunes) {
            return Ok(None);
        }
        let given = Policy {
            last: self.keep_last,
            daily: self.keep_daily,
            weekly: self.keep_weekly,
            monthly: self.keep_monthly,
        };
        let policy = given_or_configured(given, settings);
        if policy == Policy::default() { Err(EmptyPolicy.into()) } else { Ok(Some(policy)) }
    }

    fn wish(&self, keep: Option<Policy>) -> Wish {
        let request = Request {
            services: self.services.clone(),
            volumes: self.volumes.clone(),
            exclude: self.exclude.clone(),
            quiesce: self.quiesce.as_deref().and_then(Quiesce::from_word),
            cache: if self.extent.include_cache { Cache::Captured } else { Cache::Listed },
            secrets: if self.include_secrets { Secrets::Captured } else { Secrets::LeftOut },
            unchanged: if self.extent.full { Unchanged::Read } else { Unchanged::Linked },
            stop_foreign: self.stop_foreign.clone(),
            outside: self.include_path.clone(),
        };
        Wish {
            request,
            images: if self.save_images { Images::Saved } else { Images::Named },
            note: self.note.clone(),
            keep,
            gate_limit: self.operation.gate_timeout,
        }
    }
}

pub(super) async fn run(
    args: &CreateArgs,
    folder: &Path,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, Fault> {
    let project = project_name(&session.context, &startup.selection)?;
    let messenger = telling::messenger(args.operation.notify && !args.operation.dry_run, session)?;
    let ended = begin(args, &project, folder, is_json, startup, session).await;
    let outcome = match &ended {
        Ok(ended) => Outcome::Ended(ended),
        Err(Fault::Disagreement(one)) if one.is_wanted() => Outcome::Declined,
        Err(fault) => Outcome::Failed(fault),
    };
    telling::tell_end(messenger.as_ref(), ("backup", &project), outcome, session).await;
    ended.map(|ended| ended.exit)
}

async fn begin(
    args: &CreateArgs,
    project: &str,
    folder: &Path,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Ended, Fault> {
    let means = Means::of(&session.live, session.make_workers, (project, args.operation.data_path())).await?;
    let wish = args.wish(args.keep(&session.settings.backup)?);
    if args.operation.dry_run {
        // As far as the first write: the store need not even be there.
        let opened = crate::app::backup::open(session.sets, folder).ok();
        let free = opened.as_ref().and_then(|store| store.free_bytes().ok());
        let context = session.context;
        let mut prepared = prepare(&context, means.engine(), &startup.selection, &wish, (folder, free)).await?;
        if let (Some(keep), Some(store)) = (wish.keep, &opened) {
            prepared.going = forecast(session.sets, store, keep)?;
        }
        session.printer.notes(&prepared.scene.notes);
        let text = if is_json {
            change_json::backup_plan(&prepared, means.path(), session.printer.run_id(), VERSION)
        } else {
            restore_points::backup_plan(&prepared, means.path())
        };
        session.printer.result(&text);
        return refusals(&prepared).map(|()| Ended { exit: Exit::Done, words: String::new() });
    }
    let store = open_or_make(session.sets, folder)?;
    let site = means.site(session.context, session.sets, &store);
    let work = async |session: &mut Session<'_, '_>| make(args, site, &wish, is_json, startup, session).await;
    holding(site, (project, "backup"), args.operation.breaking(), session, work).await?
}

fn refusals(prepared: &Prepared) -> Result<(), Fault> {
    match prepared.plan.refusals.first() {
        Some(refusal) => Err(Fault::Plan(refusal.clone())),
        None => Ok(()),
    }
}

/// Brings to its end what is left of earlier runs: nothing may be done on top of it.
pub(crate) async fn settle(site: Site<'_>, session: &mut Session<'_, '_>) -> Result<(), BackupError> {
    // The lock is ours, so helpers of this project are of runs that died.
    site.workers.sweep_all().await?;
    if unfinished(site.store)?.is_empty() {
        return Ok(());
    }
    let mut told = teller(session.sets, session.printer);
    let course = Course { way: Way::Decided, gate_limit: None };
    let recovered = recover(site, course, &mut told).await?;
    drop(told);
    for one in recovered {
        session.printer.note(&format!("`{}` was cut short and is brought to its end", one.operation));
    }
    Ok(())
}

async fn make(
    args: &CreateArgs,
    site: Site<'_>,
    wish: &Wish,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Ended, Fault> {
    settle(site, session).await?;
    let prepared = planned(site, wish, startup, site.store).await?;
    session.printer.notes(&prepared.scene.notes);
    session.printer.beside(&restore_points::backup_plan(&prepared, site.workers.path()));
    refusals(&prepared)?;
    agree(&args.operation, Needs::Yes, &question("make this restore point", site.workers.path()), session).await?;
    let cancelled = session.cancelled.clone();
    let mut told = teller(session.sets, session.printer);
    let created = create(site, &prepared, wish, &cancelled, &mut told).await?;
    drop(told);
    let words = restore_points::created(&created);
    let text = if is_json {
        change_json::created(
            &created,
            &prepared,
            site.workers.path(),
            site.store.place(),
            session.printer.run_id(),
            VERSION,
        )
    } else {
        words.clone()
    };
    session.printer.result(&text);
    if let Some(fault) = &created.prune_fault {
        session.printer.error(fault);
    }
    let exit = match (created.ill.is_empty(), &created.prune_fault) {
        (false, _) => Exit::RollbackIncomplete,
        (true, Some(_)) => Exit::Failed,
        (true, None) => Exit::Done,
    };
    Ok(Ended { exit, words })
}

async fn planned(site: Site<'_>, wish: &Wish, startup: &Startup, store: &Store<'_>) -> Result<Prepared, BackupError> {
    let free = store.free_bytes().ok();
    let mut prepared = prepare(&site.context, site.engine, &startup.selection, wish, (store.place(), free)).await?;
    if let Some(keep) = wish.keep {
        prepared.going = forecast(site.outside, store, keep)?;
    }
    Ok(prepared)
}
