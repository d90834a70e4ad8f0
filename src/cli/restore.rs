// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl restore`.

use std::path::Path;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::backup::settle;
use super::engine::EngineArgs;
use super::error::choose_format;
use super::operation::{Disagreement, Needs, OperationArgs, agree, holding, question, teller};
use super::telling::{self, Ended, Outcome};
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::Selection;
use crate::app::backup::restore::{
    Ending, KeepUndo, Prepared, RestoreWish, Restored, Room, WithImages, kept, newest, newest_verified, prepare,
    put_images_back, restore, undo, verify_images,
};
use crate::app::backup::{
    BackupError, Means, Site, Wish, create, open, prepare as prepare_backup, project_name, resolve, store_folder,
};
use crate::app::sinks::SinkFault;
use crate::backup::journal::OnUnhealthy;
use crate::backup::restore::{Refusal, Request};
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::render::{change_json, restore_points};

const FORMATS: &[&str] = &["human", "json"];

/// Put a restore point back: verified first, exchanged as a whole, undone when the stack is not well with it.
///
/// The set is read in full before anybody is stopped. What is there stays beside the restored data until the stack is
/// well again, and comes back when it is not. The result is exactly the set: nothing of what was there stays among it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl restore                              the newest verified set
  stackctl restore 7 --volumes ovos_config      one volume of set 7
  stackctl restore --dry-run                    what would be replaced, stopped, lost
  stackctl restore --as lab2                    beside the project, as another one
  stackctl restore --confirm lab                in scripts, whatever newer data is lost
  stackctl restore --with-images                the images of then too, loaded from the set where they are gone
  stackctl restore --in-place --volumes data    delete the old data first, where there is no room for both
  stackctl restore --undo                       back to what was there before `restore --keep-undo`

Exit status: 0 done, 1 failed and nothing changed (or the data is in place and images are not), 3 refused, 4 a confirmation is needed, 5 undone, 6 neither restored nor
undone, 7 not well and kept, 8 another run works on the project, 9 no engine.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
pub(super) struct RestoreArgs {
    /// Name of the set, its number, or `latest` [default: the newest complete verified one].
    #[arg(value_name = "SET", conflicts_with = "undo")]
    set: Option<String>,

    /// Only these: volumes by name or key, paths; may be given more than once.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    volumes: Vec<String>,

    /// Restore into another project; volumes get its name.
    #[arg(long = "as", value_name = "PROJECT")]
    as_project: Option<String>,

    /// What happens when the stack is not well afterwards [default: ask at a terminal, unless agreed to beforehand; else
    /// rollback]. Without a terminal, `ask` is `rollback`.
    #[arg(long, value_name = "WAY", value_parser = PossibleValuesParser::new(["rollback", "keep", "ask"]))]
    on_unhealthy: Option<String>,

    /// Keep what is there now, for `restore --undo`.
    #[arg(long)]
    keep_undo: bool,

    /// Delete what is there before the set is unpacked, for when there is no room for both. The way back is a set that is
    /// made first, with all standing still.
    ///
    /// Takes as long again when the stack is not well with it: the old data is unpacked from that set.
    #[arg(long, conflicts_with_all = ["keep_undo", "as_project", "undo"])]
    in_place: bool,

    /// Let the names of images mean what they meant when the set was made; what is not at the engine is loaded from the set.
    ///
    /// Containers are not made anew: they keep their image until `docker compose up` makes them.
    #[arg(long, conflicts_with = "undo")]
    with_images: bool,

    /// Go back to what was there before the last restore that kept it.
    #[arg(long)]
    undo: bool,

    /// Where newer data would be lost, do not make a restore point of it first.
    #[arg(long)]
    no_backup: bool,

    /// A container of another project that may be stopped; may be given more than once.
    #[arg(long, value_name = "CONTAINER")]
    stop_foreign: Vec<String>,

    /// Folder of the store [default: `STACKCTL_STORE`, else that of the project].
    #[arg(long, value_name = "DIR", help_heading = "Project options")]
    store: Option<String>,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    operation: OperationArgs,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// What keeps a run from its end.
#[derive(Debug)]
enum Fault {
    Backup(BackupError),
    Plan(Refusal),
    Disagreement(Disagreement),
    Sinks(SinkFault),
}

impl From<BackupError> for Fault {
    fn from(error: BackupError) -> Self {
        Self::Backup(error)
    }
}

impl From<Disagreement> for Fault {
    fn from(one: Disagreement) -> Self {
        Self::Disagreement(one)
    }
}

impl From<SinkFault> for Fault {
    fn from(fault: SinkFault) -> Self {
        Self::Sinks(fault)
    }
}

impl Fault {
    fn as_error(&self) -> &dyn UserError {
        match self {
            Self::Backup(error) => error,
            Self::Plan(error) => error,
            Self::Disagreement(error) => error,
            Self::Sinks(error) => error,
        }
    }
}

impl RestoreArgs {
    fn wish(&self) -> RestoreWish {
        RestoreWish {
            request: Request {
                volumes: self.volumes.clone(),
                as_project: self.as_project.clone(),
                stop_foreign: self.stop_foreign.clone(),
            },
            on_unhealthy: match self.on_unhealthy.as_deref() {
                Some("keep") => OnUnhealthy::Keep,
                _ => OnUnhealthy::Rollback,
            },
            keep_undo: if self.keep_undo { KeepUndo::Yes } else { KeepUndo::No },
            room: if self.in_place { Room::InPlace } else { Room::Beside },
            images: if self.with_images { WithImages::Yes } else { WithImages::No },
            gate_limit: self.operation.gate_timeout,
        }
    }

