// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Flags of the commands that talk to container engines, and how their faults end a run.

use clap::Args;

use super::Session;
use crate::app::engines::{EngineFault, EngineWish};
use crate::error::UserError as _;
use crate::exit::{self, Exit};

/// Which engines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(super) struct EngineArgs {
    /// Engine by address, such as `unix:///run/docker.sock`; may be given more than once.
    #[arg(short = 'H', long = "host", value_name = "ADDRESS", help_heading = "Engine options")]
    hosts: Vec<String>,

    /// Engine by Docker context; may be given more than once [default: as Docker's own client chooses].
    #[arg(short = 'c', long = "context", value_name = "NAME", help_heading = "Engine options")]
    contexts: Vec<String>,
}

impl EngineArgs {
    /// The engines asked for.
    pub(super) fn wish(&self) -> EngineWish {
        EngineWish { hosts: self.hosts.clone(), contexts: self.contexts.clone() }
    }
}

/// Tells the faults of engines, and how they end the run: by the first of them; `None` without any.
pub(super) fn tell_faults<'a>(
    faults: impl IntoIterator<Item = &'a EngineFault>,
    session: &mut Session<'_, '_>,
) -> Option<Exit> {
    let mut end = None;
    for fault in faults {
        session.printer.error(fault);
        end.get_or_insert(exit::of_error(fault.code()));
    }
    end
}
