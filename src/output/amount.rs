// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Amounts of bytes for people, and how fast they go.

use chrono::{DateTime, TimeDelta, Utc};

use crate::health::explain::phrase::duration;

/// How long nothing is said of how far something is.
const SILENCE: TimeDelta = TimeDelta::seconds(5);

/// Bytes with a binary unit and at most one decimal: `512 B`, `1.5 MiB`.
#[must_use]
pub fn amount(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut scaled = u128::from(bytes) * 10;
    let mut unit = "B";
    for next in units {
        if scaled < 10_240 {
            break;
        }
        scaled /= 1024;
        unit = next;
    }
    let (whole, tenth) = (scaled / 10, scaled % 10);
    if unit == "B" || tenth == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

/// Says now and then how far something is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    begun: DateTime<Utc>,
    said: DateTime<Utc>,
}

impl Pace {
    /// Of something that begins now.
    #[must_use]
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { begun: now, said: now }
    }

    /// How far it is: bytes, rate, and the time left; `None` when it was said a moment ago.
    pub fn line(&mut self, now: DateTime<Utc>, done_bytes: u64, total_bytes: u64) -> Option<String> {
        if now - self.said < SILENCE {
            return None;
        }
        self.said = now;
        let seconds = u64::try_from((now - self.begun).num_seconds()).unwrap_or(0).max(1);
        let rate = (done_bytes / seconds).max(1);
        let left = i64::try_from(total_bytes.saturating_sub(done_bytes) / rate).unwrap_or(i64::MAX / 1000);
        let left = duration(TimeDelta::seconds(left.min(i64::MAX / 1000)));
        Some(format!("{} of {}, {}/s, {left} left", amount(done_bytes), amount(total_bytes), amount(rate)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_binary_units() {
        let cases = [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (5 << 30, "5 GiB")];
        for (bytes, text) in cases {
            assert_eq!(amount(bytes), text);
        }
        assert_eq!(amount(u64::MAX), "15.9 EiB");
    }

    #[test]
    fn pace_is_told_now_and_then() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let mut pace = Pace::new(at(0));
        assert_eq!(pace.line(at(4), 1, 2), None);
        let line = pace.line(at(10), 10 << 20, 70 << 20);
        assert_eq!(line.as_deref(), Some("10 MiB of 70 MiB, 1 MiB/s, 1m left"));
        assert_eq!(pace.line(at(14), 1, 2), None);
    }
}
