// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the tests stand on: a sandbox that runs the program, projects on real engines, and the files of the repository.

mod authority;
mod broker;
mod hook;
mod private_engine;
mod relay;
mod repository;
pub(crate) mod running;
mod sandbox;
mod scrape;
mod server;
pub(crate) mod stage;
pub(crate) mod tar;
pub(crate) mod terminal;
pub(crate) mod tmux;
pub(crate) mod witness;

pub(crate) use authority::{Authority, Identity};
pub(crate) use broker::{PrivateBroker, shared_broker};
pub(crate) use hook::{Hook, Temper};
pub(crate) use private_engine::{PrivateEngine, on_own_engines};
pub(crate) use relay::{End, Relay};
pub(crate) use repository::{Repository, copy_tree, has_ending};
pub(crate) use running::Running;
pub(crate) use sandbox::{Ended, Invocation, RUN_ID, Sandbox};
pub(crate) use scrape::{Samples, Scraper};
pub(crate) use server::{Backend, Server, real_sockets};
pub(crate) use stage::{Stage, on_real_engines};
