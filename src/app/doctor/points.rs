// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Checks of the restore points of the project: is there one, is it young enough, and would it outlive the engine's disk.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;

use super::Check;
use crate::app::Selection;
use crate::app::backup::{Outside, Set, Store, list, open, store_folder};
use crate::app::engines::{EngineLink, Place};
use crate::app::observe::Live;
use crate::health::explain::phrase::duration;
use crate::sys::engine::Deadline;

const NAME: &str = "restore points";

/// What looking at restore points needs.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    /// Disk and time.
    pub outside: Outside<'a>,
    /// The age of the newest verified set from which it is warned.
    pub max_age: Duration,
}

/// Looks at the store of the project. A project without one is let be: not everybody wants restore points of everything.
pub(super) async fn checks(live: &Live<'_>, selection: &Selection, points: Points<'_>) -> Vec<Check> {
    // Without a project there is no store to look for; the other checks say what is wrong with that.
    let Ok(folder) = store_folder(&live.context, selection, None) else { return Vec::new() };
    let Ok(store) = open(points.outside, &folder) else {
        return vec![Check::ok(NAME, format!("there is no store in `{}`", folder.display()))];
    };
    let mut checks = vec![newest(live, &store, points.max_age)];
    checks.extend(disk(live, &folder).await);
    checks
}

fn newest(live: &Live<'_>, store: &Store<'_>, max_age: Duration) -> Check {
    let fix = "`stackctl backup --yes` makes one; `stackctl backup list` shows what is there";
    let listed = match list(store) {
        Ok(listed) => listed,
        Err(error) => return Check::warn(NAME, format!("the store cannot be read: {error}"), "look at its disk"),
    };
    let is_good = |set: &Set| set.manifest.is_complete() && set.is_verified() == Some(true);
    let good = listed.iter().filter_map(|one| one.set.as_deref().ok().filter(|set| is_good(set)));
    let Some(newest) = good.max_by_key(|set| set.manifest.captured) else {
        let found = format!("none in `{}` is complete and verified", store.place().display());
        return Check::warn(NAME, found, fix);
    };
    let age = (live.clock.now() - newest.manifest.captured).max(TimeDelta::zero());
    let found = format!("the newest verified one, `{}`, is {} old", newest.manifest.id, duration(age));
    if age.to_std().is_ok_and(|age| age > max_age) { Check::warn(NAME, found, fix) } else { Check::ok(NAME, found) }
}

/// A store on the disk of an engine is gone with it.
async fn disk(live: &Live<'_>, store: &Path) -> Option<Check> {
    let device = live.host.device(store)?;
    for link in live.engines.iter().filter(|link| link.place == Place::Here) {
        if shares(live, link, device).await {
            let found = format!("the store in `{}` is on the disk of the engine `{}`", store.display(), link.name);
            let fix =
                "copy sets elsewhere: `stackctl backup export latest DIR`; or keep the store there: `--store DIR`";
            return Some(Check::warn(NAME, found, fix));
        }
    }
    None
}

async fn shares(live: &Live<'_>, link: &EngineLink, device: u64) -> bool {
    let Ok(engine) = &link.engine else { return false };
    let Ok(info) = engine.info(Deadline::QUESTION).await else { return false };
    live.host.device(Path::new(&info.data_root)) == Some(device)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::super::{Level, Outcome, Request, run};
    use super::*;
    use crate::app::testing::Lab;
    use crate::sys::fake::{FakeClock, FakeDisk};
    use crate::sys::store::testing::{PLACE, filled, partial};

    const DAY: Duration = Duration::from_hours(24);

    /// The checks of restore points.
    fn examine(lab: &Lab, disk: &FakeDisk, max_age: Duration) -> Vec<Check> {
        let clock = FakeClock(chrono::DateTime::UNIX_EPOCH);
        let points = Points { outside: Outside { disk, clock: &clock }, max_age };
        let outcome: Outcome =
            lab.ask(async |live| run(live, &Request { points: Some(points), ..Request::default() }).await).unwrap();
        outcome.checks.into_iter().filter(|check| check.name == NAME).collect()
    }

    fn lab() -> Lab {
        let mut lab = Lab::new();
        lab.environment.insert("STACKCTL_STORE".to_owned(), PLACE.to_owned());
        lab
    }

    fn levels(checks: &[Check]) -> Vec<Level> {
        checks.iter().map(|check| check.level).collect()
    }

    #[test]
    fn no_store_is_no_fault() {
        let checks = examine(&lab(), &FakeDisk::default(), DAY);
        assert!(levels(&checks) == [Level::Ok] && checks[0].found.contains("no store"), "{checks:?}");
    }

    #[test]
    fn a_store_without_a_good_set_and_an_old_one_warn() {
        let disk = FakeDisk::default();
        filled(&disk, &[1], partial);
        let checks = examine(&lab(), &disk, DAY);
        assert!(levels(&checks) == [Level::Warn] && checks[0].found.contains("none in"), "{checks:?}");
        filled(&disk, &[2], |_| {});
        // A hundred years later.
        let mut lab = lab();
        lab.ahead = TimeDelta::days(36_500);
        for (max_age, level) in [(DAY, Level::Warn), (DAY * 100_000, Level::Ok)] {
            let checks = examine(&lab, &disk, max_age);
            assert_eq!(levels(&checks), [level], "{checks:?}");
            assert!(checks[0].found.contains("-0002`, is "), "{checks:?}");
        }
    }

    #[test]
    fn a_store_on_the_disk_of_the_engine_warns() {
        let disk = FakeDisk::default();
        filled(&disk, &[1], |_| {});
        let mut lab = lab();
        lab.host.device = Some(7);
        let checks = examine(&lab, &disk, DAY * 100_000);
        assert_eq!(levels(&checks), [Level::Ok, Level::Warn], "{checks:?}");
        assert!(checks[1].fix.as_ref().is_some_and(|fix| fix.contains("export")));
    }
}
