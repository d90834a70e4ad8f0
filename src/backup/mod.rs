// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restore points: what is in one, what goes into the next, which may be removed, and how a run that was cut short is
//! brought to its end. Pure: values in, values out; no disk, clock or engine.
//!
//! - [`id`]: names of sets and operations, unique and in order whatever the clock does.
//! - [`manifest`]: the description of a set.
//! - [`by_hand`]: the way to restore a set without this program.
//! - [`class`]: how dear the data of a volume is.
//! - [`plan`]: what is captured, what is stopped for it and in which order, and what forbids it.
//! - [`order`]: the order in which services stop and start.
//! - [`machine`]: the phases of backup and restore.
//! - [`journal`]: the records of a run; [`recovery`]: what must be done when they end too early.
//! - [`restore`]: what of a set is put where, who is stopped for it, what is lost.
//! - [`retention`]: which sets are kept.
//! - [`unchanged`]: which data need not be read again.

pub mod by_hand;
pub mod class;
pub mod diff;
pub mod id;
pub mod journal;
pub mod machine;
pub mod manifest;
pub mod marks;
pub mod models;
pub(crate) mod moment;
pub mod order;
pub mod plan;
pub mod recovery;
pub mod restore;
pub mod retention;
pub mod unchanged;

/// Compose's hash of what a container or a volume was made of. On a volume one that does not fit makes newer versions offer
/// to make it anew, empty (2.40, `up -y` does it unasked); without it they leave the volume alone.
pub const CONFIG_HASH_LABEL: &str = "com.docker.compose.config-hash";

/// Bytes as small hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |text, byte| format!("{text}{byte:02x}"))
}
