// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Runs the verbs of `stackctl backup`.

use std::path::Path;

use super::args::{ExportArgs, PruneArgs, VerifyArgs};
use super::{Fault, Verb};
use crate::app::backup::{
    BackupError, Listed, Outside, Progress, Protection, Store, StoreError, compare, export, list, open, protect, prune,
    resolve, show, simulate, store_folder, verify,
};
use crate::app::verify::Approval;
use crate::backup::id::SetId;
use crate::cli::error::choose_format;
use crate::cli::operation::Disagreement;
use crate::cli::{Session, Startup, UsageError, VERSION};
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::render::{sets, sets_json};
use crate::output::{Pace, Printer, amount};

pub(super) async fn run(
    verb: Verb,
    before: Option<&str>,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, UsageError> {
    let (command, own, known) = verb.wish();
    let is_json = choose_format(command, own, before, known)? == Some("json");
    let ended = match store_folder(&session.context, &startup.selection, verb.store().store.as_deref()) {
        Ok(folder) => match &verb {
            Verb::Create(args) => super::create::run(args, &folder, is_json, startup, session).await,
            _ => act(verb, &folder, is_json, startup, session).await,
        },
        Err(error) => Err(error.into()),
    };
    Ok(match ended {
        Ok(exit) => exit,
        Err(Fault::Backup(BackupError::Cancelled) | Fault::Disagreement(Disagreement::Cancelled)) => Exit::Interrupted,
        Err(Fault::Disagreement(Disagreement::Refused)) => {
            session.printer.note(&Disagreement::Refused.message());
            Exit::Failed
        }
        Err(fault) => session.fail(&fault),
    })
}

async fn act(
    verb: Verb,
    folder: &Path,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, Fault> {
    let outside = session.sets;
    let opened = open(outside, folder);
    let store = match (&verb, opened) {
        // Before the first backup there is nothing to list, which is no fault.
        (Verb::List(_), Err(BackupError::Store(StoreError::Missing { .. }))) => {
            session.printer.note(&format!("there is no store in `{}` yet", folder.display()));
            show_list(&[], folder, is_json, session);
            return Ok(Exit::Done);
        }
        (_, opened) => opened?,
    };
    match verb {
        // Needs an engine, and makes the store: it never comes here.
        Verb::Create(_) => {}
        Verb::List(_) => show_list(&list(&store)?, folder, is_json, session),
        Verb::Show(args) => {
            let id = resolve(&store, &args.set)?;
            let set = show(&store, id)?;
            let text = if is_json {
                sets_json::show(&Listed { id, set: Ok(Box::new(set)) }, head(session.printer, folder))
            } else {
                sets::show(&set, outside.clock.offset(outside.clock.now()))
            };
            session.printer.result(&text);
        }
        Verb::Verify(args) => return verify_all(&args, &store, is_json, startup, session).await,
        Verb::Protect(args) => mark(&store, &args.set, Protection::On, session)?,
        Verb::Unprotect(args) => mark(&store, &args.set, Protection::Off, session)?,
        Verb::Prune(args) => return remove(&args, &store, is_json, session).await,
        Verb::Export(args) => copy(&args, &store, is_json, session).await?,
        Verb::Diff(args) => {
            let (before, after) = (resolve(&store, &args.before)?, resolve(&store, &args.after)?);
            let found = compare(&store, before, after)?;
            let text = if is_json {
                let both = [listed(&store, before), listed(&store, after)];
                sets_json::differences(&both, &found, head(session.printer, folder))
            } else {
                sets::differences(&found)
            };
            session.printer.result(&text);
        }
    }
    Ok(Exit::Done)
}

fn head<'a>(printer: &'a Printer<'_>, store: &'a Path) -> sets_json::Head<'a> {
    sets_json::Head { run_id: printer.run_id(), version: VERSION, store }
}

/// A set as it is listed, whether it can be read or not.
fn listed(store: &Store<'_>, id: SetId) -> Listed {
    Listed { id, set: show(store, id).map(Box::new).map_err(|error| error.message()) }
}

fn show_list(listed: &[Listed], folder: &Path, is_json: bool, session: &mut Session<'_, '_>) {
    let clock = session.sets.clock;
    let text = if is_json {
        sets_json::list(listed, head(session.printer, folder))
    } else {
        sets::list(listed, clock.offset(clock.now()))
    };
    session.printer.result(&text);
}

fn mark(store: &Store<'_>, set: &str, wish: Protection, session: &mut Session<'_, '_>) -> Result<(), Fault> {
    let id = resolve(store, set)?;
    let has_changed = protect(store, id, wish)?;
    let word = if wish == Protection::On { "protected" } else { "not protected" };
    let already = if has_changed { "" } else { " already" };
    session.printer.note(&format!("`{id}` is {word}{already}"));
    Ok(())
}

