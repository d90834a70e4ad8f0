// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The screen's own thread: takes what comes, draws what changed, hands on what is to be done.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use super::effect::Effect;
use super::inbox::Inbox;
use super::model::{Model, Start};
use super::msg::Msg;
use super::terminal::{Keys, Screen, Stream};
use super::update::update;
use super::view::draw;
use crate::app::dashboard::{Answer, Order};

/// Between two frames at least.
const FRAME: Duration = Duration::from_millis(50);

/// What the screen needs of the outside.
#[derive(Clone)]
pub struct Outside {
    /// Opens the stream that is drawn on.
    pub stream: Stream,
    /// Stops this process as a job of its shell; returns when it goes on.
    pub stop_self: fn(),
    /// What comes in.
    pub inbox: Arc<Inbox>,
    /// Where orders go.
    pub orders: Sender<Order>,
}

/// Shows the dashboard until somebody leaves it, or the inbox is closed.
///
/// # Errors
/// The terminal's.
pub fn run(start: Start, outside: &Outside) -> io::Result<()> {
    let keys = Arc::new(Keys::default());
    let mut screen = Screen::take(outside.stream)?;
    let (reader, inbox) = (Arc::clone(&keys), Arc::clone(&outside.inbox));
    let reading = crate::app::tasks::spawn_thread("keys", move || reader.read(&inbox))?;
    let shown = show(&mut screen, &keys, start, outside);
    keys.end();
    drop(reading);
    screen.leave().and(shown)
}

fn show(screen: &mut Screen, keys: &Keys, start: Start, outside: &Outside) -> io::Result<()> {
    let mut model = Model::new(start);
    screen.draw(|frame| draw(&model, frame))?;
    while let Some(messages) = outside.inbox.take() {
        let mut is_changed = false;
        for msg in messages {
            is_changed |= model.is_shown_by(&msg);
            if matches!(msg, Msg::Size(..)) {
                screen.renew()?;
            }
            for effect in update(&mut model, msg) {
                is_changed = true;
                match effect {
                    Effect::Quit => return Ok(()),
                    other => follow(other, screen, keys, outside, &mut model)?,
                }
            }
        }
        outside.inbox.look_closely(model.chosen.clone());
        if is_changed {
            screen.draw(|frame| draw(&model, frame))?;
            outside.inbox.rest(FRAME);
        }
    }
    Ok(())
}

/// Does what only the screen can do; hands on the rest.
fn follow(effect: Effect, screen: &mut Screen, keys: &Keys, outside: &Outside, model: &mut Model) -> io::Result<()> {
    match effect {
        Effect::Redraw => screen.renew(),
        Effect::Mouse(wanted) => screen.mouse(wanted),
        Effect::Copy(text) => {
            screen.copy(&text)?;
            drop(update(model, Msg::Answer(Answer::Done("copied, where the terminal allows it".to_owned()))));
            Ok(())
        }
        Effect::Suspend => lend(screen, keys, || (outside.stop_self)()),
        Effect::Ask(wish) if wish.needs_terminal() => {
            let (sender, done) = sync_channel(1);
            let order = Order { wish, done: Some(sender) };
            lend(screen, keys, || {
                // An end without a word is one too.
                if outside.orders.blocking_send(order).is_ok() {
                    let _ = done.recv();
                }
            })
        }
        Effect::Ask(wish) => {
            if outside.orders.try_send(Order { wish, done: None }).is_err() {
                let message = "too much is to be done already; this was left out".to_owned();
                drop(update(model, Msg::Answer(Answer::Failed { message, hint: None })));
            }
            Ok(())
        }
        // Nothing is left to be done before the end.
        Effect::Quit => Ok(()),
    }
}

/// Gives the terminal to somebody else meanwhile.
fn lend(screen: &mut Screen, keys: &Keys, work: impl FnOnce()) -> io::Result<()> {
    keys.rest();
    screen.leave()?;
    work();
    screen.enter()?;
    keys.go_on();
    Ok(())
}
