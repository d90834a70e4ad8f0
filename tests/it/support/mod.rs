// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the tests stand on: a sandbox that runs the program, and the files of the repository.

mod repository;
mod sandbox;
mod server;

pub(crate) use repository::{Repository, copy_tree, has_ending};
pub(crate) use sandbox::{Ended, Invocation, RUN_ID, Sandbox};
pub(crate) use server::{Backend, Server, real_sockets};
