// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Checks of this machine: platform, Compose, the folder of our own state.

use super::Check;
use crate::app::observe::Live;
use crate::sys::ProgramFault;

/// The oldest Compose that changes are made with.
const OLDEST_COMPOSE: (u32, u32) = (2, 26);

pub(super) async fn checks(live: &Live<'_>) -> Vec<Check> {
    vec![platform(live), compose(live).await, state_folder(live)]
}

fn platform(live: &Live<'_>) -> Check {
    let platform = live.host.platform();
    let kernel = live.host.kernel();
    let found = if kernel.is_empty() { platform } else { format!("{platform}, kernel {kernel}") };
    // Under WSL 1 there is no real kernel, hence no engine; WSL 2 says so in its name.
    if kernel.to_lowercase().contains("microsoft") && !kernel.to_lowercase().contains("wsl2") {
        return Check::fail("platform", found, "change the distribution to WSL 2: `wsl --set-version NAME 2`");
    }
    Check::ok("platform", found)
}

async fn compose(live: &Live<'_>) -> Check {
    const INSTALL: &str = "install the Compose plugin 2.26 or newer: https://docs.docker.com/compose/install/";
    match live.host.output("docker", &["compose", "version", "--short"]).await {
        Ok(text) => {
            let version = text.trim().trim_start_matches('v').to_owned();
            let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
            match (parts.next().flatten(), parts.next().flatten()) {
                (Some(major), Some(minor)) if (major, minor) >= OLDEST_COMPOSE => Check::ok("compose", version),
                (Some(_), Some(_)) => Check::fail("compose", format!("{version} is too old"), INSTALL),
                _ => Check::warn("compose", format!("`{version}` is no version"), INSTALL),
            }
        }
        Err(ProgramFault::Missing) => {
            Check::warn("compose", "`docker` is not installed here", format!("to change stacks from here, {INSTALL}"))
        }
        Err(fault) => Check::fail("compose", format!("`docker compose version`: {fault}"), INSTALL),
    }
}

fn state_folder(live: &Live<'_>) -> Check {
    let Some(folder) = crate::app::state_folder::state_folder(live.context.environment) else {
        return Check::warn("state", "no folder for the state is named", "set `STACKCTL_STATE_DIR`");
    };
    let shown = folder.display();
    if live.host.can_write(&folder) {
        Check::ok("state", shown.to_string())
    } else {
        Check::fail(
            "state",
            format!("`{shown}` cannot be written"),
            format!("make it yours: `sudo install -d -o \"$USER\" {shown}`, or set `STACKCTL_STATE_DIR`"),
        )
    }
}
