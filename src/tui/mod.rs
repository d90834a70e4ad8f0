// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The dashboard: what is wrong, why, and what to do, on one screen.
//!
//! Data flows one way. Keys, engines and results of work come in as a [`Msg`]; [`update()`] changes the [`Model`] and says
//! what is to be done as an [`Effect`]; [`draw`] shows the model. Neither of the two meets a terminal, an engine or a
//! clock: [`run`] does, on a thread of its own, so that a terminal that stands still keeps nobody from listening to an
//! engine. A folder a panel: its part of the model, of the updates, of the view.

pub mod command;
mod effect;
pub mod filter;
mod inbox;
pub mod key;
pub mod keymap;
pub mod look;
pub mod model;
mod msg;
pub mod panel;
pub mod popup;
mod run;
mod tab;
pub mod terminal;
mod update;
pub mod view;

#[cfg(test)]
mod tests;

pub use effect::{Effect, MouseUse};
pub use inbox::Inbox;
pub use model::{Model, Permission, Start};
pub use msg::Msg;
pub use run::{Outside, run};
pub use tab::Tab;
pub use update::update;
pub use view::draw;
