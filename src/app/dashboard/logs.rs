// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reads logs for the tab of logs, until it is dropped.

use super::serve::Hands;
use super::wish::LogWish;

pub(super) async fn read(_hands: Hands<'_>, _wish: LogWish) {}