    /// Whether somebody is asked when the stack is not well. Who agreed on the command line may have gone.
    fn asks(&self) -> bool {
        match self.on_unhealthy.as_deref() {
            Some(way) => way == "ask",
            None => !self.operation.yes && self.operation.confirm.is_none(),
        }
    }

    /// The project that is restored into.
    fn selection(&self, startup: &Startup) -> Selection {
        let mut selection = startup.selection.clone();
        if let Some(name) = &self.as_project {
            selection.project_name = Some(name.clone());
        }
        selection
    }

    /// Plans, asks, restores, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let is_json = choose_format("restore", self.format.clone(), before, FORMATS)? == Some("json");
        // The store is that of the project of the set, whatever project it is restored into.
        let ended = match store_folder(&session.context, &startup.selection, self.store.as_deref()) {
            Ok(folder) => act(&self, &folder, is_json, startup, session).await,
            Err(error) => Err(error.into()),
        };
        Ok(match ended {
            Ok(exit) => exit,
            Err(Fault::Backup(BackupError::Cancelled) | Fault::Disagreement(Disagreement::Cancelled)) => {
                Exit::Interrupted
            }
            Err(Fault::Disagreement(Disagreement::Refused)) => {
                session.printer.note(&Disagreement::Refused.message());
                Exit::Failed
            }
            Err(fault) => session.fail(fault.as_error()),
        })
    }
}

