// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `mycroft.conf`: one key is the address to listen on for the message bus, and the address to call for everyone else. A
//! file that cannot be read is passed over without a word, and the bus is then where nobody reaches it.
//!
//! Limits: files on this machine alone; the configuration inside the image is not seen, so a key that no file sets is
//! not judged.

use serde_json::Value;

use super::case::{Case, ConfigFile, Finding};
use crate::app::doctor::Level;

/// Where the parts of OVOS look inside a container, those that win last.
pub(super) const PATHS: &[&str] = &[
    "/usr/share/mycroft/mycroft.conf",
    "/etc/mycroft/mycroft.conf",
    "/home/ovos/.mycroft/mycroft.conf",
    "/home/ovos/.config/mycroft/mycroft.conf",
];

/// The variable that names the second of them.
pub(super) const PATH_VARIABLE: &str = "MYCROFT_SYSTEM_CONFIG";

pub(super) fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut host: Option<(String, &ConfigFile)> = None;
    for file in case.configs {
        match parse(&file.text) {
            Ok(config) => {
                if let Some(value) = config.pointer("/websocket/host").and_then(Value::as_str) {
                    host = Some((value.to_owned(), file));
                }
            }
            Err(reason) => found.push(
                Finding::new(
                    Level::Fail,
                    "config_not_json",
                    format!("`{}` is no JSON, so it is passed over without a word", file.path),
                    "correct it: comments on lines of their own are fine, a comma after the last entry is not",
                )
                .with(reason),
            ),
        }
    }
    // In the host's own network, loopback is where everybody is.
    if let Some((host, file)) = host.filter(|_| case.detail.network_mode != "host") {
        found.extend(address(case, &host, file));
    }
    found
}

fn address(case: &Case<'_>, host: &str, file: &ConfigFile) -> Option<Finding> {
    let is_bus = case.known.is_some_and(|known| known.service == "ovos_messagebus");
    let is_loopback = matches!(host, "127.0.0.1" | "localhost" | "::1");
    let finding = if is_bus {
        is_loopback.then(|| {
            Finding::new(
                Level::Fail,
                "bus_on_loopback",
                format!("listens on {host}, where no other container reaches it"),
                "set `websocket.host` to `0.0.0.0` in the bus's file, and let its check ask the container's own host name",
            )
        })
    } else {
        (is_loopback || matches!(host, "0.0.0.0" | "::")).then(|| {
            Finding::new(
                Level::Fail,
                "bus_host_is_itself",
                format!("looks for the message bus at {host}, which is its own container"),
                "give the clients a file of their own with `websocket.host` set to the bus's service name",
            )
        })
    };
    finding.map(|finding| finding.with(format!("`websocket.host` in `{}`", file.path)))
}

/// Reads it as OVOS does: JSON, without lines that begin with `//` or `#`.
fn parse(text: &str) -> Result<Value, String> {
    let kept = |line: &str| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('#');
    let lines: Vec<&str> = text.lines().map(|line| if kept(line) { line } else { "" }).collect();
    serde_json::from_str(&lines.join("\n")).map_err(|error| error.to_string())
}
