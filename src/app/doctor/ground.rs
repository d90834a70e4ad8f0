// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Checks of one engine: which it is, whether it may be used, its platform, disk, clock, GPU runtime, and what runs left
//! behind.

use std::path::Path;

use chrono::TimeDelta;

use super::{Check, leftovers};
use crate::app::engines::{EngineFault, EngineLink, Place};
use crate::app::observe::{Live, Look};
use crate::error::UserError as _;
use crate::health::explain::phrase::duration;
use crate::sys::engine::{ApiVersion, Deadline, EngineError, EngineInfo, EngineVersion};

const GIB: u64 = 1 << 30;

pub(super) async fn checks(live: &Live<'_>, link: &EngineLink, look: &Look) -> Vec<Check> {
    let engine = match &link.engine {
        Ok(engine) => engine.as_ref(),
        Err(fault) => return vec![fault_check("context", fault)],
    };
    let context = format!("`{}` at {} (from {})", link.name, link.address, link.origin);
    let mut checks = vec![Check::ok("context", context)];
    let version = match engine.version(Deadline::QUESTION).await {
        Ok(version) => version,
        Err(error) => {
            let name = if matches!(error, EngineError::Denied { .. }) { "permissions" } else { "engine" };
            checks.push(fault_check(name, &error.into()));
            return checks;
        }
    };
    checks.push(Check::ok("permissions", "this user may use the engine"));
    checks.push(Check::ok("engine", format!("{} ({}/{})", version.engine, version.os, version.architecture)));
    checks.push(api(&version));
    let before = live.clock.now();
    match engine.info(Deadline::QUESTION).await {
        Ok(info) => {
            let after = live.clock.now();
            checks.push(engine_platform(live, &info, &version));
            checks.extend(disk(live, link, &info));
            checks.extend(clock(&info, before + (after - before) / 2));
            checks.push(gpu(&info, look));
            if !info.warnings.is_empty() {
                let fix = "see the engine's own page on resource limits and its configuration; harmless if not used";
                checks.push(Check::warn("engine warnings", info.warnings.join("; "), fix));
            }
        }
        Err(error) => checks.push(fault_check("engine", &error.into())),
    }
    checks.extend(leftovers::checks(engine, look).await);
    checks
}

fn fault_check(name: &'static str, fault: &EngineFault) -> Check {
    let fix = fault.hints().into_iter().next().unwrap_or_else(|| "see the engine's log".to_owned());
    Check::fail(name, fault.message(), fix)
}

fn api(version: &EngineVersion) -> Check {
    if version.api < ApiVersion::OLDEST {
        return Check::fail(
            "api",
            format!("{} is older than {}", version.api, ApiVersion::OLDEST),
            "upgrade the engine to 20.10 or newer",
        );
    }
    let too_new = version.oldest_api.is_some_and(|oldest| oldest > ApiVersion::NEWEST_KNOWN);
    if too_new {
        return Check::fail(
            "api",
            format!("the engine speaks {} at least, this program {} at most", version.api, ApiVersion::NEWEST_KNOWN),
            "upgrade stackctl",
        );
    }
    Check::ok("api", version.api.to_string())
}

fn engine_platform(live: &Live<'_>, info: &EngineInfo, version: &EngineVersion) -> Check {
    let rootless = if info.rootless { ", rootless" } else { "" };
    let found = format!(
        "{}, cgroup v{}, {}{rootless}, {} processors, {} GiB of memory",
        info.operating_system,
        if info.cgroup_version.is_empty() { "1" } else { &info.cgroup_version },
        info.storage_driver,
        info.cpus,
        info.memory_bytes / GIB
    );
    let here = live.host.platform();
    let there = format!("{}/{}", version.os, version.architecture);
    if version.os != "linux" {
        return Check::fail("engine platform", found, "switch the engine to Linux containers");
    }
    if info.storage_driver == "vfs" {
        let fix = "use `overlay2`: `vfs` copies every layer in full";
        return Check::warn("engine platform", found, fix);
    }
    let differs = if here == there { String::new() } else { format!("; it is {there}, this program {here}") };
    Check::ok("engine platform", format!("{found}{differs}"))
}

fn disk(live: &Live<'_>, link: &EngineLink, info: &EngineInfo) -> Option<Check> {
    if link.place == Place::Elsewhere {
        return None;
    }
    let room = live.host.room(Path::new(&info.data_root))?;
    let share = (room.free_bytes * 100).checked_div(room.total_bytes)?;
    let free_gib = room.free_bytes / GIB;
    let found = format!("{free_gib} GiB of {} GiB free for `{}` ({share} %)", room.total_bytes / GIB, info.data_root);
    let fix = "`docker system df` shows what takes the room; images that a way back needs must stay, so no `prune -a`";
    Some(if share < 3 || free_gib < 1 {
        Check::fail("disk", found, fix)
    } else if share < 10 || free_gib < 5 {
        Check::warn("disk", found, fix)
    } else {
        Check::ok("disk", found)
    })
}

/// Verdicts compare moments of the engine with moments of this machine.
fn clock(info: &EngineInfo, here: crate::health::Timestamp) -> Option<Check> {
    let apart = (info.time? - here).abs();
    let fix = "let both machines keep time: `timedatectl set-ntp true`";
    Some(if apart < TimeDelta::seconds(2) {
        Check::ok("clock", "the engine's agrees with ours")
    } else {
        let found = format!("the engine's is {} away from ours", duration(apart));
        if apart < TimeDelta::seconds(30) { Check::warn("clock", found, fix) } else { Check::fail("clock", found, fix) }
    })
}

fn gpu(info: &EngineInfo, look: &Look) -> Check {
    let has_nvidia = info.runtimes.iter().any(|runtime| runtime == "nvidia");
    let wants = look.seen.iter().flat_map(|seen| seen.values()).find(|one| one.detail.runtime == "nvidia");
    match (has_nvidia, wants) {
        (true, _) => Check::ok("gpu", "the NVIDIA runtime is registered"),
        (false, Some(one)) => Check::fail(
            "gpu",
            format!("`{}` wants the NVIDIA runtime, and the engine has none", one.detail.name),
            "install the NVIDIA container toolkit, then `sudo nvidia-ctk runtime configure` and restart the engine",
        ),
        (false, None) => Check::ok("gpu", "no GPU runtime, and no container that wants one"),
    }
}
