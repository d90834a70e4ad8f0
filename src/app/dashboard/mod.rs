// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: what a screen shows of engines while somebody looks at it, and what is done from there.
//!
//! A watch tells its [`Screen`] plain data: safe to show, and without a way to any engine.

mod act;
mod answer;
mod detail;
mod findings;
mod happened;
mod host;
mod logs;
mod policy;
mod serve;
mod sets;
mod sight;
mod trouble;
mod usage;
mod wish;

pub use act::{Deed, DeedFault, DeedKind};
pub use answer::{Answer, LogLine};
pub use detail::Detail;
pub use findings::{Finding, FindingsRead, Judged, Place};
pub use happened::{Happened, What};
pub use host::{Host, HostLink, Past, Service};
pub use policy::{EngineRead, LockRead, LockedBy, PolicyRead, SinkRead, SupervisorRead};
pub use serve::{Hands, serve};
pub use sets::{Lack, PartRead, SetRead, SetRow, SetsRead, StoreRead};
pub use sight::Screen;
pub use trouble::Trouble;
pub use usage::Sample;
pub use wish::{LogWish, Order, Wish};

pub use crate::sys::engine::Usage;
