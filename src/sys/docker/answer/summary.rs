// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One line of `GET /containers/json`.

use chrono::DateTime;
use serde::Deserialize;

use super::{Words, lenient};
use crate::sys::engine::{ContainerStatus, ContainerSummary, Port};

/// A listed container.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct Listed {
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    names: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    image: String,
    #[serde(rename = "ImageID", default, deserialize_with = "lenient")]
    image_id: String,
    #[serde(default, deserialize_with = "lenient")]
    created: i64,
    #[serde(default, deserialize_with = "lenient")]
    ports: Vec<ListedPort>,
    #[serde(default, deserialize_with = "lenient")]
    labels: Words,
    #[serde(default, deserialize_with = "lenient")]
    state: String,
    #[serde(default, deserialize_with = "lenient")]
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedPort {
    #[serde(rename = "IP", default, deserialize_with = "lenient")]
    address: String,
    private_port: u16,
    #[serde(default)]
    public_port: Option<u16>,
    #[serde(rename = "Type", default, deserialize_with = "lenient")]
    protocol: String,
}

/// The API's word for a state.
pub(in crate::sys::docker) fn status(word: &str) -> ContainerStatus {
    match word {
        "created" => ContainerStatus::Created,
        // Podman's words for the moments before and after.
        "running" | "stopping" => ContainerStatus::Running,
        "paused" => ContainerStatus::Paused,
        "restarting" => ContainerStatus::Restarting,
        "removing" => ContainerStatus::Removing,
        "exited" | "stopped" => ContainerStatus::Exited,
        "dead" => ContainerStatus::Dead,
        _ => ContainerStatus::Unknown,
    }
}

/// The container's own name: links of other containers add names with a second slash.
fn own_name(names: &[String]) -> String {
    let bare = |name: &String| name.strip_prefix('/').unwrap_or(name).to_owned();
    let names: Vec<String> = names.iter().map(bare).collect();
    names.iter().find(|name| !name.contains('/')).or(names.first()).cloned().unwrap_or_default()
}

impl From<Listed> for ContainerSummary {
    fn from(listed: Listed) -> Self {
        let mut ports: Vec<Port> = listed
            .ports
            .into_iter()
            .map(|port| Port {
                private: port.private_port,
                protocol: port.protocol,
                public: port.public_port,
                address: port.address.parse().ok(),
            })
            .collect();
        ports.sort();
        Self {
            id: listed.id,
            name: own_name(&listed.names),
            image: listed.image,
            image_id: listed.image_id,
            labels: listed.labels,
            status: status(&listed.state),
            status_text: listed.status,
            created: DateTime::from_timestamp(listed.created, 0),
            ports,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn reads_a_container_with_links_null_lists_and_unknown_words() {
        let text = r#"[{"Id":"a1","Names":["/web/db","/db"],"Image":"x:1","ImageID":"sha256:1","Created":1700000000,
            "Ports":null,"Labels":null,"State":"quantum","Status":"Up","Mounts":null,"NewThing":{"a":1}}]"#;
        let listed: Vec<Listed> = serde_json::from_str(text).unwrap();
        let summary = ContainerSummary::from(listed.into_iter().next().unwrap());
        assert_eq!((summary.name.as_str(), summary.status), ("db", ContainerStatus::Unknown));
        assert!(summary.ports.is_empty() && summary.labels.is_empty());
    }
}
