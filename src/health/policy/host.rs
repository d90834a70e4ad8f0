// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Trouble of the host: when many services turn bad at once, none of them is the cause, and restarting them all makes
//! it worse.

use super::NoticeKind;
use super::settings::Limits;
use crate::health::observation::Timestamp;

/// Fewer than this are never trouble of the host.
const FEWEST: u32 = 3;

/// How many services there are, and how many are bad.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Census {
    all: u32,
    bad: u32,
    newly_bad: u32,
}

impl Census {
    /// Counts one service, bad since `bad_since` by its own fault.
    pub(super) fn add(&mut self, bad_since: Option<Timestamp>, now: Timestamp, limits: &Limits) {
        self.all += 1;
        if let Some(since) = bad_since {
            self.bad += 1;
            self.newly_bad += u32::from(now - since <= limits.host_window);
        }
    }

    fn is_many(&self, count: u32, limits: &Limits) -> bool {
        count >= FEWEST && u64::from(count) * 100 > u64::from(self.all) * u64::from(limits.host_share)
    }
}

/// The brake.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HostBrake {
    since: Option<Timestamp>,
}

impl HostBrake {
    pub(super) const fn is_on(&self) -> bool {
        self.since.is_some()
    }

    /// Sets or releases the brake, and says so. It is released when most services are good again, or after a time: what
    /// is still bad then is treated one by one.
    pub(super) fn update(&mut self, census: &Census, now: Timestamp, limits: &Limits) -> Option<(NoticeKind, String)> {
        // A clock that was set back must not hold it on for longer.
        self.since = self.since.map(|since| since.min(now));
        match self.since {
            None if census.is_many(census.newly_bad, limits) => {
                self.since = Some(now);
                let text = format!(
                    "{} of {} services turned bad at once; nothing is done, because the cause is probably the host",
                    census.newly_bad, census.all
                );
                Some((NoticeKind::HostTrouble, text))
            }
            Some(_) if !census.is_many(census.bad, limits) => {
                self.since = None;
                Some((NoticeKind::HostRecovered, "most services are good again".to_owned()))
            }
            Some(since) if now - since >= limits.host_hold => {
                self.since = None;
                let text =
                    format!("{} of {} services are still bad; they are treated one by one", census.bad, census.all);
                Some((NoticeKind::HostRecovered, text))
            }
            _ => None,
        }
    }
}
