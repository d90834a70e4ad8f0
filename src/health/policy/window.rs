// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Maintenance windows: times in which nothing is done and nothing is told.
//!
//! Limits: repeated windows are given with a fixed distance from UTC, so they move by an hour when a place changes its
//! clocks.

use chrono::{Datelike, FixedOffset, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc, Weekday};

use crate::health::observation::Timestamp;

/// When a window is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Once, from `start` up to and without `end`.
    Once {
        /// The first moment.
        start: Timestamp,
        /// The first moment after it.
        end: Timestamp,
    },
    /// Each day, or one day of each week.
    Repeated {
        /// The day; `None` for each.
        weekday: Option<Weekday>,
        /// When it opens, on the clock of `offset`.
        start: NaiveTime,
        /// How long it is open; it may run into the next day, at most a week.
        length: TimeDelta,
        /// The distance from UTC.
        offset: FixedOffset,
    },
}

/// A maintenance window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it is open.
    pub schedule: Schedule,
    /// For this service alone; `None` for all.
    pub service: Option<String>,
}

impl Window {
    /// Whether the window is open for `service` at `now`.
    #[must_use]
    pub fn is_open(&self, service: &str, now: Timestamp) -> bool {
        self.service.as_deref().is_none_or(|only| only == service) && self.schedule.is_open(now)
    }
}

impl Schedule {
    /// Whether it is open at `now`.
    #[must_use]
    pub fn is_open(self, now: Timestamp) -> bool {
        self.closes_after(now).is_some()
    }

    /// When it closes; `None` while it is not open.
    #[must_use]
    pub fn closes_after(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Once { start, end } => (start <= now && now < end).then_some(end),
            Self::Repeated { weekday, start, length, offset } => {
                let local = now.with_timezone(&offset).naive_local();
                // The window may have opened up to a week ago.
                let opened = (0..=7).map(|days| (local.date() - TimeDelta::days(days)).and_time(start));
                let open =
                    opened.filter(|opened| is_day(weekday, *opened) && *opened <= local && local - *opened < length);
                open.map(|opened| opened + length).max().and_then(|end| on_clock(end, offset))
            }
        }
    }

    /// When it opens next; `None`: never again.
    #[must_use]
    pub fn opens_after(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Once { start, .. } => (now < start).then_some(start),
            Self::Repeated { weekday, start, offset, .. } => {
                let local = now.with_timezone(&offset).naive_local();
                let mut opens = (0..=7).map(|days| (local.date() + TimeDelta::days(days)).and_time(start));
                opens.find(|opens| is_day(weekday, *opens) && local < *opens).and_then(|opens| on_clock(opens, offset))
            }
        }
    }
}

fn is_day(weekday: Option<Weekday>, at: NaiveDateTime) -> bool {
    weekday.is_none_or(|weekday| at.weekday() == weekday)
}

fn on_clock(local: NaiveDateTime, offset: FixedOffset) -> Option<Timestamp> {
    offset.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::health::testing::at;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn nightly(weekday: Option<Weekday>) -> Schedule {
        Schedule::Repeated {
            weekday,
            start: NaiveTime::from_hms_opt(23, 30, 0).unwrap(),
            length: TimeDelta::hours(1),
            offset: FixedOffset::east_opt(2 * 3_600).unwrap(),
        }
    }

    #[test]
    fn once_holds_its_start_and_not_its_end() {
        let once = Schedule::Once { start: at(0), end: at(10) };
        assert_eq!([-1, 0, 9, 10].map(|second| once.is_open(at(second))), [false, true, true, false]);
    }

    #[test]
    fn a_nightly_window_runs_over_midnight_on_its_own_clock() {
        let open = |text| nightly(None).is_open(moment(text));
        assert!(!open("2026-11-20T21:29:59Z"));
        assert!(open("2026-11-20T21:30:00Z"));
        assert!(open("2026-11-20T22:15:00Z"));
        assert!(!open("2026-11-20T22:30:00Z"));
    }

    #[test]
    fn a_weekly_window_belongs_to_the_day_it_opens_on() {
        // 2026-11-20 is a Friday.
        let open = |text| nightly(Some(Weekday::Fri)).is_open(moment(text));
        assert!(open("2026-11-20T22:15:00Z"), "already Saturday there");
        assert!(!open("2026-11-21T22:15:00Z"));
    }

    #[test]
    fn the_next_opening_and_the_end_are_known() {
        let next = |weekday, text| nightly(weekday).opens_after(moment(text));
        assert_eq!(next(None, "2026-11-20T21:29:59Z"), Some(moment("2026-11-20T21:30:00Z")));
        assert_eq!(next(None, "2026-11-20T21:30:00Z"), Some(moment("2026-11-21T21:30:00Z")));
        assert_eq!(next(Some(Weekday::Fri), "2026-11-20T21:30:00Z"), Some(moment("2026-11-27T21:30:00Z")));
        let closes = nightly(None).closes_after(moment("2026-11-20T22:15:00Z"));
        assert_eq!(closes, Some(moment("2026-11-20T22:30:00Z")));
        let once = Schedule::Once { start: at(0), end: at(10) };
        assert_eq!((once.opens_after(at(-1)), once.opens_after(at(0))), (Some(at(0)), None));
    }

    #[test]
    fn a_window_of_one_service_leaves_the_others_alone() {
        let window = Window { schedule: Schedule::Once { start: at(0), end: at(10) }, service: Some("db".to_owned()) };
        assert!(window.is_open("db", at(5)) && !window.is_open("web", at(5)));
    }
}
