// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Talks with containers in memory, and the wait for their end.

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use tokio::io::{AsyncReadExt as _, DuplexStream, duplex};
use tokio::sync::mpsc;

use super::FakeEngine;
use super::act::{at_once, find};
use super::container::{Container, Said};
use crate::sys::engine::{Attached, Call, Deadline, EngineError, Feed, OutputPiece, OutputStream};

/// Bytes that a writer may be ahead of the program, as with a pipe.
const PIPE: usize = 64 << 10;

/// Pieces that a reader may lag behind.
const LAG: usize = 1024;

/// The output of one container.
struct Talk {
    engine: FakeEngine,
    id: String,
    said: mpsc::Receiver<Said>,
    /// What the container hears.
    heard: DuplexStream,
    echoes: bool,
}

/// What comes next.
enum Next {
    Said(Option<Said>),
    Heard(Bytes),
}

impl Talk {
    /// The program has heard all.
    fn end(&mut self) {
        self.echoes = false;
        let mut world = self.engine.world();
        let lives = |container: &Container| container.id == self.id && container.lives();
        if let Some(index) = world.containers.iter().position(lives) {
            world.die(index, 0, true);
        }
    }

    async fn next(&mut self) -> Option<OutputPiece> {
        loop {
            let mut bytes = BytesMut::with_capacity(PIPE);
            let next = tokio::select! {
                biased;
                said = self.said.recv() => Next::Said(said),
                // A failure is the end of it, too.
                _ = self.heard.read_buf(&mut bytes), if self.echoes => Next::Heard(bytes.freeze()),
            };
            match next {
                Next::Said(None) => return None,
                Next::Said(Some(Said::Piece(piece))) => return Some(piece),
                Next::Said(Some(Said::Echo)) => self.echoes = true,
                Next::Heard(bytes) if bytes.is_empty() => {
                    self.end();
                    return None;
                }
                Next::Heard(bytes) => return Some(OutputPiece { stream: OutputStream::Out, bytes }),
            }
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        while let Ok(said) = self.said.try_recv() {
            self.echoes |= matches!(said, Said::Echo);
        }
        if self.echoes {
            self.end();
        }
    }
}

impl FakeEngine {
    pub(super) fn join<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Attached> {
        const CALL: &str = "attach to container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            let (sender, said) = mpsc::channel(LAG);
            world.containers[index].attached.push(sender);
            let (heard, input) = duplex(PIPE);
            let id = world.containers[index].id.clone();
            let talk = Talk { engine: self.clone(), id, said, heard, echoes: false };
            let output: Feed<OutputPiece> =
                Box::pin(stream::unfold(talk, |mut talk| async { Some((Ok(talk.next().await?), talk)) }));
            at_once(Attached { input: Box::new(input), output })
        })
    }

    /// A program with an end of its own makes time pass; for others one waits until somebody ends them.
    pub(super) fn wait<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, i64> {
        const CALL: &str = "wait for container";
        Box::pin(async move {
            let mut ended = self.world().ended.subscribe();
            let found = self.act(CALL, deadline, move |world, _| {
                let found = &world.containers[find(world, CALL, container)?];
                let lasts = found.ends.map_or(0, |(end, _)| end.0.saturating_sub(world.now.0));
                let lasts = std::time::Duration::from_nanos(u64::try_from(lasts).unwrap_or(0));
                Ok((found.id.clone(), lasts))
            });
            let id = found.await?;
            let over = async {
                loop {
                    if let Some(code) = self.exit_code(&id) {
                        return code;
                    }
                    // The sender lives as long as this engine.
                    let _ = ended.changed().await;
                }
            };
            let after = deadline.duration();
            let late = |_| EngineError::Timeout { call: CALL, address: self.address.to_string(), after };
            tokio::time::timeout(after, over).await.map_err(late)
        })
    }

    /// The exit code of one that does not run; 0 for one that was removed meanwhile.
    fn exit_code(&self, id: &str) -> Option<i64> {
        let world = self.world();
        match world.containers.iter().find(|container| container.id == id) {
            Some(found) if found.state.running => None,
            Some(found) => Some(found.state.exit_code),
            None => Some(0),
        }
    }
}
