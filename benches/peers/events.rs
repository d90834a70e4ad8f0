// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The least that a program can do to hear an engine: one stream of events, one line for each. What a supervisor costs is
//! measured against it.
//!
//! usage: events SOCKET

#![expect(clippy::print_stdout, clippy::disallowed_macros, reason = "its output is all that it does")]
#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use bollard::Docker;
use bollard::query_parameters::EventsOptionsBuilder;
use futures_util::StreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = std::env::args().nth(1).ok_or("usage: events SOCKET")?;
    let docker = Docker::connect_with_unix(&socket, 120, bollard::API_DEFAULT_VERSION)?;
    let mut events = docker.events(Some(EventsOptionsBuilder::default().build()));
    while let Some(event) = events.next().await {
        let event = event?;
        let id = event.actor.and_then(|actor| actor.id).unwrap_or_default();
        println!("{} {} {id}", event.time_nano.unwrap_or_default(), event.action.unwrap_or_default());
    }
    Ok(())
}
