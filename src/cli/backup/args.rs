// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The flags of `stackctl backup`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Verb;
use crate::backup::retention::Policy;
use crate::cli::GlobalArgs;
use crate::cli::engine::EngineArgs;
use crate::config::BackupSettings;

pub(super) const FORMATS: &[&str] = &["human", "json"];

/// Flags of every verb.
#[derive(Debug, Clone, Args)]
pub(super) struct StoreArgs {
    /// Folder of the store [default: `STACKCTL_STORE`, else that of the project].
    #[arg(long, value_name = "DIR", help_heading = "Project options")]
    pub(super) store: Option<String>,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// List the sets, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup list
  stackctl backup list --store /mnt/nas/lab --format json

Exit status: 0 done, also when there is no store yet.")]
pub(super) struct ListArgs {
    /// How the list is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Show what is in a set, and what was left out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup show latest
  stackctl backup show 7 --format json

Exit status: 0 done, 1 the set cannot be read, 2 no such set.")]
pub(super) struct ShowArgs {
    /// Name of the set, its number, or `latest` for the newest complete one.
    #[arg(value_name = "SET", default_value = "latest")]
    pub(super) set: String,

    /// How it is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Read all files of sets and hold them against their manifests.
///
/// What is found is kept beside the set: a set that was found damaged is no longer `latest`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup verify
  stackctl backup verify 7 8
  stackctl backup verify --all
  stackctl backup verify latest --restore-test

Exit status: 0 all are good, 1 one is damaged, 2 no such set.")]
pub(super) struct VerifyArgs {
    /// Names or numbers of sets, or `latest` [default: latest].
    #[arg(value_name = "SET")]
    pub(super) sets: Vec<String>,

    /// Every set of the store.
    #[arg(long, conflicts_with = "sets")]
    pub(super) all: bool,

    /// Also unpack each archive into a volume of its own at the engine, read it back, and remove it.
    #[arg(long)]
    pub(super) restore_test: bool,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Keep a set from being removed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup protect latest

Exit status: 0 done, 2 no such set, 8 another run works with the store.")]
pub(super) struct ProtectArgs {
    /// Name of the set, its number, or `latest`.
    #[arg(value_name = "SET")]
    pub(super) set: String,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Let a set be removed again when no rule keeps it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup unprotect 7

Exit status: 0 done, 2 no such set, 8 another run works with the store.")]
pub(super) struct UnprotectArgs {
    /// Name of the set, its number, or `latest`.
    #[arg(value_name = "SET")]
    pub(super) set: String,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Remove sets that no rule keeps.
///
/// Shows what becomes of each set, asks, then removes. Protected sets, the newest verified complete one, and partial
/// ones newer than any complete one stay whatever the rules say. Days, weeks and months are those of this machine.
/// Without a rule those of `[backup]` in `stackctl.toml` hold.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup prune --keep-last 3 --keep-daily 7 --keep-weekly 4 --keep-monthly 6 --dry-run
  stackctl backup prune --keep-last 10 --yes

Exit status: 0 done, 2 no rule, 3 refused, 4 a confirmation is needed, 8 another run works with the store.")]
pub(super) struct PruneArgs {
    /// Keep the newest sets.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    keep_last: usize,

    /// Keep the newest set of each of so many days.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    keep_daily: usize,

    /// Keep the newest set of each of so many weeks.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    keep_weekly: usize,

    /// Keep the newest set of each of so many months.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    keep_monthly: usize,

    /// Only show what would become of each set.
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Agree to what is shown.
    #[arg(short, long)]
    pub(super) yes: bool,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

impl PruneArgs {
    /// The rules; those of the settings where none is given.
    pub(super) fn policy(&self, settings: &BackupSettings) -> Policy {
        let given = Policy {
            last: self.keep_last,
            daily: self.keep_daily,
            weekly: self.keep_weekly,
            monthly: self.keep_monthly,
        };
        given_or_configured(given, settings)
    }
}

/// The rules that were given; those of the settings where none was.
pub(super) fn given_or_configured(given: Policy, settings: &BackupSettings) -> Policy {
    if given != Policy::default() {
        return given;
    }
    Policy {
        last: settings.keep_last,
        daily: settings.keep_daily,
        weekly: settings.keep_weekly,
        monthly: settings.keep_monthly,
    }
}

/// Copy a set into another store, such as one on another disk.
///
/// The copy is read back before it appears there, as a whole or not at all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup export latest /mnt/nas/lab
  stackctl backup list --store /mnt/nas/lab

Exit status: 0 done, 1 damaged or failed, 2 no such set, 3 refused, 8 another run works with that store.")]
pub(super) struct ExportArgs {
    /// Name of the set, its number, or `latest`.
    #[arg(value_name = "SET")]
    pub(super) set: String,

    /// Folder of the other store; made when it is not there.
    #[arg(value_name = "DIR")]
    pub(super) target: String,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

/// Show how two sets differ: volumes, paths, images and compose files.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl backup diff 6 latest

Exit status: 0 done, 2 no such set.")]
pub(super) struct DiffArgs {
    /// The earlier set.
    #[arg(value_name = "A")]
    pub(super) before: String,

    /// The later set.
    #[arg(value_name = "B")]
    pub(super) after: String,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgs,
}

impl Verb {
    /// The flags that every verb has.
    pub(super) fn store(&self) -> &StoreArgs {
        match self {
            Self::Create(args) => &args.store,
            Self::List(args) => &args.store,
            Self::Show(args) => &args.store,
            Self::Verify(args) => &args.store,
            Self::Protect(args) => &args.store,
            Self::Unprotect(args) => &args.store,
            Self::Prune(args) => &args.store,
            Self::Export(args) => &args.store,
            Self::Diff(args) => &args.store,
        }
    }

    /// The word, and the format given after it.
    pub(super) fn wish(&self) -> (&'static str, Option<String>, &'static [&'static str]) {
        match self {
            Self::Create(args) => ("backup create", args.format.clone(), FORMATS),
            Self::List(args) => ("backup list", args.format.clone(), FORMATS),
            Self::Show(args) => ("backup show", args.format.clone(), FORMATS),
            Self::Verify(args) => ("backup verify", args.format.clone(), FORMATS),
            Self::Protect(_) => ("backup protect", None, &FORMATS[..1]),
            Self::Unprotect(_) => ("backup unprotect", None, &FORMATS[..1]),
            Self::Prune(args) => ("backup prune", args.format.clone(), FORMATS),
            Self::Export(args) => ("backup export", args.format.clone(), FORMATS),
            Self::Diff(args) => ("backup diff", args.format.clone(), FORMATS),
        }
    }
}