async fn act(
    args: &RestoreArgs,
    folder: &Path,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, Fault> {
    let project = project_name(&session.context, &args.selection(startup))?;
    let messenger = telling::messenger(args.operation.notify && !args.operation.dry_run, session)?;
    let ended = begin(args, &project, folder, is_json, startup, session).await;
    let outcome = match &ended {
        Ok(ended) => Outcome::Ended(ended),
        Err(Fault::Disagreement(one)) if one.is_wanted() => Outcome::Declined,
        Err(fault) => Outcome::Failed(fault.as_error()),
    };
    telling::tell_end(messenger.as_ref(), ("restore", &project), outcome, session).await;
    ended.map(|ended| ended.exit)
}

async fn begin(
    args: &RestoreArgs,
    project: &str,
    folder: &Path,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Ended, Fault> {
    let store = open(session.sets, folder)?;
    let selection = args.selection(startup);
    let means = Means::of(&session.live, session.make_workers, (project, args.operation.data_path())).await?;
    let site = means.site(session.context, session.sets, &store);
    if args.operation.dry_run {
        let prepared = plan_of(args, site, &startup.selection).await?;
        session.printer.notes(&prepared.notes);
        let text = if is_json {
            change_json::restore_plan(&prepared, means.path(), session.printer.run_id(), VERSION)
        } else {
            restore_points::restore_plan(&prepared, means.path())
        };
        session.printer.result(&text);
        return refusals(&prepared).map(|()| Ended { exit: Exit::Done, words: String::new() });
    }
    let work = async |session: &mut Session<'_, '_>| {
        if args.undo {
            go_back(args, site, is_json, &selection, session).await
        } else {
            put_back(args, site, is_json, startup, session).await
        }
    };
    holding(site, (project, "restore"), args.operation.breaking(), session, work).await?
}

async fn plan_of(args: &RestoreArgs, site: Site<'_>, selection: &Selection) -> Result<Prepared, Fault> {
    let set = match &args.set {
        Some(set) => resolve(site.store, set)?,
        None => newest_verified(site.store)?,
    };
    let mut prepared = prepare(&site.context, site.engine, selection, &args.wish(), (site.store, set)).await?;
    prepared.plan.limit_to(site.workers.path());
    if args.in_place && args.no_backup {
        prepared.plan.refusals.push(Refusal::NoWayBack);
    }
    Ok(prepared)
}

fn refusals(prepared: &Prepared) -> Result<(), Fault> {
    match prepared.plan.refusals.first() {
        Some(refusal) => Err(Fault::Plan(refusal.clone())),
        None => Ok(()),
    }
}

async fn put_back(
    args: &RestoreArgs,
    site: Site<'_>,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Ended, Fault> {
    settle(site, session).await?;
    let prepared = plan_of(args, site, &startup.selection).await?;
    session.printer.notes(&prepared.notes);
    session.printer.beside(&restore_points::restore_plan(&prepared, site.workers.path()));
    refusals(&prepared)?;
    let plan = &prepared.plan;
    let asked = if args.in_place { restore_points::ASK_IN_PLACE } else { "restore this" };
    let needs = if plan.needs_name() || args.in_place { Needs::Name(&plan.project) } else { Needs::Yes };
    agree(&args.operation, needs, &question(asked, site.workers.path()), session).await?;
    if plan.needs_name() && !args.no_backup && !args.in_place {
        keep_newer(args, site, &prepared, startup, session).await?;
    }
    let cancelled = session.cancelled.clone();
    let mut told = teller(session.sets, session.printer);
    let set = plan.set;
    let tools = session.tools;
    let judge = args.asks().then_some(&tools);
    if let Some(images) = &prepared.images {
        verify_images(site, set, images, &cancelled, &mut told).await?;
    }
    let restored = restore(site, &prepared, (&args.wish(), judge), &cancelled, &mut told).await?;
    // Names follow the data: where that went back, they stay as they are.
    let images = prepared.images.as_ref().filter(|_| matches!(restored.ending, Ending::Done | Ending::KeptUnhealthy));
    let named = match images {
        Some(images) => {
            let putting = put_images_back(site, set, images, &mut told);
            cancelled.run_until_cancelled(putting).await.unwrap_or(Err(BackupError::Cancelled))
        }
        None => Ok(()),
    };
    drop(told);
    let ended = tell(&restored, Some(&prepared), is_json, site, session);
    match named {
        Ok(()) => Ok(ended),
        Err(error) => Err(error.into()),
    }
}

/// Makes a restore point of what would be lost. What is restored over is not lost when that fails: then nothing is restored.
async fn keep_newer(
    args: &RestoreArgs,
    site: Site<'_>,
    prepared: &Prepared,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<(), Fault> {
    let replaced = prepared.plan.targets.iter().filter(|target| target.replaces);
    let volumes: Vec<String> = replaced.map(|target| target.place.name().to_owned()).collect();
    if volumes.is_empty() {
        return Ok(());
    }
    session.printer.note("making a restore point of what is there, first");
    let request = crate::backup::plan::Request {
        volumes,
        stop_foreign: args.stop_foreign.clone(),
        ..crate::backup::plan::Request::default()
    };
    let note = Some(format!("before the restore of {}", prepared.plan.set));
    let wish = Wish { request, note, gate_limit: args.operation.gate_timeout, ..Wish::default() };
    let selection = Selection { project_name: Some(prepared.plan.project.clone()), ..startup.selection.clone() };
    let place = (site.store.place(), site.store.free_bytes().ok());
    let planned = prepare_backup(&site.context, site.engine, &selection, &wish, place).await?;
    if let Some(refusal) = planned.plan.refusals.first() {
        session.printer.error(refusal);
        return Err(Fault::Backup(BackupError::NotKept));
    }
    let cancelled = session.cancelled.clone();
    let mut told = teller(session.sets, session.printer);
    let created = create(site, &planned, &wish, &cancelled, &mut told).await?;
    drop(told);
    session.printer.note(&format!("what is there is in `{}`", created.id));
    Ok(())
}

async fn go_back(
    args: &RestoreArgs,
    site: Site<'_>,
    is_json: bool,
    selection: &Selection,
    session: &mut Session<'_, '_>,
) -> Result<Ended, Fault> {
    settle(site, session).await?;
    let wish = Wish::default();
    let scene = prepare_backup(&site.context, site.engine, selection, &wish, (site.store.place(), None)).await?.scene;
    let (operation, names) = newest(&kept(site, &scene).await?)?;
    session.printer.beside(&restore_points::undo_plan(operation, &names));
    agree(&args.operation, Needs::Name(&scene.facts.project), "go back to that?", session).await?;
    let mut told = teller(session.sets, session.printer);
    let undone = undo(site, &scene, (operation, names), args.operation.gate_timeout, &mut told).await?;
    drop(told);
    Ok(tell(&undone, None, is_json, site, session))
}

/// Tells how it ended.
fn tell(
    restored: &Restored,
    prepared: Option<&Prepared>,
    is_json: bool,
    site: Site<'_>,
    session: &mut Session<'_, '_>,
) -> Ended {
    if let Some(fault) = &restored.fault {
        session.printer.error(fault);
    }
    let words = restore_points::restored(restored, prepared);
    let text = if is_json {
        change_json::restored(restored, prepared, site.store.place(), session.printer.run_id(), VERSION)
    } else {
        words.clone()
    };
    session.printer.result(&text);
    let exit = match restored.ending {
        Ending::Done => Exit::Done,
        Ending::Undone => Exit::RolledBack,
        Ending::Incomplete => Exit::RollbackIncomplete,
        Ending::KeptUnhealthy => Exit::LeftInPlace,
    };
    Ended { exit, words }
}