/// Says now and then how far it is.
fn teller<'t, 'p>(
    outside: Outside<'t>,
    what: &'t str,
    printer: &'t mut Printer<'p>,
) -> impl FnMut(Progress) + use<'t, 'p> {
    let mut pace = Pace::new(outside.clock.now());
    move |progress| {
        let line = pace.line(outside.clock.now(), progress.done_bytes, progress.total_bytes);
        if let Some(line) = line {
            printer.note(&format!("{what}: {line}"));
        }
    }
}

async fn verify_all(
    args: &VerifyArgs,
    store: &Store<'_>,
    is_json: bool,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, Fault> {
    let ids: Vec<SetId> = if args.all {
        let mut ids = store.sets().map_err(BackupError::from)?;
        ids.reverse();
        ids
    } else if args.sets.is_empty() {
        vec![resolve(store, "latest")?]
    } else {
        args.sets.iter().map(|set| resolve(store, set)).collect::<Result<_, _>>()?
    };
    let (mut verified, cancelled) = (Vec::new(), session.cancelled.clone());
    for id in ids {
        let what = format!("`{id}`");
        let mut told = teller(session.sets, &what, session.printer);
        let verdict = verify(session.sets, store, id, &cancelled, &mut told).await?;
        drop(told);
        if let Some(reason) = &verdict.unmarked {
            session.printer.note(&format!("the result for `{id}` is not kept: {reason}"));
        }
        let mut verdict = verdict;
        if args.restore_test && verdict.is_good() {
            verdict.flaws = super::trial::try_set(store, id, startup, session).await?;
        }
        verified.push((listed(store, id), verdict));
    }
    let text = if is_json {
        sets_json::verdicts(&verified, head(session.printer, store.place()))
    } else {
        let verdicts: Vec<_> = verified.iter().map(|(_, verdict)| verdict.clone()).collect();
        sets::verdicts(&verdicts)
    };
    session.printer.result(&text);
    Ok(if verified.iter().all(|(_, verdict)| verdict.is_good()) { Exit::Done } else { Exit::Failed })
}

async fn remove(
    args: &PruneArgs,
    store: &Store<'_>,
    is_json: bool,
    session: &mut Session<'_, '_>,
) -> Result<Exit, Fault> {
    let (before, policy) = (list(store)?, args.policy(&session.settings.backup));
    let pruning = simulate(session.sets, store, policy)?;
    let going = pruning.going();
    let text = sets::pruning(&pruning);
    if args.dry_run || going.is_empty() {
        if !args.dry_run {
            // What an earlier run was to remove when it was cut short was agreed to then.
            prune(session.sets, store, policy, &going)?;
        }
        let json = || sets_json::pruning(&before, &pruning, &[], head(session.printer, store.place()));
        let result = if is_json { json() } else { text };
        session.printer.result(&result);
        return Ok(Exit::Done);
    }
    session.printer.beside(&text);
    if !args.yes {
        if !session.tools.can_ask() {
            return Err(Fault::ConfirmationNeeded(going.len()));
        }
        let cancelled = session.cancelled.clone();
        let asking = session.tools.ask("remove them for good?");
        match cancelled.run_until_cancelled(asking).await {
            Some(Approval::Given) => {}
            Some(Approval::Refused) => return Ok(Exit::Failed),
            None => return Ok(Exit::Interrupted),
        }
    }
    let gone = prune(session.sets, store, policy, &going)?;
    let text = if is_json {
        sets_json::pruning(&before, &pruning, &gone, head(session.printer, store.place()))
    } else {
        sets::removed(&gone)
    };
    session.printer.result(&text);
    Ok(Exit::Done)
}

async fn copy(args: &ExportArgs, store: &Store<'_>, is_json: bool, session: &mut Session<'_, '_>) -> Result<(), Fault> {
    let id = resolve(store, &args.set)?;
    let target = session.context.absolute(&args.target);
    let (cancelled, what) = (session.cancelled.clone(), format!("`{id}`"));
    let mut told = teller(session.sets, &what, session.printer);
    let exported = export(session.sets, store, id, &target, &cancelled, &mut told).await?;
    drop(told);
    let text = if is_json {
        sets_json::exported(&listed(store, id), &exported, &target, head(session.printer, store.place()))
    } else {
        let place = target.display();
        format!("{id}  {} files, {} copied to {place}\n", exported.files, amount(exported.bytes))
    };
    session.printer.result(&text);
    Ok(())
}
